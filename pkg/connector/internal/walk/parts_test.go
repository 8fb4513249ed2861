package walk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// listings is the SDK's side of a connector, which answers as a test says.
type listings struct {
	types.ConnectorServer
	calls  int
	grants func(token string) *v2.GrantsServiceListGrantsResponse
}

func (l *listings) ListGrants(_ context.Context, r *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	l.calls++
	return l.grants(r.GetPageToken()), nil
}

// giving is a process of the connector over what its syncers answer.
type giving struct {
	*listings
	waiting Remainders
	seen    model.Largest
}

func process(_ *testing.T, l *listings) *giving { return &giving{listings: l} }

func (g *giving) ListGrants(ctx context.Context, r *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	return InParts(ctx, &g.waiting, &g.seen, r, g.listings.ListGrants)
}

func stub(resourceType string) *v2.Resource {
	return v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: resourceType}.Build()}.Build()
}

func heavyGrant(id string, bytes int) *v2.Grant {
	return v2.Grant_builder{
		Id: id, Entitlement: model.EntitlementOf(model.TypeGroup, "g", model.SlugMember), Principal: model.ResourceRef(model.TypeUser, id),
		Sources: v2.GrantSources_builder{Sources: map[string]*v2.GrantSources_GrantSource{strings.Repeat("x", bytes): {}}}.Build(),
	}.Build()
}

// heavyGrants are so many grants of half a MiB.
func heavyGrants(prefix string, n int) []*v2.Grant {
	var grants []*v2.Grant
	for i := range n {
		grants = append(grants, heavyGrant(fmt.Sprint(prefix, i), 1<<19))
	}
	return grants
}

func grantsRequest(token string) *v2.GrantsServiceListGrantsRequest {
	return v2.GrantsServiceListGrantsRequest_builder{Resource: stub(model.TypeGroup), PageToken: token, ActiveSyncId: "s"}.Build()
}

// readGrants follows page tokens from one on, at most so many of them, and
// returns the ids of the grants, the tasks and the next token.
func readGrants(t *testing.T, s *giving, token string, most int) ([]string, []string, string) {
	t.Helper()
	var ids, tasks []string
	next := ""
	for range most {
		response, err := s.ListGrants(t.Context(), grantsRequest(token))
		require.NoError(t, err)
		require.LessOrEqual(t, proto.Size(response), model.SizeLimit)
		for _, g := range response.GetList() {
			ids = append(ids, g.GetId())
		}
		spawned := spawnedBy(response.GetAnnotations()).GetPageTokens()
		require.LessOrEqual(t, len(spawned), maxTasksPerAnswer)
		tasks = append(tasks, spawned...)
		next = response.GetNextPageToken()
		require.NotEqual(t, token, next)
		if token = next; token == "" || !strings.HasPrefix(token, partPrefix) {
			return ids, tasks, next
		}
	}
	return ids, tasks, next
}

func rowIDs(grants []*v2.Grant) []string {
	var ids []string
	for _, g := range grants {
		ids = append(ids, g.GetId())
	}
	return ids
}

func TestTasksAndTheNextPageWouldBeLostOrDoubledBetweenParts(t *testing.T) {
	grants := heavyGrants("u", 17)
	wait := v2.RateLimitWaitReport_builder{WaitMs: 7}.Build()
	const ownPage, nextPage = `{"v":1,"own":true}`, `{"v":1,"next":true}`
	l := &listings{grants: func(token string) *v2.GrantsServiceListGrantsResponse {
		require.Equal(t, ownPage, token, "the syncer sees its own tokens only")
		annos := annotations.New(v2.EnqueuePageTokens_builder{PageTokens: []string{"a", "b"}}.Build(), wait)
		return v2.GrantsServiceListGrantsResponse_builder{List: grants, NextPageToken: nextPage, Annotations: annos}.Build()
	}}
	s := process(t, l)
	token, waits, answers := ownPage, 0, 0
	var ids []string
	for token != nextPage {
		response, err := s.ListGrants(t.Context(), grantsRequest(token))
		require.NoError(t, err)
		require.Equal(t, answers == 0, len(spawnedBy(response.GetAnnotations()).GetPageTokens()) == 2, "tasks come with the first part")
		annos := annotations.Annotations(response.GetAnnotations())
		if annos.Contains(wait) {
			waits++
		}
		ids = append(ids, rowIDs(response.GetList())...)
		require.NotEqual(t, token, response.GetNextPageToken(), "the SDK ends a sync whose token stays")
		token = response.GetNextPageToken()
		answers++
	}
	require.Equal(t, rowIDs(grants), ids)
	require.Equal(t, 4, answers)
	require.Equal(t, 1, waits)
	require.Equal(t, 1, l.calls)
	require.Empty(t, s.waiting.kept)
	require.Zero(t, s.waiting.bytes)
}

