package pim

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// PolicyScope names the policy of Privileged Identity Management for a role, or
// for a group's membership or ownership
// (https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicyassignment).
type PolicyScope struct {
	scopeID, scopeType, roleID string
}

// RolePolicy is the policy for a directory role.
func RolePolicy(roleDefinitionID string) PolicyScope {
	return PolicyScope{graph.TenantScope, "DirectoryRole", roleDefinitionID}
}

// GroupPolicy is the policy for a group's membership or ownership.
func GroupPolicy(groupID string, owner bool) PolicyScope {
	if owner {
		return PolicyScope{groupID, "Group", "owner"}
	}
	return PolicyScope{groupID, "Group", "member"}
}

// policyAssignment is a policy with its rules.
type policyAssignment struct {
	Policy struct {
		Rules []struct {
			ID                   string `json:"id"`
			IsExpirationRequired bool   `json:"isExpirationRequired"`
			MaximumDuration      string `json:"maximumDuration"`
		} `json:"rules"`
	} `json:"policy"`
}

// MaximumDuration is for how long an administrator may assign at most; zero
// where it may be for good. Permission: RoleManagement.Read.Directory, for groups
// RoleManagementPolicy.Read.AzureADGroup
// (https://learn.microsoft.com/graph/identity-governance-pim-rules-overview).
func MaximumDuration(ctx context.Context, c *graph.Client, of PolicyScope, eligible bool) (time.Duration, error) {
	rule := "Expiration_Admin_Assignment"
	if eligible {
		rule = "Expiration_Admin_Eligibility"
	}
	first := sending.Query{
		Path:   "/policies/roleManagementPolicyAssignments",
		Filter: sending.AnyOf("scopeId", of.scopeID) + " and " + sending.AnyOf("scopeType", of.scopeType) + " and " + sending.AnyOf("roleDefinitionId", of.roleID),
		Expand: "policy($expand=rules)",
	}
	page, err := sending.GetPage[policyAssignment](ctx, c.Sender, first.String())
	if err != nil {
		return 0, err
	}
	for i := range page.Items {
		for _, r := range page.Items[i].Policy.Rules {
			if !strings.EqualFold(r.ID, rule) || !r.IsExpirationRequired {
				continue
			}
			d, err := ParseISODuration(r.MaximumDuration, time.Now())
			if err != nil {
				return 0, fmt.Errorf("the policy's rule %s: %w", rule, err)
			}
			return d, nil
		}
	}
	return 0, nil
}
