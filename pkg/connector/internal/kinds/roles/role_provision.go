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
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// roleChanger changes who holds directory roles, in the whole tenant or in a
// part of it.
type roleChanger struct {
	kinds.Kit
}

// Grant gives a directory role in the whole tenant.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	role, slug := change.ChangedEntitlement(entitlement)
	return s.change.grant(ctx, principal.GetId(), entitlement, writing.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
}

// Revoke takes a directory role in the whole tenant away.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := change.RefuseDerived(grant); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	role, slug := change.ChangedEntitlement(grant.GetEntitlement())
	return s.change.revoke(ctx, grant, writing.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: graph.TenantScope}, slug)
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
	if err := change.RefuseDerived(grant); err != nil { // Which is so whatever the scope.
		return change.RevokeResult(change.Unchanged, err)
	}
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
func (c *roleChanger) scoped(ctx context.Context, id string, resource *v2.Resource) (writing.RoleHolding, error) {
	role, scope, ok := strings.Cut(id, "@")
	if !ok {
		return writing.RoleHolding{}, change.Refused("%q is not the id of a scoped role: it has to be a role's id, @ and a scope's", id)
	}
	if model.AttributeSetForm.MatchString(scope) {
		return writing.RoleHolding{}, change.Refused("roles at an attribute set are read, and not changed here")
	}
	h := writing.RoleHolding{RoleDefinitionID: role, DirectoryScopeID: "/" + scope}
	binding := &v2.ScopeBindingTrait{}
	annos := annotations.Annotations(resource.GetAnnotations())
	if known, err := annos.Pick(binding); err == nil && known {
		if binding.GetScopeResourceId().GetResourceType() == model.TypeAdministrativeUnit {
			h.DirectoryScopeID = graph.AdministrativeUnitScope(scope)
		}
		return h, nil
	}
	switch _, err := writing.By(c.Client).GetAdministrativeUnit(ctx, scope); {
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
func (c *roleChanger) grant(ctx context.Context, who *v2.ResourceId, entitlement *v2.Entitlement, h writing.RoleHolding, slug string) ([]*v2.Grant, annotations.Annotations, error) {
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
	outcome, err := c.give(ctx, h, r, slug)
	return change.GrantResult(g, outcome, err)
}

func (c *roleChanger) give(ctx context.Context, h writing.RoleHolding, r pim.Request, slug string) (change.Outcome, error) {
	scheduled := Scheduled(c.Client, h, slug == model.SlugEligible)
	if slug == model.SlugEligible || r.Duration > 0 {
		return c.Provision.Request(ctx, r, scheduled)
	}
	outcome, err := c.Provision.Add(ctx, edgeOf(h), func(ctx context.Context) error { return writing.By(c.Client).CreateRoleAssignment(ctx, h) })
	switch {
	case failure.IsPolicyRefusal(err):
		return c.Provision.Request(ctx, r, scheduled)
	case err != nil || outcome == change.Changed:
		return outcome, err
	}
	if c.Provision.Outlasts(ctx, r, scheduled) == nil {
		return outcome, nil
	}
	// What was activated, or ends, may stand beside one that stays.
	return c.Provision.Request(ctx, r, scheduled)
}

// Scheduled is a directory role as Privileged Identity Management gives it.
func Scheduled(client *graph.Client, h writing.RoleHolding, eligible bool) change.Scheduled {
	ask := pim.RequestRoleAssignment
	if eligible {
		ask = pim.RequestRoleEligibility
	}
	return change.Scheduled{
		Policy: graph.RolePolicy(h.RoleDefinitionID), Eligible: eligible,
		Ask:   func(ctx context.Context, r pim.Request) (pim.Fate, error) { return ask(ctx, client, h, r) },
		Terms: func(ctx context.Context) ([]pim.Term, error) { return pim.RoleTerms(ctx, client, h, eligible) },
	}
}

// revoke ends an eligibility, or every assignment of the role that the principal
// holds at the scope: the direct one, and one that was activated or given an
// end.
func (c *roleChanger) revoke(ctx context.Context, grant *v2.Grant, h writing.RoleHolding, slug string) (annotations.Annotations, error) {
	h.PrincipalID = grant.GetPrincipal().GetId().GetResource()
	r := c.Provision.Removal(grant)
	if slug == model.SlugEligible {
		return change.RevokeResult(c.Provision.Request(ctx, r, Scheduled(c.Client, h, true)))
	}
	if kind := assignmentKind(grant); kind == "activated" || kind == "time-bound" {
		outcome, err := c.Provision.Request(ctx, r, Scheduled(c.Client, h, false))
		if err != nil || outcome == change.Changed {
			return change.RevokeResult(outcome, err)
		}
	}
	ids, err := c.Provision.Look(ctx, edgeOf(h), func(ctx context.Context) ([]string, error) { return writing.By(c.Client).FindRoleAssignments(ctx, h) })
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	outcome, err := c.Provision.RemoveAll(ctx, ids, writing.By(c.Client).DeleteRoleAssignment)
	switch {
	case err != nil:
	case outcome == change.Changed:
		c.Provision.Taken(edgeOf(h))
	default:
		var holders []string
		if holders, err = writing.By(c.Client).RoleHolders(ctx, h.RoleDefinitionID, h.DirectoryScopeID); err == nil {
			err = c.RefuseThrough(ctx, grant.GetPrincipal().GetId(), holders)
		}
	}
	return change.RevokeResult(outcome, err)
}

// edgeOf names a role that somebody holds.
func edgeOf(h writing.RoleHolding) string {
	return h.RoleDefinitionID + "/" + h.DirectoryScopeID + "/" + h.PrincipalID
}

// assignmentKind is how a role is held, as the snapshot has said.
func assignmentKind(of interface{ GetAnnotations() []*anypb.Any }) string {
	fields, err := change.GrantMetadata(of)
	if err != nil {
		return ""
	}
	return fields["assignmentType"].GetStringValue()
}
