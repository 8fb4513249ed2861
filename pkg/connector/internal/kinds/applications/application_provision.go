package applications

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Grant assigns a principal to an app role, or to the application without one,
// or makes it an owner.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	application, slug := change.ChangedEntitlement(entitlement)
	who := principal.GetId()
	if slug == model.SlugOwner {
		return s.ownerChange.grant(ctx, who, entitlement)
	}
	g := model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if who.GetResourceType() == model.TypeGroup {
		if err := s.Expand.ToPeople(g, who.GetResource()); err != nil {
			return change.GrantResult(nil, change.Unchanged, err)
		}
	}
	outcome, err := s.Provision.Add(ctx, edgeOf(application, slug, who), func(ctx context.Context) error {
		return writing.By(s.Client).AssignAppRole(ctx, application, appRoleOf(slug), who.GetResource())
	})
	if err == nil && outcome == change.Changed {
		s.downstream.Carry(ctx, application, appRoleOf(slug), who, true)
	}
	return change.GrantResult(g, outcome, err)
}

// Revoke ends a direct assignment or an ownership.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := change.RefuseDerived(grant); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	application, slug := change.ChangedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	if slug == model.SlugOwner {
		return s.ownerChange.revoke(ctx, grant)
	}
	var groups []string
	ids, err := s.Provision.Look(ctx, edgeOf(application, slug, who), func(ctx context.Context) ([]string, error) {
		var found []string
		var err error
		found, groups, err = s.assignmentIDs(ctx, application, appRoleOf(slug), who.GetResource())
		return found, err
	})
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	outcome, err := s.Provision.RemoveAll(ctx, ids, func(ctx context.Context, id string) error {
		return writing.By(s.Client).RemoveAppRoleAssignment(ctx, application, id)
	})
	switch {
	case err != nil:
	case outcome == change.Changed:
		s.Provision.Taken(edgeOf(application, slug, who))
		s.downstream.Carry(ctx, application, appRoleOf(slug), who, false)
	case who.GetResourceType() == model.TypeUser: // Nobody else gets an app role through a group.
		err = s.RefuseThrough(ctx, who, groups)
	}
	return change.RevokeResult(outcome, err)
}

// edgeOf names an assignment.
func edgeOf(application, slug string, who *v2.ResourceId) string {
	return application + "/" + slug + "/" + who.GetResource()
}

// appRoleOf is the app role that a slug stands for.
func appRoleOf(slug string) string {
	if slug == model.SlugDefaultAccess {
		return graph.DefaultAccessRoleID
	}
	return slug
}

// assignmentIDs looks for a principal's assignments to an app role: Graph knows
// an assignment by an id that nothing else tells. A page is read at a time, until
// the end or until the principal is found. Groups are those that were seen with the
// role until then.
func (s *Syncer) assignmentIDs(ctx context.Context, application, role, principal string) ([]string, []string, error) {
	var ids, groups []string
	var trail sending.Trail
	for next := ""; ; {
		if err := trail.Follow(next); err != nil {
			return nil, nil, err
		}
		page, err := writing.By(s.Client).AppRoleAssignments(ctx, application, next)
		if err != nil {
			return nil, nil, err
		}
		for i := range page.Items {
			a := &page.Items[i]
			switch {
			case model.ObjectID(a.AppRoleID) != model.ObjectID(role):
			case model.ObjectID(a.PrincipalID) == model.ObjectID(principal):
				ids = append(ids, a.ID)
			case a.Kind() == graph.KindGroup:
				groups = append(groups, a.PrincipalID)
			}
		}
		if next = page.Next; next == "" || len(ids) > 0 {
			return ids, groups, nil
		}
	}
}
