package directory

import (
	"slices"
)

// LicenseStates are the licences of a user: direct ones first, then those of the groups the user is a direct member of.
func (t *Tenant) LicenseStates(i int) []LicenseState {
	var inherited []LicenseState
	for _, g := range t.MemberOf[UserRef(i)] {
		for _, l := range t.Licensed[int(g)] {
			if t.Live(GroupRef(int(g))) && !t.unprocessed(i, int(g), l) {
				inherited = append(inherited, t.InheritedState(i, int(g), l))
			}
		}
	}
	states := append(slices.Clip(t.directLicenses(i, t.inheritsLicenses(i))), inherited...)
	if _, changed := t.Written.direct[i]; !changed && t.Quirks.Has(QuirkHeavyLicenses) && !t.MadeUser(i) {
		return heavyStates(i, slices.Clone(states))
	}
	return states
}

// inheritsLicenses is whether a user is in a group that gives licences.
func (t *Tenant) inheritsLicenses(i int) bool {
	return slices.ContainsFunc(t.MemberOf[UserRef(i)], func(g int32) bool { return len(t.Licensed[int(g)]) > 0 && t.Live(GroupRef(int(g))) })
}

// directStates are a user's own licences. Of those with a licence of a group, some have the same one twice.
func (t *Tenant) directStates(i int, inherits bool) []LicenseState {
	own := func(sku int, disabled ...string) LicenseState {
		return LicenseState{Sku: sku, Group: Directly, State: StateActive, Err: ErrorNone, Disabled: disabled}
	}
	var out []LicenseState
	switch {
	case IsGuest(i):
		return nil
	case inherits && i%7 == 2:
		out = append(out, own(LicenseE3))
		if t.failsDirectly(i) {
			out[0].State, out[0].Err = stateError, errorDependency
		}
	case inherits || i%8 == 6:
	case i%5 == 0:
		out = append(out, own(LicenseE5))
	case i%9 == 1:
		out = append(out, own(LicenseE3, PlanYammer))
	default:
		out = append(out, own(LicenseE3))
	}
	if i%4 == 1 {
		out = append(out, own(LicenseFlow))
	}
	if i%50 == 9 {
		out = append(out, own(LicenseVisio))
	}
	return out
}

// InheritedState is a licence as a group gives it to a user.
func (t *Tenant) InheritedState(i, g int, l GroupLicense) LicenseState {
	out := LicenseState{Sku: l.Sku, Group: g, State: StateActive, Err: ErrorNone, Disabled: l.Disabled}
	if _, none := t.Written.unserved[licenseKey{i, g, l.Sku}]; none {
		out.State, out.Err = stateError, ErrorCount
		return out
	}
	if l.Sku != LicenseE3 {
		return out
	}
	switch n := t.groupHash(i, g) % unservedStep; {
	case t.failsThrough(i, g), n == 0 && t.Quirks.Has(QuirkLicenseUnserved): // No unit was left.
		out.State, out.Err = stateError, ErrorCount
	case n == 1:
		out.State, out.Err = StateActiveWithError, errorDependency
	}
	return out
}

// A person can have one product in several ways, of which some work: directly and through a group, or through two groups.

// failsDirectly is whether what a user has directly does not work while a group gives the same.
func (t *Tenant) failsDirectly(i int) bool { return t.Quirks.Has(QuirkLicenseTwice) && i%14 == 2 }

// failsThrough is whether what a group gives a user does not work, with the error.
func (t *Tenant) failsThrough(i, g int) bool {
	if _, changed := t.Written.direct[i]; changed {
		return false
	}
	if t.Quirks.Has(QuirkLicenseTwice) {
		switch {
		case i%14 == 9: // Has it directly as well.
			return true
		case i%3 == 0 && g == GroupDynamic:
			return true
		case i%3 == 1 && g != GroupDynamic && slices.Contains(t.MemberOf[UserRef(i)], GroupDynamic):
			return true
		}
	}
	return false
}

// unprocessed is whether a group's licence has not come to a member yet, of whom nothing says so. What is written of a
// person's licences is processed with it.
func (t *Tenant) unprocessed(i, g int, l GroupLicense) bool {
	if _, changed := t.Written.direct[i]; changed || l.Sku != LicenseE3 || !t.Quirks.Has(QuirkLicenseUnserved) {
		return false
	}
	return t.groupHash(i, g)%unservedStep == 2
}

// unservedStep is how many members of a group there are to one whom its licence did not reach, for one reason each.
const unservedStep = 40

func (t *Tenant) groupHash(i, g int) uint64 {
	return t.Hash(UserRef(i), SaltLicense+uint64(g)<<16) //nolint:gosec // Not negative.
}
