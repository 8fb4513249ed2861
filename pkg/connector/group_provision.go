package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Grant makes a principal a direct member or an owner of a group, or lets it
// activate that. A principal that is one already is told so, as success.
func (s *groupSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	group, slug := changedEntitlement(entitlement)
	who := principal.GetId()
	g := newGrant(entitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if slug == slugEligibleMember || slug == slugEligibleOwner {
		r, err := s.provision.addition(entitlement)
		if err != nil {
			return grantResult(nil, unchanged, err)
		}
		outcome, err := s.changeEligibility(ctx, group, slug, who.GetResource(), r)
		return grantResult(g, outcome, err)
	}
	if err := s.checkChange(ctx, group, slug, who.GetResourceType()); err != nil {
		return grantResult(nil, unchanged, err)
	}
	outcome, err := s.provision.add(ctx, func(ctx context.Context) error {
		if slug == slugOwner {
			return s.client.AddGroupOwner(ctx, group, who.GetResource())
		}
		return s.client.AddGroupMember(ctx, group, who.GetResource())
	})
	if err == nil && who.GetResourceType() == typeGroup && slug == slugMember {
		err = s.expand.nested(g, who.GetResource())
	}
	return grantResult(g, outcome, err)
}

// Revoke ends a direct membership, an ownership or an eligibility.
func (s *groupSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := refuseDerived(grant); err != nil {
		return revokeResult(unchanged, err)
	}
	group, slug := changedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	if slug == slugEligibleMember || slug == slugEligibleOwner {
		return revokeResult(s.changeEligibility(ctx, group, slug, who.GetResource(), s.provision.removal(grant)))
	}
	if err := s.checkChange(ctx, group, slug, who.GetResourceType()); err != nil {
		return revokeResult(unchanged, err)
	}
	return revokeResult(s.provision.remove(ctx, func(ctx context.Context) error {
		if slug == slugOwner {
			return s.client.RemoveGroupOwner(ctx, group, who.GetResource())
		}
		return s.client.RemoveGroupMember(ctx, group, who.GetResource())
	}, s.exists(group)))
}

// exists reports whether a group is there: Graph gives a membership that is not
// there the same answer as a group that is not.
func (s *groupSyncer) exists(group string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		_, err := s.client.GetGroup(ctx, group)
		if failure.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	}
}

// checkChange refuses what Graph would, with the reason, where the group tells.
// A group that Graph does not know yet is left to the change itself, which waits
// for it.
func (s *groupSyncer) checkChange(ctx context.Context, id, slug, principalType string) error {
	g, err := s.client.GetGroup(ctx, id)
	if failure.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if reason := traitsOf(g).fixedBecause(slug); reason != "" {
		return refused("group %s cannot be changed through Microsoft Graph: %s", id, reason)
	}
	if g.Unified() && principalType != typeUser {
		return refused("group %s is a Microsoft 365 group, which takes people only", id)
	}
	if slug == slugOwner && (principalType == typeGroup || principalType == typeDevice) {
		return refused("a group or a device cannot own group %s", id)
	}
	return nil
}

// changeEligibility lets a principal activate a membership or an ownership, or
// takes that away.
func (s *groupSyncer) changeEligibility(ctx context.Context, group, slug, principal string, r graph.ScheduleRequest) (changeOutcome, error) {
	h := graph.GroupHolding{GroupID: group, PrincipalID: principal, Owner: slug == slugEligibleOwner}
	return s.provision.request(ctx, r, graph.GroupPolicy(group, h.Owner), true, func(ctx context.Context, r graph.ScheduleRequest) error {
		return s.client.RequestGroupEligibility(ctx, h, r)
	})
}
