package connector

import (
	"context"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// lostStore is a session store that holds nothing.
type lostStore struct{ sessions.SessionStore }

func (lostStore) Get(context.Context, string, ...sessions.SessionStoreOption) ([]byte, bool, error) {
	return nil, false, nil
}

// A plan that finds nothing would end a sync without its grants, and well.
func TestALostIndexFailsTheSyncInsteadOfEmptyingIt(t *testing.T) {
	ix := index{lostStore{}}
	groups, applications := &groupSyncer{kit: kit{left: &tally{}}}, &ownership{resourceType: typeApplication}
	_, err := groups.plan(t.Context(), ix, task{Version: tokenVersion, Do: doPlan})
	require.ErrorIs(t, err, errIndexLost)
	_, err = groups.plan(t.Context(), ix, task{Version: tokenVersion, Do: doPlan, Page: 1})
	require.ErrorIs(t, err, errIndexLost)
	_, err = applications.plan(t.Context(), ix, task{Version: tokenVersion, Do: doPlan}, nil)
	require.ErrorIs(t, err, errIndexLost)
	_, _, _, err = groups.readCycle(t.Context(), ix, task{Version: tokenVersion, Do: doCycle})
	require.ErrorIs(t, err, errIndexLost)
}

func TestAnObjectWithoutItsTypeIsNotPassedOver(t *testing.T) {
	untyped := []graph.Reference{{ID: "a"}}
	_, err := principalsOf(t.Context(), index{lostStore{}}, []workResult[graph.Reference]{{rows: untyped}})
	require.ErrorIs(t, err, graph.ErrUntyped)
}

// An attribute set is no directory object; one in another spelling still is.
func TestScopeThatIsNoObjectWouldBeTakenForOneThatIsGone(t *testing.T) {
	const id = "0F0F0F0F-1111-2222-3333-444444444444"
	left := &tally{}
	for scope, stays := range map[string]bool{
		"/": true, "/" + id: true, "/administrativeUnits/" + id: true, "administrativeUnits/" + id: true, "/attributeSets/Engineering": false,
	} {
		_, ok := (&roleReader{kit: kit{left: left}}).row(&graph.RoleAssignment{DirectoryScopeID: scope, PrincipalID: "a"})
		require.Equal(t, stays, ok, scope)
	}
	require.Equal(t, map[string]int{leftOtherScope: 1}, left.take())
}
