package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
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

// readEligible reads who may become a member or an owner of the task's groups, as far
// as it was not read with the entitlements.
func (s *Syncer) readEligible(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	read, open, err := kept(ctx, ix, t.Work)
	if err != nil {
		return nil, nil, err
	}
	var rest []walk.WorkItem
	if len(open) > 0 {
		first := func(w walk.WorkItem) string { return graph.GroupEligibilitiesRef(w.ID) }
		var fresh []walk.WorkResult[graph.GroupEligibility]
		if fresh, rest, err = walk.ReadWorkOf[graph.GroupEligibility](ctx, s.Client, s.Left, model.DataGroupEligibility, open, first, 1); err != nil {
			return nil, nil, err
		}
		read = append(read, fresh...)
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
