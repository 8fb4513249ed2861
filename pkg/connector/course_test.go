package connector

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// underWayIn is the context of a call of the sync that a store belongs to.
func underWayIn(t *testing.T, ix index) (context.Context, *course) {
	t.Helper()
	ctx, c, err := withCourse(t.Context(), ix.store)
	require.NoError(t, err)
	return ctx, c
}

func TestADataSetThatNoFormGivesIsLeftOutForTheWholeSync(t *testing.T) {
	refused := &graph.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
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
		&graph.Error{StatusCode: http.StatusForbidden, Code: graph.CodeAccessDenied},
		&graph.Error{StatusCode: http.StatusServiceUnavailable},
		&graph.ConnectionError{},
	} {
		require.ErrorIs(t, leaveOut(ctx, dataConsents, other), other, "%v says nothing of the form", other)
	}
}

func TestADataSetOfWhichSomethingWasGivenWouldBeCutShort(t *testing.T) {
	refused := &graph.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ctx, c := underWayIn(t, index{newKeptStore(t)})
	require.NoError(t, leftOutAt(ctx, cursor{}, dataDevices, refused))
	require.NotEmpty(t, c.left()[dataDevices])
	for _, at := range []cursor{{Page: 1, Next: "/devices?$skiptoken=x"}, {Restarts: 1}} {
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
	s := &credentialSyncer{client: client, left: &tally{}}
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
			return http.StatusForbidden, refusalBody(graph.CodeNonPremiumTenant)
		case strings.Contains(ref, "/manager"):
			return http.StatusNotFound, refusalBody(graph.CodeResourceNotFound)
		case strings.HasPrefix(ref, "/users"):
			return http.StatusOK, `{"value":[{"id":"11111111-1111-1111-1111-111111111111","userPrincipalName":"a@b.c"}]}`
		}
		return http.StatusOK, emptyPage
	})
	ix := index{newKeptStore(t)}
	require.NoError(t, putValue(t.Context(), ix, keyDecision, decision{Reads: []dataSet{dataUsers, dataSignIns}}))
	s := &userSyncer{client: client, decider: &decider{client: client}, left: &tally{}, ahead: &pagesAhead{}}
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
