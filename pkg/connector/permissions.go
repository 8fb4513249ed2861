package connector

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
)

// permission is one Microsoft Graph permission that the connector can use. The
// table below is the only place that says what is needed for what: validation,
// capabilities and the documentation are made from it.
type permission struct {
	// Name is the least privileged permission for the purpose.
	Name string
	// Purpose says, for a person, what it lets the connector read.
	Purpose string
	// ResourceTypes are the types that cannot be synced without it.
	ResourceTypes []string
	// Also are broader permissions that include it.
	Also []string
	// Optional means that a sync without it is whole but for what Purpose says.
	Optional bool
}

// permissions is checked against Microsoft's permissions reference
// (https://learn.microsoft.com/graph/permissions-reference), August 2026.
var permissions = []permission{
	{
		Name:          "User.Read.All",
		Purpose:       "users, their managers, and the tenant itself",
		ResourceTypes: []string{typeUser},
		Also:          []string{"User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	},
	{
		Name:          "GroupMember.Read.All",
		Purpose:       "groups, their members and owners",
		ResourceTypes: []string{typeGroup},
		Also:          []string{"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	},
	{
		Name:          "Application.Read.All",
		Purpose:       "applications, their app roles, owners and assignments, and the groups that service principals are in",
		ResourceTypes: []string{typeApplication},
		Also:          []string{"Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	},
	{
		Name:          "RoleManagement.Read.Directory",
		Purpose:       "directory roles and who holds them",
		ResourceTypes: []string{typeRole},
		Also:          []string{"RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"},
	},
	{
		Name:          "Member.Read.Hidden",
		Purpose:       "the members of groups with hidden membership",
		ResourceTypes: []string{typeGroup},
		Optional:      true,
	},
}

// signedInPerson are delegated permissions that let a person's token do what
// the person's own directory role allows; which data that covers shows only
// when it is read.
var signedInPerson = []string{"Directory.AccessAsUser.All"}

// grantedBy reports whether a token with these permissions has p.
func (p permission) grantedBy(held []string) bool {
	for _, h := range held {
		if h == p.Name || slices.Contains(p.Also, h) {
			return true
		}
		if !p.Optional && slices.Contains(signedInPerson, h) {
			return true
		}
	}
	return false
}

// missingPermissions are the permissions that syncing the types asks for and
// the token lacks, required and optional ones apart.
func missingPermissions(held []string, willSync func(resourceType string) bool) ([]permission, []permission) {
	var required, optional []permission
	for _, p := range permissions {
		if !slices.ContainsFunc(p.ResourceTypes, willSync) || p.grantedBy(held) {
			continue
		}
		if p.Optional {
			optional = append(optional, p)
		} else {
			required = append(required, p)
		}
	}
	return required, optional
}

// capabilityPermissions lists what one resource type needs.
func capabilityPermissions(resourceType string) *v2.CapabilityPermissions {
	var needed []*v2.CapabilityPermission
	for _, p := range permissions {
		if slices.Contains(p.ResourceTypes, resourceType) {
			needed = append(needed, v2.CapabilityPermission_builder{Permission: p.Name}.Build())
		}
	}
	return v2.CapabilityPermissions_builder{Permissions: needed}.Build()
}
