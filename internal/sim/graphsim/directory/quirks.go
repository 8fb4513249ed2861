package directory

import (
	"slices"
	"sync/atomic"
)

// Quirk is something real tenants and the real service do that no document says. Its value is its entry in the list of
// such things: A is how the service answers, B is what it holds, W is how much its rows weigh.
type Quirk string

// The quirks. Those of A are the server's and switched while it runs (Kindly, Unkindly); the others are the tenant's
// and follow from how it is made (Without, With).
const (
	// QuirkSelectInExpand refuses options inside $expand on the lists of Privileged Identity Management.
	QuirkSelectInExpand Quirk = "A1"
	// QuirkExpandCap gives few rows a page wherever a directory collection is asked for with $expand.
	QuirkExpandCap Quirk = "A2"
	// QuirkScheduleRoleIDs names custom roles by another id in the rows of Privileged Identity Management.
	QuirkScheduleRoleIDs Quirk = "A3"
	// QuirkFlexibleCredential breaks answers off at a flexible federated credential.
	QuirkFlexibleCredential Quirk = "A4"
	// QuirkRiskyUsersEnd has a last page of risky users lead to a page that is refused.
	QuirkRiskyUsersEnd Quirk = "A5"
	// QuirkReportsFlicker refuses reports now and then for want of a plan, where the token lacks Directory.Read.All.
	QuirkReportsFlicker Quirk = "A6"
	// QuirkPlanEnded refuses Privileged Identity Management for want of the plan that the organization lists. It takes
	// data away and is off until switched on.
	QuirkPlanEnded Quirk = "A7"
	// QuirkErrorBodies puts a byte order mark before some errors and nests others twice.
	QuirkErrorBodies Quirk = "A9"
	// QuirkGraphRoles gives Microsoft Graph as many app roles, with descriptions as long, as it has.
	QuirkGraphRoles Quirk = "A11"
	// QuirkSignInPlaceholders sends the first moment of all, or an empty string, where nobody signed in.
	QuirkSignInPlaceholders Quirk = "B1"
	// QuirkLicenseTwice gives people one product in two ways, of which one works and one does not.
	QuirkLicenseTwice Quirk = "B2"
	// QuirkLicenseUnserved has groups whose licences did not reach a member, or have not yet.
	QuirkLicenseUnserved Quirk = "B3"
	// QuirkDeletedPeople shows soft-deleted people in relations of others.
	QuirkDeletedPeople Quirk = "B4"
	// QuirkPartners lets principals of other tenants hold directory roles.
	QuirkPartners Quirk = "B5"
	// QuirkHeavyLicenses switches most plans of everybody's products off.
	QuirkHeavyLicenses Quirk = "B6"
	// QuirkSyncedHolders lets large synchronized groups hold one app role; a small tenant has none (see SyncedHolders).
	QuirkSyncedHolders Quirk = "B7"
	// QuirkCustomerTenant makes it a tenant of customers, whose addresses are only in identities. It makes another
	// tenant of it and is off until switched on.
	QuirkCustomerTenant Quirk = "B8"
	// QuirkUnnamed has credentials without a key id, two rows of one product, and an access nobody knows.
	QuirkUnnamed Quirk = "B9"
	// QuirkDeltaRemoved has removed ends and repeated ends in the first answers of a delta query.
	QuirkDeltaRemoved Quirk = "B10"
	// QuirkActivatedThrough has a role activated through a group beside the person's plain assignment.
	QuirkActivatedThrough Quirk = "B11"
	// QuirkOddProfiles has profiles with empty values, with the longest, and with moments that are none.
	QuirkOddProfiles Quirk = "B12"
	// QuirkLongValues has names of 256 characters, and many addresses.
	QuirkLongValues Quirk = "W1"
)

// Quirks lists every quirk, in the order of the constants.
func Quirks() []Quirk {
	return []Quirk{
		QuirkSelectInExpand, QuirkExpandCap, QuirkScheduleRoleIDs, QuirkFlexibleCredential, QuirkRiskyUsersEnd, QuirkReportsFlicker,
		QuirkPlanEnded, QuirkErrorBodies, QuirkGraphRoles, QuirkSignInPlaceholders, QuirkLicenseTwice, QuirkLicenseUnserved,
		QuirkDeletedPeople, QuirkPartners, QuirkHeavyLicenses, QuirkSyncedHolders, QuirkCustomerTenant, QuirkUnnamed, QuirkDeltaRemoved,
		QuirkActivatedThrough, QuirkLongValues, QuirkOddProfiles,
	}
}

// OffByDefault are the quirks that make another tenant of it.
var OffByDefault = []Quirk{QuirkPlanEnded, QuirkCustomerTenant}

// OfService is whether a quirk is one of the service's answers, which Kindly and Unkindly switch, and not one of the
// tenant's values.
func (q Quirk) OfService() bool { return q[0] == 'A' && q != QuirkGraphRoles }

// QuirkSet is which quirks are on: a bit for each, by its place among Quirks.
type QuirkSet struct{ bits atomic.Uint64 }

// QuirkBits are the bits of quirks by name.
var QuirkBits = func() map[Quirk]uint64 {
	out := map[Quirk]uint64{}
	for i, q := range Quirks() {
		out[q] = 1 << i
	}
	return out
}()

// NewQuirkSet has those quirks on that are on by default.
func NewQuirkSet() *QuirkSet {
	s := &QuirkSet{}
	for _, q := range Quirks() {
		s.Set(q, !slices.Contains(OffByDefault, q))
	}
	return s
}

// Has is whether a quirk is on.
func (s *QuirkSet) Has(q Quirk) bool { return s.bits.Load()&QuirkBits[q] != 0 }

// Set switches a quirk.
func (s *QuirkSet) Set(q Quirk, on bool) {
	if on {
		s.bits.Or(QuirkBits[q])
		return
	}
	s.bits.And(^QuirkBits[q])
}
