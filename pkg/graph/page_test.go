package graph

import (
	"context"
	"net/http"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"

	"github.com/stretchr/testify/require"
)

func TestANextLinkToAnotherHostIsRefusedAndTheTokenStaysHome(t *testing.T) {
	for name, link := range map[string]string{
		"another host":     "https://evil.example/v1.0/users?$skiptoken=x",
		"another scheme":   "http://%HOST%/v1.0/users?$skiptoken=x",
		"another version":  "https://%HOST%/beta/users?$skiptoken=x",
		"user info":        "https://user@%HOST%/v1.0/users",
		"host as prefix":   "https://%HOST%.evil.example/v1.0/users",
		"dot segments":     "https://%HOST%/v1.0/../beta/users",
		"relative":         "/users?$skiptoken=x",
		"protocol-relaxed": "//evil.example/v1.0/users",
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, nil)
			host := r.Listener.Addr().String()
			r.Config.Handler = graphtest.Answer(200, `{"value":[{"id":"1"}],"@odata.nextLink":"`+strings.ReplaceAll(link, "%HOST%", host)+`"}`)
			page, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
			require.ErrorIs(t, err, sending.ErrForeignLink)
			require.Nil(t, page)
			require.NotContains(t, err.Error(), graphtest.SecretToken)
		})
	}
}

func TestAPageTokenCannotSteerARequestElsewhere(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	c := newTestClient(t, r)
	for _, ref := range []string{"https://evil.example/users", "//evil.example/users", "users", "/../beta/users", "@evil.example/users", "/users/../../beta"} {
		_, err := c.ListUsers(context.Background(), ref, UserOptions{})
		require.ErrorIs(t, err, sending.ErrForeignLink, ref)
	}
	require.Zero(t, r.Count())
}

func TestPagesFollowTheirLinkWordForWord(t *testing.T) {
	const link = "/users?$select=id&$skiptoken=RFNwdAIA%2B%2F%3D"
	r := graphtest.NewServer(t, nil)
	r.Config.Handler = graphtest.Answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+"/v1.0"+link+`"}`)
	c := newTestClient(t, r)
	page, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	require.Equal(t, link, page.Next, "an empty page can have a next one")
}

func TestALinkToItselfEndsTheListingWithAnError(t *testing.T) {
	const link = "/users?$skiptoken=x"
	r := graphtest.NewServer(t, nil)
	r.Config.Handler = graphtest.Answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+"/v1.0"+link+`"}`)
	_, err := newTestClient(t, r).ListUsers(context.Background(), link, UserOptions{})
	require.ErrorIs(t, err, sending.ErrRepeatedLink)
}

func TestABodyThatHidesRowsIsNoPage(t *testing.T) {
	for name, c := range map[string]struct{ body, says string }{
		"two lists":         {`{"value":[{"id":"a"}],"value":[{"id":"b"}]}`, "a name occurs twice"},
		"two ways on":       {`{"value":[{"id":"a"}],"@odata.nextLink":"x","@odata.nextLink":""}`, "a name occurs twice"},
		"a row that is not": {`{"value":[{"id":"a"},null]}`, "a row without an id"},
		"a row of nobody":   {`{"value":[{"displayName":"x"}]}`, "a row without an id"},
		"two pages in one":  {`{"value":[]}{"value":[{"id":"a"}]}`, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := newTestClient(t, graphtest.NewServer(t, graphtest.Answer(200, c.body))).ListGroups(context.Background(), "")
			require.ErrorContains(t, err, c.says)
			require.Nil(t, page)
		})
	}
	_, err := newTestClient(t, graphtest.NewServer(t, graphtest.Answer(200, `null`))).Group(context.Background(), "a")
	require.ErrorContains(t, err, "without an id", "nothing was taken for an object")
}

func TestALinkIsFollowedToWhereItPointsOrNotAtAll(t *testing.T) {
	for _, path := range []string{"/v1%2E0/users?$skiptoken=x", "/v1.0//evil.example/users"} {
		r := graphtest.NewServer(t, nil)
		r.Config.Handler = graphtest.Answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+path+`"}`)
		_, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
		require.ErrorIs(t, err, sending.ErrForeignLink, path)
	}
}

func TestExpiredPageTokensAreTold(t *testing.T) {
	for _, code := range []string{failure.CodeExpiredPageToken, failure.CodePageTokenNotFound} {
		r := graphtest.NewServer(t, graphtest.Refusal(400, code))
		_, err := newTestClient(t, r).ListUsers(context.Background(), "/users?$skiptoken=x", UserOptions{})
		require.True(t, failure.IsExpiredPageToken(err))
	}
}

func TestIdsCannotChangeThePath(t *testing.T) {
	require.Equal(t, "/groups/a%2F..%2Fb%3Fc/members?$select=id&$top=999", GroupMembersRef("a/../b?c", sending.MaxPageSize))
}

func TestAnExpansionThatMayBeFullIsNeverTakenForWhole(t *testing.T) {
	rows := func(n int) Expanded { return make([]Reference, n) }
	require.True(t, rows(ExpandLimit).MaybeCut(50), "the documented limit")
	require.True(t, rows(7).MaybeCut(7), "a limit that nobody has written down")
	require.False(t, rows(6).MaybeCut(7), "it is below what the listing has shown, so it was not cut")
	require.False(t, rows(1).MaybeCut(1))
	require.False(t, rows(0).MaybeCut(0))
	require.True(t, Expanded(nil).MaybeCut(7), "a relation that is not there was not expanded")
	var decoded struct {
		There  Expanded `json:"there"`
		Absent Expanded `json:"absent"`
	}
	require.NoError(t, jsonv2.Unmarshal([]byte(`{"there":[]}`), &decoded))
	require.False(t, decoded.There.MaybeCut(0))
	require.True(t, decoded.Absent.MaybeCut(0))
}

func TestACircleOfPagesEndsAWalkWithinOneCall(t *testing.T) {
	r := graphtest.NewServer(t, nil)
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		next := "a"
		if req.URL.RawQuery == "page=a" {
			next = "b"
		}
		graphtest.Answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+`/v1.0/users?page=`+next+`"}`)(w, req)
	})
	_, err := sending.All[Reference](context.Background(), newTestClient(t, r).Sender, sending.Query{Path: "/users"})
	require.ErrorIs(t, err, sending.ErrRepeatedLink)
}
