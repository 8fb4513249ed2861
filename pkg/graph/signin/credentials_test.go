package signin

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	signInTenant = "11111111-2222-3333-4444-555555555555"
	signInClient = "66666666-7777-8888-9999-aaaaaaaaaaaa"
	signInSecret = "Zx8Q~not.a.real.secret_value" //nolint:gosec // Not a real one.
	traceID      = "aaaaaaaa-0000-0000-0000-000000000001"
	correlation  = "aaaaaaaa-0000-0000-0000-000000000002"
)

// authority is a sign-in service on this machine.
type authority struct {
	*httptest.Server
	t        *testing.T
	requests atomic.Int64
	mu       sync.Mutex
	forms    []url.Values
	// answer replaces the token endpoint's usual answer.
	answer func(w http.ResponseWriter, form url.Values)
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.Server = httptest.NewUnstartedServer(http.HandlerFunc(a.serve))
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.StartTLS()
	t.Cleanup(a.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.requests.Add(1)
	w.Header().Set("Content-Type", "application/json")
	root := a.URL + "/" + signInTenant
	switch r.Method + " " + r.URL.Path {
	case "GET /" + signInTenant + "/v2.0/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer":                 root + "/v2.0",
			"authorization_endpoint": root + "/oauth2/v2.0/authorize",
			"token_endpoint":         root + "/oauth2/v2.0/token",
		})
	case "POST /" + signInTenant + "/oauth2/v2.0/devicecode":
		_ = json.NewEncoder(w).Encode(map[string]any{
			"device_code": "device", "user_code": "ABCD", "verification_uri": "https://example.com/device",
			"message": "Enter the code ABCD.", "expires_in": 60, "interval": 1,
		})
	case "POST /" + signInTenant + "/oauth2/v2.0/token":
		if err := r.ParseForm(); err != nil {
			a.t.Errorf("token request: %v", err)
		}
		a.mu.Lock()
		a.forms = append(a.forms, r.PostForm)
		a.mu.Unlock()
		if a.answer != nil {
			a.answer(w, r.PostForm)
			return
		}
		grantToken(w)
	default:
		a.t.Errorf("unexpected request %s %s", r.Method, r.URL.Path)
		http.NotFound(w, r)
	}
}

func grantToken(w io.Writer) {
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "the-token", "token_type": "Bearer", "expires_in": 3600})
}

// refuse answers as the sign-in service does, and quotes the secret as a hostile
// or careless one might.
func refuse(status, code int, oauthError string) func(http.ResponseWriter, url.Values) {
	return func(w http.ResponseWriter, form url.Values) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"error":             oauthError,
			"error_description": fmt.Sprintf("AADSTS%d: body-text-marker %s", code, form.Get("client_secret")),
			"error_codes":       []int{code}, "trace_id": traceID, "correlation_id": correlation,
		})
	}
}

func (a *authority) options(t *testing.T) Options {
	t.Helper()
	public, err := CloudByName("public")
	require.NoError(t, err)
	private, err := public.WithOverrides(a.URL, "")
	require.NoError(t, err)
	return Options{Cloud: private, TenantID: signInTenant, HTTPClient: a.Client()}
}

func (a *authority) lastForm(t *testing.T) url.Values {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.NotEmpty(t, a.forms)
	return a.forms[len(a.forms)-1]
}

var graphScope = policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}}

func requireToken(t *testing.T, credential azcore.TokenCredential) {
	t.Helper()
	token, err := credential.GetToken(t.Context(), graphScope)
	require.NoError(t, err)
	assert.Equal(t, "the-token", token.Token)
	assert.WithinDuration(t, time.Now().Add(time.Hour), token.ExpiresOn, time.Minute)
}

func requireAuthorityError(t *testing.T, credential azcore.TokenCredential) *AuthorityError {
	t.Helper()
	_, err := credential.GetToken(t.Context(), graphScope)
	var failed *AuthorityError
	require.ErrorAs(t, err, &failed)
	for _, leak := range []string{signInSecret, "body-text-marker", "\n", "{"} {
		assert.NotContains(t, err.Error(), leak)
	}
	return failed
}

