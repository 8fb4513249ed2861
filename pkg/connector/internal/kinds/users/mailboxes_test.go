package users

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

func TestAMailboxThatIsKeptBackOnALaterPageWouldPassForAMissingPermission(t *testing.T) {
	client := fake.GraphOver(t, func(r *http.Request) string {
		switch {
		case strings.HasSuffix(r.URL.Path, "/$batch"):
			body, _ := io.ReadAll(r.Body)
			if strings.Contains(string(body), "/users/d2") {
				return `{"responses":[{"id":"0","status":403,"body":` + fake.RefusalBody("ErrorAccessDenied") + `}]}`
			}
			return `{"responses":[{"id":"0","status":200,"body":{"userPurpose":"room"}}]}`
		case strings.Contains(r.URL.RawQuery, "skiptoken"):
			return `{"value":[{"id":"d2","mail":"d@b.c"}]}`
		}
		return `{"value":[{"id":"a1","mail":"a@b.c"}],"@odata.nextLink":"ROOT/users?$skiptoken=x"}`
	})
	s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	c := &walk.Cursor{Version: walk.TokenVersion, Phase: phaseMailboxes}
	for c.Phase == phaseMailboxes {
		var err error
		c, err = s.listMailboxes(t.Context(), ix, *c, phaseUsers)
		require.NoError(t, err)
	}
	require.Equal(t, 1, s.Left.Peek()[walk.LeftMailbox])
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
		client := fake.GraphThat(t, func(ref string) (int, string) {
			switch {
			case strings.HasPrefix(ref, "/users/d"):
				return http.StatusForbidden, fake.RefusalBody("ErrorAccessDenied")
			case strings.HasPrefix(ref, "/users/n"):
				return http.StatusNotFound, fake.RefusalBody(graph.CodeNoMailbox)
			case strings.HasPrefix(ref, "/users/a"):
				return http.StatusOK, `{"userPurpose":"room"}`
			}
			return http.StatusOK, fake.EmptyPage
		})
		s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
		answered := false
		var err error
		for _, ids := range tenant.pages {
			if answered, err = s.readPurposes(t.Context(), ids, map[string]string{}, answered); err != nil {
				break
			}
		}
		require.Equal(t, tenant.fails, failure.IsAccessDenied(err), name)
		require.Equal(t, tenant.left, s.Left.Peek()[walk.LeftMailbox], name)
	}
}

func TestSignInsThatCannotBeReadDoNotEndTheListingOfPeople(t *testing.T) {
	client := fake.GraphThat(t, func(ref string) (int, string) {
		switch {
		case strings.Contains(ref, "signInActivity"):
			return http.StatusForbidden, fake.RefusalBody(failure.CodeNonPremiumTenant)
		case strings.Contains(ref, "/manager"):
			return http.StatusNotFound, fake.RefusalBody(failure.CodeResourceNotFound)
		case strings.HasPrefix(ref, "/users"):
			return http.StatusOK, `{"value":[{"id":"11111111-1111-1111-1111-111111111111","userPrincipalName":"a@b.c"}]}`
		}
		return http.StatusOK, fake.EmptyPage
	})
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	require.NoError(t, walk.PutValue(t.Context(), ix, decide.KeyDecision, decide.Decision{Reads: []model.DataSet{model.DataUsers, model.DataSignIns}}))
	s := &Syncer{Kit: kinds.Kit{Client: client, Decider: &decide.Decider{Client: client}, Left: &walk.Tally{}}, ahead: &walk.PagesAhead{}}
	people := 0
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		ctx, _ := decidetest.CallOf(t, ix)
		found, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: ix.Store, SyncID: "sync", PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		people += len(found)
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	require.Equal(t, 1, people)
	_, c := decidetest.CallOf(t, ix)
	require.Equal(t, "licence "+decide.LicenseP1, c.Left()[model.DataSignIns])
}
