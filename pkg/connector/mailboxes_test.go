package connector

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

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
	ix := index{syncReading(t)}
	require.NoError(t, putValue(t.Context(), ix, keyDecision, decision{Reads: []dataSet{dataUsers, dataSignIns}}))
	s := &userSyncer{kit: kit{client: client, decider: &decider{client: client}, left: &tally{}}, ahead: &pagesAhead{}}
	people := 0
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		ctx, _ := callOf(t, ix)
		found, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: ix.store, SyncID: "sync", PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		people += len(found)
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	require.Equal(t, 1, people)
	_, c := callOf(t, ix)
	require.Equal(t, "licence "+licenseP1, c.left()[dataSignIns])
}
