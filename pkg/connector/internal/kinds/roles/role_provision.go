package roles

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// roleChanger changes who holds directory roles, in the whole tenant or in a
// part of it.
type roleChanger struct {
	kinds.Kit
}

// Grant gives a directory role in the whole tenant.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	role, slug := change.ChangedEntitlement(entitlement)
	return s.change.grant(ctx, principal.GetId(), entitlement, graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
}

// Revoke takes a directory role in the whole tenant away.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	role, slug := change.ChangedEntitlement(grant.GetEntitlement())
	return s.change.revoke(ctx, grant, graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
}

// Grant gives a directory role in its scope.
func (s *ScopedSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	id, slug := change.ChangedEntitlement(entitlement)
	h, err := s.change.scoped(ctx, id, entitlement.GetResource())
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	return s.change.grant(ctx, principal.GetId(), entitlement, h, slug)
}

// Revoke takes a directory role in its scope away.
func (s *ScopedSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	id, slug := change.ChangedEntitlement(grant.GetEntitlement())
	h, err := s.change.scoped(ctx, id, grant.GetEntitlement().GetResource())
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	return s.change.revoke(ctx, grant, h, slug)
}

// scoped is the holding that a scoped role's id stands for. Whether the scope is
// an administrative unit is in the resource's scope binding, if the caller has
// it; otherwise Graph is asked.
func (c *roleChanger) scoped(ctx context.Context, id string, resource *v2.Resource) (graph.RoleHolding, error) {
	role, scope, ok := strings.Cut(id, "@")
	if !ok {
		return graph.RoleHolding{}, change.Refused("%q is not the id of a scoped role: it has to be a role's id, @ and a scope's", id)
	}
	h := graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: "/" + scope}
	binding := &v2.ScopeBindingTrait{}
	annos := annotations.Annotations(resource.GetAnnotations())
	if known, err := annos.Pick(binding); err == nil && known {
		if binding.GetScopeResourceId().GetResourceType() == model.TypeAdministrativeUnit {
			h.DirectoryScopeID = graph.AdministrativeUnitScope(scope)
		}
		return h, nil
	}
	switch _, err := c.Client.GetAdministrativeUnit(ctx, scope); {
	case err == nil:
		h.DirectoryScopeID = graph.AdministrativeUnitScope(scope)
	case !failure.IsNotFound(err):
		return h, err
	}
	return h, nil
}

// grant assigns a role directly. Where the tenant's policy does not let a role be
// held for good, or where the caller names an end, Privileged Identity
// Management is asked instead.
func (c *roleChanger) grant(ctx context.Context, who *v2.ResourceId, entitlement *v2.Entitlement, h graph.RoleHolding, slug string) ([]*v2.Grant, annotations.Annotations, error) {
	h.PrincipalID = who.GetResource()
	r, err := c.Provision.Addition(entitlement)
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	g := model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if who.GetResourceType() == model.TypeGroup {
		if err := c.Expand.Direct(g, who.GetResource()); err != nil {
			return change.GrantResult(nil, change.Unchanged, err)
		}
	}
	var outcome change.Outcome
	switch {
	case slug == model.SlugEligible:
		outcome, err = c.requestEligibility(ctx, h, r)
	case r.Duration > 0:
		outcome, err = c.requestAssignment(ctx, h, r)
	default:
		outcome, err = c.Provision.Add(ctx, func(ctx context.Context) error { return c.Client.CreateRoleAssignment(ctx, h) })
		if failure.IsPolicyRefusal(err) {
			outcome, err = c.requestAssignment(ctx, h, r)
		}
	}
	return change.GrantResult(g, outcome, err)
}

func (c *roleChanger) requestAssignment(ctx context.Context, h graph.RoleHolding, r graph.ScheduleRequest) (change.Outcome, error) {
	return c.Provision.Request(ctx, r, graph.RolePolicy(h.RoleDefinitionID), false, func(ctx context.Context, r graph.ScheduleRequest) error {
		return c.Client.RequestRoleAssignment(ctx, h, r)
	})
}

func (c *roleChanger) requestEligibility(ctx context.Context, h graph.RoleHolding, r graph.ScheduleRequest) (change.Outcome, error) {
	return c.Provision.Request(ctx, r, graph.RolePolicy(h.RoleDefinitionID), true, func(ctx context.Context, r graph.ScheduleRequest) error {
		return c.Client.RequestRoleEligibility(ctx, h, r)
	})
}

// revoke ends an eligibility, or every assignment of the role that the principal
// holds at the scope: the direct one, and one that was activated or given an
// end.
func (c *roleChanger) revoke(ctx context.Context, grant *v2.Grant, h graph.RoleHolding, slug string) (annotations.Annotations, error) {
	if err := change.RefuseDerived(grant); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	h.PrincipalID = grant.GetPrincipal().GetId().GetResource()
	r := c.Provision.Removal(grant)
	if slug == model.SlugEligible {
		return change.RevokeResult(c.requestEligibility(ctx, h, r))
	}
	if kind := assignmentKind(grant); kind == "activated" || kind == "time-bound" {
		outcome, err := c.requestAssignment(ctx, h, r)
		if err != nil || outcome == change.Changed {
			return change.RevokeResult(outcome, err)
		}
	}
	ids, err := c.Provision.Look(ctx, func(ctx context.Context) ([]string, error) { return c.Client.FindRoleAssignments(ctx, h) })
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	return change.RevokeResult(c.Provision.RemoveAll(ctx, ids, c.Client.DeleteRoleAssignment))
}

// assignmentKind is how a role is held, as the snapshot has said.
func assignmentKind(of interface{ GetAnnotations() []*anypb.Any }) string {
	fields, err := change.GrantMetadata(of)
	if err != nil {
		return ""
	}
	return fields["assignmentType"].GetStringValue()
}
