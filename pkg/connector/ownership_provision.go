package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// ownerChanger changes who owns the objects of one resource type.
type ownerChanger struct {
	provision   *provisioner
	add, remove func(ctx context.Context, object, principal string) error
	exists      func(ctx context.Context, object string) (bool, error)
}

// servicePrincipalOwners changes who owns service principals.
func servicePrincipalOwners(c *Connector) ownerChanger {
	return ownerChanger{
		provision: c.provision, add: c.client.AddServicePrincipalOwner, remove: c.client.RemoveServicePrincipalOwner, exists: c.client.ServicePrincipalExists,
	}
}

// applicationOwners changes who owns app registrations.
func applicationOwners(c *Connector) ownerChanger {
	return ownerChanger{
		provision: c.provision, add: c.client.AddApplicationOwner, remove: c.client.RemoveApplicationOwner, exists: c.client.ApplicationExists,
	}
}

func (o *ownerChanger) grant(ctx context.Context, who *v2.ResourceId, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	object, slug := changedEntitlement(entitlement)
	if slug != slugOwner {
		return grantResult(nil, unchanged, refused("%s cannot be granted through the connector", entitlement.GetId()))
	}
	if who.GetResourceType() == typeGroup || who.GetResourceType() == typeDevice {
		return grantResult(nil, unchanged, refused("a group or a device cannot own %s", object))
	}
	outcome, err := o.provision.add(ctx, func(ctx context.Context) error { return o.add(ctx, object, who.GetResource()) })
	return grantResult(newGrant(entitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource()), outcome, err)
}

func (o *ownerChanger) revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	object, slug := changedEntitlement(grant.GetEntitlement())
	if slug != slugOwner {
		return revokeResult(unchanged, refused("%s cannot be revoked through the connector", grant.GetEntitlement().GetId()))
	}
	return revokeResult(o.provision.remove(ctx,
		func(ctx context.Context) error {
			return o.remove(ctx, object, grant.GetPrincipal().GetId().GetResource())
		},
		func(ctx context.Context) (bool, error) { return o.exists(ctx, object) }))
}

// Grant makes a principal an owner of a managed identity's service principal.
func (s *managedIdentitySyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *managedIdentitySyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}

// Grant makes a principal an owner of an agent identity; sponsors are not
// changed.
func (s *agentIdentitySyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *agentIdentitySyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}

// Grant makes a principal an owner of an app registration.
func (s *appRegistrationSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *appRegistrationSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
