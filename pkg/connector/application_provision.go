package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Grant assigns a principal to an app role, or to the application without one,
// or makes it an owner.
func (s *applicationSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	application, slug := changedEntitlement(entitlement)
	who := principal.GetId()
	if slug == slugOwner {
		return s.ownerChange.grant(ctx, who, entitlement)
	}
	g := newGrant(entitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if who.GetResourceType() == typeGroup {
		if err := s.expand.toPeople(g, who.GetResource()); err != nil {
			return grantResult(nil, unchanged, err)
		}
	}
	outcome, err := s.provision.add(ctx, func(ctx context.Context) error {
		return s.client.AssignAppRole(ctx, application, appRoleOf(slug), who.GetResource())
	})
	return grantResult(g, outcome, err)
}

// Revoke ends a direct assignment or an ownership.
func (s *applicationSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := refuseDerived(grant); err != nil {
		return revokeResult(unchanged, err)
	}
	application, slug := changedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	if slug == slugOwner {
		return s.ownerChange.revoke(ctx, grant)
	}
	ids, err := s.provision.look(ctx, func(ctx context.Context) ([]string, error) {
		return s.assignmentIDs(ctx, application, appRoleOf(slug), who.GetResource())
	})
	if err != nil {
		return revokeResult(unchanged, err)
	}
	return revokeResult(s.provision.removeAll(ctx, ids, func(ctx context.Context, id string) error {
		return s.client.RemoveAppRoleAssignment(ctx, application, id)
	}))
}

// appRoleOf is the app role that a slug stands for.
func appRoleOf(slug string) string {
	if slug == slugDefaultAccess {
		return graph.DefaultAccessRoleID
	}
	return slug
}

// assignmentIDs looks for a principal's assignments to an app role: Graph knows
// an assignment by an id that nothing else tells. A page is read at a time, until
// the end or until the principal is found.
func (s *applicationSyncer) assignmentIDs(ctx context.Context, application, role, principal string) ([]string, error) {
	var ids []string
	var trail sending.Trail
	for next := ""; ; {
		if err := trail.Follow(next); err != nil {
			return nil, err
		}
		page, err := s.client.AppRoleAssignments(ctx, application, next)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			a := &page.Items[i]
			if objectID(a.PrincipalID) == objectID(principal) && objectID(a.AppRoleID) == objectID(role) {
				ids = append(ids, a.ID)
			}
		}
		if next = page.Next; next == "" || len(ids) > 0 {
			return ids, nil
		}
	}
}
