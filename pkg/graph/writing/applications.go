package writing

import (
	"context"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// AddApplicationOwner makes a user or a service principal an owner of an app
// registration. Permission: Application.ReadWrite.All
// (https://learn.microsoft.com/graph/api/application-post-owners).
func (c Client) AddApplicationOwner(ctx context.Context, applicationID, objectID string) error {
	return sending.OwnError(c.applications().ByApplicationId(applicationID).Owners().Ref().Post(ctx, c.directoryObject(objectID), nil))
}

// RemoveApplicationOwner ends the ownership of an app registration
// (https://learn.microsoft.com/graph/api/application-delete-owners).
func (c Client) RemoveApplicationOwner(ctx context.Context, applicationID, objectID string) error {
	return sending.OwnError(c.applications().ByApplicationId(applicationID).Owners().ByDirectoryObjectId(objectID).Ref().Delete(ctx, nil))
}

// ApplicationExists reports whether there is an app registration of this id.
func (c Client) ApplicationExists(ctx context.Context, applicationID string) (bool, error) {
	request, err := c.applications().ByApplicationId(applicationID).ToGetRequestInformation(ctx, &applications.ApplicationItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ApplicationItemRequestBuilderGetQueryParameters{Select: []string{"id"}},
	})
	return found(sending.Perform(ctx, c.Sender, request, err))
}

// AddServicePrincipalOwner makes a user or a service principal an owner of a
// service principal. Permission: Application.ReadWrite.All
// (https://learn.microsoft.com/graph/api/serviceprincipal-post-owners).
func (c Client) AddServicePrincipalOwner(ctx context.Context, servicePrincipalID, objectID string) error {
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Owners().Ref().Post(ctx, c.directoryObject(objectID), nil))
}

// RemoveServicePrincipalOwner ends the ownership of a service principal
// (https://learn.microsoft.com/graph/api/serviceprincipal-delete-owners).
func (c Client) RemoveServicePrincipalOwner(ctx context.Context, servicePrincipalID, objectID string) error {
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Owners().ByDirectoryObjectId(objectID).Ref().Delete(ctx, nil))
}

// ServicePrincipalExists reports whether there is a service principal of this
// id.
func (c Client) ServicePrincipalExists(ctx context.Context, servicePrincipalID string) (bool, error) {
	request, err := c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).ToGetRequestInformation(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{Select: []string{"id"}},
	})
	return found(sending.Perform(ctx, c.Sender, request, err))
}

// found turns the answer to a read of one object into whether it is there.
func found(err error) (bool, error) {
	if failure.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// AssignAppRole assigns a user, a group or a service principal to an app role
// of an application; DefaultAccessRoleID stands for none of them. Permissions:
// AppRoleAssignment.ReadWrite.All and Application.Read.All
// (https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto).
func (c Client) AssignAppRole(ctx context.Context, servicePrincipalID, appRoleID, principalID string) error {
	body := models.NewAppRoleAssignment()
	for _, id := range []struct {
		value string
		set   func(*uuid.UUID)
	}{{principalID, body.SetPrincipalId}, {servicePrincipalID, body.SetResourceId}, {appRoleID, body.SetAppRoleId}} {
		parsed, err := uuid.Parse(id.value)
		if err != nil {
			return badID(id.value, err)
		}
		id.set(&parsed)
	}
	_, err := c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).AppRoleAssignedTo().Post(ctx, body, nil)
	return sending.OwnError(err)
}

// AppRoleAssignments reads one page of who is assigned to an application, with
// the assignments' ids. next is empty for the first page.
func (c Client) AppRoleAssignments(ctx context.Context, servicePrincipalID, next string) (*sending.Page[graph.AppRoleAssignment], error) {
	if next == "" {
		next = graph.AppRoleAssignedToRef(servicePrincipalID)
	}
	return sending.GetPage[graph.AppRoleAssignment](ctx, c.Sender, next)
}

// RemoveAppRoleAssignment ends an assignment
// (https://learn.microsoft.com/graph/api/serviceprincipal-delete-approleassignedto).
func (c Client) RemoveAppRoleAssignment(ctx context.Context, servicePrincipalID, assignmentID string) error {
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).AppRoleAssignedTo().ByAppRoleAssignmentId(assignmentID).Delete(ctx, nil))
}

// RemoveOAuth2PermissionGrant withdraws a consent. Permission:
// DelegatedPermissionGrant.ReadWrite.All
// (https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete).
func (c Client) RemoveOAuth2PermissionGrant(ctx context.Context, id string) error {
	return sending.OwnError(c.permissionGrants().ByOAuth2PermissionGrantId(id).Delete(ctx, nil))
}
