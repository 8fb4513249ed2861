package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// UserGroup is a group that a user is a direct member of.
type UserGroup struct {
	ODataType string `json:"@odata.type"`
	Group
}

// UserGroups reads the groups that a user is a direct member of. Permission:
// Directory.Read.All (https://learn.microsoft.com/graph/api/user-list-memberof).
func (c *Client) UserGroups(ctx context.Context, userID string) ([]Group, error) {
	rows, err := sending.All[UserGroup](ctx, c.Sender, sending.Query{
		Path: sending.ObjectPath("users", userID, "memberOf"),
		Fields: []string{
			"id", "displayName", "groupTypes", "mailEnabled", "securityEnabled", "onPremisesSyncEnabled", "isAssignableToRole",
		},
		Top: sending.MaxPageSize,
	})
	if err != nil {
		return nil, err
	}
	var found []Group
	for i := range rows {
		if rows[i].ODataType == "#microsoft.graph.group" {
			found = append(found, rows[i].Group)
		}
	}
	return found, nil
}

// DirectoryPath is the collection of users, groups, servicePrincipals or devices.
type DirectoryPath string

// NamedGroup is a group with its name.
type NamedGroup struct {
	Reference
	DisplayName string `json:"displayName"`
}

// GroupsOf reads the groups that an object is a member of, directly or also through
// other groups. Permission: User.Read.All and GroupMember.Read.All for users,
// Application.Read.All for service principals, Directory.Read.All for groups
// (https://learn.microsoft.com/graph/api/user-list-transitivememberof).
func (c *Client) GroupsOf(ctx context.Context, collection DirectoryPath, id string, transitive bool) ([]NamedGroup, error) {
	relation := "memberOf"
	if transitive {
		relation = "transitiveMemberOf"
	}
	return sending.AllWhere(ctx, c.Sender, func(g *NamedGroup) bool { return g.Kind() == KindGroup },
		sending.Query{Path: sending.ObjectPath(string(collection), id, relation), Fields: []string{"id", "displayName"}, Top: sending.MaxPageSize})
}

// NestedGroups reads the groups that are direct members of a group, as far as its first
// pages show them.
func (c *Client) NestedGroups(ctx context.Context, groupID string, pages int) ([]NamedGroup, error) {
	var found []NamedGroup
	next := sending.Query{Path: sending.ObjectPath("groups", groupID, "members"), Fields: []string{"id", "displayName"}, Top: sending.MaxPageSize}.String()
	for ; pages > 0 && next != ""; pages-- {
		page, err := sending.GetPage[NamedGroup](ctx, c.Sender, next)
		if err != nil {
			return found, err
		}
		for _, m := range page.Items {
			if m.Kind() == KindGroup {
				found = append(found, m)
			}
		}
		next = page.Next
	}
	return found, nil
}

// UserAppRoles reads what a user is assigned to by itself. Graph also gives the
// assignments of the user's groups here; they are left out. Permission:
// Directory.Read.All or AppRoleAssignment.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-list-approleassignments).
func (c *Client) UserAppRoles(ctx context.Context, userID string) ([]UserAppRole, error) {
	return sending.AllWhere(ctx, c.Sender, func(r *UserAppRole) bool { return r.PrincipalType == "User" },
		sending.Query{Path: sending.ObjectPath("users", userID, "appRoleAssignments"), Top: sending.MaxPageSize})
}

// UserAppRole is the assignment of a user to an application.
type UserAppRole struct {
	ID                  string `json:"id"`
	PrincipalType       string `json:"principalType"`
	ResourceID          string `json:"resourceId"`
	ResourceDisplayName string `json:"resourceDisplayName"`
	AppRoleID           string `json:"appRoleId"`
}

// PrincipalRole is a directory role that a principal holds or may activate.
type PrincipalRole struct {
	ID string `json:"id"`
	// MemberType is "Direct" where the role is the principal's own; it is empty
	// for assignments, which all are.
	MemberType       string `json:"memberType"`
	RoleDefinitionID string `json:"roleDefinitionId"`
	DirectoryScopeID string `json:"directoryScopeId"`
}

// PrincipalRoles reads the directory roles that a principal holds itself, in the
// tenant and in parts of it
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func (c *Client) PrincipalRoles(ctx context.Context, principalID string) ([]PrincipalRole, error) {
	return sending.All[PrincipalRole](ctx, c.Sender, sending.Query{Path: pathRoleAssignments, Filter: sending.AnyOf("principalId", principalID)})
}

// PrincipalEligibilities reads the directory roles that a principal may activate
// by itself. The tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityscheduleinstances).
func (c *Client) PrincipalEligibilities(ctx context.Context, principalID string) ([]PrincipalRole, error) {
	return sending.AllWhere(ctx, c.Sender, func(r *PrincipalRole) bool { return r.MemberType == "Direct" },
		sending.Query{Path: pathRoleEligibilitySchedules, Filter: sending.AnyOf("principalId", principalID)})
}
