package connector

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// underWayIn is the context of a call of the sync that a store belongs to.
func underWayIn(t *testing.T, ix index) (context.Context, *course) {
	t.Helper()
	ctx, c, err := withCourse(t.Context(), ix.store)
	require.NoError(t, err)
	return ctx, c
}

func TestADataSetThatNoFormGivesIsLeftOutForTheWholeSync(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ix := index{newKeptStore(t)}
	ctx, _ := underWayIn(t, ix)
	require.NoError(t, leaveOut(ctx, dataSignIns, refused))

	_, another := underWayIn(t, ix)
	made := (&decision{Reads: []dataSet{dataUsers, dataSignIns}}).after(another.left())
	require.False(t, made.reads(dataSignIns), "another process")
	require.True(t, made.reads(dataUsers))
	require.NotEmpty(t, made.Left[dataSignIns])

	require.ErrorIs(t, leaveOut(ctx, dataUsers, refused), refused, "what a sync cannot do without fails it")
	for _, other := range []error{
		&failure.Error{StatusCode: http.StatusForbidden, Code: failure.CodeAccessDenied},
		&failure.Error{StatusCode: http.StatusServiceUnavailable},
		&network.ConnectionError{},
	} {
		require.ErrorIs(t, leaveOut(ctx, dataConsents, other), other, "%v says nothing of the form", other)
	}
}

func TestADataSetOfWhichSomethingWasGivenWouldBeCutShort(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ctx, c := underWayIn(t, index{newKeptStore(t)})
	require.NoError(t, leftOutAt(ctx, cursor{}, dataDevices, refused))
	require.NotEmpty(t, c.left()[dataDevices])
	for _, at := range []cursor{{Page: 1, Next: "/devices?$skiptoken=x"}, {Restarts: 1, Trail: trail{Gave: true}}} {
		require.Error(t, leftOutAt(ctx, at, dataAdministrativeUnits, refused))
	}
	require.Empty(t, c.left()[dataAdministrativeUnits])
}

func TestAFormThatOneWorkerLeavesIsLeftByAll(t *testing.T) {
	asked := map[string]int{}
	client := graphThat(t, func(ref string) (int, string) {
		asked[ref]++
		if strings.Contains(ref, "($select") {
			return http.StatusBadRequest, refusalBody("InvalidFilter")
		}
		return http.StatusOK, emptyPage
	})
	ix := index{newKeptStore(t)}
	for range 3 {
		ctx, _ := underWayIn(t, ix)
		_, err := client.ListDevices(ctx, "")
		require.NoError(t, err)
	}
	for ref, n := range asked {
		if strings.Contains(ref, "($select") {
			require.Equal(t, 1, n, ref)
		}
	}
	_, c := underWayIn(t, ix)
	require.Len(t, c.descents(), 1)
}