func TestClientSecret(t *testing.T) {
	a := newAuthority(t)
	credential, err := NewClientSecretCredential(a.options(t), " "+signInClient+"\n", signInSecret+"\n")
	require.NoError(t, err)
	assert.Zero(t, a.requests.Load(), "a constructor makes no request")

	requireToken(t, credential)
	form := a.lastForm(t)
	assert.Equal(t, signInSecret, form.Get("client_secret"))
	assert.Equal(t, signInClient, form.Get("client_id"))
	assert.Equal(t, "client_credentials", form.Get("grant_type"))
	assert.Equal(t, []string{"https://graph.microsoft.com/.default"}, strings.Fields(form.Get("scope"))[:1])

	before := a.requests.Load()
	requireToken(t, credential)
	assert.Equal(t, before, a.requests.Load(), "the second token comes from memory")
}

func TestClientSecretRefused(t *testing.T) {
	a := newAuthority(t)
	a.answer = refuse(http.StatusUnauthorized, 7000215, "invalid_client")
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	failed := requireAuthorityError(t, credential)
	assert.Equal(t, 7000215, failed.Code)
	assert.Equal(t, http.StatusUnauthorized, failed.StatusCode)
	assert.Equal(t, traceID, failed.TraceID)
	assert.Equal(t, correlation, failed.CorrelationID)
	assert.Equal(t, signInTenant, failed.TenantID)
	assert.Equal(t, signInClient, failed.ClientID)
	assert.False(t, failed.Temporary())
	assert.Equal(t, "signing in to tenant "+signInTenant+" with client secret failed: the client secret is wrong (AADSTS7000215); "+
		"paste the secret's Value from the app registration, not its Secret ID [trace ID "+traceID+"] [correlation ID "+correlation+"]", failed.Error())
	assert.EqualValues(t, 2, a.requests.Load(), "discovery and one attempt")
}

func TestSecretIDInsteadOfValue(t *testing.T) {
	a := newAuthority(t)
	a.answer = refuse(http.StatusUnauthorized, 7000215, "invalid_client")
	const secretID = "bbbbbbbb-1111-2222-3333-cccccccccccc"
	credential, err := NewClientSecretCredential(a.options(t), signInClient, secretID)
	require.NoError(t, err)
	failed := requireAuthorityError(t, credential)
	assert.ErrorContains(t, failed, "looks like a secret's ID")
	assert.NotContains(t, failed.Error(), secretID)

	assert.True(t, LooksLikeSecretID(" "+strings.ToUpper(secretID)+"\n"))
	assert.False(t, LooksLikeSecretID(signInSecret))
	assert.False(t, LooksLikeSecretID(""))
}

func TestUnknownTenant(t *testing.T) {
	a := newAuthority(t)
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(http.StatusBadRequest, 90002, "invalid_tenant")(w, nil)
	})
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	assert.Equal(t, 90002, requireAuthorityError(t, credential).Code)
}

// The files hold the same throwaway certificate; their password is "testing".
// makeCertificate returns a certificate and its key, each as PEM.
// A host that accepts connections and says nothing must not hold up a start.
// A redirect would carry the secret to wherever it points.
func TestConstructorsRefuse(t *testing.T) {
	a := newAuthority(t)
	_, err := NewClientSecretCredential(a.options(t), signInClient, " \n")
	require.ErrorContains(t, err, "the client secret is empty")
	_, err = NewClientSecretCredential(Options{Cloud: clouds[0], TenantID: signInTenant}, signInClient, signInSecret)
	require.ErrorContains(t, err, "HTTP client")
	_, err = NewClientSecretCredential(Options{HTTPClient: a.Client()}, signInClient, signInSecret)
	require.ErrorContains(t, err, "a cloud is required")
	options := a.options(t)
	options.TenantID = "no such/tenant"
	_, err = NewClientSecretCredential(options, signInClient, signInSecret)
	require.ErrorContains(t, err, "tenantID")
	assert.NotContains(t, err.Error(), signInSecret)
	assert.Zero(t, a.requests.Load())
}
