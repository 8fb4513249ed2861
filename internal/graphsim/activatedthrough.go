package graphsim

// generateActivatedThrough has a person activate a role that a group of theirs is eligible for: the person holds it by a
// plain assignment, of which Privileged Identity Management says that it came through the group, and when it ends.
func (t *Tenant) generateActivatedThrough() {
	if !t.quirks.has(QuirkActivatedThrough) {
		return
	}
	t.assignments = append(t.assignments, roleAssignment{
		role: RoleGlobalAdministrator, principal: t.groups[GroupRoleAssignable].members[2], term: activated, throughGroup: true,
	})
}
