package directory

import (
	"slices"
)

// link makes a principal a member or an owner of a group, with all that follows from it.
func (t *Tenant) LinkGroup(g int, rel Relation, r Ref) {
	row := &t.Groups[g]
	if rel == RelationOwners {
		row.Owners = Linked(row.Owners, r)
		AddTo(t.Owned, r, GroupRef(g))
	} else {
		t.freezeDirect(g, r)
		row.Members = Linked(row.Members, r)
		AddTo(t.MemberOf, r, int32(g)) //nolint:gosec // Group indexes are small.
		t.refuseSeats(g, r)
		t.passOn(g, r)
	}
	t.ShowActive(g, rel == RelationOwners, r, Permanent, Period{})
	t.Written.Log = append(t.Written.Log, GroupChange{Group: int32(g), Relation: rel, End: r}) //nolint:gosec // Group indexes are small.
}

// UnlinkGroup takes a member or an owner away from a group.
func (t *Tenant) UnlinkGroup(g int, rel Relation, r Ref) {
	row := &t.Groups[g]
	if rel == RelationOwners {
		row.Owners = Unlinked(row.Owners, r)
		TakeFrom(t.Owned, r, GroupRef(g))
	} else {
		t.freezeDirect(g, r)
		row.Members = Unlinked(row.Members, r)
		TakeFrom(t.MemberOf, r, int32(g)) //nolint:gosec // Group indexes are small.
	}
	t.Written.Log = append(t.Written.Log, GroupChange{Group: int32(g), Relation: rel, End: r, Removed: true}) //nolint:gosec // Group indexes are small.
}

// passOn gives a new member what Privileged Identity Management shows of the group for each member: rows that were
// there before come back by themselves.
func (t *Tenant) passOn(g int, member Ref) {
	if !HoldsRoles(member) {
		return
	}
	for _, s := range []*RoleSchedule{t.Active, t.eligible} {
		for i, a := range s.of {
			row := RoleInstance{Of: int32(i), Member: member}
			if a.Principal == GroupRef(g) && !slices.Contains(s.instances, row) {
				s.instances = append(s.instances, row)
			}
		}
	}
	for _, s := range []*GroupScheduleRows{t.GroupEligible, t.GroupActive} {
		for _, n := range s.ByPrincipal[GroupRef(g)] {
			row := s.Rows[n]
			if row.Via != 0 {
				continue
			}
			row.Via, row.Principal = GroupRef(g), member
			if !slices.Contains(s.Rows, row) {
				s.Append(row)
			}
		}
	}
}

// ShowActive puts a member or owner among the active ones of a group that is under Privileged Identity Management.
func (t *Tenant) ShowActive(g int, owner bool, r Ref, m Term, given Period) {
	if len(t.GroupEligible.ByGroup[int32(g)]) == 0 && m == Permanent && !given.set() { //nolint:gosec // Group indexes are small.
		return
	}
	for _, n := range t.GroupActive.ByGroup[int32(g)] { //nolint:gosec // Group indexes are small.
		row := &t.GroupActive.Rows[n]
		if row.Via == 0 && row.Principal == r && row.Owner == owner {
			row.Term, row.Given = m, given
			return
		}
	}
	t.GroupActive.Add(t, g, owner, r, m, given)
}

// PlaceGroup adds a group made by a write.
func (t *Tenant) PlaceGroup(g Group, values map[string]any) {
	r := GroupRef(len(t.Groups))
	t.Groups = append(t.Groups, Group{Flags: g.Flags, Label: g.Label})
	t.place(r, values)
	for _, m := range g.Members {
		t.LinkGroup(r.Index(), RelationMembers, m)
	}
	for _, o := range g.Owners {
		t.LinkGroup(r.Index(), RelationOwners, o)
	}
}
