package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

func TestDeviceCode(t *testing.T) {
	a := newAuthority(t)
	var polls atomic.Int64
	a.answer = func(w http.ResponseWriter, form url.Values) {
		if polls.Add(1) == 1 {
			refuse(http.StatusBadRequest, 70016, "authorization_pending")(w, form)
			return
		}
		identity := base64.RawURLEncoding.EncodeToString([]byte(`{"oid":"o","tid":"` + signInTenant + `","sub":"s","preferred_username":"u"}`))
		info := base64.RawURLEncoding.EncodeToString([]byte(`{"uid":"o","utid":"` + signInTenant + `"}`))
		_ = json.NewEncoder(w).Encode(map[string]any{
			"access_token": "the-token", "token_type": "Bearer", "expires_in": 3600, "scope": "https://graph.microsoft.com/.default",
			"id_token": "e30." + identity + ".x", "client_info": info, "refresh_token": "r",
		})
	}
	var shown string
	prompt := func(_ context.Context, message string) error { shown = message; return nil }
	credential, err := NewDeviceCodeCredential(a.options(t), signInClient, prompt)
	require.NoError(t, err)
	assert.Zero(t, a.requests.Load())
	requireToken(t, credential)
	assert.Equal(t, "Enter the code ABCD.", shown)

	// MSAL reads the answer's body away here; the code must survive that.
	a.answer = refuse(http.StatusBadRequest, 0, "authorization_declined")
	credential, err = NewDeviceCodeCredential(a.options(t), signInClient, prompt)
	require.NoError(t, err)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "the sign-in was declined")
	a.answer = refuse(http.StatusUnauthorized, 7000218, "invalid_client")
	assert.Equal(t, 7000218, requireAuthorityError(t, credential).Code)

	_, err = NewDeviceCodeCredential(a.options(t), "", prompt)
	require.ErrorContains(t, err, "client id")
}

type tokenSourceFunc func() (*oauth2.Token, error)

func (f tokenSourceFunc) Token() (*oauth2.Token, error) { return f() }

func TestTokenSource(t *testing.T) {
	a := newAuthority(t)
	var asked int
	fetch := func() (*oauth2.Token, error) {
		asked++
		resp, err := a.Client().PostForm(a.URL+"/"+signInTenant+"/oauth2/v2.0/token", url.Values{"client_secret": {signInSecret}}) //nolint:noctx // A token source has no context.
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode != http.StatusOK {
			return nil, &oauth2.RetrieveError{Response: resp, Body: body}
		}
		return &oauth2.Token{AccessToken: "the-token", Expiry: time.Now().Add(time.Hour)}, nil
	}
	credential, err := NewTokenSourceCredential(a.options(t), tokenSourceFunc(fetch))
	require.NoError(t, err)
	assert.Zero(t, asked)
	requireToken(t, credential)
	requireToken(t, credential)
	assert.Equal(t, 1, asked, "the token is kept")
	_, err = credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: graphScope.Scopes, Claims: "{}"})
	require.NoError(t, err)
	assert.Equal(t, 3, asked, "claims ask for another token, and the source gave the same one")

	a.answer = refuse(http.StatusBadRequest, 65001, "invalid_grant")
	credential, err = NewTokenSourceCredential(a.options(t), tokenSourceFunc(fetch))
	require.NoError(t, err)
	assert.Equal(t, 65001, requireAuthorityError(t, credential).Code)

	for _, empty := range []*oauth2.Token{nil, {}} {
		credential, err = NewTokenSourceCredential(a.options(t), tokenSourceFunc(func() (*oauth2.Token, error) { return empty, nil }))
		require.NoError(t, err)
		assert.ErrorContains(t, requireAuthorityError(t, credential), "the platform gave no access token")
	}

	credential, err = NewTokenSourceCredential(a.options(t), tokenSourceFunc(func() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "t"}, nil }))
	require.NoError(t, err)
	token, err := credential.GetToken(t.Context(), graphScope)
	require.NoError(t, err)
	assert.True(t, token.ExpiresOn.After(time.Now()))

	_, err = NewTokenSourceCredential(a.options(t), nil)
	require.ErrorContains(t, err, "only where the ConductorOne platform hosts the connector")
}

func TestInterruptedSignIn(t *testing.T) {
	a := newAuthority(t)
	credential, err := NewTokenSourceCredential(a.options(t), tokenSourceFunc(func() (*oauth2.Token, error) { select {} }))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = credential.GetToken(ctx, graphScope)
	require.ErrorIs(t, err, context.Canceled)
	var failed *AuthorityError
	assert.False(t, errors.As(err, &failed), "giving up is not the authority's fault")
}
