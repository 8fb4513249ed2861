package signin

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

func TestBusyAuthorityIsAskedAgainButNotForLong(t *testing.T) {
	a := newAuthority(t)
	var asked atomic.Int64
	a.answer = func(w http.ResponseWriter, form url.Values) {
		asked.Add(1)
		refuse(http.StatusServiceUnavailable, 90033, "temporarily_unavailable")(w, form)
	}
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	failed := requireAuthorityError(t, credential)
	assert.True(t, failed.Temporary())
	assert.ErrorContains(t, failed, "busy")
	assert.EqualValues(t, 3, asked.Load())

	a.answer = func(w http.ResponseWriter, form url.Values) {
		w.Header().Set("Retry-After", "60")
		refuse(http.StatusTooManyRequests, 90055, "temporarily_unavailable")(w, form)
	}
	start := time.Now()
	assert.True(t, requireAuthorityError(t, credential).Temporary())
	assert.Less(t, time.Since(start), 5*time.Second, "a long Retry-After is the caller's to wait for")
}

func TestAnswersThatAreNoSignInService(t *testing.T) {
	a := newAuthority(t)
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	page := func(status int) func(http.ResponseWriter, url.Values) {
		return func(w http.ResponseWriter, _ url.Values) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>body-text-marker</html>")
		}
	}
	a.answer = page(http.StatusForbidden)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "HTTP status 403 and no reason; check --authority-host")
	a.answer = page(http.StatusOK)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "could not be used")
}

func TestUntrustedAuthority(t *testing.T) {
	a := newAuthority(t)
	options := a.options(t)
	plain, err := network.NewHTTPClient(nil)
	require.NoError(t, err)
	options.HTTPClient = plain
	credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
	require.NoError(t, err)
	start := time.Now()
	failed := requireAuthorityError(t, credential)
	assert.Less(t, time.Since(start), 2*time.Second, "a certificate does not become trusted by trying again")
	host := strings.TrimPrefix(a.URL, "https://")
	assert.ErrorContains(t, failed, "the certificate of "+host+" is not trusted")
	assert.ErrorContains(t, failed, "--ca-certificate")
	var unknown x509.UnknownAuthorityError
	assert.ErrorAs(t, failed, &unknown, "the cause is kept")
	assert.False(t, failed.Temporary())
	assert.Zero(t, a.requests.Load())

	trusting, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
	require.NoError(t, err)
	options.HTTPClient = trusting
	credential, err = NewClientSecretCredential(options, signInClient, signInSecret)
	require.NoError(t, err)
	requireToken(t, credential)
}

func TestDeadAuthority(t *testing.T) {
	a := newAuthority(t)
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	a.Close()
	failed := requireAuthorityError(t, credential)
	assert.ErrorContains(t, failed, "refused the connection")
	assert.True(t, failed.Temporary())
}

func TestSilentAuthority(t *testing.T) {
	a := newAuthority(t)
	release := make(chan struct{})
	a.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	credential, err := NewClientSecretCredential(a.options(t), signInClient, signInSecret)
	require.NoError(t, err)
	wrapped, ok := credential.(*explained)
	require.True(t, ok)
	assert.Equal(t, 15*time.Second, wrapped.limit)
	wrapped.limit = 100 * time.Millisecond
	failed := requireAuthorityError(t, credential)
	assert.ErrorContains(t, failed, "did not answer in time")
	assert.True(t, failed.Temporary())
}

func TestRedirectIsNotFollowed(t *testing.T) {
	a := newAuthority(t)
	a.answer = func(w http.ResponseWriter, _ url.Values) {
		w.Header().Set("Location", a.URL+"/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
	options := a.options(t)
	client, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
	require.NoError(t, err)
	options.HTTPClient = client
	credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
	require.NoError(t, err)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "redirect")
}
