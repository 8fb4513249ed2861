package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

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

// ServicePrincipalRoles is a service principal and the roles it defines.
type ServicePrincipalRoles struct {
	ID          string    `json:"id"`
	DisplayName string    `json:"displayName"`
	AppRoles    []AppRole `json:"appRoles"`
}

var servicePrincipalRolesList = sending.Query{
	Path:   "/servicePrincipals",
	Fields: []string{"id", "displayName", "appRoles"},
	Top:    sending.MaxPageSize,
}

// ListServicePrincipalRoles reads one page of the service principals with the
// app roles that each defines.
func (c *Client) ListServicePrincipalRoles(ctx context.Context, next string) (*sending.Page[ServicePrincipalRoles], error) {
	return sending.GetPage[ServicePrincipalRoles](ctx, c.Sender, sending.OrFirst(next, servicePrincipalRolesList))
}

// ServicePrincipalRelation is a service principal with a relation of which only
// matters whether there is any.
type ServicePrincipalRelation struct {
	ServicePrincipalIdentity
	AppRoleAssignedTo  []Reference `json:"appRoleAssignedTo"`
	AppRoleAssignments []Reference `json:"appRoleAssignments"`
}

// Assigned reports whether the row shows anybody who is assigned to it.
func (r *ServicePrincipalRelation) Assigned() bool { return len(r.AppRoleAssignedTo) > 0 }

// Holds reports whether the row shows an app role that it holds, and TellsHeld
// whether the row shows the relation at all: without it the relation's own path
// tells (AppRoleAssignmentsRef).
func (r *ServicePrincipalRelation) Holds() bool     { return len(r.AppRoleAssignments) > 0 }
func (r *ServicePrincipalRelation) TellsHeld() bool { return r.AppRoleAssignments != nil }

func servicePrincipalRelation(name string) sending.Query {
	return sending.Query{Path: "/servicePrincipals", Fields: []string{"id", "servicePrincipalType"}, Expand: name + "($select=id)", Top: sending.MaxPageSize}
}

// ListServicePrincipalsAssigned reads one page of the service principals with
// some of who is assigned to each; managed identities among those can be
// missing (microsoft-graph-docs#12243).
func (c *Client) ListServicePrincipalsAssigned(ctx context.Context, next string) (*sending.Page[ServicePrincipalRelation], error) {
	return sending.GetPage[ServicePrincipalRelation](ctx, c.Sender, sending.OrFirst(next, servicePrincipalRelation("appRoleAssignedTo")))
}

// ListServicePrincipalsHolding reads one page of the service principals with
// some of the app roles that each holds.
func (c *Client) ListServicePrincipalsHolding(ctx context.Context, next string) (*sending.Page[ServicePrincipalRelation], error) {
	return sending.GetPage[ServicePrincipalRelation](ctx, c.Sender, sending.OrFirst(next, servicePrincipalRelation("appRoleAssignments")))
}

// AppRoleAssignment is one principal's assignment to an application
// (https://learn.microsoft.com/graph/api/resources/approleassignment).
type AppRoleAssignment struct {
	ID            string `json:"id"`
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
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, "appRoleAssignedTo"), Top: sending.MaxPageSize}.String()
}

// AppRoleAssignmentsRef is the first page of the app roles that a service
// principal holds
// (https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments).
func AppRoleAssignmentsRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("servicePrincipals", id, "appRoleAssignments"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
