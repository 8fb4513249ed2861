package groups

import (
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// groupsOver makes a group syncer over a Graph that answers batches of one
// request with pages in turn.
func groupsOver(t *testing.T, pages ...string) *Syncer {
	t.Helper()
	n := 0
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		page := strings.ReplaceAll(pages[min(n, len(pages)-1)], "ROOT", server.URL+"/v1.0")
		_, _ = io.WriteString(w, `{"responses":[{"id":"0","status":200,"body":`+page+`}]}`)
		n++
	})
	server.StartTLS()
	t.Cleanup(server.Close)
	httpClient, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	require.NoError(t, err)
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: server.URL}, Credential: fake.AnyToken{}, HTTPClient: httpClient})
	require.NoError(t, err)
	fixed, err := model.NewImmutables()
	require.NoError(t, err)
	return &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Immutables: fixed}}
}

// shardOf is a task with one lane.
func shardOf(ids ...string) walk.Task {
	return walk.Task{Version: walk.TokenVersion, Do: doShard, Lanes: walk.DeltaLanes(kindtest.GroupsNamed(ids...))}
}

func members(n int) string {
	rows := make([]string, 0, n)
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.user","id":"u%d"}`, i))
	}
	return strings.Join(rows, ",")
}

// Nothing documents that a delta query names each group that it was asked for.
func TestGroupsThatADeltaQueryPassesOverAreReadByThemselves(t *testing.T) {
	s := groupsOver(t, `{"value":[{"id":"A","members@delta":[`+members(2)+`]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`)
	grants, res, err := s.readShard(t.Context(), walk.Index{Store: fake.LostStore{}}, shardOf("a", "b", "c"))
	require.NoError(t, err)
	require.Len(t, grants, 2)
	require.Empty(t, res.NextPageToken)
	tasks := kindtest.Spawned(t, res)
	require.Len(t, tasks, 3)
	for i, do := range []string{DoMembers, DoOwners} {
		require.Equal(t, do, tasks[i].Do)
		require.Equal(t, kindtest.GroupsNamed("b", "c"), tasks[i].Work, "whether or not a delta query gives owners")
	}
	require.Equal(t, DoOwners, tasks[2].Do)
	require.Equal(t, kindtest.GroupsNamed("a"), tasks[2].Work)
}

func TestAChainThatBreaksOffIsReadInTheOtherWay(t *testing.T) {
	s := groupsOver(t, `{"value":[]}`)
	grants, res, err := s.readShard(t.Context(), walk.Index{Store: fake.LostStore{}}, shardOf("a", "b"))
	require.NoError(t, err)
	require.Empty(t, grants)
	tasks := kindtest.Spawned(t, res)
	require.Len(t, tasks, 2)
	require.ElementsMatch(t, []string{DoMembers, DoOwners}, []string{tasks[0].Do, tasks[1].Do})
	require.Equal(t, kindtest.GroupsNamed("a", "b"), tasks[0].Work)
	require.Equal(t, kindtest.GroupsNamed("a", "b"), tasks[1].Work)
}

func TestALargeGroupGetsALaneAndTheRestStartsOver(t *testing.T) {
	s := groupsOver(t, `{"value":[{"id":"a"},{"id":"b","members@delta":[`+members(walk.AloneSize)+`]}],"@odata.nextLink":"ROOT/groups/delta?$skiptoken=x"}`)
	grants, res, err := s.readShard(t.Context(), walk.Index{Store: fake.LostStore{}}, shardOf("a", "b", "c"))
	require.NoError(t, err)
	require.Len(t, grants, walk.AloneSize)
	owners := kindtest.Spawned(t, res)
	require.Len(t, owners, 1, "the large group's members alone are on its own walk")
	require.Equal(t, DoOwners, owners[0].Do)
	require.Equal(t, kindtest.GroupsNamed("b"), owners[0].Work)
	next, err := walk.DecodeTask(res.NextPageToken, "")
	require.NoError(t, err)
	require.Len(t, next.Lanes, 2)
	require.True(t, next.Lanes[0].Alone, "the longest walk goes first")
	require.Equal(t, kindtest.GroupsNamed("b"), next.Lanes[0].Groups)
	require.Equal(t, graph.GroupMembersRef("b", sending.MaxPageSize), next.Lanes[0].Ref())
	require.Equal(t, kindtest.GroupsNamed("a", "c"), next.Lanes[1].Groups)
	require.Empty(t, next.Lanes[1].Next, "what is left starts over")
	require.Zero(t, next.Lanes[1].Seen)
}

