package graphsim

import "slices"

// Groups with a reason to exist have fixed indexes, the same at every size.
const (
	GroupBig         = iota // More members than one page holds.
	GroupPage               // 999 members: exactly one full page.
	GroupTwoPages           // 1,998 members, or what a small tenant has: exactly two full pages.
	GroupPairA              // Cycle of two.
	GroupPairB              //
	GroupTripleA            // Cycle of three; B also holds an outside group.
	GroupTripleB            //
	GroupTripleC            //
	GroupIntoCycle          // Outside group that is a member of the cycle of two.
	GroupAroundCycle        // Outside group that holds the cycle of three.
	GroupChain0             // A chain of six nested levels.
	GroupChain1
	GroupChain2
	GroupChain3
	GroupChain4
	GroupChain5
	GroupDiamondTop // Holds left and right, which both hold the bottom.
	GroupDiamondLeft
	GroupDiamondRight
	GroupDiamondBottom
	GroupManyParents // Member of more than 20 groups, with the last of which it forms a cycle.
	GroupDynamic
	GroupSynced
	GroupMicrosoft365
	GroupMailSecurity
	GroupDistribution
	GroupRoleAssignable
	GroupRoleAssignableApps // Role-assignable, with a service principal as a member.
	GroupHidden
	GroupHiddenUnified
	GroupHoldsHidden // Visible group that holds the hidden one.
	GroupEmpty
	GroupNoDescription // Holds GroupSynced, which holds another synced group.
	GroupMixed         // A member of every kind.
	GroupOnlyApps
	GroupLateApp  // More than 20 members, of which the last is a service principal.
	GroupTwenty   // Exactly 20 members: as many as $expand returns.
	GroupAppOuter // Has an app role; holds GroupAppInner, which holds GroupAppInnermost.
	GroupAppInner
	GroupAppInnermost
	GroupAppOwned // Owned by service principals only.
	GroupManyOwners
	GroupSyncedOwned // Its owners exist on premises and are absent from Graph.
	GroupDynamicDevices
	GroupSameName     // Shares its display name with GroupMicrosoft365.
	groupFirstParent  // The parents of GroupManyParents; also the groups of the busy service principal.
	groupLastParent   = groupFirstParent + 24
	firstRandomGroup  = groupLastParent + 1
	expandLimit       = 20
	fullPage          = 999
	largestChainLevel = 6
)

// generateGroups makes the groups and their memberships.
func (t *Tenant) generateGroups() {
	t.groups = make([]group, t.shape.groups)
	t.flatGroups()
	t.nestedGroups()
	t.mixedGroups()
	t.parentGroups()
	t.randomGroups()
	for i := range t.groups {
		t.groups[i].members = distinct(t.groups[i].members)
	}
}

func distinct(refs []Ref) []Ref {
	seen := make(map[Ref]struct{}, len(refs))
	return slices.DeleteFunc(refs, func(r Ref) bool {
		_, dup := seen[r]
		seen[r] = struct{}{}
		return dup
	})
}

func (t *Tenant) setGroup(i int, label string, flags groupFlags, members ...Ref) {
	t.groups[i] = group{label: label, flags: flags, members: members}
}

// users gives n users starting at from, all ordinary ones.
func (t *Tenant) users(from, n int) []Ref {
	ordinary := t.shape.users - firstOrdinaryUser
	out := make([]Ref, 0, n)
	for i := range n {
		out = append(out, userRef(firstOrdinaryUser+(from+i)%ordinary))
	}
	return out
}

func (t *Tenant) flatGroups() {
	t.setGroup(GroupBig, "All Staff", 0, t.users(0, t.shape.bigGroup)...)
	t.setGroup(GroupPage, "Nine Nine Nine", 0, t.users(40, fullPage)...)
	t.setGroup(GroupTwoPages, "Two Full Pages", 0, t.users(80, min(2*fullPage, t.shape.users-firstOrdinaryUser))...)
	t.setGroup(GroupDynamic, "Dynamic Engineering", groupDynamic, t.users(100, 60)...)
	t.setGroup(GroupDynamicDevices, "Dynamic Laptops", groupDynamic, t.devices(0, 30)...)
	t.setGroup(GroupSynced, "Synced Finance", groupSynced, append(t.users(160, 25), groupRef(GroupSyncedOwned))...)
	t.setGroup(GroupMicrosoft365, "Project Aurora", groupUnified, t.users(190, 30)...)
	t.setGroup(GroupMailSecurity, "Mail Security", groupMailSecurity, t.users(220, 12)...)
	t.setGroup(GroupDistribution, "Everyone News", groupDistribution, append(t.users(230, 15), t.contacts(0, 4)...)...)
	t.setGroup(GroupRoleAssignable, "Tier 0 Readers", groupRoleAssignable, t.users(250, 5)...)
	t.setGroup(GroupHidden, "Hidden Investigations", groupHidden, t.users(260, 9)...)
	t.setGroup(GroupHiddenUnified, "Hidden Board", groupHidden|groupUnified, t.users(270, 7)...)
	t.setGroup(GroupEmpty, "Empty", 0)
	t.setGroup(GroupNoDescription, "Plain", groupNoDescription, append(t.users(280, 3), groupRef(GroupSynced))...)
	t.setGroup(GroupTwenty, "Exactly Twenty", 0, t.users(290, expandLimit)...)
	t.setGroup(GroupAppOwned, "Owned By Apps", 0, t.users(310, 4)...)
	t.setGroup(GroupManyOwners, "Many Owners", 0, t.users(320, 4)...)
	t.setGroup(GroupSyncedOwned, "Synced Owned", groupSynced, t.users(330, 4)...)
	t.setGroup(GroupSameName, "Project Aurora", 0, t.users(340, 4)...) // Same display name as another group.
}

