package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// RoleDefinition is a built-in or custom directory role
// (https://learn.microsoft.com/graph/api/resources/unifiedroledefinition).
type RoleDefinition struct {
	ID          string `json:"id"`
	TemplateID  string `json:"templateId"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	IsBuiltIn   bool   `json:"isBuiltIn"`
	IsEnabled   bool   `json:"isEnabled"`
}

// TenantScope is the directoryScopeId of an assignment in the whole tenant.
const TenantScope = "/"

// RoleAssignment says that a principal holds a directory role at a scope
// (https://learn.microsoft.com/graph/api/resources/unifiedroleassignment).
type RoleAssignment struct {
	// RoleDefinitionID can be another id than the role has in its listing, in the
	// rows of custom roles that Privileged Identity Management gives:
	// RoleDefinitionRef leads to the real one.
	RoleDefinitionID string `json:"roleDefinitionId"`
	// DirectoryScopeID is TenantScope, or names the part of the directory that
	// the role is held in; empty where the scope is an application's own.
	DirectoryScopeID string `json:"directoryScopeId"`
	// PrincipalID is the principal's id. It does not tell what the principal is, nor
	// whether it still exists.
	PrincipalID string `json:"principalId"`
	// Principal is there where it was asked for, and the principal exists.
	Principal *RolePrincipal `json:"principal"`
}

// RolePrincipal is who holds a role, as the row has it: what is told of principals of
// other tenants, which nothing else lists
// (https://learn.microsoft.com/graph/api/resources/directoryobjectpartnerreference;
// remoteTenantGroup has no page, and is in Microsoft's schema).
type RolePrincipal struct {
	Reference
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	// PartnerTenantID and ObjectType are a partner reference's: the partner's tenant,
	// and what the principal is there ("group").
	PartnerTenantID string `json:"externalPartnerTenantId"`
	ObjectType      string `json:"objectType"`
	// These are those of a group in a tenant that manages this one.
	RemoteGroupName    string `json:"remoteGroupDisplayName"`
	RemoteGroupID      string `json:"remoteGroupId"`
	RemoteTenantID     string `json:"remoteTenantId"`
	RemoteTenantName   string `json:"remoteTenantDisplayName"`
	RemoteTenantDomain string `json:"remoteTenantPrimaryDomain"`
}

// The role management collections document no $top; Graph chooses the page
// size (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
var (
	roleDefinitionList = sending.Query{
		Path:   "/roleManagement/directory/roleDefinitions",
		Fields: []string{"id", "templateId", "displayName", "description", "isBuiltIn", "isEnabled"},
	}
	roleAssignmentList = sending.Query{Path: pathRoleAssignments}
	rolePrincipalsList = sending.Query{Path: pathRoleAssignments, Expand: relationPrincipal}
)

const relationPrincipal = "principal"

// ListRoleDefinitions reads one page of the directory's role definitions.
// Permission: RoleManagement.Read.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roledefinitions).
func (c *Client) ListRoleDefinitions(ctx context.Context, next string) (*sending.Page[RoleDefinition], error) {
	return sending.GetPage[RoleDefinition](ctx, c.Sender, sending.OrFirst(next, roleDefinitionList))
}

// RoleDefinitionRef is one role by an id that a row names
// (https://learn.microsoft.com/graph/api/unifiedroledefinition-get).
func RoleDefinitionRef(id string) string { return roleDefinitionList.One(id) }

// ListRoleAssignments reads one page of the active role assignments at every
// scope. Permission: RoleManagement.Read.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func (c *Client) ListRoleAssignments(ctx context.Context, next string) (*sending.Page[RoleAssignment], error) {
	return sending.GetPage[RoleAssignment](ctx, c.Sender, sending.OrFirst(next, roleAssignmentList))
}

// ListRoleAssignmentsAndPrincipals is ListRoleAssignments with who holds the roles.
func (c *Client) ListRoleAssignmentsAndPrincipals(ctx context.Context, next string) (*sending.Page[RoleAssignment], error) {
	return sending.GetPage[RoleAssignment](ctx, c.Sender, sending.OrFirst(next, rolePrincipalsList))
}

// RolePrincipal reads a principal by a role that it holds; nil where it holds none.
func (c *Client) RolePrincipal(ctx context.Context, id string) (*RolePrincipal, error) {
	rows, err := sending.All[RoleAssignment](ctx, c.Sender, sending.Query{Path: pathRoleAssignments, Filter: sending.AnyOf("principalId", id), Expand: relationPrincipal})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].Principal, nil
}

// PrincipalRow is a row of who holds something, with the object that holds it.
type PrincipalRow struct {
	// Principal is nil if it no longer exists.
	Principal *Reference `json:"principal"`
}

// principalOf is a listing by principal whose rows tell what that is. No form of
// it has options within $expand: the listings of Privileged Identity Management
// refuse them with a 400 (microsoft-graph-docs-contrib#9157).
func principalOf(path, principalID string) string {
	return sending.Query{Path: path, Filter: sending.AnyOf("principalId", principalID), Expand: relationPrincipal}.String()
}

// RoleAssignmentPrincipalRef is the listing of the role assignments of one
// principal, as PrincipalRow. Permission: RoleManagement.Read.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func RoleAssignmentPrincipalRef(principalID string) string {
	return principalOf(pathRoleAssignments, principalID)
}

// RoleSchedulePrincipalRef is the same as Privileged Identity Management has it.
func RoleSchedulePrincipalRef(principalID string) string {
	return principalOf(pathRoleAssignmentSchedules, principalID)
}

// RoleEligibilityPrincipalRef is the listing of the roles that one principal may
// activate, as PrincipalRow.
func RoleEligibilityPrincipalRef(principalID string) string {
	return principalOf(pathRoleEligibilitySchedules, principalID)
}

// GroupEligibilityPrincipalRef is the listing of the groups that one principal may
// become a member or an owner of, as PrincipalRow
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-eligibilityscheduleinstances).
func GroupEligibilityPrincipalRef(principalID string) string {
	return principalOf(pathGroupEligibilities, principalID)
}
