package applications

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// ownerChanger changes who owns the objects of one resource type.
type ownerChanger struct {
	kinds.Kit

	add, remove func(ctx context.Context, object, principal string) error
	exists      func(ctx context.Context, object string) (bool, error)
}

// servicePrincipalOwners changes who owns service principals.
func servicePrincipalOwners(k kinds.Kit) ownerChanger {
	return ownerChanger{
		Kit: k,
		add: writing.By(k.Client).AddServicePrincipalOwner, remove: writing.By(k.Client).RemoveServicePrincipalOwner, exists: writing.By(k.Client).ServicePrincipalExists,
	}
}

// applicationOwners changes who owns app registrations.
func applicationOwners(k kinds.Kit) ownerChanger {
	return ownerChanger{
		Kit: k,
		add: writing.By(k.Client).AddApplicationOwner, remove: writing.By(k.Client).RemoveApplicationOwner, exists: writing.By(k.Client).ApplicationExists,
	}
}

func (o *ownerChanger) grant(ctx context.Context, who *v2.ResourceId, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	object, slug := change.ChangedEntitlement(entitlement)
	if slug != model.SlugOwner {
		return change.GrantResult(nil, change.Unchanged, change.Refused("%s cannot be granted through the connector", entitlement.GetId()))
	}
	if who.GetResourceType() == model.TypeGroup || who.GetResourceType() == model.TypeDevice {
		return change.GrantResult(nil, change.Unchanged, change.Refused("a group or a device cannot own %s", object))
	}
	outcome, err := o.Provision.Add(ctx, ownerEdge(object, who), func(ctx context.Context) error { return o.add(ctx, object, who.GetResource()) })
	return change.GrantResult(model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource()), outcome, err)
}

func (o *ownerChanger) revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	object, slug := change.ChangedEntitlement(grant.GetEntitlement())
	if slug != model.SlugOwner {
		return change.RevokeResult(change.Unchanged, change.Refused("%s cannot be revoked through the connector", grant.GetEntitlement().GetId()))
	}
	who := grant.GetPrincipal().GetId()
	return change.RevokeResult(o.Provision.Remove(ctx, ownerEdge(object, who),
		func(ctx context.Context) error { return o.remove(ctx, object, who.GetResource()) },
		func(ctx context.Context) (bool, error) { return o.exists(ctx, object) }))
}

func ownerEdge(object string, who *v2.ResourceId) string {
	return object + "/" + model.SlugOwner + "/" + who.GetResource()
}
