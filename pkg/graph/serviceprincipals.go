package graph

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ServicePrincipal is the part of Microsoft's servicePrincipal that the
// connector reads
// (https://learn.microsoft.com/graph/api/resources/serviceprincipal).
type ServicePrincipal struct {
	ServicePrincipalIdentity
	AppID                     string    `json:"appId"`
	DisplayName               string    `json:"displayName"`
	Description               string    `json:"description"`
	AccountEnabled            *bool     `json:"accountEnabled"`
	AppOwnerOrganizationID    string    `json:"appOwnerOrganizationId"`
	AppRoleAssignmentRequired bool      `json:"appRoleAssignmentRequired"`
	AppRoles                  []AppRole `json:"appRoles"`
	Homepage                  string    `json:"homepage"`
	PreferredSSOMode          string    `json:"preferredSingleSignOnMode"`
	SignInAudience            string    `json:"signInAudience"`
	Tags                      []string  `json:"tags"`
	// AlternativeNames of a managed identity hold its Azure resource.
	AlternativeNames []string `json:"alternativeNames"`
	// AgentIdentityBlueprintID is what an agent identity was made from.
	AgentIdentityBlueprintID string     `json:"agentIdentityBlueprintId"`
	CreatedDateTime          TimeOrNone `json:"createdDateTime"`
	// The credentials are those it holds itself; most are its registration's.
	PasswordCredentials []PasswordCredential `json:"passwordCredentials"`
	KeyCredentials      []KeyCredential      `json:"keyCredentials"`
	// MemberOf are the groups, units and roles it is a direct member of.
	MemberOf Expanded `json:"memberOf"`
}

// ServicePrincipalIdentity tells which service principal a row is, and what it
// stands for.
type ServicePrincipalIdentity struct {
	// ODataType is set on derived types only, such as TypeAgentIdentity.
	ODataType            string `json:"@odata.type"`
	ID                   string `json:"id"`
	ServicePrincipalType string `json:"servicePrincipalType"`
}

// ServicePrincipalKind tells apart what the one Graph type stands for.
type ServicePrincipalKind string

const (
	// ServicePrincipalApplication is an enterprise application.
	ServicePrincipalApplication ServicePrincipalKind = "application"
	// ServicePrincipalManagedIdentity is a managed identity of an Azure resource.
	ServicePrincipalManagedIdentity ServicePrincipalKind = "managed_identity"
	// ServicePrincipalAgentIdentity is an agent identity or its blueprint's principal.
	ServicePrincipalAgentIdentity ServicePrincipalKind = "agent_identity"
)

// Kind is what the service principal stands for.
func (s *ServicePrincipalIdentity) Kind() ServicePrincipalKind {
	switch {
	case s.ODataType == TypeAgentIdentity || s.ODataType == TypeAgentIdentityBlueprintPrincipal:
		return ServicePrincipalAgentIdentity
	case s.ServicePrincipalType == "ManagedIdentity":
		return ServicePrincipalManagedIdentity
	default:
		return ServicePrincipalApplication
	}
}

var servicePrincipalList = sending.Query{
	Path: "/servicePrincipals",
	Fields: []string{
		"id", "appId", "displayName", "description", "servicePrincipalType", "accountEnabled", "appOwnerOrganizationId",
		"appRoleAssignmentRequired", "appRoles", "homepage", "preferredSingleSignOnMode", "signInAudience", "tags",
		"passwordCredentials", "keyCredentials",
	},
	Expand: "memberOf($select=id)",
	Top:    sending.MaxPageSize,
}

// ListServicePrincipals reads one page of the tenant's service principals with
// up to ExpandLimit of the groups each is in. next is empty for the first page,
// or Page.Next of the page before. Permission: Application.Read.All
// (https://learn.microsoft.com/graph/api/serviceprincipal-list).
func (c *Client) ListServicePrincipals(ctx context.Context, next string) (*sending.Page[ServicePrincipal], error) {
	return sending.GetPage[ServicePrincipal](ctx, c.Sender, sending.OrFirst(next, servicePrincipalList))
}

