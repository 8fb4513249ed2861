package roles

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// An attribute set is no directory object, but a scope; an object in another spelling
// still is one.
func TestScopeThatIsNoObjectWouldBeTakenForOneThatIsGone(t *testing.T) {
	const id = "0F0F0F0F-1111-2222-3333-444444444444"
	left := &walk.Tally{}
	for scope, stays := range map[string]bool{
		"/": true, "/" + id: true, "/administrativeUnits/" + id: true, "administrativeUnits/" + id: true, "/attributeSets/Engineering": true,
		"/attributeSets/": false, "/attributeSets/no@name": false, "/Engineering": false,
	} {
		_, ok := (&RoleReader{Kit: kinds.Kit{Left: left}}).row(&graph.RoleAssignment{DirectoryScopeID: scope, PrincipalID: "a"})
		require.Equal(t, stays, ok, scope)
	}
	require.Equal(t, map[string]int{walk.LeftOtherScope: 3}, left.Take())
}
