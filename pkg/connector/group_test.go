package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSomebodyInTheRecycleBinWouldBeAMember(t *testing.T) {
	ix, _ := peopleListedIn(t, "0A000000-0000-4000-8000-000000000001")
	rows := []graph.Reference{{ODataType: "#microsoft.graph.user", ID: here}, {ODataType: "#microsoft.graph.user", ID: deleted}}
	known, err := principalsAmong(t.Context(), ix, rows)
	require.NoError(t, err)
	s := groupSyncer{kit: kit{left: &tally{}}}
	found, err := s.relationGrants(slugMember, []workResult[graph.Reference]{{item: workItem{ID: "g"}, rows: rows}}, known)
	require.NoError(t, err)
	require.Equal(t, []string{"user:" + here}, heldBy(found))
	require.Equal(t, 1, s.left.peek()[leftUnlistedPerson])
}

// A plan that finds nothing would end a sync without its grants, and well.
func TestALostIndexFailsTheSyncInsteadOfEmptyingIt(t *testing.T) {
	ix := index{lostStore{}}
	groups := &groupSyncer{kit: kit{left: &tally{}}}
	_, err := groups.plan(t.Context(), ix, task{Version: tokenVersion, Do: doPlan})
	require.ErrorIs(t, err, errIndexLost)
	_, err = groups.plan(t.Context(), ix, task{Version: tokenVersion, Do: doPlan, Page: 1})
	require.ErrorIs(t, err, errIndexLost)
	_, _, _, err = groups.readCycle(t.Context(), ix, task{Version: tokenVersion, Do: doCycle})
	require.ErrorIs(t, err, errIndexLost)
}
