package graphsim

import "sync"

// groupLicense is a licence a group gives its direct members who are users.
type groupLicense struct {
	sku      int
	disabled []string // Ids of service plans.
}

const (
	// licensedPart is how many users there are to one with a licence of a group, about.
	licensedPart = 3
	// licensedTimes is how many times the average a random group has to hold to be one that gives licences.
	licensedTimes = 4
)

// generateLicenses says which groups give licences, and how many units were bought.
func (t *Tenant) generateLicenses() {
	t.licensed = map[int][]groupLicense{
		GroupDynamic:  {{sku: licenseE3, disabled: []string{planYammer}}},
		GroupTwenty:   {{sku: licenseE5}, {sku: licenseFlow}},
		GroupAppOuter: {{sku: licenseE5}}, // Holds a group, whose members get nothing.
	}
	t.licenseLargeGroups()
	if t.quirks.has(QuirkHeavyLicenses) {
		for g, list := range t.licensed {
			for n := range list {
				list[n].disabled = heavyPlans[list[n].sku][g%heavyVariants]
			}
		}
	}
	t.bought = make([]int, len(skus))
	for k, used := range t.consumed() {
		t.bought[k] = map[int]int{
			licenseE5:      used + used/10 + 5,
			licenseE3:      used, // The last unit is gone: groups report errors.
			licenseFlow:    max(10_000, used),
			licenseVisio:   used + 3,
			licenseProject: used + 50,
		}[k]
	}
}

// licenseLargeGroups gives E3 to the largest groups, until a third of the users have it from one.
func (t *Tenant) licenseLargeGroups() {
	reached := map[Ref]struct{}{}
	license := func(g int) {
		t.licensed[g] = []groupLicense{{sku: licenseE3}}
		for _, m := range t.groups[g].members {
			reached[m] = struct{}{}
		}
	}
	average := t.shape.memberships / t.shape.groups
	for g := firstRandomGroup; g < len(t.groups) && len(reached) < t.shape.users/licensedPart; g++ {
		bad := groupUnified | groupMailSecurity | groupDistribution
		if t.groups[g].flags&bad == 0 && len(t.groups[g].members) > licensedTimes*average {
			license(g)
		}
	}
	if len(reached) < t.shape.users/licensedPart { // A small tenant has no such groups.
		license(GroupPage)
	}
}

// takenSeats keeps how many users have each licence, between changes.
type takenSeats struct {
	mu   sync.Mutex
	used []int
}

// seatsTaken is consumed for those who ask often.
func (t *Tenant) seatsTaken() []int {
	t.seats.mu.Lock()
	defer t.seats.mu.Unlock()
	if t.seats.used == nil {
		t.seats.used = t.consumed()
	}
	return t.seats.used
}

// recount drops what was counted: something changed.
func (t *Tenant) recount() {
	t.seats.mu.Lock()
	defer t.seats.mu.Unlock()
	t.seats.used = nil
}

// consumed counts the users with each licence in effect.
func (t *Tenant) consumed() []int {
	out := make([]int, len(skus))
	for i := range t.count(KindUser) {
		if !t.live(userRef(i)) {
			continue
		}
		var has [8]bool
		for _, s := range t.licenseStates(i) {
			if s.active() && !has[s.sku] {
				has[s.sku] = true
				out[s.sku]++
			}
		}
	}
	return out
}

func groupLicenses(t *Tenant, i int) any {
	out := licenseRows{}
	for _, l := range t.licensed[i] {
		out = append(out, assignedLicense{DisabledPlans: plans(l.disabled), SkuID: skus[l.sku].id})
	}
	return out
}

// groupLicenseErrors is whether a licence of the group did not reach a member, or not wholly.
func groupLicenseErrors(t *Tenant, i int) bool {
	for _, l := range t.licensed[i] {
		for _, m := range t.groups[i].members {
			if m.Kind() == KindUser && t.live(m) && t.inheritedState(m.index(), i, l).err != errorNone {
				return true
			}
		}
	}
	return false
}

type licenseProcessing struct {
	State string `json:"state"`
}

func groupLicenseProcessing(t *Tenant, i int) any {
	if len(t.licensed[i]) == 0 {
		return nil
	}
	return licenseProcessing{State: "ProcessingComplete"}
}

type prepaidUnits struct {
	Enabled   int `json:"enabled"`
	LockedOut int `json:"lockedOut"`
	Suspended int `json:"suspended"`
	Warning   int `json:"warning"`
}

func (t *Tenant) prepaid(k int) prepaidUnits {
	if skus[k].status == "Suspended" {
		return prepaidUnits{Suspended: t.bought[k]}
	}
	return prepaidUnits{Enabled: t.bought[k]}
}

func newSubscribedSkuType() *entityType {
	return newEntityType(
		entityType{name: "subscribedSku", kind: KindSubscribedSku},
		[]property{
			idProperty(KindSubscribedSku),
			text("accountId", inDefault, (*Tenant).accountOf),
			text("accountName", inDefault, func(*Tenant, int) string { return "contoso" }),
			text("appliesTo", inDefault, func(*Tenant, int) string { return "User" }),
			text("capabilityStatus", inDefault, func(_ *Tenant, i int) string { return skus[skuOf(i)].status }),
			value("consumedUnits", edmInt, inDefault, func(t *Tenant, i int) any { return t.partOfSeats(i, t.seatsTaken()[skuOf(i)]) }),
			value("prepaidUnits", edmComplex, inDefault, func(t *Tenant, i int) any {
				units := t.prepaid(skuOf(i))
				units.Enabled = t.partOfSeats(i, units.Enabled)
				return units
			}),
			value("servicePlans", edmComplexes, inDefault, func(_ *Tenant, i int) any { return skus[skuOf(i)].plans }),
			value("skuId", edmGUID, inDefault, func(_ *Tenant, i int) any { return skus[skuOf(i)].id }),
			text("skuPartNumber", inDefault, func(_ *Tenant, i int) string { return skus[skuOf(i)].part }),
			list("subscriptionIds", inDefault, func(t *Tenant, i int) []string { return []string{t.guidOf(makeRef(KindSubscribedSku, i)).String()} }),
		},
	)
}
