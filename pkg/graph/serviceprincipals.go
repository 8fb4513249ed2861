package graph

import "context"

// ServicePrincipal is the part of Microsoft's servicePrincipal that the
// connector reads
// (https://learn.microsoft.com/graph/api/resources/serviceprincipal).
type ServicePrincipal struct {
	// ODataType is set on derived types only, such as TypeAgentIdentity.
	ODataType                 string    `json:"@odata.type"`
	ID                        string    `json:"id"`
	AppID                     string    `json:"appId"`
	DisplayName               string    `json:"displayName"`
	Description               string    `json:"description"`
	ServicePrincipalType      string    `json:"servicePrincipalType"`
	AccountEnabled            *bool     `json:"accountEnabled"`
	AppOwnerOrganizationID    string    `json:"appOwnerOrganizationId"`
	AppRoleAssignmentRequired bool      `json:"appRoleAssignmentRequired"`
	AppRoles                  []AppRole `json:"appRoles"`
	Homepage                  string    `json:"homepage"`
	PreferredSSOMode          string    `json:"preferredSingleSignOnMode"`
	SignInAudience            string    `json:"signInAudience"`
	Tags                      []string  `json:"tags"`
	// MemberOf are the groups, units and roles it is a direct member of.
	MemberOf Expanded `json:"memberOf"`
}

// AppRole is a role that an application defines
// (https://learn.microsoft.com/graph/api/resources/approle).
type AppRole struct {
	ID                 string   `json:"id"`
	DisplayName        string   `json:"displayName"`
	Description        string   `json:"description"`
	Value              string   `json:"value"`
	IsEnabled          bool     `json:"isEnabled"`
	AllowedMemberTypes []string `json:"allowedMemberTypes"`
}

// DefaultAccessRoleID is the app role id of an assignment to an application
// without naming one of its roles
// (https://learn.microsoft.com/graph/api/resources/approleassignment).
const DefaultAccessRoleID = "00000000-0000-0000-0000-000000000000"

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
func (s *ServicePrincipal) Kind() ServicePrincipalKind {
	switch {
	case s.ODataType == TypeAgentIdentity || s.ODataType == TypeAgentIdentityBlueprintPrincipal:
		return ServicePrincipalAgentIdentity
	case s.ServicePrincipalType == "ManagedIdentity":
		return ServicePrincipalManagedIdentity
	default:
		return ServicePrincipalApplication
	}
}

var servicePrincipalList = query{
	path: "/servicePrincipals",
	fields: []string{
		"id", "appId", "displayName", "description", "servicePrincipalType", "accountEnabled", "appOwnerOrganizationId",
		"appRoleAssignmentRequired", "appRoles", "homepage", "preferredSingleSignOnMode", "signInAudience", "tags",
	},
	expand: "memberOf($select=id)",
	top:    MaxPageSize,
}

// ListServicePrincipals reads one page of the tenant's service principals with
// up to ExpandLimit of the groups each is in. next is empty for the first page,
// or Page.Next of the page before. Permission: Application.Read.All
// (https://learn.microsoft.com/graph/api/serviceprincipal-list).
func (c *Client) ListServicePrincipals(ctx context.Context, next string) (*Page[ServicePrincipal], error) {
	return getPage[ServicePrincipal](ctx, c, orFirst(next, servicePrincipalList))
}

// ServicePrincipalOwnership is a service principal and what it owns.
type ServicePrincipalOwnership struct {
	ID           string   `json:"id"`
	OwnedObjects Expanded `json:"ownedObjects"`
}

var servicePrincipalOwnershipList = query{
	path:   "/servicePrincipals",
	fields: []string{"id"},
	expand: "ownedObjects($select=id)",
	top:    MaxPageSize,
}

// ListServicePrincipalOwnership reads one page of the service principals with
// up to ExpandLimit of the objects that each owns. It is a listing of its own
// because Graph expands one relation at a time.
func (c *Client) ListServicePrincipalOwnership(ctx context.Context, next string) (*Page[ServicePrincipalOwnership], error) {
	return getPage[ServicePrincipalOwnership](ctx, c, orFirst(next, servicePrincipalOwnershipList))
}

// ServicePrincipalOwners is a service principal and its owners.
type ServicePrincipalOwners struct {
	ID     string   `json:"id"`
	Owners Expanded `json:"owners"`
}

var servicePrincipalOwnersList = query{
	path:   "/servicePrincipals",
	fields: []string{"id"},
	expand: "owners($select=id)",
	top:    MaxPageSize,
}

// ListServicePrincipalOwners reads one page of the service principals with up
// to ExpandLimit of the owners of each.
func (c *Client) ListServicePrincipalOwners(ctx context.Context, next string) (*Page[ServicePrincipalOwners], error) {
	return getPage[ServicePrincipalOwners](ctx, c, orFirst(next, servicePrincipalOwnersList))
}

// ServicePrincipalRoles is a service principal and the roles it defines.
type ServicePrincipalRoles struct {
	ID          string    `json:"id"`
	DisplayName string    `json:"displayName"`
	AppRoles    []AppRole `json:"appRoles"`
}

var servicePrincipalRolesList = query{
	path:   "/servicePrincipals",
	fields: []string{"id", "displayName", "appRoles"},
	top:    MaxPageSize,
}

// ListServicePrincipalRoles reads one page of the service principals with the
// app roles that each defines.
func (c *Client) ListServicePrincipalRoles(ctx context.Context, next string) (*Page[ServicePrincipalRoles], error) {
	return getPage[ServicePrincipalRoles](ctx, c, orFirst(next, servicePrincipalRolesList))
}

// ServicePrincipalMemberOfRef is the first page of what a service principal is
// a direct member of, in full
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-memberof).
func ServicePrincipalMemberOfRef(id string) string {
	return query{path: objectPath("servicePrincipals", id, "memberOf"), fields: []string{"id"}, top: MaxPageSize}.String()
}

// ServicePrincipalOwnedObjectsRef is the first page of what a service principal
// owns, in full
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-ownedobjects).
func ServicePrincipalOwnedObjectsRef(id string) string {
	return query{path: objectPath("servicePrincipals", id, "ownedObjects"), fields: []string{"id"}, top: MaxPageSize}.String()
}

// ServicePrincipalOwnersRef is the first page of a service principal's owners
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-owners).
func ServicePrincipalOwnersRef(id string) string {
	return query{path: objectPath("servicePrincipals", id, "owners"), fields: []string{"id"}, top: MaxPageSize}.String()
}

// AppRoleAssignment is one principal's assignment to an application
// (https://learn.microsoft.com/graph/api/resources/approleassignment).
type AppRoleAssignment struct {
	AppRoleID     string `json:"appRoleId"`
	PrincipalID   string `json:"principalId"`
	PrincipalType string `json:"principalType"`
}

// Kind is what the principal is; a service principal's own kind is not told.
func (a *AppRoleAssignment) Kind() ObjectKind {
	switch a.PrincipalType {
	case "User":
		return KindUser
	case "Group":
		return KindGroup
	case "ServicePrincipal":
		return KindServicePrincipal
	default:
		return KindOther
	}
}

// AppRoleAssignedToRef is the first page of who is assigned to an application.
// $top is always sent: without it some principals, managed identities among
// them, have been left out (microsoft-graph-docs#12243)
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto).
func AppRoleAssignedToRef(id string) string {
	return query{path: objectPath("servicePrincipals", id, "appRoleAssignedTo"), top: MaxPageSize}.String()
}
