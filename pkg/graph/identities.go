package graph

import "strings"

// Identity is something that a user signs in with
// (https://learn.microsoft.com/graph/api/resources/objectidentity).
type Identity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
	// IssuerAssignedID is the sign-in name of a local account, and otherwise
	// whatever the issuer calls the user.
	IssuerAssignedID string `json:"issuerAssignedId"`
}

// LocalName is the name that the user types at sign-in to an account of this
// tenant; empty for what another issuer calls the user, and for the user
// principal name, which is a property of its own. Every other type of sign-in is
// a local account: a customer tenant gives the types names of its own.
func (i *Identity) LocalName() string {
	switch strings.ToLower(i.SignInType) {
	case "", "federated", "userprincipalname":
		return ""
	}
	return i.IssuerAssignedID
}

// IsAddress reports whether a local name is an e-mail address: of the types that
// begin like this one, Graph takes nothing else.
func (i *Identity) IsAddress() bool {
	return strings.HasPrefix(strings.ToLower(i.SignInType), "emailaddress")
}
