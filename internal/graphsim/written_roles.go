package graphsim

import "slices"

// grantRole adds a role assignment or an eligibility, with what it gives the members of a group.
func (t *Tenant) grantRole(s *roleSchedule, a roleAssignment) {
	i := int32(len(s.of)) //nolint:gosec // Small indexes.
	s.of = append(s.of, a)
	if s == t.active {
		t.assignments = s.of
	} else {
		t.eligibilities = s.of
	}
	s.instances = append(s.instances, roleInstance{of: i})
	if a.principal.Kind() != KindGroup {
		return
	}
	for _, m := range t.groups[a.principal.index()].members {
		if holdsRoles(m) {
			s.instances = append(s.instances, roleInstance{of: i, member: m})
		}
	}
}

// heldRole finds who holds, or may activate, a role over a scope. Terms do not count.
func (t *Tenant) heldRole(s *roleSchedule, a roleAssignment) (int, bool) {
	for i, one := range slices.Backward(s.of) {
		if one.principal == a.principal && one.role == a.role && one.scope == a.scope && t.live(makeRef(s.origin, i)) {
			return i, true
		}
	}
	return 0, false
}

// heldGroup finds a direct eligibility for a group, or an active membership or ownership with its term.
func (t *Tenant) heldGroup(k Kind, g int, owner bool, r Ref) (Ref, bool) {
	s := t.groupSchedules(k)
	for _, n := range slices.Backward(s.byGroup[int32(g)]) { //nolint:gosec // Group indexes are small.
		row, own := s.rows[n], makeRef(k, int(n))
		if row.via == 0 && row.owner == owner && row.principal == r && t.live(own) {
			return own, true
		}
	}
	return 0, false
}
