package graphsim

import "slices"

const (
	rolePrivilegedAuthentication = 24
	roleGuestInviter             = 8
	roleReportsReader            = 27
)

// SetPrivilegedTargets says whether users who hold directory roles are out of reach of an application that has nothing
// but a permission: then it has to hold a role itself, and one that is high enough. They are, until told otherwise.
func (s *Server) SetPrivilegedTargets(on bool) {
	s.graph.change(func(set *settings) { set.privileged = on })
}

// limitedRoles are those whose holders a User Administrator may change.
var limitedRoles = []int{RoleDirectoryReaders, RoleUserAdministrator, RoleGroupsAdministrator, RoleHelpdeskAdministrator, roleGuestInviter, roleReportsReader}

// checkPrivileged refuses to touch an administrator without a role that is high enough.
func (c *call) checkPrivileged(user Ref) error {
	if !c.graph.settings().privileged {
		return nil
	}
	privileged, limited := c.tenant.rolesOf(user)
	switch {
	case !privileged, c.hasRole(0, RoleGlobalAdministrator, rolePrivilegedAuthentication), limited && c.hasRole(0, RoleUserAdministrator):
		return nil
	default:
		return denied()
	}
}

// rolesOf is whether a user holds a directory role or is in a role-assignable group, and whether the roles are limited.
func (t *Tenant) rolesOf(user Ref) (bool, bool) {
	privileged, limited := false, true
	for _, g := range t.memberOf[user] {
		if t.groups[g].flags&groupRoleAssignable != 0 && t.live(groupRef(int(g))) {
			privileged = true
		}
	}
	for i, a := range t.assignments {
		own := a.principal == user || a.principal.Kind() == KindGroup && t.isMember(a.principal.index(), user)
		if own && t.live(makeRef(KindRoleAssignment, i)) {
			privileged = true
			limited = limited && (slices.Contains(limitedRoles, a.role) || !t.roles[a.role].builtIn)
		}
	}
	return privileged, limited
}

// PlainUsers are the indexes of the first n members that nothing protects from a write: enabled, made in the cloud,
// with a manager, without a directory role, and in no restricted unit.
func (t *Tenant) PlainUsers(n int) []int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []int
	for i := firstOrdinaryUser; i < t.shape.users && len(out) < n; i++ {
		r := userRef(i)
		privileged, _ := t.rolesOf(r)
		_, managed := t.manager(i)
		if !privileged && managed && t.live(r) && t.enabled(i) && !userSynced(i) && !isGuest(i) && !isAgentUser(i) && t.restrictingUnit(r) == 0 {
			out = append(out, i)
		}
	}
	return out
}
