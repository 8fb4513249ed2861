package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Grant puts a user, a group or a device into an administrative unit.
func (s *administrativeUnitSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	unit, _ := changedEntitlement(entitlement)
	who := principal.GetId()
	if err := s.checkChange(ctx, unit); err != nil {
		return grantResult(nil, unchanged, err)
	}
	outcome, err := s.provision.add(ctx, func(ctx context.Context) error {
		return s.client.AddAdministrativeUnitMember(ctx, unit, who.GetResource())
	})
	return grantResult(newGrant(entitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource()), outcome, err)
}

// Revoke takes a user, a group or a device out of an administrative unit.
func (s *administrativeUnitSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	unit, _ := changedEntitlement(grant.GetEntitlement())
	if err := s.checkChange(ctx, unit); err != nil {
		return revokeResult(unchanged, err)
	}
	return revokeResult(s.provision.remove(ctx,
		func(ctx context.Context) error {
			return s.client.RemoveAdministrativeUnitMember(ctx, unit, grant.GetPrincipal().GetId().GetResource())
		},
		func(ctx context.Context) (bool, error) {
			_, err := s.client.GetAdministrativeUnit(ctx, unit)
			if failure.IsNotFound(err) {
				return false, nil
			}
			return err == nil, err
		}))
}

// checkChange refuses to change a unit whose rule decides what is in it.
func (s *administrativeUnitSyncer) checkChange(ctx context.Context, id string) error {
	u, err := s.client.GetAdministrativeUnit(ctx, id)
	switch {
	case failure.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case u.Dynamic():
		return refused("administrative unit %s cannot be changed: %s", id, dynamicUnitReason)
	}
	return nil
}
