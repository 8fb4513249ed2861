package graphsim

// groupSchedule is a row of Privileged Identity Management for Groups: who may become, or is, a member or an owner.
type groupSchedule struct {
	group     int32
	owner     bool
	unknown   bool // Neither a membership nor an ownership.
	principal Ref
	via       Ref // The group that has it and gives it to the principal; zero for what is direct.
	term      term
	given     period // Of what a request made.
	of        int32  // The direct row: this one's own index, or that of the group it comes through.
}

// groupSchedules are such rows with their indexes: Graph gives them by group or by principal, never all.
type groupSchedules struct {
	rows        []groupSchedule
	byGroup     map[int32][]int32
	byPrincipal map[Ref][]int32
}

// add adds a direct row, and one for each principal a group passes it on to.
func (s *groupSchedules) add(t *Tenant, g int, owner bool, principal Ref, m term, given period) {
	row := groupSchedule{group: int32(g), owner: owner, principal: principal, term: m, given: given, of: int32(len(s.rows))} //nolint:gosec // Small indexes.
	s.append(row)
	if principal.Kind() != KindGroup {
		return
	}
	row.via = principal
	for _, member := range t.groups[principal.index()].members {
		if holdsRoles(member) {
			row.principal = member
			s.append(row)
		}
	}
}

func (s *groupSchedules) append(row groupSchedule) {
	n := int32(len(s.rows)) //nolint:gosec // Small indexes.
	s.rows = append(s.rows, row)
	s.byGroup[row.group] = append(s.byGroup[row.group], n)
	s.byPrincipal[row.principal] = append(s.byPrincipal[row.principal], n)
}

func newGroupSchedules() *groupSchedules {
	return &groupSchedules{byGroup: map[int32][]int32{}, byPrincipal: map[Ref][]int32{}}
}

// generateGroupSchedules brings the role-assignable groups and some others under Privileged Identity Management.
func (t *Tenant) generateGroupSchedules() {
	t.groupEligible, t.groupActive = newGroupSchedules(), newGroupSchedules()
	eligible := func(g int, owner bool, m term, principals ...Ref) {
		for _, p := range principals {
			t.groupEligible.add(t, g, owner, p, m, period{})
		}
	}
	eligible(GroupRoleAssignable, false, permanent, append(t.users(800, 2), t.groups[GroupRoleAssignable].members[0])...)
	eligible(GroupRoleAssignable, true, timeBound, t.users(805, 1)...)
	eligible(GroupRoleAssignableApps, false, timeBound, t.users(810, 3)...)
	eligible(GroupNoDescription, false, permanent, groupRef(GroupDiamondTop), userRef(userPlain))
	eligible(GroupNoDescription, true, permanent, t.users(815, 2)...)
	eligible(GroupSameName, false, timeBound, t.groups[GroupSameName].members[0], userRef(userOther))
	eligible(GroupMicrosoft365, true, permanent, userRef(userPlain))
	for g := firstRandomGroup; g < len(t.groups); g++ {
		if t.groups[g].flags&groupRoleAssignable != 0 {
			h := t.hash(groupRef(g), saltRole)
			eligible(g, false, term(h>>32%2), t.users(below(h, t.shape.users), 1+below(h>>40, 3))...)
			eligible(g, true, permanent, t.users(below(h>>8, t.shape.users), below(h>>48, 2))...)
		}
	}
	t.activeGroupSchedules()
}

// activeGroupSchedules are the members and owners of every group somebody is eligible for. Who is eligible for what it
// has has activated it.
func (t *Tenant) activeGroupSchedules() {
	for g := range t.groups {
		rows := t.groupEligible.byGroup[int32(g)]
		if len(rows) == 0 {
			continue
		}
		termOf := func(r Ref, owner bool) term {
			for _, i := range rows {
				if row := t.groupEligible.rows[i]; row.principal == r && row.owner == owner {
					return activated
				}
			}
			return permanent
		}
		for _, m := range t.groups[g].members {
			if m.Kind() == KindGroup || holdsRoles(m) {
				t.groupActive.add(t, g, false, m, termOf(m, false), period{})
			}
		}
		for _, o := range t.groups[g].owners {
			t.groupActive.add(t, g, true, o, termOf(o, true), period{})
		}
	}
}
