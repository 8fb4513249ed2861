package applications

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Grant is refused: a consent is a person's or an administrator's to give.
func (s *ConsentSyncer) Grant(_ context.Context, _ *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return change.GrantResult(nil, change.Unchanged, change.Refused(
		"consent %s cannot be given by a connector; a person or an administrator consents when they sign in to the application",
		entitlement.GetResource().GetId().GetResource()))
}

// Revoke withdraws a consent, for the application and for the person alike.
func (s *ConsentSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	id, _ := change.ChangedEntitlement(grant.GetEntitlement())
	return change.RevokeResult(s.Provision.Remove(ctx, id, func(ctx context.Context) error { return writing.By(s.Client).RemoveOAuth2PermissionGrant(ctx, id) }, change.Always))
}
