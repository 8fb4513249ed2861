package directory

import (
	"slices"
)

// RolesOf is whether a user holds a directory role or is in a role-assignable group, and whether the roles are limited.
func (t *Tenant) RolesOf(user Ref) (bool, bool) {
	privileged, limited := false, true
	for _, g := range t.MemberOf[user] {
		if t.Groups[g].Flags&FlagRoleAssignable != 0 && t.Live(GroupRef(int(g))) {
			privileged = true
		}
	}
	for i, a := range t.Assignments {
		own := a.Principal == user || a.Principal.Kind() == KindGroup && t.IsMember(a.Principal.Index(), user)
		if own && t.Live(MakeRef(KindRoleAssignment, i)) {
			privileged = true
			limited = limited && (slices.Contains(limitedRoles, a.Role) || !t.Roles[a.Role].BuiltIn)
		}
	}
	return privileged, limited
}

// PlainUsers are the indexes of the first n members that nothing protects from a write: enabled, made in the cloud,
// with a manager, without a directory role, and in no restricted unit.
func (t *Tenant) PlainUsers(n int) []int {
	t.RLock()
	defer t.RUnlock()
	var out []int
	for i := FirstOrdinaryUser; i < t.Shape.Users && len(out) < n; i++ {
		r := UserRef(i)
		privileged, _ := t.RolesOf(r)
		_, managed := t.Manager(i)
		if !privileged && managed && t.Live(r) && t.Enabled(i) && !UserSynced(i) && !IsGuest(i) && !IsAgentUser(i) && t.RestrictingUnit(r) == 0 {
			out = append(out, i)
		}
	}
	return out
}

// InUnit is whether an object is in an administrative unit.
func (t *Tenant) InUnit(u, r Ref) bool { return slices.Contains(t.UnitsOf[r], int32(u.Index())) } //nolint:gosec // Small indexes.
