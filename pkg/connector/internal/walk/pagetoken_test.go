package walk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

func TestPageTokensOfOtherBuildsAreRefused(t *testing.T) {
	for _, token := range []string{"garbage", "{}", `{"v":99}`, `[]`, "https://graph.microsoft.com/v1.0/users?$skiptoken=x"} {
		_, err := DecodeCursor(token)
		require.Equal(t, codes.InvalidArgument, status.Code(err), token)
		_, err = DecodeTask(token, DoPlan)
		require.Equal(t, codes.InvalidArgument, status.Code(err), token)
	}
}

// The version of tokens is the same as that of 2026-11-25, whose trail was a
// list. A sync that is under way goes on with the new build.
func TestPageTokenOfTheSameVersionWouldBeRefused(t *testing.T) {
	c, err := DecodeCursor(`{"v":1,"n":"/users?$skiptoken=x","p":2,"l":[1,2],"m":3}`)
	require.NoError(t, err)
	require.Equal(t, Cursor{Version: 1, Next: "/users?$skiptoken=x", Page: 2}, c)
	task, err := DecodeTask(`{"v":1,"w":[{"i":"a","n":"/groups/a/owners?$skiptoken=x","l":[1],"m":1}]}`, DoPlan)
	require.NoError(t, err)
	require.Equal(t, "/groups/a/owners?$skiptoken=x", task.Work[0].Next)
}

func TestDamagedPageTokenWouldRunOutOfItsRows(t *testing.T) {
	for _, token := range []string{
		`{"v":1,"o":-1}`, `{"v":1,"p":9223372036854775807}`, `{"v":1,"a":{"v":1,"o":-1}}`, `{"v":1,"t":{"o":-1}}`, `{"v":1,"w":[{"r":-1}]}`,
		`{"v":1,"s":[{"g":[]}]}`, `{"v":1,"s":[{"g":[{"i":"a"},{"i":"b"}],"a":true}]}`, `{"v":1,"s":[{"g":[{"i":"a"}],"b":2}]}`,
	} {
		_, err := DecodeTask(token, DoPlan)
		require.Equal(t, codes.InvalidArgument, status.Code(err), token)
	}
	_, err := DecodeCursor(`{"v":1,"o":-1}`)
	require.ErrorContains(t, err, "damaged")
}

func TestAnExpiredPageTokenBeginsTheListingAgainAFewTimes(t *testing.T) {
	expired := func(context.Context, string) (*sending.Page[graph.User], error) {
		return nil, &failure.Error{StatusCode: 400, Code: failure.CodeExpiredPageToken}
	}
	c := Cursor{Version: TokenVersion, Next: "/users?$skiptoken=x", Page: 4}
	for restart := 1; restart <= MaxRestarts; restart++ {
		page, err := ReadPage(context.Background(), c, expired)
		require.NoError(t, err)
		require.True(t, page.Restarted)
		require.Empty(t, page.Rows)
		c = *page.Next
		require.Equal(t, Cursor{Version: TokenVersion, Restarts: restart}, c)
		c.Next = "/users?$skiptoken=y"
	}
	_, err := ReadPage(context.Background(), c, expired)
	require.True(t, failure.IsExpiredPageToken(err), "in the end it is an error, not a short listing")
}

func TestALoopOfLinksIsAnErrorNotAnEndlessSync(t *testing.T) {
	links := map[string]string{"": "/users?page=a", "/users?page=a": "/users?page=b", "/users?page=b": "/users?page=a"}
	read := func(_ context.Context, next string) (*sending.Page[graph.User], error) {
		return &sending.Page[graph.User]{Next: links[next]}, nil
	}
	token := ""
	for range 10 {
		c, err := DecodeCursor(token)
		require.NoError(t, err)
		page, err := ReadPage(context.Background(), c, read)
		if err != nil {
			require.ErrorContains(t, err, "circle")
			return
		}
		token, err = EncodeToken(page.Next)
		require.NoError(t, err)
	}
	t.Fatal("the loop was not noticed")
}

// One far wider than what is remembered of the latest links.
func TestAWideLoopOfLinksIsAnErrorNotAnEndlessSync(t *testing.T) {
	for _, wide := range []int{maxRecentLinks + 1, 20, 333} {
		for _, before := range []int{0, 1, 50, 700} {
			c := Cursor{Version: TokenVersion}
			n := 0
			for at := 0; ; n++ {
				require.Less(t, n, 3*max(wide, before)+wide, "%d links in a circle after %d others", wide, before)
				if err := c.Advance(1, fmt.Sprint("/users?page=", at)); err != nil {
					require.ErrorIs(t, err, ErrCircle)
					break
				}
				if at++; at == before+wide {
					at = before
				}
			}
			require.GreaterOrEqual(t, n, before+wide, "no link came twice yet")
		}
	}
}

func TestPageTokensStaySmall(t *testing.T) {
	c := Cursor{Version: TokenVersion}
	for i := range 1000 {
		require.NoError(t, c.Advance(1, "/users?$skiptoken="+strings.Repeat("x", 100)+string(rune('a'+i%26))+strings.Repeat("y", i)))
	}
	require.LessOrEqual(t, len(c.Trail.Recent), maxRecentLinks)
}

// Each page has a link of its own, so that nothing but their emptiness shows
// that the listing gets nowhere.
func TestPagesWithoutRowsForEverAreAnErrorNotAnEndlessSync(t *testing.T) {
	c := Cursor{Version: TokenVersion}
	for i := range maxEmptyPages {
		require.NoError(t, c.Advance(0, fmt.Sprint("/users?page=", i)))
	}
	require.ErrorIs(t, c.Advance(0, "/users?page=last"), errEmptyPages)

	c = Cursor{Version: TokenVersion}
	for i := range 3 * maxEmptyPages {
		require.NoError(t, c.Advance(i%2, fmt.Sprint("/users?page=", i)), "pages without rows are normal now and then")
	}
}
