package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// ownerChanger changes who owns the objects of one resource type.
type ownerChanger struct {
	kit

	add, remove func(ctx context.Context, object, principal string) error
	exists      func(ctx context.Context, object string) (bool, error)
}

// servicePrincipalOwners changes who owns service principals.
func servicePrincipalOwners(k kit) ownerChanger {
	return ownerChanger{
		kit: k,
		add: k.client.AddServicePrincipalOwner, remove: k.client.RemoveServicePrincipalOwner, exists: k.client.ServicePrincipalExists,
	}
}

// applicationOwners changes who owns app registrations.
func applicationOwners(k kit) ownerChanger {
	return ownerChanger{
		kit: k,
		add: k.client.AddApplicationOwner, remove: k.client.RemoveApplicationOwner, exists: k.client.ApplicationExists,
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
