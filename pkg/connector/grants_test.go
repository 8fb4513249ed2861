package connector

import (
	"testing"

	"github.com/conductorone/baton-sdk/pkg/types/grant"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
)

// Platforms keep configuration by these ids.
func TestGrantsAreTheOnesThatTheSDKWouldMake(t *testing.T) {
	want := grant.NewGrant(resourceRef(typeGroup, "g"), slugMember, resourceID(typeUser, "u"))
	require.True(t, proto.Equal(want, newGrant(entitlementOf(typeGroup, "g", slugMember), typeUser, "u")))
}