// One object's answer is no reason to be without all the others'.
func TestOneObjectThatCannotBeReadIsNamedAndLeftOut(t *testing.T) {
	client := graphThat(t, func(ref string) (int, string) {
		if strings.Contains(ref, "flexible") {
			return http.StatusNotImplemented, refusalBody("NotImplemented")
		}
		return http.StatusOK, `{"value":[{"id":"1","name":"a","issuer":"i","subject":"s"}]}`
	})
	s := &credentialSyncer{kit: kit{client: client, left: &tally{}}}
	found, err := s.readFederated(t.Context(), []federatedOwner{{ID: "flexible"}, {ID: "plain"}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, map[string]int{leftUnreadable(dataFederatedCredentials): 1}, s.left.take())

	_, _, err = readWork[graph.Reference](t.Context(), client, s.left, []workItem{{ID: "flexible"}}, func(w workItem) string { return graph.GroupMembersRef(w.ID, 999) }, 1)
	require.Error(t, err, "members are required")
}

func TestSignInsThatCannotBeReadDoNotEndTheListingOfPeople(t *testing.T) {
	client := graphThat(t, func(ref string) (int, string) {
		switch {
		case strings.Contains(ref, "signInActivity"):
			return http.StatusForbidden, refusalBody(failure.CodeNonPremiumTenant)
		case strings.Contains(ref, "/manager"):
			return http.StatusNotFound, refusalBody(failure.CodeResourceNotFound)
		case strings.HasPrefix(ref, "/users"):
			return http.StatusOK, `{"value":[{"id":"11111111-1111-1111-1111-111111111111","userPrincipalName":"a@b.c"}]}`
		}
		return http.StatusOK, emptyPage
	})
	ix := index{newKeptStore(t)}
	require.NoError(t, putValue(t.Context(), ix, keyDecision, decision{Reads: []dataSet{dataUsers, dataSignIns}}))
	s := &userSyncer{kit: kit{client: client, decider: &decider{client: client}, left: &tally{}}, ahead: &pagesAhead{}}
	people := 0
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		ctx, _ := underWayIn(t, ix)
		found, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: ix.store, SyncID: "sync", PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		people += len(found)
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	require.Equal(t, 1, people)
	_, c := underWayIn(t, ix)
	require.Equal(t, "licence "+licenseP1, c.left()[dataSignIns])
}

func TestOneDeviceWhoseOwnersAreRefusedWouldEndTheSync(t *testing.T) {
	const first, second = "0b000000-0000-4000-8000-000000000011", "0b000000-0000-4000-8000-000000000012"
	owner := func(id string) string { return `{"@odata.type":"#microsoft.graph.user","id":"` + id + `"}` }
	client := graphThat(t, func(ref string) (int, string) {
		switch {
		case strings.HasPrefix(ref, "/devices?"): // At the cap: both may have more.
			return http.StatusOK, `{"value":[{"id":"` + first + `","registeredOwners":[` + owner(here) + `,` + owner(deleted) + `]},` +
				`{"id":"` + second + `","registeredOwners":[` + owner(here) + `,` + owner(deleted) + `]}]}`
		case strings.Contains(ref, first):
			return http.StatusBadRequest, refusalBody("BadRequest")
		case strings.Contains(ref, second):
			return http.StatusOK, `{"value":[` + owner(here) + `]}`
		}
		return http.StatusOK, emptyPage
	})
	ix, store := listedPeopleIn(t, here, deleted)
	s := &deviceSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
	found, _, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, map[string]int{leftUnreadable(dataDevices): 1}, s.left.peek())
	entries, _, err := getPage[deviceEntry](t.Context(), ix, keyListed+typeDevice, 0)
	require.NoError(t, err)
	require.Empty(t, entries[0].Owners, "a part of them would pass for all")
	require.Len(t, entries[1].Owners, 1)
}

// An access policy of Exchange keeps applications out of some mailboxes, or lets
// them into few.
func TestOneMailboxThatIsKeptFromTheApplicationWouldEndTheSync(t *testing.T) {
	for name, tenant := range map[string]struct {
		pages [][]string // Ids begin with a: answered, d: denied, n: no mailbox.
		left  int
		fails bool
	}{
		"one":              {pages: [][]string{{"a1", "d2", "a3"}}, left: 1},
		"all but one":      {pages: [][]string{{"d1", "n2", "d3"}, {"d4"}}, left: 3},
		"all on the first": {pages: [][]string{{"d1", "d2"}, {"a3"}}, fails: true},
		"after no people":  {pages: [][]string{{}, {"d1"}, {"a2"}}, fails: true},
	} {
		client := graphThat(t, func(ref string) (int, string) {
			switch {
			case strings.HasPrefix(ref, "/users/d"):
				return http.StatusForbidden, refusalBody("ErrorAccessDenied")
			case strings.HasPrefix(ref, "/users/n"):
				return http.StatusNotFound, refusalBody(graph.CodeNoMailbox)
			case strings.HasPrefix(ref, "/users/a"):
				return http.StatusOK, `{"userPurpose":"room"}`
			}
			return http.StatusOK, emptyPage
		})
		s := &userSyncer{kit: kit{client: client, left: &tally{}}}
		answered := false
		var err error
		for _, ids := range tenant.pages {
			if answered, err = s.readPurposes(t.Context(), ids, map[string]string{}, answered); err != nil {
				break
			}
		}
		require.Equal(t, tenant.fails, failure.IsAccessDenied(err), name)
		require.Equal(t, tenant.left, s.left.peek()[leftMailbox], name)
	}
}

