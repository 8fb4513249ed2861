package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// canHaveEligible reports whether people may be eligible for the group's
// membership as far as the configuration wants to know. Graph lists them group
// by group only, and does not tell which groups Privileged Identity Management
// looks after. Role-assignable groups lead to directory roles, so they are
// always asked about; every other cloud group whose members nothing else decides
// can be, and is where --pim-groups says so
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups).
func (s *Syncer) canHaveEligible(t model.GroupTraits) bool {
	if t&model.TraitRoleAssignable != 0 {
		return true
	}
	return s.Filter.EveryGroupEligibility && t&(model.TraitDynamic|model.TraitSynced|model.TraitExchange) == 0
}

// EntitlementsForResourceType gives eligibilities as entitlements, on one page
// of the groups that can have some. It asks nobody.
func (s *Syncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataGroupEligibility); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	groups, more, err := walk.GetPage[walk.GroupEntry](ctx, ix, walk.KeyGroups, t.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var offered []*v2.Entitlement
	for _, g := range groups {
		if !s.canHaveEligible(g.Traits) {
			continue
		}
		on := model.ResourceRef(model.TypeGroup, g.ID)
		offered = append(offered,
			entitlement.NewAssignmentEntitlement(on, model.SlugEligibleMember,
				entitlement.WithDisplayName("Eligible member"),
				entitlement.WithDescription("May activate a membership of the group"),
				entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType)),
			entitlement.NewAssignmentEntitlement(on, model.SlugEligibleOwner,
				entitlement.WithDisplayName("Eligible owner"),
				entitlement.WithDescription("May activate an ownership of the group"),
				entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType)))
	}
	if !more {
		return offered, nil, nil
	}
	res, err := walk.Enqueue(nil, &walk.Task{Version: walk.TokenVersion, Do: walk.DoPlan, Page: t.Page + 1})
	return offered, res, err
}

// eligibleTasks make tasks for the groups of a page that can have eligible
// members.
func (s *Syncer) eligibleTasks(ctx context.Context, ix walk.Index, groups []walk.GroupEntry) ([]walk.Task, error) {
	if reads, err := s.Decider.Reads(ctx, ix, model.DataGroupEligibility); err != nil || !reads {
		return nil, err
	}
	var items []walk.WorkItem
	for _, g := range groups {
		if s.canHaveEligible(g.Traits) {
			items = append(items, walk.WorkItem{ID: g.ID, Traits: g.Traits})
		}
	}
	ctxzap.Extract(ctx).Info("azure-ad: eligibilities are read for groups that can have some",
		zap.Int("groups", len(items)), zap.Int("of", len(groups)), zap.Bool("role_assignable_only", !s.Filter.EveryGroupEligibility))
	return walk.Split(doEligible, items, sending.MaxBatchSize), nil
}

// readEligible reads who may become a member or an owner of the task's groups.
func (s *Syncer) readEligible(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.GroupEligibilitiesRef(w.ID) }
	read, rest, err := walk.ReadWorkOf[graph.GroupEligibility](ctx, s.Client, s.Left, model.DataGroupEligibility, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, r := range read {
		for i := range r.Rows {
			if id := r.Rows[i].PrincipalID; id != "" && r.Rows[i].Direct() {
				ids = append(ids, model.ObjectID(id))
			}
		}
	}
	known, err := kinds.Identify(ctx, ix, s.Client, ids, kinds.SayGroups, func(id string) []string { return []string{graph.GroupEligibilityPrincipalRef(id)} })
	if err != nil {
		return nil, nil, err
	}
	if err := known.Sure(); err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for i := range r.Rows {
			g, err := s.eligibleGrant(r.Item.ID, &r.Rows[i], known)
			if err != nil {
				return nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	return grants, t.WithWork(rest), nil
}

// eligibleSlugs are what the accesses that somebody can be eligible for are here.
var eligibleSlugs = map[string]string{"member": model.SlugEligibleMember, "owner": model.SlugEligibleOwner}

// eligibleGrant is the grant for one eligibility; nil where the row is the
// effect of another one, is for an access that is not known, or where its
// principal is not in the snapshot.
func (s *Syncer) eligibleGrant(group string, row *graph.GroupEligibility, known *kinds.Identified) (*v2.Grant, error) {
	if !row.Direct() {
		return nil, nil
	}
	if row.PrincipalID == "" {
		s.Left.Add(walk.LeftOrphaned, 1)
		return nil, nil
	}
	slug, ok := eligibleSlugs[row.AccessID]
	if !ok {
		s.Left.Add(walk.LeftUnknownAccess, 1)
		return nil, nil
	}
	id := model.ObjectID(row.PrincipalID)
	principalType, _, ok := known.Holder(id, s.Left)
	if !ok {
		return nil, nil
	}
	g := model.NewGrant(model.EntitlementOf(model.TypeGroup, group, slug), principalType, id)
	if principalType == model.TypeGroup {
		if err := s.Expand.Direct(g, id); err != nil {
			return nil, err
		}
	}
	return g, model.WithMetadata(g, map[string]any{model.FieldStart: model.Timestamp(row.StartDateTime.Time), model.FieldEnd: model.Timestamp(row.EndDateTime.Time)})
}
