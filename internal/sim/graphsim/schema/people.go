package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// tenantType is that of the organization.
func tenantType(t *directory.Tenant) string {
	if t.Quirks.Has(directory.QuirkCustomerTenant) {
		return directory.TenantOfCustomers
	}
	return directory.TenantOfWorkforce
}

// ObjectIdentity is a way in which a person signs in (objectIdentity).
type ObjectIdentity struct {
	SignInType       string `json:"signInType"`
	Issuer           string `json:"issuer"`
	IssuerAssignedID any    `json:"issuerAssignedId"`
}

// UserIdentities are the ways a user signs in: guests at home, customers with an address that is nowhere else.
func UserIdentities(t *directory.Tenant, i int) any {
	out := []ObjectIdentity{}
	switch {
	case t.IsCustomer(i):
		out = append(out, ObjectIdentity{directory.SignInByAddress, t.Domain(), t.Handle(i) + "@mail.example"})
	case directory.IsGuest(i):
		out = append(out, ObjectIdentity{directory.SignInFederated, directory.IssuerOfGuests, nil})
	}
	return append(out, ObjectIdentity{directory.SignInByName, t.Domain(), t.UserSignInName(i)})
}

const ExtensionAttributes = 15

// ExtensionsOf are the extension attributes of a user that have a value, which come from the directory on premises.
func ExtensionsOf(t *directory.Tenant, i int) map[string]string {
	if w := t.Written.Objects[directory.UserRef(i)]; w != nil {
		if all, ok := w.Values["onPremisesExtensionAttributes"].(map[string]any); ok {
			out := map[string]string{}
			for name, v := range all {
				if s, set := v.(string); set {
					out[name] = s
				}
			}
			return out
		}
	}
	if !directory.UserSynced(i) || t.MadeUser(i) || i%2 == 0 {
		return nil
	}
	h := t.Hash(directory.UserRef(i), directory.SaltExtension)
	out := map[string]string{"extensionAttribute1": fmt.Sprintf("CC-%04d", directory.Below(h, 9000))}
	if h>>16%3 == 0 {
		out["extensionAttribute7"] = directory.Pick(directory.Departments, h>>24) + " / " + t.UserCity(i).Shown
	}
	if h>>32%10 == 0 {
		out["extensionAttribute15"] = "contractor"
	}
	return out
}

// userExtensions has every attribute, mostly null.
func userExtensions(t *directory.Tenant, i int) any {
	out := make(map[string]any, ExtensionAttributes)
	for n := range ExtensionAttributes {
		out[fmt.Sprintf("extensionAttribute%d", n+1)] = nil
	}
	for name, v := range ExtensionsOf(t, i) {
		out[name] = v
	}
	return out
}

func newRiskyUserType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "riskyUser", Kind: directory.KindRiskyUser},
		[]directory.Property{
			idProperty(directory.KindRiskyUser),
			flag("isDeleted", directory.InDefault, func(*directory.Tenant, int) bool { return false }),
			flag("isProcessing", directory.InDefault, func(*directory.Tenant, int) bool { return false }),
			text("riskDetail", directory.InDefault, func(t *directory.Tenant, i int) string { return t.RiskOf(i).Detail }),
			date("riskLastUpdatedDateTime", plain, func(t *directory.Tenant, i int) string { return t.Timestamp(directory.UserRef(i), directory.SaltRisk) }),
			text("riskLevel", plain, func(t *directory.Tenant, i int) string { return t.RiskOf(i).Level }),
			text("riskState", plain, func(t *directory.Tenant, i int) string { return t.RiskOf(i).State }),
			text("userDisplayName", directory.InDefault, ofUser("displayName")),
			text("userPrincipalName", directory.InDefault, (*directory.Tenant).UserSignInName),
		},
	)
}