func TestAMailboxThatIsKeptBackOnALaterPageWouldPassForAMissingPermission(t *testing.T) {
	client := graphOver(t, func(r *http.Request) string {
		switch {
		case strings.HasSuffix(r.URL.Path, "/$batch"):
			body, _ := io.ReadAll(r.Body)
			if strings.Contains(string(body), "/users/d2") {
				return `{"responses":[{"id":"0","status":403,"body":` + refusalBody("ErrorAccessDenied") + `}]}`
			}
			return `{"responses":[{"id":"0","status":200,"body":{"userPurpose":"room"}}]}`
		case strings.Contains(r.URL.RawQuery, "skiptoken"):
			return `{"value":[{"id":"d2","mail":"d@b.c"}]}`
		}
		return `{"value":[{"id":"a1","mail":"a@b.c"}],"@odata.nextLink":"ROOT/users?$skiptoken=x"}`
	})
	s := &userSyncer{kit: kit{client: client, left: &tally{}}}
	ix := index{syncReading(t)}
	c := &cursor{Version: tokenVersion, Phase: phaseMailboxes}
	for c.Phase == phaseMailboxes {
		var err error
		c, err = s.listMailboxes(t.Context(), ix, *c, phaseUsers)
		require.NoError(t, err)
	}
	require.Equal(t, 1, s.left.peek()[leftMailbox])
}

// How many rows an $expand gives is learnt from the answers, here as elsewhere.
func TestFederatedCredentialsWouldBeCutShortBelowTheDocumentedLimit(t *testing.T) {
	const first, second = "0b000000-0000-4000-8000-000000000011", "0b000000-0000-4000-8000-000000000012"
	federated := func(names ...string) string {
		var rows []string
		for _, name := range names {
			rows = append(rows, `{"id":"`+name+`","name":"`+name+`","issuer":"i","subject":"`+name+`"}`)
		}
		return "[" + strings.Join(rows, ",") + "]"
	}
	client := graphThat(t, func(ref string) (int, string) {
		switch {
		case strings.HasPrefix(ref, "/applications?"):
			return http.StatusOK, `{"value":[{"id":"` + first + `","appId":"1","federatedIdentityCredentials":` + federated("a", "b") + `},` +
				`{"id":"` + second + `","appId":"2","federatedIdentityCredentials":` + federated("d") + `}]}`
		case strings.Contains(ref, first):
			return http.StatusOK, `{"value":` + federated("a", "b", "c") + `}`
		}
		return http.StatusOK, emptyPage
	})
	store := syncReading(t, dataFederatedCredentials)
	s := &credentialSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
	names := map[string]bool{}
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		found, res, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		for _, r := range found {
			names[r.GetId().GetResource()] = true
		}
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	require.Equal(t, map[string]bool{first + ":a": true, first + ":b": true, first + ":c": true, second + ":d": true}, names)
}

func TestARelationThatWasGivenInPartWouldPassForLeftOut(t *testing.T) {
	client := graphThat(t, func(string) (int, string) { return http.StatusBadRequest, refusalBody("BadRequest") })
	left := &tally{}
	first := func(w workItem) string { return graph.FederatedCredentialsRef(w.ID) }
	for rows, fails := range map[int]bool{0: false, 1: true} {
		item := workItem{ID: "a", Next: "/applications/a/federatedIdentityCredentials?$skiptoken=x"}
		require.NoError(t, item.Trail.follow(rows, item.Next))
		ctx, _ := underWayIn(t, index{newKeptStore(t)})
		var err error
		for work := []workItem{item}; len(work) > 0 && err == nil; { // Begun again at first: the link may be what is refused.
			_, work, err = readWorkOf[graph.FederatedIdentityCredential](ctx, client, left, dataFederatedCredentials, work, first, 1)
		}
		require.Equal(t, fails, err != nil, "after a page of %d rows", rows)
	}
	require.Equal(t, map[string]int{leftUnreadable(dataFederatedCredentials): 1}, left.peek())
}
