package connector

import (
	"slices"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// The kit gives neither entitlements nor grants, so that the compiler does not ask
// for them.
func TestTypeThatForgetsItsGrantsWouldHaveNone(t *testing.T) {
	c, err := Capabilities()
	require.NoError(t, err)
	for _, s := range c.ResourceSyncers(t.Context()) {
		resourceType := s.ResourceType(t.Context())
		annos := annotations.Annotations(resourceType.GetAnnotations())
		if annos.Contains(&v2.SkipEntitlementsAndGrants{}) {
			continue
		}
		require.True(t, annos.Contains(&v2.TypeScopedGrants{}), resourceType.GetId())
		require.Implements(t, (*connectorbuilder.TypeScopedGrantsSyncer)(nil), s, resourceType.GetId())
		_, same := s.(connectorbuilder.StaticEntitlementSyncerV2)
		differing := []string{model.TypeApplication, model.TypeAccessPackage}
		require.True(t, same || slices.Contains(differing, resourceType.GetId()), resourceType.GetId())
		require.True(t, annos.Contains(&v2.TypeScopedEntitlements{}), resourceType.GetId())
	}
}
