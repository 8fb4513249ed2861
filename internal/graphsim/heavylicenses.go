package graphsim

import (
	"encoding/binary"
	"fmt"
)

const (
	// plansPerSku is how many service plans a product has, as the suites have.
	plansPerSku = 50
	// keptPlans is how many of them a heavy licence leaves on.
	keptPlans = 4
	// heavyVariants is how many different lists of disabled plans a product has.
	heavyVariants = 4
)

// filled gives every product as many service plans as the suites have. The ids of those beyond the real ones are the
// same in every tenant, as Microsoft's are.
func filled(list []sku) []sku {
	for k := range list {
		for n := len(list[k].plans); n < plansPerSku; n++ {
			list[k].plans = append(list[k].plans, servicePlan{"User", "Success", planID(k, n).String(), fmt.Sprintf("%s_PLAN_%d", list[k].part, n)})
		}
	}
	return list
}

func planID(sku, n int) guid {
	var g guid
	binary.BigEndian.PutUint64(g[:8], mix64(uint64(sku)<<8|uint64(n)))       //nolint:gosec // Small indexes.
	binary.BigEndian.PutUint64(g[8:], mix64(uint64(sku)<<8|uint64(n)|1<<32)) //nolint:gosec // Small indexes.
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g
}

// heavyPlans are the lists of disabled plans by product and variant, shared by everybody.
var heavyPlans = newHeavyPlans()

func newHeavyPlans() [][heavyVariants][]string {
	out := make([][heavyVariants][]string, len(skus))
	for k := range skus {
		for v := range heavyVariants {
			for n, p := range skus[k].plans {
				if n%(plansPerSku/keptPlans) != v {
					out[k][v] = append(out[k][v], p.ID)
				}
			}
		}
	}
	return out
}

// heavyText is what the shared lists are in an answer, by their first ids: they are most of a page of people.
var heavyText = newHeavyText()

func newHeavyText() map[*string][]byte {
	out := map[*string][]byte{}
	for k := range heavyPlans {
		for v := range heavyPlans[k] {
			out[&heavyPlans[k][v][0]] = appendValue(nil, heavyPlans[k][v])
		}
	}
	return out
}

// appendPlans writes a list of service plans.
func appendPlans(buf []byte, list []string) []byte {
	if len(list) > 0 {
		if text, shared := heavyText[&list[0]]; shared {
			return append(buf, text...)
		}
	}
	return appendValue(buf, plans(list))
}

// heavyStates are the licences of a person with most plans switched off, as groups switch them off too, and with the products beside the suite that
// people with one have.
func heavyStates(i int, states []licenseState) []licenseState {
	if len(states) == 0 {
		return states
	}
	has := map[int]bool{}
	for n := range states {
		if states[n].group == directly {
			states[n].disabled = heavyPlans[states[n].sku][(i+states[n].sku)%heavyVariants]
		}
		has[states[n].sku] = true
	}
	for _, k := range []int{licenseFlow, licenseProject} {
		if !has[k] && (k == licenseFlow || i%2 == 0) {
			states = append(states, licenseState{sku: k, group: directly, state: stateActive, err: errorNone, disabled: heavyPlans[k][i%heavyVariants]})
		}
	}
	return states
}

// stateRows are the licences of a user, written without a detour.
type stateRows struct {
	tenant  *Tenant
	updated string
	states  []licenseState
}

func (s stateRows) appendTo(buf []byte) []byte {
	buf = append(buf, '[')
	for n, state := range s.states {
		if n > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"assignedByGroup":`...)
		if state.group == directly {
			buf = append(buf, "null"...)
		} else {
			buf = append(buf, '"')
			buf = s.tenant.guidOf(groupRef(state.group)).append(buf)
			buf = append(buf, '"')
		}
		buf = append(buf, `,"disabledPlans":`...)
		buf = appendPlans(buf, state.disabled)
		buf = append(buf, `,"error":"`...)
		buf = append(buf, state.err...)
		buf = append(buf, `","lastUpdatedDateTime":"`...)
		buf = append(buf, s.updated...)
		buf = append(buf, `","skuId":"`...)
		buf = append(buf, skus[state.sku].id...)
		buf = append(buf, `","state":"`...)
		buf = append(buf, state.state...)
		buf = append(buf, `"}`...)
	}
	return append(buf, ']')
}

// licenseRows are the licences in effect, written the same way.
type licenseRows []assignedLicense

func (l licenseRows) appendTo(buf []byte) []byte {
	buf = append(buf, '[')
	for n, one := range l {
		if n > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"disabledPlans":`...)
		buf = appendPlans(buf, one.DisabledPlans)
		buf = append(buf, `,"skuId":"`...)
		buf = append(buf, one.SkuID...)
		buf = append(buf, `"}`...)
	}
	return append(buf, ']')
}
