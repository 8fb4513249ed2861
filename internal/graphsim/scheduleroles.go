package graphsim

// firstScheduleRole is where the ids begin that Privileged Identity Management has for custom roles, among the ids of
// nothing else.
const firstScheduleRole = 60_000

// scheduleRoleID is the id that the rows of Privileged Identity Management have for a role: of a custom one it is another
// than that of its definition.
func (t *Tenant) scheduleRoleID(role int) guid {
	if t.roles[role].builtIn || !t.quirks.has(QuirkScheduleRoleIDs) {
		return t.roles[role].id
	}
	return t.guidOf(makeRef(kindMisc, firstScheduleRole+role))
}

// roleNamed finds a role by either of its ids.
func (t *Tenant) roleNamed(id guid) (int, bool) {
	if role, known := t.roleByID[id]; known {
		return role, true
	}
	r, ok := t.refOf(id)
	role := r.index() - firstScheduleRole
	known := ok && r.Kind() == kindMisc && role >= 0 && role < len(t.roles) && t.scheduleRoleID(role) == id
	return role, known
}