// managedIdentityList filters on the server; the filter needs no advanced query.
var managedIdentityList = sending.Query{
	Path:   "/servicePrincipals",
	Fields: []string{"id", "appId", "displayName", "servicePrincipalType", "accountEnabled", "alternativeNames"},
	Filter: "servicePrincipalType eq 'ManagedIdentity'",
	Expand: "memberOf($select=id)",
	Top:    sending.MaxPageSize,
}

// ListManagedIdentities reads one page of the service principals of Azure
// resources. Permission: Application.Read.All.
func (c *Client) ListManagedIdentities(ctx context.Context, next string) (*sending.Page[ServicePrincipal], error) {
	return sending.GetPage[ServicePrincipal](ctx, c.Sender, sending.OrFirst(next, managedIdentityList))
}

var servicePrincipalMemberships = sending.Query{
	Path:   "/servicePrincipals",
	Fields: []string{"id", "servicePrincipalType"},
	Expand: "memberOf($select=id)",
	Top:    sending.MaxPageSize,
}

// ListServicePrincipalMemberships reads one page of all service principals with
// no more than what each is and up to ExpandLimit of what it is in. Agent
// identities are told apart by their type alone: reading them from their own
// collection takes a permission of its own.
func (c *Client) ListServicePrincipalMemberships(ctx context.Context, next string) (*sending.Page[ServicePrincipal], error) {
	return sending.GetPage[ServicePrincipal](ctx, c.Sender, sending.OrFirst(next, servicePrincipalMemberships))
}

// ServicePrincipalRef is one service principal with all its ordinary
// properties, those of derived types included, which a listing cannot select
// (https://learn.microsoft.com/graph/api/serviceprincipal-get).
func ServicePrincipalRef(id string) string { return sending.ObjectPath("servicePrincipals", id, "") }

// ServicePrincipalOwnership is a service principal and what it owns.
type ServicePrincipalOwnership struct {
	ServicePrincipalIdentity
	OwnedObjects Expanded `json:"ownedObjects"`
}

var servicePrincipalOwnershipList = sending.Query{
	Path:   "/servicePrincipals",
	Fields: []string{"id", "servicePrincipalType"},
	Expand: "ownedObjects($select=id)",
	Top:    sending.MaxPageSize,
}

// ListServicePrincipalOwnership reads one page of the service principals with
// up to ExpandLimit of the objects that each owns. It is a listing of its own
// because Graph expands one relation at a time.
func (c *Client) ListServicePrincipalOwnership(ctx context.Context, next string) (*sending.Page[ServicePrincipalOwnership], error) {
	return sending.GetPage[ServicePrincipalOwnership](ctx, c.Sender, sending.OrFirst(next, servicePrincipalOwnershipList))
}

var servicePrincipalOwnersList = sending.Query{
	Path:   "/servicePrincipals",
	Fields: []string{"id"},
	Expand: "owners($select=id)",
	Top:    sending.MaxPageSize,
}

// ListServicePrincipalOwners reads one page of the service principals with up
// to ExpandLimit of the owners of each.
func (c *Client) ListServicePrincipalOwners(ctx context.Context, next string) (*sending.Page[ObjectOwners], error) {
	return sending.GetPage[ObjectOwners](ctx, c.Sender, sending.OrFirst(next, servicePrincipalOwnersList))
}

// ServicePrincipalMemberOfRef is the first page of what a service principal is
// a direct member of, in full
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-memberof).
func ServicePrincipalMemberOfRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, "memberOf"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}

// ServicePrincipalOwnedObjectsRef is the first page of what a service principal
// owns, in full
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-ownedobjects).
func ServicePrincipalOwnedObjectsRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, "ownedObjects"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}

// ServicePrincipalOwnersRef is the first page of a service principal's owners
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-owners).
func ServicePrincipalOwnersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, "owners"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}

// AgentSponsorsRef is the first page of who answers for an agent identity or
// for a blueprint's principal; odataType tells which of the two it is, because
// the relation belongs to the derived type
// (https://learn.microsoft.com/graph/api/agentidentity-list-sponsors,
// https://learn.microsoft.com/graph/api/agentidentityblueprintprincipal-list-sponsors).
func AgentSponsorsRef(id, odataType string) string {
	relation := strings.TrimPrefix(odataType, "#") + "/sponsors"
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, relation), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
