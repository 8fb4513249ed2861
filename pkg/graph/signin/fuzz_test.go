package signin

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

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
			graphtest.RequireSentence(t, err.Error())
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
			graphtest.RequireSentence(t, err.Error())
			require.NotContains(t, err.Error(), marker)
			return
		}
		require.NotEmpty(t, chain)
		require.NotNil(t, key)
	})
}

// FuzzRefusal is about refusals that put words into errors and logs.
func FuzzRefusal(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"Request_ResourceNotFound","message":"Resource x"}}`), 404)
	f.Add([]byte(`{"error":"invalid_client","error_description":"AADSTS7000215: \u001b[2J","trace_id":"x\u202e"}`), 401)
	f.Add([]byte(`<html>`), 502)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		var broken *AuthorityError
		s := signIn{tenant: "t", client: "c"}
		explained := s.explain(errors.New("x"), &exchange{refusal: parseRefusal(status, body), host: "login.example"})
		require.ErrorAs(t, explained, &broken)
		graphtest.RequireSentence(t, explained.Error())
	})
}
