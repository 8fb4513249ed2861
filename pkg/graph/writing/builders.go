package writing

import (
	"net/url"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/invitations"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/oauth2permissiongrants"
	"github.com/microsoftgraph/msgraph-sdk-go/rolemanagement"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

// The beginnings of Microsoft's request builders, over this client's transport.
//
// A builder's Get, Post and Patch are called only where what they send and read is
// small: references, licences, secrets, jobs. A model that can hold an object of the
// directory names each kind of object there is, and the linker keeps them all, a
// third of the program. A request about such an object comes from the builder too
// (its To...RequestInformation, or sending.Change), but sending sends it and reads the
// answer into the structs of this package.

func (c Client) applications() *applications.ApplicationsRequestBuilder {
	return applications.NewApplicationsRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) directory() *directory.DirectoryRequestBuilder {
	return directory.NewDirectoryRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) directoryRoles() *rolemanagement.DirectoryRequestBuilder {
	return rolemanagement.NewRoleManagementRequestBuilderInternal(map[string]string{}, c.Adapter()).Directory()
}

func (c Client) groups() *groups.GroupsRequestBuilder {
	return groups.NewGroupsRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) invitations() *invitations.InvitationsRequestBuilder {
	return invitations.NewInvitationsRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) permissionGrants() *oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilder {
	return oauth2permissiongrants.NewOauth2PermissionGrantsRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) servicePrincipals() *serviceprincipals.ServicePrincipalsRequestBuilder {
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(map[string]string{}, c.Adapter())
}

func (c Client) users() *users.UsersRequestBuilder {
	return users.NewUsersRequestBuilderInternal(map[string]string{}, c.Adapter())
}

// directoryObject is the reference of an object in the body of a request
// (https://learn.microsoft.com/graph/api/group-post-members).
func (c Client) directoryObject(id string) models.ReferenceCreateable {
	ref := models.NewReferenceCreate()
	address := c.Adapter().GetBaseUrl() + "/directoryObjects/" + url.PathEscape(id)
	ref.SetOdataId(&address)
	return ref
}

// text is what one of Microsoft's models holds, or nothing.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
