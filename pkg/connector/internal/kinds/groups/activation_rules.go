package groups

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Every group has policies, and Graph gives them group by group: those of a group are
// read if somebody is eligible for something of it. So who is eligible is read with the
// entitlements then, and kept for the grants.

// doRules is the task that reads what it takes to become a member or an owner of the
// task's groups.
const doRules = "rules"

// keyEligible leads to the eligibilities of a group, read whole.
const keyEligible = "eligible/"

// EntitlementsForResourceType gives eligibilities as entitlements, and what applications
// may do, on one page of the groups that can have some. Where what it takes to activate
// the former is not read, it asks nobody for them.
func (s *Syncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	switch t.Do {
	case walk.DoPlan:
		offered, res, err := s.planEntitlements(ctx, ix, t)
		return offered, res, model.ToStatus(err)
	case doRules:
		return finishEntitlements(s.readRules(ctx, ix, t))
	case doConsents:
		return finishEntitlements(s.readConsents(ctx, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

// finishEntitlements turns what a task did into the SDK's answer.
func finishEntitlements(offered []*v2.Entitlement, next *walk.Task, err error) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := walk.Enqueue(nil, next)
	return offered, res, err
}

func (s *Syncer) planEntitlements(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	made, err := s.Decider.Of(ctx, ix)
	if err != nil {
		return nil, nil, err
	}
	eligible, consents := made.Has(model.DataGroupEligibility), s.readsConsents(made)
	if !eligible && !consents {
		return nil, nil, nil
	}
	rules := eligible && made.Has(model.DataGroupRules)
	groups, page, more, err := nextGroups(ctx, ix, t.Page)
	if err != nil {
		return nil, nil, err
	}
	var offered []*v2.Entitlement
	var items, consented []walk.WorkItem
	for _, g := range groups {
		if consents && canHaveConsents(g.Traits) {
			consented = append(consented, walk.WorkItem{ID: g.ID})
		}
		switch {
		case !eligible || !s.canHaveEligible(g.Traits):
		case rules: // The task offers them.
			items = append(items, walk.WorkItem{ID: g.ID})
		default:
			offered = append(offered, eligibleEntitlements(g.ID)...)
		}
	}
	tasks := append(walk.Split(doRules, items, sending.MaxBatchSize), walk.Split(doConsents, consented, sending.MaxBatchSize)...)
	res, err := walk.Planned(tasks, page, more)
	return offered, res, err
}

// eligibleEntitlements are what can be activated of a group: of its membership, and of
// its ownership.
func eligibleEntitlements(group string) []*v2.Entitlement {
	on := model.ResourceRef(model.TypeGroup, group)
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(on, model.SlugEligibleMember,
			entitlement.WithDisplayName("Eligible member"),
			entitlement.WithDescription("May activate a membership of the group"),
			entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType)),
		entitlement.NewAssignmentEntitlement(on, model.SlugEligibleOwner,
			entitlement.WithDisplayName("Eligible owner"),
			entitlement.WithDescription("May activate an ownership of the group"),
			entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType)),
	}
}

// readRules reads who is eligible for something of the task's groups, and offers those
// that have been read whole, with what it takes to activate what somebody is eligible
// for.
func (s *Syncer) readRules(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Entitlement, *walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.GroupEligibilitiesRef(w.ID) }
	read, rest, err := walk.ReadWorkOf[graph.GroupEligibility](ctx, s.Client, s.Left, model.DataGroupEligibility, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	rows, err := keepEligible(ctx, ix, read)
	if err != nil {
		return nil, nil, err
	}
	var whole, eligible []string
	for _, item := range t.Work {
		if slices.ContainsFunc(rest, func(w walk.WorkItem) bool { return w.ID == item.ID }) {
			continue
		}
		whole = append(whole, item.ID)
		if slices.ContainsFunc(rows[item.ID], func(e graph.GroupEligibility) bool { return e.Direct() }) {
			eligible = append(eligible, item.ID)
		}
	}
	takes, err := s.activationsOf(ctx, eligible)
	if err != nil {
		return nil, nil, err
	}
	var offered []*v2.Entitlement
	var list []kinds.Activatable
	for _, group := range whole {
		for _, e := range eligibleEntitlements(group) {
			offered = append(offered, e)
			if a, known := takes[e.GetId()]; known {
				list = append(list, kinds.Activatable{Entitlement: e, Activation: &a})
			}
		}
	}
	return offered, t.WithWork(rest), kinds.DescribeActivations(ctx, ix, s.Left, list)
}

// keepEligible keeps pages of eligibilities, each with those before it, and gives what is
// kept of their groups.
func keepEligible(ctx context.Context, ix walk.Index, read []walk.WorkResult[graph.GroupEligibility]) (map[string][]graph.GroupEligibility, error) {
	var further []string
	for _, r := range read {
		if r.Item.Next != "" {
			further = append(further, r.Item.ID)
		}
	}
	before, err := walk.Get[[]graph.GroupEligibility](ctx, ix, keyEligible, further)
	if err != nil {
		return nil, err
	}
	rows := make(map[string][]graph.GroupEligibility, len(read))
	for _, r := range read {
		rows[r.Item.ID] = append(append([]graph.GroupEligibility{}, before[r.Item.ID]...), r.Rows...)
	}
	return rows, walk.Put(ctx, ix, keyEligible, rows)
}

// activationsOf are what it takes to activate what groups offer, by the ids of the
// entitlements. What Graph
// does not give in any form is not among them.
func (s *Syncer) activationsOf(ctx context.Context, groups []string) (map[string]policies.Activation, error) {
	assigned, err := walk.ReadRows[policies.Assignment](ctx, s.Client, s.Left, model.DataGroupRules, groups,
		func(group string) string { return graph.PoliciesRef(graph.GroupPolicies(group)) })
	if err != nil {
		return nil, err
	}
	var all []policies.Assignment
	for _, rows := range assigned {
		all = append(all, rows...)
	}
	rules, err := kinds.RulesOf(ctx, s.Client, s.Left, model.DataGroupRules, all)
	if err != nil {
		return nil, err
	}
	takes := map[string]policies.Activation{}
	for group, rows := range assigned {
		for i := range rows {
			slug, known := eligibleSlugs[rows[i].RoleDefinitionID]
			given, told := rules[rows[i].PolicyID]
			if known && told {
				takes[model.EntitlementID(model.TypeGroup, group, slug)] = policies.Of(given)
			}
		}
	}
	return takes, nil
}

// kept splits a task's work into what was read with the entitlements, and the rest.
func kept(ctx context.Context, ix walk.Index, work []walk.WorkItem) ([]walk.WorkResult[graph.GroupEligibility], []walk.WorkItem, error) {
	ids := make([]string, 0, len(work))
	for _, item := range work {
		if item.Next == "" {
			ids = append(ids, item.ID)
		}
	}
	rows, err := walk.Get[[]graph.GroupEligibility](ctx, ix, keyEligible, ids)
	if err != nil {
		return nil, nil, err
	}
	var read []walk.WorkResult[graph.GroupEligibility]
	var open []walk.WorkItem
	for _, item := range work {
		if of, there := rows[item.ID]; there && item.Next == "" {
			read = append(read, walk.WorkResult[graph.GroupEligibility]{Item: item, Rows: of})
		} else {
			open = append(open, item)
		}
	}
	return read, open, nil
}
