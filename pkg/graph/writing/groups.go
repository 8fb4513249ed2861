package writing

import (
	"context"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// GetGroup reads what decides whether a group can be changed. Permission:
// GroupMember.Read.All (https://learn.microsoft.com/graph/api/group-get).
func (c Client) GetGroup(ctx context.Context, id string) (*graph.Group, error) {
	request, err := c.groups().ByGroupId(id).ToGetRequestInformation(ctx, &groups.GroupItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &groups.GroupItemRequestBuilderGetQueryParameters{Select: []string{
			"id", "displayName", "groupTypes", "mailEnabled", "securityEnabled", "onPremisesSyncEnabled", "isAssignableToRole", "isManagementRestricted",
		}},
	})
	return sending.Receive[graph.Group](ctx, c.Sender, request, err)
}

// AddGroupMember makes an object a direct member of a group. Permission:
// GroupMember.ReadWrite.All, and for a role-assignable group
// RoleManagement.ReadWrite.Directory
// (https://learn.microsoft.com/graph/api/group-post-members).
func (c Client) AddGroupMember(ctx context.Context, groupID, objectID string) error {
	return sending.OwnError(c.groups().ByGroupId(groupID).Members().Ref().Post(ctx, c.directoryObject(objectID), nil))
}

// RemoveGroupMember ends a direct membership; the object itself stays
// (https://learn.microsoft.com/graph/api/group-delete-members).
func (c Client) RemoveGroupMember(ctx context.Context, groupID, objectID string) error {
	return sending.OwnError(c.groups().ByGroupId(groupID).Members().ByDirectoryObjectId(objectID).Ref().Delete(ctx, nil))
}

// AddGroupOwner makes a user or a service principal an owner of a group.
// Permission: Group.ReadWrite.All
// (https://learn.microsoft.com/graph/api/group-post-owners).
func (c Client) AddGroupOwner(ctx context.Context, groupID, objectID string) error {
	return sending.OwnError(c.groups().ByGroupId(groupID).Owners().Ref().Post(ctx, c.directoryObject(objectID), nil))
}

// RemoveGroupOwner ends an ownership. Graph refuses to remove the last owner
// that is a user (https://learn.microsoft.com/graph/api/group-delete-owners).
func (c Client) RemoveGroupOwner(ctx context.Context, groupID, objectID string) error {
	return sending.OwnError(c.groups().ByGroupId(groupID).Owners().ByDirectoryObjectId(objectID).Ref().Delete(ctx, nil))
}

// MaxBoundReferences is how many owners and members a group can be created with
// (https://learn.microsoft.com/graph/api/group-post-groups).
const MaxBoundReferences = 20

// NewGroup is a group to create.
type NewGroup struct {
	DisplayName, Description, MailNickname string
	// Unified makes a Microsoft 365 group; otherwise it is a security group.
	Unified bool
	// RoleAssignable lets the group hold directory roles, for good.
	RoleAssignable bool
	// OwnerIDs and MemberIDs are MaxBoundReferences together at the most.
	OwnerIDs, MemberIDs []string
}

// CreateGroup makes a group. Permission: Group.Create, for a role-assignable
// group RoleManagement.ReadWrite.Directory too
// (https://learn.microsoft.com/graph/api/group-post-groups).
func (c Client) CreateGroup(ctx context.Context, g NewGroup) (*graph.Group, error) {
	kinds := []string{}
	if g.Unified {
		kinds = append(kinds, "Unified")
	}
	body := sending.Object{
		"displayName": g.DisplayName, "mailNickname": g.MailNickname, "mailEnabled": g.Unified, "groupTypes": kinds,
		"securityEnabled": !g.Unified || g.RoleAssignable, // Graph wants it of role-assignable Microsoft 365 groups too.
	}
	if g.Description != "" {
		body["description"] = g.Description
	}
	if g.RoleAssignable {
		body["isAssignableToRole"] = true
	}
	for name, ids := range map[string][]string{"owners@odata.bind": g.OwnerIDs, "members@odata.bind": g.MemberIDs} {
		var addresses []string
		for _, id := range ids {
			addresses = append(addresses, *c.directoryObject(id).GetOdataId())
		}
		if len(addresses) > 0 {
			body[name] = addresses
		}
	}
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, c.groups().BaseRequestBuilder, body)
	return sending.Receive[graph.Group](ctx, c.Sender, request, err)
}

// UpdateGroup changes properties of a group; nil as a value clears one.
// Permission: Group.ReadWrite.All, for a role-assignable group
// RoleManagement.ReadWrite.Directory too
// (https://learn.microsoft.com/graph/api/group-update).
func (c Client) UpdateGroup(ctx context.Context, id string, properties map[string]any) error {
	request, err := sending.Change(ctx, c.Sender, abstractions.PATCH, c.groups().ByGroupId(id).BaseRequestBuilder, properties)
	return sending.Perform(ctx, c.Sender, request, err)
}

// DeleteGroup takes a group out of the directory: one of Microsoft 365 into the
// recycle bin for 30 days, any other for good. Permission: Group.ReadWrite.All,
// for a role-assignable group RoleManagement.ReadWrite.Directory too
// (https://learn.microsoft.com/graph/api/group-delete).
func (c Client) DeleteGroup(ctx context.Context, id string) error {
	return sending.OwnError(c.groups().ByGroupId(id).Delete(ctx, nil))
}
