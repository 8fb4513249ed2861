package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Application is the part of Microsoft's application, an app registration, that
// the connector reads
// (https://learn.microsoft.com/graph/api/resources/application).
type Application struct {
	// ODataType is set on derived types only, such as
	// TypeAgentIdentityBlueprint.
	ODataType         string     `json:"@odata.type"`
	ID                string     `json:"id"`
	AppID             string     `json:"appId"`
	DisplayName       string     `json:"displayName"`
	Description       string     `json:"description"`
	SignInAudience    string     `json:"signInAudience"`
	PublisherDomain   string     `json:"publisherDomain"`
	DisabledStatus    string     `json:"disabledByMicrosoftStatus"`
	CreatedDateTime   TimeOrNone `json:"createdDateTime"`
	IdentifierURIs    []string   `json:"identifierUris"`
	ServiceManagement string     `json:"serviceManagementReference"`
	// ManagerApplications are the appIds of the applications that manage this one.
	ManagerApplications []string `json:"managerApplications"`
}

var applicationList = sending.Query{
	Path: "/applications",
	Fields: []string{
		"id", "appId", "displayName", "description", "signInAudience", "publisherDomain", "disabledByMicrosoftStatus",
		"createdDateTime", "identifierUris", "serviceManagementReference",
		"managerApplications",
	},
	Top: sending.MaxPageSize,
}

// ListApplications reads one page of the tenant's app registrations.
// Permission: Application.Read.All
// (https://learn.microsoft.com/graph/api/application-list).
func (c *Client) ListApplications(ctx context.Context, next string) (*sending.Page[Application], error) {
	return sending.GetPage[Application](ctx, c.Sender, sending.OrFirst(next, applicationList))
}

var applicationOwnersList = sending.Query{
	Path:   "/applications",
	Fields: []string{"id"},
	Expand: "owners($select=id)",
	Top:    sending.MaxPageSize,
}

// ListApplicationOwners reads one page of the app registrations with up to
// ExpandLimit of the owners of each.
func (c *Client) ListApplicationOwners(ctx context.Context, next string) (*sending.Page[ObjectOwners], error) {
	return sending.GetPage[ObjectOwners](ctx, c.Sender, sending.OrFirst(next, applicationOwnersList))
}

// ApplicationOwnersRef is the first page of an app registration's owners
// (https://learn.microsoft.com/graph/api/application-list-owners).
func ApplicationOwnersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("applications", id, "owners"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
