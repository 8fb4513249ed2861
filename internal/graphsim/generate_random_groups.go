package graphsim

import "fmt"

// randomGroups fills the rest of the tenant until it has its number of memberships.
func (t *Tenant) randomGroups() {
	spent := 0
	for i := range firstRandomGroup {
		spent += len(t.groups[i].members)
	}
	if len(t.groups) <= firstRandomGroup {
		return
	}
	count := len(t.groups) - firstRandomGroup
	average := max(2, (t.shape.memberships-spent)/count)
	for i := firstRandomGroup; i < len(t.groups); i++ {
		flags := t.randomFlags(i)
		size := t.randomMemberCount(i, average)
		t.groups[i] = group{flags: flags, members: append(t.spreadUsers(i, size), t.randomOthers(i, flags)...)}
	}
}

// randomMemberCount is skewed, as real groups are: many small ones and a few large ones around the same average.
func (t *Tenant) randomMemberCount(i, average int) int {
	h := t.hash(groupRef(i), saltShape)
	percent := 30 + below(h>>8, 50) // Seven in ten are small.
	switch bucket := h % 100; {
	case bucket < 3:
		return 0
	case bucket >= 98:
		percent = 800 + below(h>>8, 600)
	case bucket >= 73:
		percent = 150 + below(h>>8, 120)
	}
	return min(average*percent/100, t.shape.users/2)
}

// spreadUsers picks n distinct users with a stride that is prime to their number.
func (t *Tenant) spreadUsers(i, n int) []Ref {
	ordinary := t.shape.users - firstOrdinaryUser
	start := below(t.hash(groupRef(i), saltStart), ordinary)
	step := coprime(below(t.hash(groupRef(i), saltStep), ordinary), ordinary)
	out := make([]Ref, 0, n+4)
	for k := range n {
		out = append(out, userRef(firstOrdinaryUser+(start+k*step)%ordinary))
	}
	return out
}

// coprime is the first number from candidate on that shares no factor with n.
func coprime(candidate, n int) int {
	for c := max(1, candidate); ; c++ {
		a, b := c, n
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return c
		}
	}
}

func (t *Tenant) randomFlags(i int) groupFlags {
	h := t.hash(groupRef(i), saltExtra)
	var flags groupFlags
	switch kind := h % 100; {
	case kind < 45: // A plain security group.
	case kind < 65:
		flags = groupUnified
	case kind < 75:
		flags = groupDynamic
	case kind < 85:
		flags = groupSynced
	case kind < 90:
		flags = groupMailSecurity
	case kind < 95:
		flags = groupDistribution
	case kind < 98:
		flags = groupRoleAssignable
	default:
		flags = groupHidden
	}
	if h>>16%9 == 0 {
		flags |= groupNoDescription
	}
	return flags
}

// randomOthers adds members that are not users, where Entra lets the group have them. Nesting points at higher
// indexes only: cycles are made on purpose, not by chance.
func (t *Tenant) randomOthers(i int, flags groupFlags) []Ref {
	if flags&(groupUnified|groupDynamic|groupRoleAssignable) != 0 {
		return nil
	}
	h := t.hash(groupRef(i), saltName)
	var out []Ref
	if rest := len(t.groups) - i - 1; h%12 == 0 && rest > 0 {
		for k := range 1 + below(h>>4, 3) {
			out = append(out, groupRef(i+1+below(mix64(h+uint64(k)), rest)))
		}
	}
	if flags&(groupSynced|groupMailSecurity|groupDistribution) == 0 && h>>8%12 == 0 {
		out = append(out, spRef(firstRandomSP+below(h>>20, len(t.sps)-firstRandomSP)))
	}
	if h>>12%15 == 0 {
		out = append(out, makeRef(KindDevice, below(h>>24, t.shape.devices)))
	}
	if flags&groupDistribution != 0 {
		out = append(out, makeRef(KindContact, below(h>>28, t.shape.contacts)))
	}
	return out
}

func (t *Tenant) randomGroupName(i int) string {
	h := t.hash(groupRef(i), saltCity)
	return fmt.Sprintf("%s %s", pick(groupTopics, h), pick(groupSuffixes, h>>16))
}

func (t *Tenant) groupName(i int) string {
	if label := t.groups[i].label; label != "" {
		return label
	}
	return t.lengthened(groupRef(i), t.randomGroupName(i))
}

// generateOwners gives groups and applications their owners.
func (t *Tenant) generateOwners() {
	for i := range t.groups {
		h := t.hash(groupRef(i), saltTitle)
		t.groups[i].owners = t.users(below(h, t.shape.users), below(h>>32, 3))
	}
	t.groups[GroupEmpty].owners = t.users(5, 1)
	t.groups[GroupAppOwned].owners = []Ref{spRef(SPPayroll), spRef(SPBusyOwner), t.firstSP(spManagedIdentity)}
	t.groups[GroupManyOwners].owners = append(t.users(700, 25), spRef(SPBusyOwner))
	t.groups[GroupSyncedOwned].owners = t.users(10, 2)
	for i := groupFirstParent; i <= groupLastParent; i++ {
		t.groups[i].owners = append(t.groups[i].owners, spRef(SPBusyOwner))
	}
	for i := range t.sps {
		s := &t.sps[i]
		if i < firstRandomSP || s.kind == spManagedIdentity || s.foreign {
			continue
		}
		h := t.hash(spRef(i), saltTitle)
		s.owners = t.users(below(h, t.shape.users), below(h>>32, 3))
		if h>>40%10 == 0 {
			s.owners = append(s.owners, spRef(SPBusyOwner))
		}
	}
	t.sps[SPPayroll].owners = []Ref{userRef(userPlain), userRef(userAdmin), spRef(SPBusyOwner)}
	t.sps[SPWiki].owners = t.users(20, 24)
	t.sps[SPDisabled].owners = t.users(3, 1)
}
