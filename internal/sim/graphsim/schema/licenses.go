package schema

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

type assignedLicense struct {
	DisabledPlans []string `json:"disabledPlans"`
	SkuID         string   `json:"skuId"`
}

// UserLicenses are the licences in effect, each once: a plan is off where every assignment switches it off.
func UserLicenses(t *directory.Tenant, i int) any {
	out := LicenseRows{}
	states := t.LicenseStates(i)
	for k := range directory.Skus {
		var off []string
		found := false
		for _, s := range states {
			if s.Sku != k || !s.Active() {
				continue
			}
			if !found {
				found, off = true, s.Disabled
				continue
			}
			off = slices.DeleteFunc(slices.Clone(off), func(plan string) bool { return !slices.Contains(s.Disabled, plan) })
		}
		if found {
			out = append(out, assignedLicense{DisabledPlans: Plans(off), SkuID: directory.Skus[k].ID})
		}
	}
	return out
}

// Plans is a list that is empty where it is nil. It is shared: nobody changes one.
func Plans(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func userLicenseStates(t *directory.Tenant, i int) any {
	return stateRows{tenant: t, updated: t.Timestamp(directory.UserRef(i), directory.SaltLicense), states: t.LicenseStates(i)}
}

func groupLicenses(t *directory.Tenant, i int) any {
	out := LicenseRows{}
	for _, l := range t.Licensed[i] {
		out = append(out, assignedLicense{DisabledPlans: Plans(l.Disabled), SkuID: directory.Skus[l.Sku].ID})
	}
	return out
}

// groupLicenseErrors is whether a licence of the group did not reach a member, or not wholly.
func groupLicenseErrors(t *directory.Tenant, i int) bool {
	for _, l := range t.Licensed[i] {
		for _, m := range t.Groups[i].Members {
			if m.Kind() == directory.KindUser && t.Live(m) && t.InheritedState(m.Index(), i, l).Err != directory.ErrorNone {
				return true
			}
		}
	}
	return false
}

type licenseProcessing struct {
	State string `json:"state"`
}

func groupLicenseProcessing(t *directory.Tenant, i int) any {
	if len(t.Licensed[i]) == 0 {
		return nil
	}
	return licenseProcessing{State: "ProcessingComplete"}
}

func newSubscribedSkuType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "subscribedSku", Kind: directory.KindSubscribedSku},
		[]directory.Property{
			idProperty(directory.KindSubscribedSku),
			text("accountId", directory.InDefault, (*directory.Tenant).AccountOf),
			text("accountName", directory.InDefault, func(*directory.Tenant, int) string { return "contoso" }),
			text("appliesTo", directory.InDefault, func(*directory.Tenant, int) string { return "User" }),
			text("capabilityStatus", directory.InDefault, func(_ *directory.Tenant, i int) string { return directory.Skus[directory.SkuOf(i)].Status }),
			value("consumedUnits", directory.EDMInt, directory.InDefault, func(t *directory.Tenant, i int) any { return t.PartOfSeats(i, t.SeatsTaken()[directory.SkuOf(i)]) }),
			value("prepaidUnits", directory.EDMComplex, directory.InDefault, func(t *directory.Tenant, i int) any {
				units := t.Prepaid(directory.SkuOf(i))
				units.Enabled = t.PartOfSeats(i, units.Enabled)
				return units
			}),
			value("servicePlans", directory.EDMComplexes, directory.InDefault, func(_ *directory.Tenant, i int) any { return directory.Skus[directory.SkuOf(i)].Plans }),
			value("skuId", directory.EDMGUID, directory.InDefault, func(_ *directory.Tenant, i int) any { return directory.Skus[directory.SkuOf(i)].ID }),
			text("skuPartNumber", directory.InDefault, func(_ *directory.Tenant, i int) string { return directory.Skus[directory.SkuOf(i)].Part }),
			list("subscriptionIds", directory.InDefault, func(t *directory.Tenant, i int) []string {
				return []string{t.GUIDOf(directory.MakeRef(directory.KindSubscribedSku, i)).String()}
			}),
		},
	)
}