func TestSeveralLanesNeverMakeAnAnswerTooLarge(t *testing.T) {
	s := groupsOver(t)
	st := &stride{Syncer: s}
	page := func() *sending.Page[graph.GroupDelta] {
		rows := make([]graph.GroupDelta, walk.MaxRowsPerAnswer-1)
		return &sending.Page[graph.GroupDelta]{Items: rows, Next: "/groups/x/members?$skiptoken=y"}
	}
	first := walk.Lane{Cursor: walk.Cursor{Version: walk.TokenVersion}, Groups: kindtest.GroupsNamed("a"), Alone: true}
	second := walk.Lane{Cursor: walk.Cursor{Version: walk.TokenVersion}, Groups: kindtest.GroupsNamed("b"), Alone: true}
	require.NoError(t, st.take(t.Context(), first, page(), nil))
	require.NoError(t, st.take(t.Context(), second, page(), nil))
	require.Len(t, st.rows, walk.MaxRowsPerAnswer-1)
	require.Len(t, st.ahead, 2)
	require.NotEmpty(t, st.ahead[0].Next)
	require.Equal(t, second, st.ahead[1], "what found no room is read again")
}

func TestAPageLargerThanAnAnswerIsGivenInParts(t *testing.T) {
	page := `{"value":[{"id":"a","members@delta":[` + members(2*walk.MaxRowsPerAnswer+5) + `]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`
	s := groupsOver(t, page)
	work := shardOf("a")
	seen := map[string]bool{}
	for range 4 {
		grants, res, err := s.readShard(t.Context(), walk.Index{Store: fake.LostStore{}}, work)
		require.NoError(t, err)
		require.LessOrEqual(t, len(grants), walk.MaxRowsPerAnswer)
		for _, g := range grants {
			seen[g.GetPrincipal().GetId().GetResource()] = true
		}
		if res == nil || res.NextPageToken == "" {
			require.Len(t, seen, 2*walk.MaxRowsPerAnswer+5)
			return
		}
		work, err = walk.DecodeTask(res.NextPageToken, "")
		require.NoError(t, err)
	}
	t.Fatal("the page was never finished")
}

func TestRemovedRowsGiveNoAccess(t *testing.T) {
	s := groupsOver(t, `{"value":[{"id":"a","@removed":{"reason":"changed"},"members@delta":[`+members(1)+`]},`+
		`{"id":"b","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"u","@removed":{"reason":"deleted"}}]},`+
		`{"id":"stranger","members@delta":[`+members(1)+`]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`)
	grants, res, err := s.readShard(t.Context(), walk.Index{Store: fake.LostStore{}}, shardOf("a", "b"))
	require.NoError(t, err)
	require.Empty(t, grants)
	alone := kindtest.Spawned(t, res)
	require.NotEmpty(t, alone, "the listing has shown the group a moment ago: it is asked for by itself")
	require.Equal(t, "a", alone[0].Work[0].ID)
	require.Empty(t, s.Left.Take())
}

func owners(ids ...string) string {
	var rows []string
	for _, id := range ids {
		rows = append(rows, `{"@odata.type":"#microsoft.graph.user","id":"`+id+`"}`)
	}
	return strings.Join(rows, ",")
}

