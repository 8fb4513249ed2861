package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// generateLicenses says which groups give licences, and how many units were bought.
func generateLicenses(t *directory.Tenant) {
	t.Licensed = map[int][]directory.GroupLicense{
		directory.GroupDynamic:  {{Sku: directory.LicenseE3, Disabled: []string{directory.PlanYammer}}},
		directory.GroupTwenty:   {{Sku: directory.LicenseE5}, {Sku: directory.LicenseFlow}},
		directory.GroupAppOuter: {{Sku: directory.LicenseE5}}, // Holds a group, whose members get nothing.
	}
	licenseLargeGroups(t)
	if t.Quirks.Has(directory.QuirkHeavyLicenses) {
		for g, list := range t.Licensed {
			for n := range list {
				list[n].Disabled = directory.HeavyPlans[list[n].Sku][g%directory.HeavyVariants]
			}
		}
	}
	t.Bought = make([]int, len(directory.Skus))
	for k, used := range t.Consumed() {
		t.Bought[k] = map[int]int{
			directory.LicenseE5:      used + used/10 + 5,
			directory.LicenseE3:      used, // The last unit is gone: groups report errors.
			directory.LicenseFlow:    max(10_000, used),
			directory.LicenseVisio:   used + 3,
			directory.LicenseProject: used + 50,
		}[k]
	}
}

// licenseLargeGroups gives E3 to the largest groups, until a third of the users have it from one.
func licenseLargeGroups(t *directory.Tenant) {
	reached := map[directory.Ref]struct{}{}
	license := func(g int) {
		t.Licensed[g] = []directory.GroupLicense{{Sku: directory.LicenseE3}}
		for _, m := range t.Groups[g].Members {
			reached[m] = struct{}{}
		}
	}
	average := t.Shape.Memberships / t.Shape.Groups
	for g := directory.FirstRandomGroup; g < len(t.Groups) && len(reached) < t.Shape.Users/directory.LicensedPart; g++ {
		bad := directory.FlagUnified | directory.FlagMailSecurity | directory.FlagDistribution
		if t.Groups[g].Flags&bad == 0 && len(t.Groups[g].Members) > directory.LicensedTimes*average {
			license(g)
		}
	}
	if len(reached) < t.Shape.Users/directory.LicensedPart { // A small tenant has no such groups.
		license(directory.GroupPage)
	}
}
