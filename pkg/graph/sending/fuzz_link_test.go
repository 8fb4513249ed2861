package sending

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

// FuzzLink is about links and page tokens that carry a token to another host, or
// lead to another page than they say.
func FuzzLink(f *testing.F) {
	const root = "https://graph.microsoft.com/v1.0"
	for _, seed := range []string{
		root + "/users?$skiptoken=RFNwdAIA%2B%2F%3D", root + "/groups/delta?$deltatoken=a b", root + "/users/a%2F..%2Fb/x?y#z",
		"https://graph.microsoft.com/v1%2E0/users", "https://graph.microsoft.com/v1.0//evil.example/x", root + "/%2e%2e/beta/users", root + "/..;/x",
		"https://graph.microsoft.com@evil.example/v1.0/users", "https://evil.example\\@graph.microsoft.com/v1.0/users", "HTTPS://GRAPH.microsoft.com/v1.0/users",
		"https://graph.microsoft.com:443/v1.0/users", "https://graph.microsoft.com./v1.0/users", "//evil.example/v1.0", "/users", "/users?$skiptoken=x", "/../beta",
		"/users\r\nHost: evil.example", "/\\evil.example", "/users?\x00", "https:graph.microsoft.com/v1.0/x", "https://[::1]/v1.0/users", root + "/", root,
	} {
		f.Add(seed)
	}
	c := offline(f)
	atHome := func(t *testing.T, ref string) *url.URL {
		t.Helper()
		u, err := c.urlFor(ref)
		if err != nil {
			require.ErrorIs(t, err, ErrForeignLink)
			return nil
		}
		// What is sent is what another parser reads from the finished URL.
		sent, err := url.Parse(u.String())
		require.NoError(t, err)
		require.Equal(t, "https", sent.Scheme)
		require.Equal(t, "graph.microsoft.com", sent.Host)
		require.Nil(t, sent.User)
		require.True(t, strings.HasPrefix(sent.EscapedPath(), "/v1.0/"), sent.EscapedPath())
		for segment := range strings.SplitSeq(sent.Path, "/") {
			require.NotEqual(t, "..", segment)
		}
		require.NotContains(t, sent.RequestURI(), "\n")
		return u
	}
	f.Fuzz(func(t *testing.T, link string) {
		atHome(t, link)
		ref, err := c.relative(link)
		if err != nil {
			require.ErrorIs(t, err, ErrForeignLink)
			graphtest.RequireSentence(t, err.Error())
			return
		}
		u := atHome(t, ref)
		require.NotNil(t, u, "a link that was accepted is refused when it is followed: %q", ref)
		given, err := url.Parse(link)
		require.NoError(t, err)
		require.Equal(t, given.EscapedPath(), u.EscapedPath(), "the link leads to another page")
		require.Equal(t, given.RawQuery, u.RawQuery, "the link leads to another page")
	})
}
