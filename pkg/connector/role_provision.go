package connector

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// roleChanger changes who holds directory roles, in the whole tenant or in a
// part of it.
type roleChanger struct {
	kit
}

// Grant gives a directory role in the whole tenant.
func (s *roleSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	role, slug := changedEntitlement(entitlement)
	return s.change.grant(ctx, principal.GetId(), entitlement, graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
}

// Revoke takes a directory role in the whole tenant away.
func (s *roleSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	role, slug := changedEntitlement(grant.GetEntitlement())
	return s.change.revoke(ctx, grant, graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
}

// Grant gives a directory role in its scope.
func (s *scopedRoleSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	id, slug := changedEntitlement(entitlement)
	h, err := s.change.scoped(ctx, id, entitlement.GetResource())
	if err != nil {
		return grantResult(nil, unchanged, err)
	}
	return s.change.grant(ctx, principal.GetId(), entitlement, h, slug)
}

// Revoke takes a directory role in its scope away.
func (s *scopedRoleSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	id, slug := changedEntitlement(grant.GetEntitlement())
	h, err := s.change.scoped(ctx, id, grant.GetEntitlement().GetResource())
	if err != nil {
		return revokeResult(unchanged, err)
	}
	return s.change.revoke(ctx, grant, h, slug)
}

// scoped is the holding that a scoped role's id stands for. Whether the scope is
// an administrative unit is in the resource's scope binding, if the caller has
// it; otherwise Graph is asked.
func (c *roleChanger) scoped(ctx context.Context, id string, resource *v2.Resource) (graph.RoleHolding, error) {
	role, scope, ok := strings.Cut(id, "@")
	if !ok {
		return graph.RoleHolding{}, refused("%q is not the id of a scoped role: it has to be a role's id, @ and a scope's", id)
	}
	h := graph.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: "/" + scope}
	binding := &v2.ScopeBindingTrait{}
	annos := annotations.Annotations(resource.GetAnnotations())
	if known, err := annos.Pick(binding); err == nil && known {
		if binding.GetScopeResourceId().GetResourceType() == typeAdministrativeUnit {
			h.DirectoryScopeID = graph.AdministrativeUnitScope(scope)
		}
		return h, nil
	}
	switch _, err := c.client.GetAdministrativeUnit(ctx, scope); {
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
	r, err := c.provision.addition(entitlement)
	if err != nil {
		return grantResult(nil, unchanged, err)
	}
	g := newGrant(entitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if who.GetResourceType() == typeGroup {
		if err := c.expand.direct(g, who.GetResource()); err != nil {
			return grantResult(nil, unchanged, err)
		}
	}
	var outcome changeOutcome
	switch {
	case slug == slugEligible:
		outcome, err = c.requestEligibility(ctx, h, r)
	case r.Duration > 0:
		outcome, err = c.requestAssignment(ctx, h, r)
	default:
		outcome, err = c.provision.add(ctx, func(ctx context.Context) error { return c.client.CreateRoleAssignment(ctx, h) })
		if failure.IsPolicyRefusal(err) {
			outcome, err = c.requestAssignment(ctx, h, r)
		}
	}
	return grantResult(g, outcome, err)
}

func (c *roleChanger) requestAssignment(ctx context.Context, h graph.RoleHolding, r graph.ScheduleRequest) (changeOutcome, error) {
	return c.provision.request(ctx, r, graph.RolePolicy(h.RoleDefinitionID), false, func(ctx context.Context, r graph.ScheduleRequest) error {
		return c.client.RequestRoleAssignment(ctx, h, r)
	})
}

func (c *roleChanger) requestEligibility(ctx context.Context, h graph.RoleHolding, r graph.ScheduleRequest) (changeOutcome, error) {
	return c.provision.request(ctx, r, graph.RolePolicy(h.RoleDefinitionID), true, func(ctx context.Context, r graph.ScheduleRequest) error {
		return c.client.RequestRoleEligibility(ctx, h, r)
	})
}

// revoke ends an eligibility, or every assignment of the role that the principal
// holds at the scope: the direct one, and one that was activated or given an
// end.
func (c *roleChanger) revoke(ctx context.Context, grant *v2.Grant, h graph.RoleHolding, slug string) (annotations.Annotations, error) {
	if err := refuseDerived(grant); err != nil {
		return revokeResult(unchanged, err)
	}
	h.PrincipalID = grant.GetPrincipal().GetId().GetResource()
	r := c.provision.removal(grant)
	if slug == slugEligible {
		return revokeResult(c.requestEligibility(ctx, h, r))
	}
	if kind := assignmentKind(grant); kind == "activated" || kind == "time-bound" {
		outcome, err := c.requestAssignment(ctx, h, r)
		if err != nil || outcome == changed {
			return revokeResult(outcome, err)
		}
	}
	ids, err := c.provision.look(ctx, func(ctx context.Context) ([]string, error) { return c.client.FindRoleAssignments(ctx, h) })
	if err != nil {
		return revokeResult(unchanged, err)
	}
	return revokeResult(c.provision.removeAll(ctx, ids, c.client.DeleteRoleAssignment))
}

// assignmentKind is how a role is held, as the snapshot has said.
func assignmentKind(of interface{ GetAnnotations() []*anypb.Any }) string {
	fields, err := grantMetadata(of)
	if err != nil {
		return ""
	}
	return fields["assignmentType"].GetStringValue()
}