func TestOwnersComeWithTheMembers(t *testing.T) {
	s := groupsOver(t, `{"value":[{"id":"a","members@delta":[`+members(1)+`],"owners@delta":[`+owners("o1", "o2")+`]},`+
		`{"id":"b","owners@delta":[{"@odata.type":"#microsoft.graph.user","id":"o3","@removed":{"reason":"deleted"}}]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`)
	grants, res, err := s.readShard(t.Context(), walk.Index{Store: decidetest.SyncReading(t)}, shardOf("a", "b"))
	require.NoError(t, err)
	var held []string
	for _, g := range grants {
		held = append(held, g.GetEntitlement().GetId()+" "+g.GetPrincipal().GetId().GetResource())
	}
	require.ElementsMatch(t, []string{"group:a:member u0", "group:a:owner o1", "group:a:owner o2"}, held)
	require.Empty(t, kindtest.Spawned(t, res))
}

// Its answers would look like those about groups that nobody owns.
func TestDeltaQueryThatIgnoresOwnersWouldLoseThem(t *testing.T) {
	s := groupsOver(t, `{"value":[{"id":"a","members@delta":[`+members(1)+`]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`)
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	_, res, err := s.readShard(t.Context(), ix, shardOf("a"))
	require.NoError(t, err)
	tasks := kindtest.Spawned(t, res)
	require.Len(t, tasks, 1)
	require.Equal(t, DoOwners, tasks[0].Do)
	require.Equal(t, kindtest.GroupsNamed("a"), tasks[0].Work)

	with := groupsOver(t, `{"value":[{"id":"b","owners@delta":[`+owners("o")+`]}],"@odata.deltaLink":"ROOT/groups/delta?$deltatoken=x"}`)
	_, _, err = with.readShard(t.Context(), ix, shardOf("b"))
	require.NoError(t, err)
	_, res, err = s.readShard(t.Context(), ix, shardOf("a"))
	require.NoError(t, err)
	require.Empty(t, kindtest.Spawned(t, res), "this tenant's delta queries give owners, so that a group without them has none")
}

func TestDeltaQueryThatRefusesOwnersWouldLoseThemOrTheMembers(t *testing.T) {
	s := groupsOver(t, "")
	s.Client = refusing(t)
	ctx := forms.WithRefused(t.Context(), forms.NewRefused(nil, nil))
	work := shardOf("a", "b")
	var all []walk.Task
	for range 3 {
		_, res, err := s.readShard(ctx, walk.Index{Store: fake.LostStore{}}, work)
		require.NoError(t, err)
		all = append(all, kindtest.Spawned(t, res)...)
		if res.NextPageToken == "" {
			break
		}
		work, err = walk.DecodeTask(res.NextPageToken, "")
		require.NoError(t, err)
	}
	require.Len(t, all, 2)
	require.Equal(t, DoOwners, all[0].Do)
	require.Equal(t, DoMembers, all[1].Do)
	require.Equal(t, kindtest.GroupsNamed("a", "b"), all[0].Work)

	_, res, err := s.readShard(ctx, walk.Index{Store: fake.LostStore{}}, shardOf("c"))
	require.NoError(t, err)
	require.Len(t, kindtest.Spawned(t, res), 2, "the next groups are not asked about in a form that is refused")
	require.EqualValues(t, 2, s.Client.Stats().Requests)
}

// refusing is a Graph that knows no delta queries.
func refusing(t *testing.T) *graph.Client {
	t.Helper()
	f := &fake.Graph{Answers: map[string]string{}}
	for step := range graph.MembersByGroup {
		ref := graph.GroupMemberships.Ref(step, graph.DeltaSubject([]string{"a", "b"}))
		f.Answers[strings.ReplaceAll(ref, "%20", " ")] = `400 {"error":{"code":"Request_UnsupportedQuery"}}`
	}
	return f.Over(t)
}
