package signin

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

func TestTokensAndSecretsDoNotTravelOverOldTLS(t *testing.T) {
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			var err error
			a := &authority{t: t}
			a.Server = graphtest.OldServer(t, http.HandlerFunc(a.serve), version)
			options := a.options(t)
			options.HTTPClient, err = network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
			require.NoError(t, err)
			credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
			require.NoError(t, err)
			if works {
				requireToken(t, credential)
				return
			}
			require.Error(t, requireAuthorityError(t, credential))
			require.Zero(t, a.requests.Load(), "the secret was sent")
		})
	}
}

func TestAuthorityCannotSendTheSecretToAnotherHost(t *testing.T) {
	elsewhere := newAuthority(t)
	root := elsewhere.URL + "/" + signInTenant
	documents := map[string]map[string]string{
		"token endpoint": {"token_endpoint": root + "/oauth2/v2.0/token"},
		"all endpoints": {
			"issuer": root + "/v2.0", "authorization_endpoint": root + "/oauth2/v2.0/authorize", "token_endpoint": root + "/oauth2/v2.0/token",
		},
	}
	for name, changes := range documents {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			serve := a.Config.Handler
			a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/openid-configuration") {
					serve.ServeHTTP(w, r)
					return
				}
				home := a.URL + "/" + signInTenant
				document := map[string]string{"issuer": home + "/v2.0", "authorization_endpoint": home + "/oauth2/v2.0/authorize", "token_endpoint": home + "/oauth2/v2.0/token"}
				for field, value := range changes {
					document[field] = value
				}
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(document)
			})
			options := a.options(t)
			var err error
			roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
			roots = append(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: elsewhere.Certificate().Raw})...)
			options.HTTPClient, err = network.NewHTTPClient(roots)
			require.NoError(t, err)
			credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
			require.NoError(t, err)
			_, err = credential.GetToken(t.Context(), graphScope)
			require.ErrorContains(t, err, "check --authority-host")
			require.Zero(t, elsewhere.requests.Load(), "the other host is up and trusted, and was asked")
			graphtest.RequireSentence(t, err.Error())
		})
	}
	elsewhere.requests.Store(0)
	for _, status := range []int{301, 302, 303, 307, 308} {
		a := newAuthority(t)
		a.answer = func(w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Location", root+"/oauth2/v2.0/token")
			w.WriteHeader(status)
		}
		options := a.options(t)
		var err error
		roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
		options.HTTPClient, err = network.NewHTTPClient(append(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: elsewhere.Certificate().Raw})...))
		require.NoError(t, err)
		credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
		require.NoError(t, err)
		require.Error(t, requireAuthorityError(t, credential))
		require.Zero(t, elsewhere.requests.Load(), "%d led to another host", status)
	}
}

func TestMicrosoftsOwnHostsAreNotMistakenForForeignOnes(t *testing.T) {
	for _, c := range clouds {
		pin := newPinPolicy(c)
		for address, ours := range map[string]bool{
			c.AuthorityHost + "/t/oauth2/v2.0/token": true, "https://login.microsoftonline.com/common/discovery/instance": true,
			"https://login.partner.microsoftonline.cn/t": true, "https://westus2.login.microsoft.com/t": true,
			"http://login.microsoftonline.com/t": false, "https://login.microsoftonline.com.evil.example/t": false,
			"https://evil-login.microsoft.com/t": false, "https://login.microsoftonline.com:444/t": false,
		} {
			u, err := url.Parse(address)
			require.NoError(t, err)
			require.Equal(t, ours, pin.owns(u), address)
		}
	}
	private, err := clouds[0].WithOverrides("https://login.example:8443", "")
	require.NoError(t, err)
	u, err := url.Parse("https://login.microsoftonline.com/t")
	require.NoError(t, err)
	require.False(t, newPinPolicy(private).owns(u), "a private cloud's secret is not Microsoft's to see")
}