func TestMoreTasksThanTheSDKTakesAtOnceWouldEndTheSync(t *testing.T) {
	var tokens []string
	for i := range 2500 {
		tokens = append(tokens, fmt.Sprintf("%d%s", i, strings.Repeat("t", 2000)))
	}
	s := process(t, &listings{grants: func(string) *v2.GrantsServiceListGrantsResponse {
		return v2.GrantsServiceListGrantsResponse_builder{
			List: heavyGrants("u", 3), NextPageToken: "{}", Annotations: annotations.New(v2.EnqueuePageTokens_builder{PageTokens: tokens}.Build()),
		}.Build()
	}})
	ids, tasks, next := readGrants(t, s, "", 10)
	require.Equal(t, tokens, tasks)
	require.Equal(t, []string{"u0", "u1", "u2"}, ids)
	require.Equal(t, "{}", next)
}

func TestAPartThatAnotherProcessGoesOnWithWouldLoseRows(t *testing.T) {
	grants := heavyGrants("u", 17)
	l := &listings{grants: func(token string) *v2.GrantsServiceListGrantsResponse {
		require.Empty(t, token)
		return v2.GrantsServiceListGrantsResponse_builder{
			List: grants, NextPageToken: "{}", Annotations: annotations.New(v2.EnqueuePageTokens_builder{PageTokens: []string{"a"}}.Build()),
		}.Build()
	}}
	before, tasks, token := readGrants(t, process(t, l), "", 2)
	require.Len(t, tasks, 1)
	after, tasks, next := readGrants(t, process(t, l), token, 10)
	require.Empty(t, tasks, "a task that was handed out is not handed out again")
	require.Equal(t, rowIDs(grants), append(before, after...))
	require.Equal(t, "{}", next)
	require.Equal(t, 2, l.calls)
}

func TestAPageThatChangesBetweenPartsWouldLoseTheRowsThatMoved(t *testing.T) {
	grants := heavyGrants("u", 12)
	l := &listings{grants: func(string) *v2.GrantsServiceListGrantsResponse {
		return v2.GrantsServiceListGrantsResponse_builder{List: grants, NextPageToken: "{}"}.Build()
	}}
	_, _, token := readGrants(t, process(t, l), "", 2)
	grants = append(heavyGrants("moved", 1), grants...)
	after, _, next := readGrants(t, process(t, l), token, 10)
	require.Equal(t, rowIDs(grants), after, "all parts again, from the first")
	require.Equal(t, "{}", next)
	require.Equal(t, 2, l.calls)

	// The page has become shorter than what was given of it.
	_, _, token = readGrants(t, process(t, l), "", 2)
	grants = heavyGrants("u", 2)
	after, _, next = readGrants(t, process(t, l), token, 10)
	require.Equal(t, rowIDs(grants), after)
	require.Equal(t, "{}", next)
}

