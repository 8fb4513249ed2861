package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// PasswordCredential is a client secret, without the secret and without the hint
// that gives its first letters
// (https://learn.microsoft.com/graph/api/resources/passwordcredential).
type PasswordCredential struct {
	KeyID         string     `json:"keyId"`
	DisplayName   string     `json:"displayName"`
	StartDateTime TimeOrNone `json:"startDateTime"`
	EndDateTime   TimeOrNone `json:"endDateTime"`
}

// KeyCredential is a certificate or another public key
// (https://learn.microsoft.com/graph/api/resources/keycredential).
type KeyCredential struct {
	KeyID         string     `json:"keyId"`
	DisplayName   string     `json:"displayName"`
	Type          string     `json:"type"`
	Usage         string     `json:"usage"`
	StartDateTime TimeOrNone `json:"startDateTime"`
	EndDateTime   TimeOrNone `json:"endDateTime"`
}

// FederatedIdentityCredential lets a workload elsewhere sign in as the
// application; it does not expire
// (https://learn.microsoft.com/graph/api/resources/federatedidentitycredential).
type FederatedIdentityCredential struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Issuer      string   `json:"issuer"`
	Subject     string   `json:"subject"`
	Description string   `json:"description"`
	Audiences   []string `json:"audiences"`
}

// ApplicationCredentials are an app registration's credentials.
type ApplicationCredentials struct {
	ID                  string               `json:"id"`
	AppID               string               `json:"appId"`
	DisplayName         string               `json:"displayName"`
	PasswordCredentials []PasswordCredential `json:"passwordCredentials"`
	KeyCredentials      []KeyCredential      `json:"keyCredentials"`
	// Federated is nil where Graph did not expand the relation, and may be cut
	// short like any that it expands.
	Federated *[]FederatedIdentityCredential `json:"federatedIdentityCredentials"`
}

// FederatedRelation is Federated as an expanded relation, which tells whether it
// may be cut short.
func (a *ApplicationCredentials) FederatedRelation() Expanded {
	if a.Federated == nil {
		return nil
	}
	rows := make(Expanded, 0, len(*a.Federated))
	for i := range *a.Federated {
		rows = append(rows, Reference{ID: (*a.Federated)[i].ID})
	}
	return rows
}

var (
	applicationCredentialsList = sending.Query{
		Path:   "/applications",
		Fields: []string{"id", "appId", "displayName", "passwordCredentials", "keyCredentials"},
		Top:    sending.MaxPageSize,
	}
	applicationFederatedList = sending.Query{
		Path:   applicationCredentialsList.Path,
		Fields: applicationCredentialsList.Fields,
		Expand: "federatedIdentityCredentials",
		Top:    sending.MaxPageSize,
	}
)

// ListApplicationCredentials reads one page of the app registrations with their
// credentials. Nothing documents that the federated ones can be expanded on a
// listing: expand asks for it, and Federated tells what came of that.
// Permission: Application.Read.All
// (https://learn.microsoft.com/graph/api/application-list).
func (c *Client) ListApplicationCredentials(ctx context.Context, next string, expand bool) (*sending.Page[ApplicationCredentials], error) {
	first := applicationCredentialsList
	if expand {
		first = applicationFederatedList
	}
	return sending.GetPage[ApplicationCredentials](ctx, c.Sender, sending.OrFirst(next, first))
}

// FederatedCredentialsRef is the first page of an app registration's federated
// credentials. Permission: Application.Read.All, for which Directory.Read.All
// does not stand
// (https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials).
func FederatedCredentialsRef(applicationID string) string {
	return sending.Query{Path: sending.ObjectPath("applications", applicationID, "federatedIdentityCredentials")}.String()
}

// ServicePrincipalCredentials are a service principal's own credentials.
type ServicePrincipalCredentials struct {
	ServicePrincipalIdentity
	DisplayName         string               `json:"displayName"`
	AppID               string               `json:"appId"`
	PreferredSSOMode    string               `json:"preferredSingleSignOnMode"`
	PasswordCredentials []PasswordCredential `json:"passwordCredentials"`
	KeyCredentials      []KeyCredential      `json:"keyCredentials"`
}

var servicePrincipalCredentialsList = sending.Query{
	Path: "/servicePrincipals",
	Fields: []string{
		"id", "appId", "displayName", "servicePrincipalType", "preferredSingleSignOnMode", "passwordCredentials", "keyCredentials",
	},
	Top: sending.MaxPageSize,
}

// ListServicePrincipalCredentials reads one page of the service principals with
// the credentials that each holds itself. Permission: Application.Read.All
// (https://learn.microsoft.com/graph/api/serviceprincipal-list).
func (c *Client) ListServicePrincipalCredentials(ctx context.Context, next string) (*sending.Page[ServicePrincipalCredentials], error) {
	return sending.GetPage[ServicePrincipalCredentials](ctx, c.Sender, sending.OrFirst(next, servicePrincipalCredentialsList))
}
