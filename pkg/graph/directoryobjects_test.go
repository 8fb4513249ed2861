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

func TestScopeThatIsNoObjectWouldBeAskedFor(t *testing.T) {
	const id = "0f0f0f0f-1111-2222-3333-444444444444"
	for _, scope := range []string{"/" + id, AdministrativeUnitScope(id), "/0F0F0F0F-1111-2222-3333-444444444444"} {
		require.True(t, ScopeIsObject(scope), scope)
	}
	for _, scope := range []string{"/attributeSets/Engineering", "/", "", id, "/" + id + "/x", "/attributeSets/" + id} {
		require.False(t, ScopeIsObject(scope), scope)
	}
}
