// Package generate makes the tenant of a size and a seed, with the objects that exist for a reason in every tenant. It
// does not know what a tenant is asked afterwards; nothing but the server's own package makes tenants.
package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// Tenant makes the tenant of a size and a seed, with every quirk that is on by default, unless options say otherwise.
// The same arguments always give the same tenant; an unknown size gives a small one.
func Tenant(size directory.Size, seed int64, options ...directory.Option) *directory.Tenant {
	if _, ok := directory.Shapes[size]; !ok {
		size = directory.Small
	}
	t := &directory.Tenant{
		Size:    size,
		Shape:   directory.Shapes[size],
		Seed:    directory.Mix64(uint64(seed)), //nolint:gosec // Any bit pattern is a seed.
		Model:   schema.New(),
		Deleted: map[directory.Ref]struct{}{},
		Written: directory.NewWrittenState(),
		Plans:   directory.PlanP1 | directory.PlanP2,
		Quirks:  directory.NewQuirkSet(),
		Names:   &directory.SignInNames{},
		Seats:   &directory.TakenSeats{},
	}
	for _, option := range options {
		option(t)
	}
	generateServicePrincipals(t)
	generateRegistrations(t)
	generateGroups(t)
	generateOwners(t)
	generateAppRoleAssignments(t)
	generateRoles(t)
	generateUnits(t)
	generateEligibilities(t)
	generateGroupSchedules(t)
	generateSponsors(t)
	generateGuestSponsors(t)
	generateConsents(t)
	generateSyncedHolders(t)
	generatePartners(t)
	generateActivatedThrough(t)
	generateUnknownAccess(t)
	generateDeletedPeople(t)
	t.Link()
	generateLicenses(t)
	generatePackages(t)
	return t
}

const largeUnit = 1_100 // More than a page; small tenants have more users than that.

// generateUnits makes the administrative units and their members.
func generateUnits(t *directory.Tenant) {
	t.Units = make([]directory.Unit, t.Shape.Units)
	headquarters := mixedMembers(t, 0, max(largeUnit, t.Shape.Users/8), 20, directory.GroupChain0, directory.GroupDynamic, directory.GroupSynced)
	t.Units[directory.UnitLarge] = directory.Unit{Label: "Headquarters", Members: headquarters}
	t.Units[directory.UnitDynamic] = directory.Unit{Label: "Sales People", Flags: directory.UnitFlagDynamic, Members: t.Users(200, 40)}
	t.Units[directory.UnitRestricted] = directory.Unit{
		Label: "Executives", Flags: directory.UnitFlagRestricted | directory.UnitFlagTyped, Members: mixedMembers(t, 300, 6, 1, directory.GroupRoleAssignable),
	}
	t.Units[directory.UnitHidden] = directory.Unit{Label: "Internal Audit", Flags: directory.UnitFlagHidden, Members: mixedMembers(t, 320, 5, 0, directory.GroupNoDescription)}
	t.Units[directory.UnitEmpty] = directory.Unit{Label: "Future Branch", Flags: directory.UnitFlagTyped}
	t.Units[directory.UnitHoldsGroups] = directory.Unit{Label: "Project Groups", Members: mixedMembers(t, 330, 2, 2, directory.GroupDiamondTop, directory.GroupMixed, directory.GroupEmpty)}
	for i := directory.FirstRandomUnit; i < len(t.Units); i++ {
		h := t.Hash(directory.UnitRef(i), directory.SaltShape)
		members := mixedMembers(t, directory.Below(h, t.Shape.Users), 10+t.Shape.Users/200, directory.Below(h>>32, 4), directory.Below(h>>40, len(t.Groups)))
		t.Units[i] = directory.Unit{Members: members, Flags: directory.UnitFlags(i%2) * directory.UnitFlagTyped}
	}
}

// mixedMembers are some users and devices from a start, and groups.
func mixedMembers(t *directory.Tenant, from, people, machines int, groups ...int) []directory.Ref {
	out := append(t.Users(from, people), devices(t, from, machines)...)
	for _, g := range groups {
		out = append(out, directory.GroupRef(g))
	}
	return out
}
