package signin

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCloudByName(t *testing.T) {
	for name, want := range map[string]Cloud{
		"":          {"public", "https://login.microsoftonline.com", "https://graph.microsoft.com", "https://outlook.office365.com", "https://entra.microsoft.com"},
		"public":    {"public", "https://login.microsoftonline.com", "https://graph.microsoft.com", "https://outlook.office365.com", "https://entra.microsoft.com"},
		"usgov":     {"usgov", "https://login.microsoftonline.us", "https://graph.microsoft.us", "https://outlook.office365.us", "https://entra.microsoft.us"},
		"usgov-dod": {"usgov-dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://outlook-dod.office365.us", "https://entra.microsoft.us"},
		"china":     {"china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn", "https://outlook.office365.cn", "https://entra.microsoftonline.cn"},
	} {
		got, err := CloudByName(name)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, want.GraphEndpoint+"/.default", got.Scope())
		assert.Equal(t, want.ExchangeEndpoint+"/.default", got.ExchangeScope())
		assert.False(t, got.hasPrivateAuthority(), name)
	}
	_, err := CloudByName("germany")
	require.ErrorContains(t, err, `"germany" is unknown; it must be one of public, usgov, usgov-dod, china`)
}

// Every part of a cloud must be usable as the root of a longer URL.
func TestCloudsAreRoots(t *testing.T) {
	for _, c := range clouds {
		for _, root := range []string{c.AuthorityHost, c.GraphEndpoint, c.ExchangeEndpoint, c.PortalURL} {
			got, err := rootURL(root)
			require.NoError(t, err)
			assert.Equal(t, root, got)
		}
	}
}

func TestWithOverrides(t *testing.T) {
	public, err := CloudByName("public")
	require.NoError(t, err)

	same, err := public.WithOverrides("", " ")
	require.NoError(t, err)
	assert.Equal(t, public, same)

	padded := "\thttps://login.example.com "
	for value, want := range map[string]string{
		"https://login.example.com":        "https://login.example.com",
		"https://Login.Example.com/":       "https://login.example.com",
		"HTTPS://127.0.0.1:8443":           "https://127.0.0.1:8443",
		"https://[::1]:8443/":              "https://[::1]:8443",
		padded:                             "https://login.example.com",
		"https://login.example.com:":       "https://login.example.com",
		"https://login.example.com:443/":   "https://login.example.com:443",
		"https://login.microsoftonline.us": "https://login.microsoftonline.us",
	} {
		got, err := public.WithOverrides(value, value)
		require.NoError(t, err, value)
		assert.Equal(t, want, got.AuthorityHost)
		assert.Equal(t, want, got.GraphEndpoint)
		assert.Equal(t, want+"/.default", got.Scope())
		assert.Equal(t, public.PortalURL, got.PortalURL)
		assert.Equal(t, !strings.HasSuffix(want, "microsoftonline.us"), got.hasPrivateAuthority())
	}
	assert.Equal(t, "https://login.microsoftonline.com", public.AuthorityHost, "the receiver is not changed")
}

// A token for Microsoft's Exchange must not go to a host of one's own, and what is meant
// for such a host must not reach Microsoft's.
func TestExchangeIsWhereGraphIs(t *testing.T) {
	public, err := CloudByName("public")
	require.NoError(t, err)
	for endpoint, want := range map[string][2]string{
		"":                           {"https://outlook.office365.com", "https://outlook.office365.com/.default"},
		"https://graph.microsoft.us": {"https://outlook.office365.us", "https://outlook.office365.us/.default"},
		"https://127.0.0.1:8443/":    {"https://127.0.0.1:8443", "https://127.0.0.1:8443/adminapi/.default"},
	} {
		got, err := public.WithOverrides("", endpoint)
		require.NoError(t, err)
		require.Equal(t, want, [2]string{got.ExchangeEndpoint, got.ExchangeScope()})
	}
}

func TestWithOverridesRefuses(t *testing.T) {
	public, err := CloudByName("public")
	require.NoError(t, err)
	for value, why := range map[string]string{
		"http://login.example.com":                "https://",
		"http://localhost:8080":                   "https://",
		"http://127.0.0.1":                        "https://",
		"login.example.com":                       "https:// is missing",
		"login.example.com:8443":                  "https://",
		"https://":                                "no host",
		"https:login.example.com":                 "no host",
		"https://:8443":                           "no host",
		"https://login.example.com/v1.0":          "a path",
		"https://login.example.com//":             "a path",
		"https://login.example.com/?":             "a query",
		"https://login.example.com?x=1":           "a query",
		"https://login.example.com/#top":          "a fragment",
		"https://login.example.com/#":             "a fragment",
		"https://me:hunter2secret@example.com":    "a user name",
		"https://login.example.com:hunter2secret": "not a URL",
		"ftp://login.example.com":                 "https://",
	} {
		_, err := public.WithOverrides(value, "")
		require.ErrorContains(t, err, "the authority host must be an https URL", value)
		require.ErrorContains(t, err, why, value)
		assert.NotContains(t, err.Error(), "hunter2secret")

		_, err = public.WithOverrides("", value)
		require.ErrorContains(t, err, "the Graph endpoint must be an https URL", value)
	}
}

func FuzzRootURL(f *testing.F) {
	for _, seed := range []string{"https://a", "https://a/", "https://a:1", "https://u@a", "//a", "https://a/b?c#d", "https://[::1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		root, err := rootURL(value)
		if err != nil {
			return
		}
		u, err := url.Parse(root)
		if err != nil {
			t.Fatalf("%q became %q, which is no URL: %v", value, root, err)
		}
		if u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("%q became %q", value, root)
		}
		if again, err := rootURL(root); err != nil || again != root {
			t.Fatalf("%q became %q, then %q (%v)", value, root, again, err)
		}
	})
}
