package truth

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// truthIdentities are the same in Entra's terms.
func truthIdentities(t *directory.Tenant, i int) []Identity {
	var out []Identity
	rows, _ := schema.UserIdentities(t, i).([]schema.ObjectIdentity)
	for _, one := range rows {
		id, _ := one.IssuerAssignedID.(string)
		out = append(out, Identity{SignInType: one.SignInType, Issuer: one.Issuer, ID: id})
	}
	return out
}

// EachEffectiveLicense gives, licence by licence, the users who hold it: those of whose own states one at least works,
// whoever else gave them the same in vain.
func EachEffectiveLicense(t *directory.Tenant) iter.Seq[Access] {
	return locked(t, eachLicenseHolder)
}

func eachLicenseHolder(t *directory.Tenant, yield func(Access) bool) {
	bySku := make([]Holders, len(directory.Skus))
	for k := range directory.Skus {
		bySku[k] = newHolders(t)
	}
	for i := range t.Count(directory.KindUser) {
		for _, s := range t.LicenseStates(i) {
			if s.Active() {
				bySku[s.Sku].add(directory.UserRef(i))
			}
		}
	}
	for k, h := range bySku {
		if !yield(h.access(directory.Skus[k].ID, "")) {
			return
		}
	}
}

// truthPerson adds what other services than the directory know of a user.
func truthPerson(t *directory.Tenant, u *User, i int) {
	signIn, _ := t.Model.Of(directory.KindUser).Property(directory.SignInProperty)
	if activity, signedIn := signIn.Value(t, i).(schema.SignInActivity); signedIn {
		u.LastSignIn = lastSignIn(activity)
	}
	if t.Exists(directory.MakeRef(directory.KindRegistrationDetails, i)) {
		registered := schema.MFARegistered(t, i)
		u.MFARegistered = &registered
	}
	u.MailboxPurpose = t.MailboxPurpose(i)
	r := t.RiskOf(i)
	u.RiskLevel, u.RiskState = r.Level, r.State
	u.ExtensionAttributes, u.Identities = schema.ExtensionsOf(t, i), truthIdentities(t, i)
	u.SecurityAttributes = truthAttributes(t, directory.UserRef(i))
	u.Details, u.Phones = truthDetails(t, i), t.ListOf(directory.UserRef(i), "businessPhones")
}

// lastSignIn is the last success, or the last attempt of somebody of whom no success is known.
func lastSignIn(a schema.SignInActivity) string {
	if a.LastSuccessful != "" {
		return a.LastSuccessful
	}
	return max(a.LastSignIn, a.LastNonInteractive)
}

// detailNames are the further properties of people.
var detailNames = strings.Fields("usageLocation officeLocation city state country preferredLanguage mailNickname employeeHireDate " +
	"lastPasswordChangeDateTime onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesImmutableId onPremisesDistinguishedName " +
	"onPremisesDomainName onPremisesUserPrincipalName streetAddress postalCode mobilePhone faxNumber " + schema.LeaveDate)

// truthDetails leaves out what is no moment: nobody was hired in the year 1.
func truthDetails(t *directory.Tenant, i int) map[string]string {
	out := map[string]string{}
	put := func(name string, v any) {
		if s, _ := v.(string); s != "" && s != schema.NoMoment {
			out[name] = s
		}
	}
	for _, name := range detailNames {
		put(name, t.TextOf(directory.UserRef(i), name))
	}
	p, _ := t.Model.Of(directory.KindUser).Property(schema.OrgData)
	if org, has := p.Value(t, i).(schema.EmployeeOrgData); has {
		put("division", org.Division)
		put("costCenter", org.CostCenter)
	}
	return out
}

func truthLicenses(t *directory.Tenant, out *Statement) {
	for k, used := range t.Consumed() {
		out.Licenses = append(out.Licenses, License{SkuID: directory.Skus[k].ID, PartNumber: directory.Skus[k].Part, Enabled: t.Prepaid(k).Enabled, Consumed: used})
	}
	each(t, directory.KindUser, func(i int, _ string) {
		for _, s := range t.LicenseStates(i) {
			row := LicenseAssignment{
				SkuID: directory.Skus[s.Sku].ID, Principal: PrincipalOf(t, directory.UserRef(i)), State: s.State, Error: s.Err, DisabledPlans: schema.Plans(s.Disabled),
			}
			if s.Group != directory.Directly {
				row.GroupID = t.IDOf(directory.GroupRef(s.Group))
			}
			out.LicenseAssignments = append(out.LicenseAssignments, row)
		}
	})
	each(t, directory.KindGroup, func(g int, _ string) {
		for _, l := range t.Licensed[g] {
			out.LicenseAssignments = append(out.LicenseAssignments, LicenseAssignment{
				SkuID: directory.Skus[l.Sku].ID, Principal: PrincipalOf(t, directory.GroupRef(g)), DisabledPlans: schema.Plans(l.Disabled),
			})
		}
	})
	eachLicenseHolder(t, func(a Access) bool { out.EffectiveLicenses = append(out.EffectiveLicenses, a); return true })
}

func (t *Statement) sortLicenses() {
	slices.SortFunc(t.Licenses, func(a, b License) int { return cmp.Compare(a.SkuID, b.SkuID) })
	slices.SortFunc(t.LicenseAssignments, func(a, b LicenseAssignment) int {
		return cmp.Or(cmp.Compare(a.SkuID, b.SkuID), comparePrincipals(a.Principal, b.Principal), cmp.Compare(a.GroupID, b.GroupID))
	})
	slices.SortFunc(t.EffectiveLicenses, compareAccess)
}

// Works is whether a person has the licence in effect this way; of a group it says nothing.
func (a LicenseAssignment) Works() bool {
	return a.State == directory.StateActive || a.State == directory.StateActiveWithError
}
