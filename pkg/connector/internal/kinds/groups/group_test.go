package groups

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSomebodyInTheRecycleBinWouldBeAMember(t *testing.T) {
	ix, _ := kindtest.PeopleListedIn(t, "0A000000-0000-4000-8000-000000000001")
	rows := []graph.Reference{{ODataType: "#microsoft.graph.user", ID: fake.Here}, {ODataType: "#microsoft.graph.user", ID: fake.Deleted}}
	known, err := kinds.PrincipalsAmong(t.Context(), ix, rows)
	require.NoError(t, err)
	s := Syncer{Kit: kinds.Kit{Left: &walk.Tally{}}}
	found, err := s.relationGrants(model.SlugMember, []walk.WorkResult[graph.Reference]{{Item: walk.WorkItem{ID: "g"}, Rows: rows}}, known)
	require.NoError(t, err)
	require.Equal(t, []string{"user:" + fake.Here}, kindtest.HeldBy(found))
	require.Equal(t, 1, s.Left.Peek()[walk.LeftUnlistedPerson])
}

// A plan that finds nothing would end a sync without its grants, and well.
func TestALostIndexFailsTheSyncInsteadOfEmptyingIt(t *testing.T) {
	ix := walk.Index{Store: fake.LostStore{}}
	groups := &Syncer{Kit: kinds.Kit{Left: &walk.Tally{}}}
	_, err := groups.plan(t.Context(), ix, walk.Task{Version: walk.TokenVersion, Do: walk.DoPlan})
	require.ErrorIs(t, err, walk.ErrIndexLost)
	_, err = groups.plan(t.Context(), ix, walk.Task{Version: walk.TokenVersion, Do: walk.DoPlan, Page: 1})
	require.ErrorIs(t, err, walk.ErrIndexLost)
	_, _, _, err = groups.readCycle(t.Context(), ix, walk.Task{Version: walk.TokenVersion, Do: doCycle})
	require.ErrorIs(t, err, walk.ErrIndexLost)
}
