package graphsim

import "slices"

// A person can have one product in several ways, of which some work: directly and through a group, or through two groups.

// failsDirectly is whether what a user has directly does not work while a group gives the same.
func (t *Tenant) failsDirectly(i int) bool { return t.quirks.has(QuirkLicenseTwice) && i%14 == 2 }

// failsThrough is whether what a group gives a user does not work, with the error.
func (t *Tenant) failsThrough(i, g int) bool {
	if _, changed := t.written.direct[i]; changed {
		return false
	}
	if t.quirks.has(QuirkLicenseTwice) {
		switch {
		case i%14 == 9: // Has it directly as well.
			return true
		case i%3 == 0 && g == GroupDynamic:
			return true
		case i%3 == 1 && g != GroupDynamic && slices.Contains(t.memberOf[userRef(i)], GroupDynamic):
			return true
		}
	}
	return false
}

// unprocessed is whether a group's licence has not come to a member yet, of whom nothing says so. What is written of a
// person's licences is processed with it.
func (t *Tenant) unprocessed(i, g int, l groupLicense) bool {
	if _, changed := t.written.direct[i]; changed || l.sku != licenseE3 || !t.quirks.has(QuirkLicenseUnserved) {
		return false
	}
	return t.groupHash(i, g)%unservedStep == 2
}

// unservedStep is how many members of a group there are to one whom its licence did not reach, for one reason each.
const unservedStep = 40

func (t *Tenant) groupHash(i, g int) uint64 {
	return t.hash(userRef(i), saltLicense+uint64(g)<<16) //nolint:gosec // Not negative.
}
