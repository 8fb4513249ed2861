package graph

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// refusingForms answers a request of a listing, unless its query has the word that this
// tenant does not understand.
func refusingForms(status int, code string, words ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, word := range words {
			if strings.Contains(r.URL.RawQuery, word) {
				graphtest.Refusal(status, code)(w, r)
				return
			}
		}
		graphtest.Answer(200, `{"value":[{"id":"1"}]}`)(w, r)
	}
}

func TestAFormThatIsRefusedDoesNotEndTheListing(t *testing.T) {
	for name, refusal := range map[string]struct {
		status int
		code   string
	}{
		"InvalidFilter": {400, "InvalidFilter"}, "unsupported": {400, failure.CodeUnsupportedQuery}, "BadRequest without text": {400, "BadRequest"},
		"405": {405, ""}, "415": {415, ""}, "501": {501, "NotImplemented"}, "414": {414, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, refusingForms(refusal.status, refusal.code, "$expand"))
			page, err := newTestClient(t, r).ListGroups(context.Background(), "")
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
		})
	}
}

func TestARefusedFormIsNotSentAgainInTheSameSync(t *testing.T) {
	r := graphtest.NewServer(t, refusingForms(400, "InvalidFilter", "("))
	var kept map[string]int
	refused := forms.NewRefused(nil, func(_ context.Context, steps map[string]int) error { kept = steps; return nil })
	ctx := forms.WithRefused(context.Background(), refused)
	c := newTestClient(t, r)
	for range 3 {
		_, err := c.ListGroups(ctx, "")
		require.NoError(t, err)
	}
	require.Equal(t, 5, r.Count(), "once in each refused form, three times in the next")
	require.Equal(t, map[string]int{"groups": 2}, kept)
	require.Len(t, refused.Descents(ladders), 1)

	_, err := c.ListGroups(forms.WithRefused(context.Background(), forms.NewRefused(kept, nil)), "")
	require.NoError(t, err)
	require.Equal(t, 6, r.Count(), "another process begins where this one is")
}

func TestRefusalsThatAreNoneOfTheFormDoNotMakeTheListingPoorer(t *testing.T) {
	for name, refusal := range map[string]struct {
		status int
		code   string
	}{
		"permission": {403, failure.CodeAccessDenied}, "page token": {400, failure.CodeExpiredPageToken}, "licence": {400, failure.CodePremiumRequired},
		"gone": {404, failure.CodeResourceNotFound}, "busy": {503, "ServiceUnavailable"}, "unknown application": {400, failure.CodeIdentityNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, refusingForms(refusal.status, refusal.code, "$expand"))
			refused := forms.NewRefused(nil, nil)
			_, err := newTestClient(t, r).ListGroups(forms.WithRefused(context.Background(), refused), "")
			require.Error(t, err)
			require.Empty(t, refused.Descents(ladders))
		})
	}
}

func TestAFormRefusedInTheMiddleBeginsTheListingAgain(t *testing.T) {
	r := graphtest.NewServer(t, refusingForms(400, "BadRequest", "skiptoken"))
	refused := forms.NewRefused(nil, nil)
	ctx := forms.WithRefused(context.Background(), refused)
	c := newTestClient(t, r)
	for _, top := range []string{"500", "499"} {
		_, err := c.ListRiskyUsers(ctx, "/identityProtection/riskyUsers?$top=500&$skiptoken=x")
		require.ErrorIs(t, err, forms.ErrBeginAgain)
		_, err = c.ListRiskyUsers(ctx, "")
		require.NoError(t, err)
		require.Contains(t, r.Requests[r.Count()-1].URL.RawQuery, top, "the link may be what is refused; whole pages of 500 end with one that always is")
	}
}

func TestAnAnswerThatIsNoJSONEachTimeIsARefusedForm(t *testing.T) {
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		if strings.Contains(req.URL.RawQuery, "federatedIdentityCredentials") {
			graphtest.Answer(200, `{"value":[{"id":"1","federatedIdentityCredentials":[{"subject":null{"error":{"code":"x"}}`)(w, req)
			return
		}
		graphtest.Answer(200, `{"value":[{"id":"1"}]}`)(w, req)
	})
	page, err := newTestClient(t, r).ListApplicationCredentials(context.Background(), "", true)
	require.NoError(t, err)
	require.Nil(t, page.Items[0].Federated, "not expanded is not empty")
}

func TestOneRefusalForLoadHidesThatAnAnswerIsNeverJSON(t *testing.T) {
	for name, passing := range map[string]http.HandlerFunc{"load": graphtest.Refusal(429, "TooManyRequests"), "trouble": graphtest.Refusal(503, "ServiceUnavailable")} {
		t.Run(name, func(t *testing.T) {
			n := 0
			r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
				switch n++; {
				case strings.HasPrefix(req.URL.Path, "/v1.0/groups/"):
					graphtest.Answer(200, `{"id":"1"}`)(w, req)
				case n == 1:
					passing(w, req)
				case strings.Contains(req.URL.RawQuery, "federatedIdentityCredentials"):
					graphtest.Answer(200, `{"value":[{"id":"1","federatedIdentityCredentials":[{"subject":null{"error":{"code":"x"}}`)(w, req)
				default:
					graphtest.Answer(200, `{"value":[{"id":"1"}]}`)(w, req)
				}
			})
			c := newTestClient(t, r, func(o *sending.Options) { o.Retry.Attempts = 6 })
			_, err := c.Group(t.Context(), "1")
			require.NoError(t, err, "Graph has been reached before")
			n = 0
			page, err := c.ListApplicationCredentials(context.Background(), "", true)
			require.NoError(t, err)
			require.Nil(t, page.Items[0].Federated)
			require.Equal(t, 1+4+1, n)
		})
	}
}

