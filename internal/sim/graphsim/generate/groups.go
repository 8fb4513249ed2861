package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// generateGroups makes the groups and their memberships.
func generateGroups(t *directory.Tenant) {
	t.Groups = make([]directory.Group, t.Shape.Groups)
	flatGroups(t)
	nestedGroups(t)
	mixedGroups(t)
	parentGroups(t)
	randomGroups(t)
	for i := range t.Groups {
		t.Groups[i].Members = directory.Distinct(t.Groups[i].Members)
	}
}

func setGroup(t *directory.Tenant, i int, label string, flags directory.GroupFlags, members ...directory.Ref) {
	t.Groups[i] = directory.Group{Label: label, Flags: flags, Members: members}
}

func flatGroups(t *directory.Tenant) {
	setGroup(t, directory.GroupBig, "All Staff", 0, t.Users(0, t.Shape.BigGroup)...)
	setGroup(t, directory.GroupPage, "Nine Nine Nine", 0, t.Users(40, directory.FullPage)...)
	setGroup(t, directory.GroupTwoPages, "Two Full Pages", 0, t.Users(80, 2*directory.FullPage)...)
	setGroup(t, directory.GroupDynamic, "Dynamic Engineering", directory.FlagDynamic, t.Users(100, 60)...)
	setGroup(t, directory.GroupDynamicDevices, "Dynamic Laptops", directory.FlagDynamic, devices(t, 0, 30)...)
	setGroup(t, directory.GroupSynced, "Synced Finance", directory.FlagSynced, append(t.Users(160, 25), directory.GroupRef(directory.GroupSyncedOwned))...)
	setGroup(t, directory.GroupMicrosoft365, "Project Aurora", directory.FlagUnified, t.Users(190, 30)...)
	setGroup(t, directory.GroupMailSecurity, "Mail Security", directory.FlagMailSecurity, t.Users(220, 12)...)
	setGroup(t, directory.GroupDistribution, "Everyone News", directory.FlagDistribution, append(t.Users(230, 15), contacts(t, 0, 4)...)...)
	setGroup(t, directory.GroupRoleAssignable, "Tier 0 Readers", directory.FlagRoleAssignable, t.Users(250, 5)...)
	setGroup(t, directory.GroupHidden, "Hidden Investigations", directory.FlagHidden, t.Users(260, 9)...)
	setGroup(t, directory.GroupHiddenUnified, "Hidden Board", directory.FlagHidden|directory.FlagUnified, t.Users(270, 7)...)
	setGroup(t, directory.GroupEmpty, "Empty", 0)
	setGroup(t, directory.GroupNoDescription, "Plain", directory.FlagNoDescription, append(t.Users(280, 3), directory.GroupRef(directory.GroupSynced))...)
	setGroup(t, directory.GroupTwenty, "Exactly Twenty", 0, t.Users(290, directory.ExpandLimit)...)
	setGroup(t, directory.GroupAppOwned, "Owned By Apps", 0, t.Users(310, 4)...)
	setGroup(t, directory.GroupManyOwners, "Many Owners", 0, t.Users(320, 4)...)
	setGroup(t, directory.GroupSyncedOwned, "Synced Owned", directory.FlagSynced, t.Users(330, 4)...)
	setGroup(t, directory.GroupSameName, "Project Aurora", 0, t.Users(340, 4)...) // Same display name as another group.
}

