package graph

import (
	"context"
	"net/http"
	"strings"
	"testing"

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
			r := newRecorder(t, nil)
			host := r.Listener.Addr().String()
			r.Config.Handler = answer(200, `{"value":[{"id":"1"}],"@odata.nextLink":"`+strings.ReplaceAll(link, "%HOST%", host)+`"}`)
			page, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
			require.ErrorIs(t, err, ErrForeignLink)
			require.Nil(t, page)
			require.NotContains(t, err.Error(), secretToken)
		})
	}
}

func TestAPageTokenCannotSteerARequestElsewhere(t *testing.T) {
	r := newRecorder(t, answer(200, emptyPage))
	c := newTestClient(t, r)
	for _, ref := range []string{"https://evil.example/users", "//evil.example/users", "users", "/../beta/users", "@evil.example/users", "/users/../../beta"} {
		_, err := c.ListUsers(context.Background(), ref, UserOptions{})
		require.ErrorIs(t, err, ErrForeignLink, ref)
	}
	require.Zero(t, r.count())
}

func TestPagesFollowTheirLinkWordForWord(t *testing.T) {
	const link = "/users?$select=id&$skiptoken=RFNwdAIA%2B%2F%3D"
	r := newRecorder(t, nil)
	r.Config.Handler = answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+"/v1.0"+link+`"}`)
	c := newTestClient(t, r)
	page, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	require.Equal(t, link, page.Next, "an empty page can have a next one")
}

func TestALinkToItselfEndsTheListingWithAnError(t *testing.T) {
	const link = "/users?$skiptoken=x"
	r := newRecorder(t, nil)
	r.Config.Handler = answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+"/v1.0"+link+`"}`)
	_, err := newTestClient(t, r).ListUsers(context.Background(), link, UserOptions{})
	require.ErrorIs(t, err, ErrRepeatedLink)
}

func TestExpiredPageTokensAreTold(t *testing.T) {
	for _, code := range []string{CodeExpiredPageToken, CodePageTokenNotFound} {
		r := newRecorder(t, graphError(400, code))
		_, err := newTestClient(t, r).ListUsers(context.Background(), "/users?$skiptoken=x", UserOptions{})
		require.True(t, IsExpiredPageToken(err))
	}
}

func TestIdsCannotChangeThePath(t *testing.T) {
	require.Equal(t, "/groups/a%2F..%2Fb%3Fc/members?$select=id&$top=999", GroupMembersRef("a/../b?c", MaxPageSize))
}

func TestAFullExpansionIsNeverTakenForWhole(t *testing.T) {
	require.True(t, Expanded(make([]Reference, ExpandLimit)).MaybeCut())
	require.False(t, Expanded(make([]Reference, ExpandLimit-1)).MaybeCut())
}

func TestACircleOfPagesEndsAWalkWithinOneCall(t *testing.T) {
	r := newRecorder(t, nil)
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		next := "a"
		if req.URL.RawQuery == "page=a" {
			next = "b"
		}
		answer(200, `{"value":[],"@odata.nextLink":"`+r.URL+`/v1.0/users?page=`+next+`"}`)(w, req)
	})
	_, err := all[Reference](context.Background(), newTestClient(t, r), query{path: "/users"})
	require.ErrorIs(t, err, ErrRepeatedLink)
}
