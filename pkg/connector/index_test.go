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
	groups, applications := &groupSyncer{left: &tally{}}, &ownership{resourceType: typeApplication}
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
	_, err := index{}.principalsOf(t.Context(), []workResult[graph.Reference]{{rows: untyped}})
	require.ErrorIs(t, err, graph.ErrUntyped)
	left := &tally{}
	_, ok, err := (&roleReader{left: left}).row(&graph.RoleAssignment{DirectoryScopeID: "/attributeSets/Engineering", Principal: &graph.Reference{ODataType: "#microsoft.graph.user", ID: "a"}})
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, map[string]int{leftOtherScope: 1}, left.take())
	_, _, err = (&roleReader{left: &tally{}}).row(&graph.RoleAssignment{DirectoryScopeID: "/", Principal: &untyped[0]})
	require.ErrorIs(t, err, graph.ErrUntyped)
}
