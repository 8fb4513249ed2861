package graphsim

import "slices"

// The SKUs the tenant has, by index.
const (
	licenseE5 = iota
	licenseE3
	licenseFlow  // Free.
	licenseVisio // Suspended: it was not renewed.
	licenseProject
)

// sku is a product with its service plans (product names and service plan identifiers).
type sku struct {
	id, part string
	status   string
	plans    []servicePlan
}

type servicePlan struct {
	AppliesTo string `json:"appliesTo"`
	Status    string `json:"provisioningStatus"`
	ID        string `json:"servicePlanId"`
	Name      string `json:"servicePlanName"`
}

const planYammer = "7547a3fe-08ee-4ccb-b430-5077c5041653"

var skus = filled([]sku{
	licenseE5: {"06ebc4ee-1bb5-47dd-8120-11054bc54e15", "SPE_E5", "Enabled", []servicePlan{
		{"User", "Success", "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"},
		{"User", "Success", "57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"},
		{"Company", "Success", "eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2"},
	}},
	licenseE3: {"05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3", "Enabled", []servicePlan{
		{"User", "Success", "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"},
		{"User", "Success", planYammer, "YAMMER_ENTERPRISE"},
		{"Company", "Success", "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"},
	}},
	licenseFlow: {"f30db892-07e9-47e9-837c-80727f46fd3d", "FLOW_FREE", "Enabled", []servicePlan{
		{"User", "Success", "50e68c76-46c6-4674-81f9-75456511b170", "FLOW_P2_VIRAL"},
	}},
	licenseVisio: {"c5928f49-12ba-48f7-ada3-0d743a3601d5", "VISIOCLIENT", "Suspended", []servicePlan{
		{"User", "Success", "663a804f-1c30-4ff0-9915-9db84f0d1cea", "VISIO_CLIENT_SUBSCRIPTION"},
	}},
	licenseProject: {"53818b1b-4a27-454b-8896-0dba576410e6", "PROJECTPROFESSIONAL", "Enabled", []servicePlan{
		{"User", "Success", "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3", "PROJECT_CLIENT_SUBSCRIPTION"},
	}},
})

// States and errors of a licence (licenseAssignmentState).
const (
	stateActive          = "Active"
	stateActiveWithError = "ActiveWithError"
	stateError           = "Error"

	errorNone       = "None"
	errorCount      = "CountViolation"
	errorDependency = "DependencyViolation"
)

// directly is the group of a licence that a user has without one.
const directly = -1

// licenseState is how one licence came to one user.
type licenseState struct {
	sku      int
	group    int // The index of the group it is inherited from, or directly.
	state    string
	err      string
	disabled []string // Ids of service plans.
}

// active is whether the licence took effect.
func (s licenseState) active() bool { return s.state == stateActive || s.state == stateActiveWithError }

// licenseStates are the licences of a user: direct ones first, then those of the groups the user is a direct member of.
func (t *Tenant) licenseStates(i int) []licenseState {
	var inherited []licenseState
	for _, g := range t.memberOf[userRef(i)] {
		for _, l := range t.licensed[int(g)] {
			if t.live(groupRef(int(g))) && !t.unprocessed(i, int(g), l) {
				inherited = append(inherited, t.inheritedState(i, int(g), l))
			}
		}
	}
	states := append(slices.Clip(t.directLicenses(i, t.inheritsLicenses(i))), inherited...)
	if _, changed := t.written.direct[i]; !changed && t.quirks.has(QuirkHeavyLicenses) && !t.madeUser(i) {
		return heavyStates(i, slices.Clone(states))
	}
	return states
}

// inheritsLicenses is whether a user is in a group that gives licences.
func (t *Tenant) inheritsLicenses(i int) bool {
	return slices.ContainsFunc(t.memberOf[userRef(i)], func(g int32) bool { return len(t.licensed[int(g)]) > 0 && t.live(groupRef(int(g))) })
}

// directStates are a user's own licences. Of those with a licence of a group, some have the same one twice.
func (t *Tenant) directStates(i int, inherits bool) []licenseState {
	own := func(sku int, disabled ...string) licenseState {
		return licenseState{sku: sku, group: directly, state: stateActive, err: errorNone, disabled: disabled}
	}
	var out []licenseState
	switch {
	case isGuest(i):
		return nil
	case inherits && i%7 == 2:
		out = append(out, own(licenseE3))
		if t.failsDirectly(i) {
			out[0].state, out[0].err = stateError, errorDependency
		}
	case inherits || i%8 == 6:
	case i%5 == 0:
		out = append(out, own(licenseE5))
	case i%9 == 1:
		out = append(out, own(licenseE3, planYammer))
	default:
		out = append(out, own(licenseE3))
	}
	if i%4 == 1 {
		out = append(out, own(licenseFlow))
	}
	if i%50 == 9 {
		out = append(out, own(licenseVisio))
	}
	return out
}

func (t *Tenant) inheritedState(i, g int, l groupLicense) licenseState {
	out := licenseState{sku: l.sku, group: g, state: stateActive, err: errorNone, disabled: l.disabled}
	if _, none := t.written.unserved[licenseKey{i, g, l.sku}]; none {
		out.state, out.err = stateError, errorCount
		return out
	}
	if l.sku != licenseE3 {
		return out
	}
	switch n := t.groupHash(i, g) % unservedStep; {
	case t.failsThrough(i, g), n == 0 && t.quirks.has(QuirkLicenseUnserved): // No unit was left.
		out.state, out.err = stateError, errorCount
	case n == 1:
		out.state, out.err = stateActiveWithError, errorDependency
	}
	return out
}

type assignedLicense struct {
	DisabledPlans []string `json:"disabledPlans"`
	SkuID         string   `json:"skuId"`
}

// userLicenses are the licences in effect, each once: a plan is off where every assignment switches it off.
func userLicenses(t *Tenant, i int) any {
	out := licenseRows{}
	states := t.licenseStates(i)
	for k := range skus {
		var off []string
		found := false
		for _, s := range states {
			if s.sku != k || !s.active() {
				continue
			}
			if !found {
				found, off = true, s.disabled
				continue
			}
			off = slices.DeleteFunc(slices.Clone(off), func(plan string) bool { return !slices.Contains(s.disabled, plan) })
		}
		if found {
			out = append(out, assignedLicense{DisabledPlans: plans(off), SkuID: skus[k].id})
		}
	}
	return out
}

// plans is a list that is empty where it is nil. It is shared: nobody changes one.
func plans(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func userLicenseStates(t *Tenant, i int) any {
	return stateRows{tenant: t, updated: t.timestamp(userRef(i), saltLicense), states: t.licenseStates(i)}
}
