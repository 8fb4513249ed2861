package graphsim

const (
	signInByName      = "userPrincipalName"
	signInByAddress   = "emailAddress"
	signInFederated   = "federated"
	issuerOfGuests    = "ExternalAzureAD"
	tenantOfCustomers = "CIAM"
	tenantOfWorkforce = "AAD"
)

// TruthIdentity is one way a user signs in. ID is empty where the issuer alone knows it.
type TruthIdentity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
	ID         string `json:"issuerAssignedId"`
}

// isCustomer is whether a user signed up, in a tenant of customers.
func (t *Tenant) isCustomer(i int) bool {
	return t.quirks.has(QuirkCustomerTenant) && i >= firstOrdinaryUser && !isGuest(i) && !isAgentUser(i)
}

// tenantType is that of the organization.
func (t *Tenant) tenantType() string {
	if t.quirks.has(QuirkCustomerTenant) {
		return tenantOfCustomers
	}
	return tenantOfWorkforce
}

type objectIdentity struct {
	SignInType       string `json:"signInType"`
	Issuer           string `json:"issuer"`
	IssuerAssignedID any    `json:"issuerAssignedId"`
}

// userIdentities are the ways a user signs in: guests at home, customers with an address that is nowhere else.
func userIdentities(t *Tenant, i int) any {
	out := []objectIdentity{}
	switch {
	case t.isCustomer(i):
		out = append(out, objectIdentity{signInByAddress, t.Domain(), t.handle(i) + "@mail.example"})
	case isGuest(i):
		out = append(out, objectIdentity{signInFederated, issuerOfGuests, nil})
	}
	return append(out, objectIdentity{signInByName, t.Domain(), t.userSignInName(i)})
}

// truthIdentities are the same in Entra's terms.
func (t *Tenant) truthIdentities(i int) []TruthIdentity {
	var out []TruthIdentity
	rows, _ := userIdentities(t, i).([]objectIdentity)
	for _, one := range rows {
		id, _ := one.IssuerAssignedID.(string)
		out = append(out, TruthIdentity{SignInType: one.SignInType, Issuer: one.Issuer, ID: id})
	}
	return out
}
