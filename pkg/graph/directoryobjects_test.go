package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is not known by its type is left out, or read as something else.
func TestDerivedTypeWouldNotBeKnown(t *testing.T) {
	for name, kind := range map[string]ObjectKind{
		TypeAgentUser: KindUser, TypeAgentIdentity: KindServicePrincipal, TypeAgentIdentityBlueprintPrincipal: KindServicePrincipal,
		TypeAgentIdentityBlueprint: KindApplication,
	} {
		require.Equal(t, kind, Reference{ODataType: name}.Kind(), name)
	}
}
