package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
)

// heavyText is what the shared lists are in an answer, by their first ids: they are most of a page of people.
var heavyText = newHeavyText()

func newHeavyText() map[*string][]byte {
	out := map[*string][]byte{}
	for k := range directory.HeavyPlans {
		for v := range directory.HeavyPlans[k] {
			out[&directory.HeavyPlans[k][v][0]] = encode.Value(nil, directory.HeavyPlans[k][v])
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
	return encode.Value(buf, Plans(list))
}

// stateRows are the licences of a user, written without a detour.
type stateRows struct {
	tenant  *directory.Tenant
	updated string
	states  []directory.LicenseState
}

// AppendTo writes the licences in JSON.
func (s stateRows) AppendTo(buf []byte) []byte {
	buf = append(buf, '[')
	for n, state := range s.states {
		if n > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"assignedByGroup":`...)
		if state.Group == directory.Directly {
			buf = append(buf, "null"...)
		} else {
			buf = append(buf, '"')
			buf = s.tenant.GUIDOf(directory.GroupRef(state.Group)).Append(buf)
			buf = append(buf, '"')
		}
		buf = append(buf, `,"disabledPlans":`...)
		buf = appendPlans(buf, state.Disabled)
		buf = append(buf, `,"error":"`...)
		buf = append(buf, state.Err...)
		buf = append(buf, `","lastUpdatedDateTime":"`...)
		buf = append(buf, s.updated...)
		buf = append(buf, `","skuId":"`...)
		buf = append(buf, directory.Skus[state.Sku].ID...)
		buf = append(buf, `","state":"`...)
		buf = append(buf, state.State...)
		buf = append(buf, `"}`...)
	}
	return append(buf, ']')
}

// LicenseRows are the licences in effect, written the same way.
type LicenseRows []assignedLicense

// AppendTo writes the licences in JSON.
func (l LicenseRows) AppendTo(buf []byte) []byte {
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
