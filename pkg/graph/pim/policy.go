package pim

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
)

// MaximumDuration is for how long an administrator may assign at most; zero
// where it may be for good. Permission: RoleManagement.Read.Directory, for groups
// RoleManagementPolicy.Read.AzureADGroup
// (https://learn.microsoft.com/graph/identity-governance-pim-rules-overview).
func MaximumDuration(ctx context.Context, c *graph.Client, of graph.PolicyScope, eligible bool) (time.Duration, error) {
	rule := policies.ExpirationOfAssignment
	if eligible {
		rule = policies.ExpirationOfEligibility
	}
	rules, err := c.PolicyRules(ctx, of)
	if err != nil {
		return 0, err
	}
	for _, r := range rules {
		if !strings.EqualFold(r.ID, rule) || r.IsExpirationRequired == nil || !*r.IsExpirationRequired {
			continue
		}
		d, err := policies.ParseDuration(r.MaximumDuration, time.Now())
		if err != nil {
			return 0, fmt.Errorf("the policy's rule %s: %w", rule, err)
		}
		return d, nil
	}
	return 0, nil
}
