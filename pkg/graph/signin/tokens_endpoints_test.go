package signin

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// numberTokens answers each token request with another token.
func (a *authority) numberTokens(w http.ResponseWriter, form url.Values) {
	a.mu.Lock()
	n := len(a.forms)
	a.mu.Unlock()
	grant := map[string]any{"access_token": fmt.Sprintf("token-%d", n), "token_type": "Bearer", "expires_in": 3600}
	if form.Get("grant_type") != "client_credentials" {
		identity := base64.RawURLEncoding.EncodeToString([]byte(`{"oid":"o","tid":"` + signInTenant + `","sub":"s","preferred_username":"u"}`))
		info := base64.RawURLEncoding.EncodeToString([]byte(`{"uid":"o","utid":"` + signInTenant + `"}`))
		grant["scope"], grant["id_token"], grant["client_info"], grant["refresh_token"] = graphScope.Scopes[0], "e30."+identity+".x", info, "r"
	}
	_ = json.NewEncoder(w).Encode(grant)
}

// managedIdentityOf is a managed identity at App Service's endpoint, the one that
// environment variables can move.
func managedIdentityOf(t *testing.T, _ *authority) (azcore.TokenCredential, error) {
	var issued atomic.Int64
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_on":"%d","resource":"r"}`, issued.Add(1), time.Now().Add(time.Hour).Unix())
	}))
	t.Cleanup(endpoint.Close)
	t.Setenv("IDENTITY_ENDPOINT", endpoint.URL)
	t.Setenv("IDENTITY_HEADER", "header")
	public, err := CloudByName("")
	require.NoError(t, err)
	return NewManagedIdentityCredential(Options{Cloud: public, HTTPClient: endpoint.Client()}, "99999999-7777-7777-7777-777777777777")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A virtual machine's endpoint keeps tokens for up to a day, so that MSAL's own
// cache is not the one that has to be bypassed.
func TestVirtualMachineIsAskedForATokenOutsideItsCache(t *testing.T) {
	for _, name := range []string{"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT"} {
		t.Setenv(name, "")
	}
	var asked []url.Values
	machine := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Query())
		w := httptest.NewRecorder()
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":"3600","resource":"r"}`, len(asked))
		return w.Result(), nil
	})}
	public, err := CloudByName("")
	require.NoError(t, err)
	credential, err := NewManagedIdentityCredential(Options{Cloud: public, HTTPClient: machine}, "aaaaaaaa-7777-7777-7777-777777777777")
	require.NoError(t, err)
	kept := NewTokens(credential, graphScope.Scopes[0])
	token, err := kept.Get(t.Context())
	require.NoError(t, err)
	require.True(t, kept.Refuse(token, ""))
	_, err = kept.Get(t.Context())
	require.NoError(t, err)
	require.Len(t, asked, 2)
	assert.Empty(t, asked[0].Get(bypassCache))
	assert.Equal(t, "true", asked[1].Get(bypassCache))
}
