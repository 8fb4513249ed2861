package roles

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// phaseActivations gives what was read of activations.
const phaseActivations = "activations"

// Where a role is held, in the descriptions of entitlements.
const (
	inTenant = "in the whole tenant"
	inScope  = "in its scope"
)

func assignedEntitlement(resourceType, where string) *v2.Entitlement {
	return entitlement.NewAssignmentEntitlement(model.ResourceRef(resourceType, ""), model.SlugAssigned,
		entitlement.WithDisplayName("Assigned"),
		entitlement.WithDescription("Holds the role "+where),
		entitlement.WithGrantableTo(kinds.GrantableToHolders...))
}

// eligibleEntitlement is that of one role; of every role where none is named.
func eligibleEntitlement(resourceType, id, where string) *v2.Entitlement {
	return entitlement.NewAssignmentEntitlement(model.ResourceRef(resourceType, id), model.SlugEligible,
		entitlement.WithDisplayName("Eligible"),
		entitlement.WithDescription("May activate the role "+where),
		entitlement.WithGrantableTo(kinds.GrantableToHolders...))
}

// roleEntitlements are what a role offers, in the whole tenant or in a part of it.
func roleEntitlements(resourceType, where string, eligible bool) []*v2.Entitlement {
	offered := []*v2.Entitlement{assignedEntitlement(resourceType, where)}
	if eligible {
		offered = append(offered, eligibleEntitlement(resourceType, "", where))
	}
	return offered
}

// StaticEntitlements are what every role offers.
func (s *Syncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	reads, err := s.Decider.Reads(ctx, walk.Index{Store: opts.Session}, model.DataRoleEligibility)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return roleEntitlements(model.TypeRole, inTenant, reads), nil, nil
}

// StaticEntitlements are what every scoped role offers.
func (s *ScopedSyncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	reads, err := s.Decider.Reads(ctx, walk.Index{Store: opts.Session}, model.DataRoleEligibility)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return roleEntitlements(model.TypeScopedRole, inScope, reads), nil, nil
}

// EntitlementsForResourceType says of roles what it takes to activate them: the
// entitlement takes the place of the one that is the same for every role. Listing scoped
// roles has read it; where they are not synced, it is read first.
func (s *Syncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.rows.readsRules(ctx, ix); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	if c.Phase == "" {
		_, found, err := walk.GetValue[int](ctx, ix, keyActivations)
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if found {
			c.Phase = phaseActivations
		}
	}
	if c.Phase != phaseActivations {
		next, err := s.rows.readRules(ctx, ix, c)
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if next == nil {
			next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseActivations}
		}
		res, err := (&walk.Listed[roleRow]{Next: next}).Results()
		return nil, res, err
	}
	return s.activations(ctx, ix, c)
}

// activations gives a page of the roles of which it was read what their activation takes.
func (s *Syncer) activations(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	roles, more, err := walk.GetPage[string](ctx, ix, keyActivations, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	names, err := walk.Get[string](ctx, ix, keyRoleName, append([]string(nil), roles...))
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var on []roleOffer
	for _, role := range roles {
		if _, listed := names[role]; listed {
			on = append(on, roleOffer{model.TypeRole, role, role, inTenant})
		}
	}
	offered, err := s.rows.described(ctx, ix, on)
	if err != nil || !more {
		return offered, nil, model.ToStatus(err)
	}
	c.Page++
	res, err := (&walk.Listed[roleRow]{Next: &c}).Results()
	return offered, res, err
}

// EntitlementsForResourceType says the same of the roles at the next scopes: a role has
// one policy, wherever it is held
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings).
func (s *ScopedSyncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.rows.readsRules(ctx, ix); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	all, err := walk.Get[[]scope](ctx, ix, keyScopes, []string{""})
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	scopes := all[""]
	part := scopes[min(c.Offset, len(scopes)):min(c.Offset+sending.MaxBatchSize, len(scopes))]
	offered, err := s.activationsAt(ctx, ix, part)
	if c.Offset += len(part); err != nil || c.Offset >= len(scopes) {
		return offered, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[roleRow]{Next: &c}).Results()
	return offered, res, err
}

func (s *ScopedSyncer) activationsAt(ctx context.Context, ix walk.Index, scopes []scope) ([]*v2.Entitlement, error) {
	ids := make([]string, 0, len(scopes))
	for _, at := range scopes {
		ids = append(ids, at.ID)
	}
	roles, err := walk.Get[[]string](ctx, ix, keyScopeRoles, ids)
	if err != nil {
		return nil, err
	}
	var on []roleOffer
	var scoped []string
	for _, at := range scopes {
		for _, role := range roles[at.ID] {
			id := (&roleRow{Role: role, Scope: at.ID}).scopedRole()
			on, scoped = append(on, roleOffer{model.TypeScopedRole, id, role, inScope}), append(scoped, id)
		}
	}
	given, err := ix.Objects(ctx, scoped)
	if err != nil {
		return nil, err
	}
	kept := on[:0]
	for _, offer := range on {
		if given[offer.id] != "" {
			kept = append(kept, offer)
		}
	}
	return s.rows.described(ctx, ix, kept)
}

// roleOffer is a role that is offered by a resource: itself, or itself in a scope.
type roleOffer struct{ resourceType, id, role, where string }

// described are the entitlements of what may be activated, with what it takes. Of a
// role whose policy was not among those that were read there is none: the one of every
// role says nothing, and that is what is known.
func (r *RoleReader) described(ctx context.Context, ix walk.Index, on []roleOffer) ([]*v2.Entitlement, error) {
	ids := make([]string, 0, len(on))
	for _, offer := range on {
		ids = append(ids, offer.role)
	}
	takes, err := walk.Get[policies.Activation](ctx, ix, keyActivation, ids)
	if err != nil {
		return nil, err
	}
	var list []kinds.Activatable
	var offered []*v2.Entitlement
	for _, offer := range on {
		if activation, known := takes[offer.role]; known {
			e := eligibleEntitlement(offer.resourceType, offer.id, offer.where)
			offered = append(offered, e)
			list = append(list, kinds.Activatable{Entitlement: e, Activation: &activation})
		}
	}
	return offered, kinds.DescribeActivations(ctx, ix, r.Left, list)
}
