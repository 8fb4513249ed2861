package writing

import (
	"context"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const pathRoleAssignments = "/roleManagement/directory/roleAssignments"

// RoleHolding is a directory role of a principal at a scope.
type RoleHolding struct {
	RoleDefinitionID, PrincipalID string
	// DirectoryScopeID is TenantScope, or names a part of the directory.
	DirectoryScopeID string
}

// CreateRoleAssignment gives a principal a directory role, for good. Permission:
// RoleManagement.ReadWrite.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments).
func (c Client) CreateRoleAssignment(ctx context.Context, h RoleHolding) error {
	body := sending.Object{"principalId": h.PrincipalID, "roleDefinitionId": h.RoleDefinitionID, "directoryScopeId": h.DirectoryScopeID}
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, c.directoryRoles().RoleAssignments().BaseRequestBuilder, body)
	return sending.Perform(ctx, c.Sender, request, err)
}

// FindRoleAssignments reads the ids of a principal's assignments of a role at a
// scope (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func (c Client) FindRoleAssignments(ctx context.Context, h RoleHolding) ([]string, error) {
	type row struct {
		ID               string `json:"id"`
		DirectoryScopeID string `json:"directoryScopeId"`
	}
	rows, err := sending.All[row](ctx, c.Sender, sending.Query{Path: pathRoleAssignments, Filter: h.filter()})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if strings.EqualFold(r.DirectoryScopeID, h.DirectoryScopeID) {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// RoleHolders reads who holds a role at a scope itself, by id
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func (c Client) RoleHolders(ctx context.Context, role, directoryScopeID string) ([]string, error) {
	rows, err := sending.All[graph.RoleAssignment](ctx, c.Sender, sending.Query{Path: pathRoleAssignments, Filter: sending.AnyOf("roleDefinitionId", role)})
	var ids []string
	for i := range rows {
		if strings.EqualFold(rows[i].DirectoryScopeID, directoryScopeID) {
			ids = append(ids, rows[i].PrincipalID)
		}
	}
	return ids, err
}

func (h *RoleHolding) filter() string {
	return sending.AnyOf("principalId", h.PrincipalID) + " and " + sending.AnyOf("roleDefinitionId", h.RoleDefinitionID)
}

// DeleteRoleAssignment ends an assignment
// (https://learn.microsoft.com/graph/api/unifiedroleassignment-delete).
func (c Client) DeleteRoleAssignment(ctx context.Context, id string) error {
	return sending.OwnError(c.directoryRoles().RoleAssignments().ByUnifiedRoleAssignmentId(id).Delete(ctx, nil))
}
