package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Grant makes a principal a direct member or an owner of a group, or lets it
// activate that. A principal that is one already is told so, as success.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	group, slug := change.ChangedEntitlement(entitlement)
	who := principal.GetId()
	g := model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if slug == model.SlugEligibleMember || slug == model.SlugEligibleOwner {
		r, err := s.Provision.Addition(entitlement)
		if err != nil {
			return change.GrantResult(nil, change.Unchanged, err)
		}
		outcome, err := s.changeEligibility(ctx, group, slug, who.GetResource(), r)
		return change.GrantResult(g, outcome, err)
	}
	if err := s.checkChange(ctx, group, slug, who.GetResourceType()); err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	outcome, err := s.Provision.Add(ctx, func(ctx context.Context) error {
		if slug == model.SlugOwner {
			return s.Client.AddGroupOwner(ctx, group, who.GetResource())
		}
		return s.Client.AddGroupMember(ctx, group, who.GetResource())
	})
	if err == nil && who.GetResourceType() == model.TypeGroup && slug == model.SlugMember {
		err = s.Expand.Nested(g, who.GetResource())
	}
	return change.GrantResult(g, outcome, err)
}

// Revoke ends a direct membership, an ownership or an eligibility.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := change.RefuseDerived(grant); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	group, slug := change.ChangedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	if slug == model.SlugEligibleMember || slug == model.SlugEligibleOwner {
		return change.RevokeResult(s.changeEligibility(ctx, group, slug, who.GetResource(), s.Provision.Removal(grant)))
	}
	if err := s.checkChange(ctx, group, slug, who.GetResourceType()); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	return change.RevokeResult(s.Provision.Remove(ctx, func(ctx context.Context) error {
		if slug == model.SlugOwner {
			return s.Client.RemoveGroupOwner(ctx, group, who.GetResource())
		}
		return s.Client.RemoveGroupMember(ctx, group, who.GetResource())
	}, s.exists(group)))
}

// exists reports whether a group is there: Graph gives a membership that is not
// there the same answer as a group that is not.
func (s *Syncer) exists(group string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		_, err := s.Client.GetGroup(ctx, group)
		if failure.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	}
}

// checkChange refuses what Graph would, with the reason, where the group tells.
// A group that Graph does not know yet is left to the change itself, which waits
// for it.
func (s *Syncer) checkChange(ctx context.Context, id, slug, principalType string) error {
	g, err := s.Client.GetGroup(ctx, id)
	if failure.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if reason := model.TraitsOf(g).FixedBecause(slug); reason != "" {
		return change.Refused("group %s cannot be changed through Microsoft Graph: %s", id, reason)
	}
	if g.Unified() && principalType != model.TypeUser {
		return change.Refused("group %s is a Microsoft 365 group, which takes people only", id)
	}
	if slug == model.SlugOwner && (principalType == model.TypeGroup || principalType == model.TypeDevice) {
		return change.Refused("a group or a device cannot own group %s", id)
	}
	return nil
}

// changeEligibility lets a principal activate a membership or an ownership, or
// takes that away.
func (s *Syncer) changeEligibility(ctx context.Context, group, slug, principal string, r graph.ScheduleRequest) (change.Outcome, error) {
	h := graph.GroupHolding{GroupID: group, PrincipalID: principal, Owner: slug == model.SlugEligibleOwner}
	return s.Provision.Request(ctx, r, graph.GroupPolicy(group, h.Owner), true, func(ctx context.Context, r graph.ScheduleRequest) error {
		return s.Client.RequestGroupEligibility(ctx, h, r)
	})
}