func TestAPlainerFormOfAssignmentsLosesManagedIdentities(t *testing.T) {
	l := ladders.Named("assignments to an application")
	for step := range l.Steps {
		require.Contains(t, l.At(step, forms.Parse(AppRoleAssignedToRef("1"))), "$top=999", "without it some principals are left out")
	}
}

func TestOneItemThatIsNoJSONDoesNotSpoilTheBatch(t *testing.T) {
	const flexible = "/applications/flexible/federatedIdentityCredentials"
	broken := `{"value":[{"id":"1","subject":null{"error":{"code":"UnknownError"}}`
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/v1.0/$batch":
			graphtest.Answer(200, `{"responses":[{"id":"0",`+graphtest.ItemOK+`},{"id":"1","status":200,"body":`+broken+`}]}`)(w, req)
		case "/v1.0" + flexible:
			graphtest.Answer(200, broken)(w, req)
		default:
			graphtest.Answer(200, `{"value":[{"id":"2"}]}`)(w, req)
		}
	})
	results, err := sending.BatchPages[Reference](context.Background(), newTestClient(t, r).Sender, []string{"/applications/plain/federatedIdentityCredentials", flexible})
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	require.Len(t, results[0].Page.Items, 1)
	require.Nil(t, results[1].Page)
	require.ErrorContains(t, results[1].Err, flexible)
}

func TestATenantWithoutBatchesIsReadOneByOne(t *testing.T) {
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPost {
			graphtest.Refusal(405, "")(w, req)
			return
		}
		graphtest.Answer(200, fmt.Sprintf(`{"value":[{"id":%q}]}`, req.URL.Path))(w, req)
	})
	ctx := forms.WithRefused(context.Background(), forms.NewRefused(nil, nil))
	c := newTestClient(t, r)
	for range 2 {
		results, err := sending.BatchPages[Reference](ctx, c.Sender, []string{"/groups/a/owners", "/groups/b/owners"})
		require.NoError(t, err)
		require.Equal(t, "/v1.0/groups/b/owners", results[1].Page.Items[0].ID)
	}
	require.Equal(t, 5, r.Count(), "the batch is tried once")
}

func TestAnItemWhoseFormIsRefusedIsAskedInTheNext(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, _ int) string {
		if strings.Contains(url, "$select") {
			return `"status":400,"body":{"error":{"code":"Request_UnsupportedQuery","message":"no"}}`
		}
		return graphtest.ItemOK
	}))
	results, err := sending.BatchPages[Reference](context.Background(), newTestClient(t, r).Sender, []string{GroupOwnersRef("a"), GroupOwnersRef("b")})
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	require.NoError(t, results[1].Err)
}

// Every request that a listing makes is on the ladder that is meant for it, and
// every step of every ladder changes it.
func TestLaddersAreThoseOfTheRequestsTheyAreNamedAfter(t *testing.T) {
	for ref, name := range map[string]string{
		groupList.String():                          "groups",
		signInActivityList.String():                 "sign-in activity",
		mailboxUserList.String():                    "people with mailboxes",
		UserOptions{Licenses: true}.list().String(): "people",
		managedIdentityList.String():                "managed identities",
		servicePrincipalList.String():               "applications with what they are in",
		servicePrincipalRolesList.String():          "applications",
		servicePrincipalOwnershipList.String():      "what applications own",
		applicationOwnersList.String():              "owners of app registrations",
		applicationFederatedList.String():           "credentials of app registrations",
		applicationList.String():                    "app registrations",
		deviceList.String():                         "devices",
		GroupMembersRef("a", 999):                   "members of a group",
		AppRoleAssignedToRef("a"):                   "assignments to an application",
		AppRoleAssignmentsRef("a"):                  "what an application is assigned to",
		"/groups?%24select=id&%24expand=memberOf(%24select%3Did)&%24skiptoken=x": "groups",
	} {
		l := ladders.Of(forms.Parse(ref))
		require.NotNil(t, l, ref)
		require.Equal(t, name, l.Name, ref)
	}
	seen := map[string]bool{}
	for _, l := range ladders {
		require.False(t, seen[l.Name], l.Name)
		seen[l.Name] = true
		for i, s := range l.Steps {
			require.NotEmpty(t, s.Form, l.Name)
			require.Equal(t, i == 0 || l.Path == "", s.Plainer == nil, "%s: %s", l.Name, s.Form)
		}
	}
}

// The reports service takes a tenant with a licence for one without now and then.
func TestALicenceThatIsDeniedOnceIsNotTakenForMissing(t *testing.T) {
	denied := graphtest.Refusal(403, failure.CodeNonPremiumTenant)
	r := graphtest.NewServer(t, denied, denied, graphtest.Answer(200, `{"value":[{"id":"1"}]}`))
	page, err := newTestClient(t, r).ListSignInActivity(context.Background(), "")
	require.NoError(t, err)
	require.Len(t, page.Items, 1)

	r = graphtest.NewServer(t, denied)
	_, err = newTestClient(t, r).ListSignInActivity(context.Background(), "")
	require.True(t, failure.IsUnlicensed(err))
	require.Equal(t, 4, r.Count(), "a tenant without the licence is asked a few times, not without end")
}
