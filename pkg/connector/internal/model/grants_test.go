package model

import (
	"testing"

	"github.com/conductorone/baton-sdk/pkg/types/grant"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
)

// Platforms keep configuration by these ids.
func TestGrantsAreTheOnesThatTheSDKWouldMake(t *testing.T) {
	want := grant.NewGrant(ResourceRef(TypeGroup, "g"), SlugMember, ResourceID(TypeUser, "u"))
	require.True(t, proto.Equal(want, NewGrant(EntitlementOf(TypeGroup, "g", SlugMember), TypeUser, "u")))
}
