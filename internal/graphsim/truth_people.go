package graphsim

import (
	"cmp"
	"iter"
	"slices"
)

// TruthLicense is a product the tenant has units of.
type TruthLicense struct {
	SkuID      string `json:"skuId"`
	PartNumber string `json:"skuPartNumber"`
	Enabled    int    `json:"enabled"`
	Consumed   int    `json:"consumed"`
}

// TruthLicenseAssignment is a licence given to a user or a group, or how one of a group came to a user.
type TruthLicenseAssignment struct {
	SkuID         string         `json:"skuId"`
	Principal     TruthPrincipal `json:"principal"`
	GroupID       string         `json:"groupId"` // The group it is inherited from.
	State         string         `json:"state"`   // Empty for a group, whose licences have none, as is the error.
	Error         string         `json:"error"`
	DisabledPlans []string       `json:"disabledPlans"`
}

// EachEffectiveLicense gives, licence by licence, the users who hold it: those of whose own states one at least works,
// whoever else gave them the same in vain.
func (t *Tenant) EachEffectiveLicense() iter.Seq[TruthAccess] { return t.locked(t.eachLicenseHolder) }

func (t *Tenant) eachLicenseHolder(yield func(TruthAccess) bool) {
	bySku := make([]holders, len(skus))
	for k := range skus {
		bySku[k] = t.newHolders()
	}
	for i := range t.count(KindUser) {
		for _, s := range t.licenseStates(i) {
			if s.active() {
				bySku[s.sku].add(userRef(i))
			}
		}
	}
	for k, h := range bySku {
		if !yield(h.access(skus[k].id, "")) {
			return
		}
	}
}

// truthPerson adds what other services than the directory know of a user.
func (t *Tenant) truthPerson(u *TruthUser, i int) {
	if activity, signedIn := userSignIn(t, i).(signInActivity); signedIn {
		u.LastSignIn = activity.LastSignIn
	}
	if t.exists(makeRef(KindRegistrationDetails, i)) {
		registered := t.mfaRegistered(i)
		u.MFARegistered = &registered
	}
	u.MailboxPurpose = t.mailboxPurpose(i)
	r := t.riskOf(i)
	u.RiskLevel, u.RiskState = r.level, r.state
	u.ExtensionAttributes, u.Identities = t.extensionsOf(i), t.truthIdentities(i)
}

func (t *Tenant) truthLicenses(out *Truth) {
	for k, used := range t.consumed() {
		out.Licenses = append(out.Licenses, TruthLicense{SkuID: skus[k].id, PartNumber: skus[k].part, Enabled: t.prepaid(k).Enabled, Consumed: used})
	}
	t.each(KindUser, func(i int, _ string) {
		for _, s := range t.licenseStates(i) {
			row := TruthLicenseAssignment{
				SkuID: skus[s.sku].id, Principal: t.truthPrincipal(userRef(i)), State: s.state, Error: s.err, DisabledPlans: plans(s.disabled),
			}
			if s.group != directly {
				row.GroupID = t.id(groupRef(s.group))
			}
			out.LicenseAssignments = append(out.LicenseAssignments, row)
		}
	})
	t.each(KindGroup, func(g int, _ string) {
		for _, l := range t.licensed[g] {
			out.LicenseAssignments = append(out.LicenseAssignments, TruthLicenseAssignment{
				SkuID: skus[l.sku].id, Principal: t.truthPrincipal(groupRef(g)), DisabledPlans: plans(l.disabled),
			})
		}
	})
	t.eachLicenseHolder(func(a TruthAccess) bool { out.EffectiveLicenses = append(out.EffectiveLicenses, a); return true })
}

func (t *Truth) sortLicenses() {
	slices.SortFunc(t.Licenses, func(a, b TruthLicense) int { return cmp.Compare(a.SkuID, b.SkuID) })
	slices.SortFunc(t.LicenseAssignments, func(a, b TruthLicenseAssignment) int {
		return cmp.Or(cmp.Compare(a.SkuID, b.SkuID), comparePrincipals(a.Principal, b.Principal), cmp.Compare(a.GroupID, b.GroupID))
	})
	slices.SortFunc(t.EffectiveLicenses, compareAccess)
}

// Works is whether a person has the licence in effect this way; of a group it says nothing.
func (a TruthLicenseAssignment) Works() bool {
	return a.State == stateActive || a.State == stateActiveWithError
}
