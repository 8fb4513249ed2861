package directory

import (
	"encoding/binary"
	"fmt"
)

const (
	// PlansPerSku is how many service plans a product has, as the suites have.
	PlansPerSku = 50
	// keptPlans is how many of them a heavy licence leaves on.
	keptPlans = 4
	// HeavyVariants is how many different lists of disabled plans a product has.
	HeavyVariants = 4
)

// filled gives every product as many service plans as the suites have. The ids of those beyond the real ones are the
// same in every tenant, as Microsoft's are.
func filled(list []SKU) []SKU {
	for k := range list {
		for n := len(list[k].Plans); n < PlansPerSku; n++ {
			list[k].Plans = append(list[k].Plans, ServicePlan{"User", "Success", planID(k, n).String(), fmt.Sprintf("%s_PLAN_%d", list[k].Part, n)})
		}
	}
	return list
}

func planID(sku, n int) GUID {
	var g GUID
	binary.BigEndian.PutUint64(g[:8], Mix64(uint64(sku)<<8|uint64(n)))       //nolint:gosec // Small indexes.
	binary.BigEndian.PutUint64(g[8:], Mix64(uint64(sku)<<8|uint64(n)|1<<32)) //nolint:gosec // Small indexes.
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g
}

// HeavyPlans are the lists of disabled plans by product and variant, shared by everybody.
var HeavyPlans = newHeavyPlans()

func newHeavyPlans() [][HeavyVariants][]string {
	out := make([][HeavyVariants][]string, len(Skus))
	for k := range Skus {
		for v := range HeavyVariants {
			for n, p := range Skus[k].Plans {
				if n%(PlansPerSku/keptPlans) != v {
					out[k][v] = append(out[k][v], p.ID)
				}
			}
		}
	}
	return out
}

// heavyStates are the licences of a person with most plans switched off, as groups switch them off too, and with the products beside the suite that
// people with one have.
func heavyStates(i int, states []LicenseState) []LicenseState {
	if len(states) == 0 {
		return states
	}
	has := map[int]bool{}
	for n := range states {
		if states[n].Group == Directly {
			states[n].Disabled = HeavyPlans[states[n].Sku][(i+states[n].Sku)%HeavyVariants]
		}
		has[states[n].Sku] = true
	}
	for _, k := range []int{LicenseFlow, LicenseProject} {
		if !has[k] && (k == LicenseFlow || i%2 == 0) {
			states = append(states, LicenseState{Sku: k, Group: Directly, State: StateActive, Err: ErrorNone, Disabled: HeavyPlans[k][i%HeavyVariants]})
		}
	}
	return states
}

// GroupLicense is a licence a group gives its direct members who are users.
type GroupLicense struct {
	Sku      int
	Disabled []string // Ids of service plans.
}

// The SKUs the tenant has, by index.
const (
	LicenseE5 = iota
	LicenseE3
	LicenseFlow  // Free.
	LicenseVisio // Suspended: it was not renewed.
	LicenseProject
)

// SKU is a product with its service plans (product names and service plan identifiers).
type SKU struct {
	ID, Part string
	Status   string
	Plans    []ServicePlan
}

// ServicePlan is a part of a product.
type ServicePlan struct {
	AppliesTo string `json:"appliesTo"`
	Status    string `json:"provisioningStatus"`
	ID        string `json:"servicePlanId"`
	Name      string `json:"servicePlanName"`
}

const PlanYammer = "7547a3fe-08ee-4ccb-b430-5077c5041653"

var Skus = filled([]SKU{
	LicenseE5: {"06ebc4ee-1bb5-47dd-8120-11054bc54e15", "SPE_E5", "Enabled", []ServicePlan{
		{"User", "Success", "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"},
		{"User", "Success", "57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"},
		{"Company", "Success", "eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2"},
	}},
	LicenseE3: {"05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3", "Enabled", []ServicePlan{
		{"User", "Success", "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"},
		{"User", "Success", PlanYammer, "YAMMER_ENTERPRISE"},
		{"Company", "Success", "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"},
	}},
	LicenseFlow: {"f30db892-07e9-47e9-837c-80727f46fd3d", "FLOW_FREE", "Enabled", []ServicePlan{
		{"User", "Success", "50e68c76-46c6-4674-81f9-75456511b170", "FLOW_P2_VIRAL"},
	}},
	LicenseVisio: {"c5928f49-12ba-48f7-ada3-0d743a3601d5", "VISIOCLIENT", "Suspended", []ServicePlan{
		{"User", "Success", "663a804f-1c30-4ff0-9915-9db84f0d1cea", "VISIO_CLIENT_SUBSCRIPTION"},
	}},
	LicenseProject: {"53818b1b-4a27-454b-8896-0dba576410e6", "PROJECTPROFESSIONAL", "Enabled", []ServicePlan{
		{"User", "Success", "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3", "PROJECT_CLIENT_SUBSCRIPTION"},
	}},
})

// States and errors of a licence (licenseAssignmentState).
const (
	StateActive          = "Active"
	StateActiveWithError = "ActiveWithError"
	stateError           = "Error"

	ErrorNone       = "None"
	ErrorCount      = "CountViolation"
	errorDependency = "DependencyViolation"
)

// Directly is the group of a licence that a user has without one.
const Directly = -1

// LicenseState is how one licence came to one user.
type LicenseState struct {
	Sku      int
	Group    int // The index of the group it is inherited from, or directly.
	State    string
	Err      string
	Disabled []string // Ids of service plans.
}

// Active is whether the licence took effect.
func (s LicenseState) Active() bool { return s.State == StateActive || s.State == StateActiveWithError }

// LicenseChange is a checked request.
type LicenseChange struct {
	Add    []GroupLicense
	Remove []int
}

// SkuIDs are the ids of the products a change is about.
func (l LicenseChange) SkuIDs() []string {
	var out []string
	for _, one := range l.Add {
		out = append(out, Skus[one.Sku].ID)
	}
	for _, k := range l.Remove {
		out = append(out, Skus[k].ID)
	}
	return out
}

// licenseKey names a licence that a group gives a user.
type licenseKey struct{ user, group, sku int }
