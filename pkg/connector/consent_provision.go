package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// Grant is refused: a consent is a person's or an administrator's to give.
func (s *consentSyncer) Grant(_ context.Context, _ *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return grantResult(nil, unchanged, refused("consent %s cannot be given by a connector; a person or an administrator consents when they sign in to the application", entitlement.GetResource().GetId().GetResource()))
}

// Revoke withdraws a consent, for the application and for the person alike.
func (s *consentSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	id, _ := changedEntitlement(grant.GetEntitlement())
	return revokeResult(s.provision.remove(ctx, func(ctx context.Context) error { return s.client.RemoveOAuth2PermissionGrant(ctx, id) }, always))
}
