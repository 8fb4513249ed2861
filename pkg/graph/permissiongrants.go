package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ConsentAllPrincipals is the consentType of an administrator's consent for
// everybody.
const ConsentAllPrincipals = "AllPrincipals"

// OAuth2PermissionGrant lets a client application act for people at a resource,
// within scopes
// (https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant).
type OAuth2PermissionGrant struct {
	// ID is not a GUID, and its letters' case matters.
	ID string `json:"id"`
	// ClientID is the service principal that acts.
	ClientID string `json:"clientId"`
	// ConsentType is ConsentAllPrincipals, or "Principal" for one person.
	ConsentType string `json:"consentType"`
	// PrincipalID is the person; empty for everybody.
	PrincipalID string `json:"principalId"`
	// ResourceID is the service principal of the resource.
	ResourceID string `json:"resourceId"`
	// Scope are the permissions, separated by spaces.
	Scope string `json:"scope"`
}

var permissionGrantList = sending.Query{Path: "/oauth2PermissionGrants", Top: sending.MaxPageSize}

// ListOAuth2PermissionGrants reads one page of the tenant's delegated consents.
// Permission: Directory.Read.All; there is no narrower one for reading
// (https://learn.microsoft.com/graph/api/oauth2permissiongrant-list).
func (c *Client) ListOAuth2PermissionGrants(ctx context.Context, next string) (*sending.Page[OAuth2PermissionGrant], error) {
	return sending.GetPage[OAuth2PermissionGrant](ctx, c.Sender, sending.OrFirst(next, permissionGrantList))
}
