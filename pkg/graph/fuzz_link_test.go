package graph

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
			requireSentence(t, err.Error())
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

// FuzzEndpoint is about settings that name the hosts to which secrets go.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{
		"https://127.0.0.1:8443", "https://Graph.Example/", "http://x", "https://a@b", "https://x/v1.0", "https://x?y", "https://x#",
		"x", "https://", "https://[::1%25eth0]:1", "https://a\\b", " https://x:/ ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		cloud, err := clouds[0].WithOverrides(value, value)
		if err != nil {
			requireSentence(t, err.Error())
			return
		}
		if strings.TrimSpace(value) == "" {
			require.Equal(t, clouds[0], cloud)
			return
		}
		u, err := url.Parse(cloud.GraphEndpoint)
		require.NoError(t, err)
		require.Equal(t, "https", u.Scheme)
		require.NotEmpty(t, u.Hostname())
		require.Nil(t, u.User)
		require.Empty(t, u.Path+u.RawQuery+u.Fragment)
		again, err := clouds[0].WithOverrides(cloud.AuthorityHost, cloud.GraphEndpoint)
		require.NoError(t, err)
		require.Equal(t, cloud, again)
	})
}

// FuzzRetryAfter is about waits that never end, or end before they begin.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "10", "0.5", "-1", "NaN", "Inf", "1e300", "Wed, 21 Oct 2037 07:28:00 GMT", "Wed, 21 Oct 9999 07:28:00 GMT", "0x1p-2"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait := parseRetryAfter(value, now)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		delay, again := DefaultRetryPolicy().delay(1, wait)
		require.LessOrEqual(t, delay, 2*DefaultRetryPolicy().MaxDelay)
		require.Equal(t, wait <= DefaultRetryPolicy().MaxDelay, again)
	})
}

// FuzzClaims is about tokens that are not what they look like.
func FuzzClaims(f *testing.F) {
	f.Add("eyJh.eyJyb2xlcyI6WyJVc2VyLlJlYWQuQWxsIl19.x", `{"tid":"t","roles":["User.Read.All"],"iat":1e300}`)
	f.Add("a.b.c", `{"scp":"a b","iat":-1}`)
	f.Add("..", `null`)
	f.Fuzz(func(t *testing.T, token, payload string) {
		for _, text := range []string{token, "h." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".s"} {
			claims, err := parseClaims(text)
			if err != nil {
				require.ErrorIs(t, err, ErrOpaqueToken)
				require.NotContains(t, strings.TrimPrefix(err.Error(), ErrOpaqueToken.Error()), "eyJ", "an error quotes a token")
				continue
			}
			require.Equal(t, len(claims.Scopes) == 0, claims.AppOnly())
		}
	})
}

// FuzzCertificate is about files that are no certificates. PFX files are left
// to the libraries: how long one takes is up to its maker.
func FuzzCertificate(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Add([]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"))
	f.Add([]byte("LS0tLS1CRUdJTiA="))
	f.Add([]byte(" \n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		const marker = "s3cret-password"
		chain, key, err := parseCertificate(DecodeUpload(content), marker)
		if err != nil {
			requireSentence(t, err.Error())
			require.NotContains(t, err.Error(), marker)
			return
		}
		require.NotEmpty(t, chain)
		require.NotNil(t, key)
	})
}