func nestedGroups(t *directory.Tenant) {
	nest := func(i int, label string, from, n int, inner ...int) {
		members := t.Users(from, n)
		for _, g := range inner {
			members = append(members, directory.GroupRef(g))
		}
		setGroup(t, i, label, 0, members...)
	}
	nest(directory.GroupPairA, "Pair A", 400, 3, directory.GroupPairB, directory.GroupIntoCycle)
	nest(directory.GroupPairB, "Pair B", 410, 3, directory.GroupPairA)
	nest(directory.GroupTripleA, "Triple A", 420, 2, directory.GroupTripleB)
	nest(directory.GroupTripleB, "Triple B", 430, 2, directory.GroupTripleC, directory.GroupDiamondBottom)
	nest(directory.GroupTripleC, "Triple C", 440, 2, directory.GroupTripleA)
	nest(directory.GroupIntoCycle, "Into The Cycle", 450, 4)
	nest(directory.GroupAroundCycle, "Around The Cycle", 460, 1, directory.GroupTripleB)
	for level := range directory.LargestChainLevel - 1 {
		nest(directory.GroupChain0+level, "Chain "+string(rune('0'+level)), 470+5*level, 2, directory.GroupChain0+level+1)
	}
	nest(directory.GroupChain5, "Chain 5", 500, 3)
	nest(directory.GroupDiamondTop, "Diamond Top", 510, 1, directory.GroupDiamondLeft, directory.GroupDiamondRight)
	nest(directory.GroupDiamondLeft, "Diamond Left", 515, 2, directory.GroupDiamondBottom)
	nest(directory.GroupDiamondRight, "Diamond Right", 520, 2, directory.GroupDiamondBottom)
	nest(directory.GroupDiamondBottom, "Diamond Bottom", 525, 5)
	nest(directory.GroupHoldsHidden, "Holds Hidden", 535, 2, directory.GroupHidden)
	nest(directory.GroupAppOuter, "App Outer", 540, 4, directory.GroupAppInner)
	nest(directory.GroupAppInner, "App Inner", 550, 3, directory.GroupAppInnermost)
	nest(directory.GroupAppInnermost, "App Innermost", 560, 3)

	// One person is a direct member of two groups of the same cycle.
	for _, g := range []int{directory.GroupPairA, directory.GroupPairB, directory.GroupTripleA, directory.GroupTripleC} {
		t.Groups[g].Members = append(t.Groups[g].Members, directory.UserRef(directory.UserOther))
	}
}

func mixedGroups(t *directory.Tenant) {
	everyKind := []directory.Ref{
		directory.UserRef(directory.UserPlain), secondAgent(t), directory.GroupRef(directory.GroupChain5),
		directory.MakeRef(directory.KindDevice, 0), directory.MakeRef(directory.KindContact, 0),
		directory.SPRef(directory.SPPayroll), t.FirstSP(directory.SPManagedIdentity), t.FirstSP(directory.SPAgentIdentity), t.FirstSP(directory.SPAgentBlueprint),
	}
	setGroup(t, directory.GroupMixed, "Every Kind", 0, everyKind...)
	setGroup(t, directory.GroupOnlyApps, "Only Apps", 0,
		directory.SPRef(directory.SPPayroll), directory.SPRef(directory.SPWiki), directory.SPRef(directory.SPBusyMember), t.FirstSP(directory.SPManagedIdentity))
	setGroup(t, directory.GroupLateApp, "Late App", 0, append(t.Users(600, directory.ExpandLimit+5), directory.SPRef(directory.SPBusyMember))...)
	setGroup(t, directory.GroupRoleAssignableApps, "Tier 0 Automation", directory.FlagRoleAssignable,
		append(t.Users(640, 2), t.FirstSP(directory.SPManagedIdentity), directory.SPRef(directory.SPPayroll))...)
}

// secondAgent is the account of an agent, in a tenant of few people that of the first.
func secondAgent(t *directory.Tenant) directory.Ref {
	agents := make([]int, 0, 2)
	for i := 0; i < t.Shape.Users && len(agents) < 2; i++ {
		if directory.IsAgentUser(i) {
			agents = append(agents, i)
		}
	}
	return directory.UserRef(agents[len(agents)-1])
}

// parentGroups are the more than 20 parents of one group and of one service principal. The last parent is in the
// group as well: a cycle that shows only to who reads beyond the 20 rows of $expand.
func parentGroups(t *directory.Tenant) {
	setGroup(t, directory.GroupManyParents, "Many Parents", 0, append(t.Users(650, 6), directory.GroupRef(directory.GroupLastParent))...)
	for i := directory.GroupFirstParent; i <= directory.GroupLastParent; i++ {
		members := append(t.Users(660+3*i, 2), directory.GroupRef(directory.GroupManyParents), directory.SPRef(directory.SPBusyMember))
		setGroup(t, i, t.RandomGroupName(i), 0, members...)
	}
}

func devices(t *directory.Tenant, from, n int) []directory.Ref {
	return sequence(directory.KindDevice, from, n, t.Shape.Devices)
}

func contacts(t *directory.Tenant, from, n int) []directory.Ref {
	return sequence(directory.KindContact, from, n, t.Shape.Contacts)
}

func sequence(k directory.Kind, from, n, count int) []directory.Ref {
	out := make([]directory.Ref, 0, n)
	for i := range min(n, count) {
		out = append(out, directory.MakeRef(k, (from+i)%count))
	}
	return out
}
