package directory

// Add adds a direct row, and one for each principal a group passes it on to.
func (s *GroupScheduleRows) Add(t *Tenant, g int, owner bool, principal Ref, m Term, given Period) {
	row := GroupSchedule{Group: int32(g), Owner: owner, Principal: principal, Term: m, Given: given, Of: int32(len(s.Rows))} //nolint:gosec // Small indexes.
	s.Append(row)
	if principal.Kind() != KindGroup {
		return
	}
	row.Via = principal
	for _, member := range t.Groups[principal.Index()].Members {
		if HoldsRoles(member) {
			row.Principal = member
			s.Append(row)
		}
	}
}
