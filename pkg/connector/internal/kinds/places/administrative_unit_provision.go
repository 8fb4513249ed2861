package places

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Grant puts a user, a group or a device into an administrative unit.
func (s *UnitSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	unit, _ := change.ChangedEntitlement(entitlement)
	who := principal.GetId()
	if err := s.checkChange(ctx, unit); err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	outcome, err := s.Provision.Add(ctx, unit+"/"+who.GetResource(), func(ctx context.Context) error {
		return writing.By(s.Client).AddAdministrativeUnitMember(ctx, unit, who.GetResource())
	})
	return change.GrantResult(model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource()), outcome, err)
}

// Revoke takes a user, a group or a device out of an administrative unit.
func (s *UnitSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	unit, _ := change.ChangedEntitlement(grant.GetEntitlement())
	if err := s.checkChange(ctx, unit); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	who := grant.GetPrincipal().GetId().GetResource()
	return change.RevokeResult(s.Provision.Remove(ctx, unit+"/"+who,
		func(ctx context.Context) error {
			return writing.By(s.Client).RemoveAdministrativeUnitMember(ctx, unit, who)
		},
		func(ctx context.Context) (bool, error) {
			_, err := writing.By(s.Client).GetAdministrativeUnit(ctx, unit)
			if failure.IsNotFound(err) {
				return false, nil
			}
			return err == nil, err
		}))
}

// checkChange refuses to change a unit whose rule decides what is in it.
func (s *UnitSyncer) checkChange(ctx context.Context, id string) error {
	u, err := writing.By(s.Client).GetAdministrativeUnit(ctx, id)
	switch {
	case failure.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case u.Dynamic():
		return change.Refused("administrative unit %s cannot be changed: %s", id, model.DynamicUnitReason)
	}
	return nil
}
