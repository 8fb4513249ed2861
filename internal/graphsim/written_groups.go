package graphsim

import "slices"

func (t *Tenant) isMember(g int, r Ref) bool { return slices.Contains(t.memberOf[r], int32(g)) } //nolint:gosec // Group indexes are small.

func (t *Tenant) isOwner(object, r Ref) bool { return slices.Contains(t.owned[r], object) }

// link makes a principal a member or an owner of a group, with all that follows from it.
func (t *Tenant) linkGroup(g int, rel relation, r Ref) {
	row := &t.groups[g]
	if rel == relationOwners {
		row.owners = linked(row.owners, r)
		with(t.owned, r, groupRef(g))
	} else {
		t.freezeDirect(g, r)
		row.members = linked(row.members, r)
		with(t.memberOf, r, int32(g)) //nolint:gosec // Group indexes are small.
		t.refuseSeats(g, r)
		t.passOn(g, r)
	}
	t.showActive(g, rel == relationOwners, r, permanent, period{})
	t.written.log = append(t.written.log, groupChange{group: int32(g), relation: rel, end: r}) //nolint:gosec // Group indexes are small.
}

// unlinkGroup takes a member or an owner away from a group.
func (t *Tenant) unlinkGroup(g int, rel relation, r Ref) {
	row := &t.groups[g]
	if rel == relationOwners {
		row.owners = unlinked(row.owners, r)
		without(t.owned, r, groupRef(g))
	} else {
		t.freezeDirect(g, r)
		row.members = unlinked(row.members, r)
		without(t.memberOf, r, int32(g)) //nolint:gosec // Group indexes are small.
	}
	t.written.log = append(t.written.log, groupChange{group: int32(g), relation: rel, end: r, removed: true}) //nolint:gosec // Group indexes are small.
}

// passOn gives a new member what Privileged Identity Management shows of the group for each member: rows that were
// there before come back by themselves.
func (t *Tenant) passOn(g int, member Ref) {
	if !holdsRoles(member) {
		return
	}
	for _, s := range []*roleSchedule{t.active, t.eligible} {
		for i, a := range s.of {
			row := roleInstance{of: int32(i), member: member}
			if a.principal == groupRef(g) && !slices.Contains(s.instances, row) {
				s.instances = append(s.instances, row)
			}
		}
	}
	for _, s := range []*groupSchedules{t.groupEligible, t.groupActive} {
		for _, n := range s.byPrincipal[groupRef(g)] {
			row := s.rows[n]
			if row.via != 0 {
				continue
			}
			row.via, row.principal = groupRef(g), member
			if !slices.Contains(s.rows, row) {
				s.append(row)
			}
		}
	}
}

// showActive puts a member or owner among the active ones of a group that is under Privileged Identity Management.
func (t *Tenant) showActive(g int, owner bool, r Ref, m term, given period) {
	if len(t.groupEligible.byGroup[int32(g)]) == 0 && m == permanent && !given.set() { //nolint:gosec // Group indexes are small.
		return
	}
	for _, n := range t.groupActive.byGroup[int32(g)] { //nolint:gosec // Group indexes are small.
		row := &t.groupActive.rows[n]
		if row.via == 0 && row.principal == r && row.owner == owner {
			row.term, row.given = m, given
			return
		}
	}
	t.groupActive.add(t, g, owner, r, m, given)
}

// placeGroup adds a group made by a write.
func (t *Tenant) placeGroup(g group, values map[string]any) {
	r := groupRef(len(t.groups))
	t.groups = append(t.groups, group{flags: g.flags, label: g.label})
	t.place(r, values)
	for _, m := range g.members {
		t.linkGroup(r.index(), relationMembers, m)
	}
	for _, o := range g.owners {
		t.linkGroup(r.index(), relationOwners, o)
	}
}
