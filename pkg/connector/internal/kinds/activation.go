package kinds

import (
	"context"
	"maps"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
)

// Activatable is an entitlement that has to be activated, and what that takes.
type Activatable struct {
	Entitlement *v2.Entitlement
	Activation  *policies.Activation
}

// RulesOf are the rules of policies by the policies' ids. Those that did not come with
// their policy are read by themselves; what Graph does not give in any form is not among
// them.
func RulesOf(
	ctx context.Context, client *graph.Client, left *walk.Tally, of model.DataSet, rows []policies.Assignment,
) (map[string][]policies.Rule, error) {
	rules := make(map[string][]policies.Rule, len(rows))
	var open []string
	for i := range rows {
		if given, ok := rows[i].Rules(); ok {
			rules[rows[i].PolicyID] = given
			continue
		}
		open = append(open, rows[i].PolicyID)
	}
	slices.Sort(open)
	read, err := walk.ReadRows[policies.Rule](ctx, client, left, of, slices.Compact(open), graph.PolicyRulesRef)
	if err != nil {
		return nil, err
	}
	maps.Copy(rules, read)
	return rules, nil
}

// approverKinds are what the approvers with an id are.
var approverKinds = map[string]graph.ObjectKind{
	policies.ApproverUser:             graph.KindUser,
	policies.ApproverGroup:            graph.KindGroup,
	policies.ApproverServicePrincipal: graph.KindServicePrincipal,
}

// DescribeActivations says with entitlements what it takes to activate them. Approvers
// who are not in the snapshot are counted, and not named.
func DescribeActivations(ctx context.Context, ix walk.Index, left *walk.Tally, list []Activatable) error {
	var groups, objects []string
	for _, item := range list {
		for _, a := range item.Activation.Approvers {
			switch a.Kind {
			case policies.ApproverGroup:
				groups = append(groups, a.ID)
			case policies.ApproverServicePrincipal:
				objects = append(objects, a.ID)
			}
		}
	}
	known, err := LookUpPrincipals(ctx, ix, groups, objects)
	if err != nil {
		return err
	}
	for _, item := range list {
		if err := model.DescribeEntitlement(item.Entitlement, activationValues(item.Activation, known, left)); err != nil {
			return err
		}
	}
	return nil
}

// activationValues are the values of docs/data-model.md.
func activationValues(a *policies.Activation, known *Principals, left *walk.Tally) map[string]any {
	values := map[string]any{
		"approval": string(a.Approval), "multifactorAuthentication": string(a.MFA), "justification": string(a.Justification), "ticket": string(a.Ticket),
		"authenticationContext": a.Context, "longestActivation": a.Longest, "longestAssignment": a.LongestAssigned, "longestEligibility": a.LongestEligible,
	}
	var named, sets []any
	hidden := 0
	for _, approver := range a.Approvers {
		kind, hasID := approverKinds[approver.Kind]
		if !hasID {
			sets = append(sets, approver.Kind)
			continue
		}
		if resourceType, shown := known.Shown(kind, approver.ID); shown {
			named = append(named, resourceType+":"+approver.ID)
			continue
		}
		hidden++
	}
	if len(named) > 0 {
		values["approvers"] = named
	}
	if len(sets) > 0 {
		values["approverSets"] = sets
	}
	if hidden > 0 {
		values["approversNotShown"] = hidden
		left.Add(walk.LeftApprovers, hidden)
	}
	var others []any
	for _, other := range a.Others {
		others = append(others, other)
	}
	if len(others) > 0 {
		values["alsoRequired"] = others
	}
	return values
}