func TestAPageThatIsNeverTheSameWouldBeReadForEver(t *testing.T) {
	l := &listings{}
	l.grants = func(string) *v2.GrantsServiceListGrantsResponse {
		return v2.GrantsServiceListGrantsResponse_builder{List: heavyGrants(fmt.Sprint(l.calls, "-"), 12)}.Build()
	}
	token := ""
	for range MaxRestarts + 1 {
		response, err := process(t, l).ListGrants(t.Context(), grantsRequest(token))
		require.NoError(t, err)
		require.NotEqual(t, token, response.GetNextPageToken())
		token = response.GetNextPageToken()
	}
	_, err := process(t, l).ListGrants(t.Context(), grantsRequest(token))
	require.Equal(t, codes.Aborted, status.Code(err))
}

func TestARowThatFitsInNoAnswerIsNamed(t *testing.T) {
	s := process(t, &listings{grants: func(string) *v2.GrantsServiceListGrantsResponse {
		return v2.GrantsServiceListGrantsResponse_builder{List: []*v2.Grant{heavyGrant("small", 1), heavyGrant("the-large-one", model.SizeLimit)}}.Build()
	}})
	response, err := s.ListGrants(t.Context(), grantsRequest(""))
	require.NoError(t, err)
	require.Equal(t, []string{"small"}, rowIDs(response.GetList()))
	_, err = s.ListGrants(t.Context(), grantsRequest(response.GetNextPageToken()))
	require.Equal(t, codes.Aborted, status.Code(err))
	require.ErrorContains(t, err, "the-large-one")
}

func TestWhatWaitsToBeGivenIsBoundedAndNeverAnotherRequests(t *testing.T) {
	const others = `{"other":true}`
	var grants []*v2.Grant
	for i := range 6 {
		grants = append(grants, heavyGrant(fmt.Sprint("u", i), 2<<20))
	}
	l := &listings{grants: func(token string) *v2.GrantsServiceListGrantsResponse {
		of := grants
		if token == others {
			of = grants[1:]
		}
		return v2.GrantsServiceListGrantsResponse_builder{List: of}.Build()
	}}
	s := process(t, l)
	var tokens []string
	for i := range 10 {
		_, _, token := readGrants(t, s, fmt.Sprintf(`{"n":%d}`, i), 1)
		tokens = append(tokens, token)
		require.LessOrEqual(t, s.waiting.bytes, maxRemainders)
	}
	_, _, other := readGrants(t, s, others, 1)
	for i, token := range append(tokens, other) {
		ids, _, _ := readGrants(t, s, token, 10)
		want := rowIDs(grants)[1:]
		if i == len(tokens) {
			want = want[1:]
		}
		require.Equal(t, want, ids)
	}
	require.Greater(t, l.calls, 11, "what found no room is read again")
	require.Zero(t, s.waiting.bytes)
}

func TestADamagedTokenOfAPartIsRefused(t *testing.T) {
	s := process(t, &listings{})
	for _, token := range []string{"part/1/", "part/1/0/-1/00/", "part/1/x/0/00/", "part/1/0/0/zz/", "part/1/0/0/00/part/1/0/0/00/", "part/1/0/99999999999999999999/00/"} {
		_, err := s.ListGrants(t.Context(), grantsRequest(token))
		fake.RequireRefusal(t, err)
	}
}

// What the SDK does with a row it reads from the answer that the row came with.
func TestRowsOfALaterPartWouldLoseWhatTheAnswerSaysOfThem(t *testing.T) {
	l := &listings{grants: func(string) *v2.GrantsServiceListGrantsResponse {
		return v2.GrantsServiceListGrantsResponse_builder{List: heavyGrants("g", 12), Annotations: annotations.New(&v2.InsertResourceGrants{}, &v2.RateLimitWaitReport{})}.Build()
	}}
	g, parts := process(t, l), 0
	for token := ""; parts == 0 || token != ""; parts++ {
		response, err := g.ListGrants(t.Context(), grantsRequest(token))
		require.NoError(t, err)
		annos := annotations.Annotations(response.GetAnnotations())
		require.True(t, annos.Contains(&v2.InsertResourceGrants{}))
		require.Equal(t, parts == 0, annos.Contains(&v2.RateLimitWaitReport{}))
		token = response.GetNextPageToken()
	}
	require.Greater(t, parts, 1)
	require.Equal(t, 1, l.calls)
}
