package graph

import (
	"context"
	"net/url"

	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const pathPolicyAssignments = "/policies/roleManagementPolicyAssignments"

// PolicyScope names the policies of Privileged Identity Management for directory
// roles, or for a group's membership and ownership
// (https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicyassignment).
type PolicyScope struct {
	scopeID, scopeType, roleID string
}

const (
	scopeTypeRole  = "DirectoryRole"
	scopeTypeGroup = "Group"
)

// RolePolicy is the policy for a directory role, or those of all if none is named.
func RolePolicy(roleDefinitionID string) PolicyScope {
	return PolicyScope{TenantScope, scopeTypeRole, roleDefinitionID}
}

// GroupPolicies are those for a group's membership and for its ownership.
func GroupPolicies(groupID string) PolicyScope { return PolicyScope{groupID, scopeTypeGroup, ""} }

// GroupPolicy is the policy for a group's membership or ownership.
func GroupPolicy(groupID string, owner bool) PolicyScope {
	if owner {
		return PolicyScope{groupID, scopeTypeGroup, "owner"}
	}
	return PolicyScope{groupID, scopeTypeGroup, "member"}
}

func (s *PolicyScope) query() sending.Query {
	filter := sending.AnyOf("scopeId", s.scopeID) + " and " + sending.AnyOf("scopeType", s.scopeType)
	if s.roleID != "" {
		filter += " and " + sending.AnyOf("roleDefinitionId", s.roleID)
	}
	return sending.Query{Path: pathPolicyAssignments, Filter: filter, Expand: "policy($expand=rules)"}
}

// PoliciesRef is the listing of the policies of a scope, each with its rules, as
// policies.Assignment. In its plainer form it lacks the rules, which PolicyRulesRef
// gives. Permission: RoleManagement.Read.Directory, for groups
// RoleManagementPolicy.Read.AzureADGroup; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments).
func PoliciesRef(of PolicyScope) string { return of.query().String() }

var allRolePolicies = RolePolicy("")

// ListRolePolicies reads one page of the policies of all directory roles.
func (c *Client) ListRolePolicies(ctx context.Context, next string) (*sending.Page[policies.Assignment], error) {
	return sending.GetPage[policies.Assignment](ctx, c.Sender, sending.OrFirst(next, allRolePolicies.query()))
}

// PolicyRulesRef is the listing of the rules of one policy, as policies.Rule
// (https://learn.microsoft.com/graph/api/unifiedrolemanagementpolicy-list-rules).
func PolicyRulesRef(policyID string) string {
	return "/policies/roleManagementPolicies/" + url.PathEscape(policyID) + "/rules"
}

// PolicyRules are the rules of the one policy that a scope with a role names; none
// where there is no such policy.
func (c *Client) PolicyRules(ctx context.Context, of PolicyScope) ([]policies.Rule, error) {
	page, err := sending.GetPage[policies.Assignment](ctx, c.Sender, of.query().String())
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	if rules, given := page.Items[0].Rules(); given {
		return rules, nil
	}
	return sending.All[policies.Rule](ctx, c.Sender, sending.Query{Path: PolicyRulesRef(page.Items[0].PolicyID)})
}