func (t *Tenant) nestedGroups() {
	nest := func(i int, label string, from, n int, inner ...int) {
		members := t.users(from, n)
		for _, g := range inner {
			members = append(members, groupRef(g))
		}
		t.setGroup(i, label, 0, members...)
	}
	nest(GroupPairA, "Pair A", 400, 3, GroupPairB, GroupIntoCycle)
	nest(GroupPairB, "Pair B", 410, 3, GroupPairA)
	nest(GroupTripleA, "Triple A", 420, 2, GroupTripleB)
	nest(GroupTripleB, "Triple B", 430, 2, GroupTripleC, GroupDiamondBottom)
	nest(GroupTripleC, "Triple C", 440, 2, GroupTripleA)
	nest(GroupIntoCycle, "Into The Cycle", 450, 4)
	nest(GroupAroundCycle, "Around The Cycle", 460, 1, GroupTripleB)
	for level := range largestChainLevel - 1 {
		nest(GroupChain0+level, "Chain "+string(rune('0'+level)), 470+5*level, 2, GroupChain0+level+1)
	}
	nest(GroupChain5, "Chain 5", 500, 3)
	nest(GroupDiamondTop, "Diamond Top", 510, 1, GroupDiamondLeft, GroupDiamondRight)
	nest(GroupDiamondLeft, "Diamond Left", 515, 2, GroupDiamondBottom)
	nest(GroupDiamondRight, "Diamond Right", 520, 2, GroupDiamondBottom)
	nest(GroupDiamondBottom, "Diamond Bottom", 525, 5)
	nest(GroupHoldsHidden, "Holds Hidden", 535, 2, GroupHidden)
	nest(GroupAppOuter, "App Outer", 540, 4, GroupAppInner)
	nest(GroupAppInner, "App Inner", 550, 3, GroupAppInnermost)
	nest(GroupAppInnermost, "App Innermost", 560, 3)

	// One person is a direct member of two groups of the same cycle.
	for _, g := range []int{GroupPairA, GroupPairB, GroupTripleA, GroupTripleC} {
		t.groups[g].members = append(t.groups[g].members, userRef(userOther))
	}
}

func (t *Tenant) mixedGroups() {
	everyKind := []Ref{
		userRef(userPlain), userRef(17 + 211), groupRef(GroupChain5), makeRef(KindDevice, 0), makeRef(KindContact, 0),
		spRef(SPPayroll), t.firstSP(spManagedIdentity), t.firstSP(spAgentIdentity), t.firstSP(spAgentBlueprint),
	}
	t.setGroup(GroupMixed, "Every Kind", 0, everyKind...)
	t.setGroup(GroupOnlyApps, "Only Apps", 0, spRef(SPPayroll), spRef(SPWiki), spRef(SPBusyMember), t.firstSP(spManagedIdentity))
	t.setGroup(GroupLateApp, "Late App", 0, append(t.users(600, expandLimit+5), spRef(SPBusyMember))...)
	t.setGroup(GroupRoleAssignableApps, "Tier 0 Automation", groupRoleAssignable, append(t.users(640, 2), t.firstSP(spManagedIdentity), spRef(SPPayroll))...)
}

// parentGroups are the more than 20 parents of one group and of one service principal. The last parent is in the
// group as well: a cycle that shows only to who reads beyond the 20 rows of $expand.
func (t *Tenant) parentGroups() {
	t.setGroup(GroupManyParents, "Many Parents", 0, append(t.users(650, 6), groupRef(groupLastParent))...)
	for i := groupFirstParent; i <= groupLastParent; i++ {
		members := append(t.users(660+3*i, 2), groupRef(GroupManyParents), spRef(SPBusyMember))
		t.setGroup(i, t.randomGroupName(i), 0, members...)
	}
}

func (t *Tenant) devices(from, n int) []Ref {
	return sequence(KindDevice, from, n, t.shape.devices)
}

func (t *Tenant) contacts(from, n int) []Ref {
	return sequence(KindContact, from, n, t.shape.contacts)
}

func sequence(k Kind, from, n, count int) []Ref {
	out := make([]Ref, 0, n)
	for i := range min(n, count) {
		out = append(out, makeRef(k, (from+i)%count))
	}
	return out
}
