package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

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
func (s *groupSyncer) canHaveEligible(t groupTraits) bool {
	if t&traitRoleAssignable != 0 {
		return true
	}
	return s.filter.everyGroupEligibility && t&(traitDynamic|traitSynced|traitExchange) == 0
}

// EntitlementsForResourceType gives eligibilities as entitlements, on one page
// of the groups that can have some. It asks nobody.
func (s *groupSyncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataGroupEligibility); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	groups, more, err := getPage[groupEntry](ctx, ix, keyGroups, t.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var offered []*v2.Entitlement
	for _, g := range groups {
		if !s.canHaveEligible(g.Traits) {
			continue
		}
		on := resourceRef(typeGroup, g.ID)
		offered = append(offered,
			entitlement.NewAssignmentEntitlement(on, slugEligibleMember,
				entitlement.WithDisplayName("Eligible member"),
				entitlement.WithDescription("May activate a membership of the group"),
				entitlement.WithGrantableTo(userResourceType, groupResourceType)),
			entitlement.NewAssignmentEntitlement(on, slugEligibleOwner,
				entitlement.WithDisplayName("Eligible owner"),
				entitlement.WithDescription("May activate an ownership of the group"),
				entitlement.WithGrantableTo(userResourceType, groupResourceType)))
	}
	if !more {
		return offered, nil, nil
	}
	res, err := enqueue(nil, &task{Version: tokenVersion, Do: doPlan, Page: t.Page + 1})
	return offered, res, err
}

// eligibleTasks make tasks for the groups of a page that can have eligible
// members.
func (s *groupSyncer) eligibleTasks(ctx context.Context, ix index, groups []groupEntry) ([]task, error) {
	if reads, err := s.decider.reads(ctx, ix, dataGroupEligibility); err != nil || !reads {
		return nil, err
	}
	var items []workItem
	for _, g := range groups {
		if s.canHaveEligible(g.Traits) {
			items = append(items, workItem{ID: g.ID, Traits: g.Traits})
		}
	}
	ctxzap.Extract(ctx).Info("azure-ad: eligibilities are read for groups that can have some",
		zap.Int("groups", len(items)), zap.Int("of", len(groups)), zap.Bool("role_assignable_only", !s.filter.everyGroupEligibility))
	return split(doEligible, items, sending.MaxBatchSize), nil
}

// readEligible reads who may become a member or an owner of the task's groups.
func (s *groupSyncer) readEligible(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	first := func(w workItem) string { return graph.GroupEligibilitiesRef(w.ID) }
	read, rest, err := readWorkOf[graph.GroupEligibility](ctx, s.client, s.left, dataGroupEligibility, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, r := range read {
		for i := range r.rows {
			if id := r.rows[i].PrincipalID; id != "" && r.rows[i].Direct() {
				ids = append(ids, objectID(id))
			}
		}
	}
	known, err := identify(ctx, ix, s.client, ids, sayGroups, func(id string) []string { return []string{graph.GroupEligibilityPrincipalRef(id)} })
	if err != nil {
		return nil, nil, err
	}
	if err := known.sure(); err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for i := range r.rows {
			g, err := s.eligibleGrant(r.item.ID, &r.rows[i], known)
			if err != nil {
				return nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	return grants, t.withWork(rest), nil
}

// eligibleSlugs are what the accesses that somebody can be eligible for are here.
var eligibleSlugs = map[string]string{"member": slugEligibleMember, "owner": slugEligibleOwner}

// eligibleGrant is the grant for one eligibility; nil where the row is the
// effect of another one, is for an access that is not known, or where its
// principal is not in the snapshot.
func (s *groupSyncer) eligibleGrant(group string, row *graph.GroupEligibility, known *identified) (*v2.Grant, error) {
	if !row.Direct() {
		return nil, nil
	}
	if row.PrincipalID == "" {
		s.left.add(leftOrphaned, 1)
		return nil, nil
	}
	slug, ok := eligibleSlugs[row.AccessID]
	if !ok {
		s.left.add(leftUnknownAccess, 1)
		return nil, nil
	}
	id := objectID(row.PrincipalID)
	principalType, _, ok := known.holder(id, s.left)
	if !ok {
		return nil, nil
	}
	g := newGrant(entitlementOf(typeGroup, group, slug), principalType, id)
	if principalType == typeGroup {
		if err := s.expand.direct(g, id); err != nil {
			return nil, err
		}
	}
	return g, withMetadata(g, map[string]any{fieldStart: timestamp(row.StartDateTime.Time), fieldEnd: timestamp(row.EndDateTime.Time)})
}
