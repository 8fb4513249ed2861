package graph

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
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

const wantedClaims = `{"access_token":{"nbf":{"essential":true,"value":"1767225600"}}}`

// numbered is a credential that keeps its token until claims come with the
// question for one.
type numbered struct {
	mu      sync.Mutex
	issued  int
	demands []string
	// slow is how long a new token takes.
	slow time.Duration
	// stuck never has another token.
	stuck bool
}

// GetToken implements azcore.TokenCredential.
func (n *numbered) GetToken(_ context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if options.Claims != "" {
		n.demands = append(n.demands, options.Claims)
	}
	if n.issued == 0 || options.Claims != "" && !n.stuck {
		time.Sleep(n.slow)
		n.issued++
	}
	return azcore.AccessToken{Token: fmt.Sprintf("token-%d", n.issued), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// refusing refuses some tokens, with or without a challenge, and answers the rest.
func refusing(challenge bool, refused ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, token := range refused {
			if r.Header.Get("Authorization") == "Bearer "+token || token == "all" {
				if challenge {
					w.Header().Set("WWW-Authenticate", `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", `+
						`error="insufficient_claims", claims="`+base64.StdEncoding.EncodeToString([]byte(wantedClaims))+`"`)
				}
				graphError(http.StatusUnauthorized, "TokenCreatedWithOutdatedPolicies")(w, r)
				return
			}
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answer(http.StatusOK, emptyPage)(w, r)
	}
}

func clientWith(t *testing.T, r *recorder, credential azcore.TokenCredential) *Client {
	t.Helper()
	c := newTestClient(t, r)
	c.tokens.credential = credential
	return c
}

func TestSixteenWorkersWithARefusedTokenShareOneRenewal(t *testing.T) {
	r := newRecorder(t, refusing(true, "token-1"))
	credential := &numbered{slow: 20 * time.Millisecond}
	c := clientWith(t, r, credential)
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			_, err := c.ListUsers(t.Context(), "", UserOptions{})
			assert.NoError(t, err)
		})
	}
	workers.Wait()
	assert.Equal(t, []string{wantedClaims}, credential.demands, "Graph's own claims, once")
	sent := r.count()
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	assert.Equal(t, sent+1, r.count(), "the refused token is not used again")
}

func TestRefusalWithoutClaimsStillBypassesTheCaches(t *testing.T) {
	credential := &numbered{}
	c := clientWith(t, newRecorder(t, refusing(false, "token-1")), credential)
	before := time.Now().Unix()
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	require.Len(t, credential.demands, 1)
	var value int64
	_, err = fmt.Sscanf(credential.demands[0], `{"access_token":{"nbf":{"essential":true,"value":"%d"}}}`, &value)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, value, before)
}

func TestTokensThatAreAllRefusedEndInAnErrorAndNoLoop(t *testing.T) {
	r := newRecorder(t, refusing(true, "all"))
	credential := &numbered{}
	c := clientWith(t, r, credential)
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "TokenCreatedWithOutdatedPolicies", refusal.Code)
	assert.NotContains(t, fmt.Sprintf("%v %+v", err, err), "essential")
	assert.Equal(t, 2, r.count())
	assert.Equal(t, 2, credential.issued)

	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 3, r.count(), "it began with a new token, so a second one would not be better")
	assert.Equal(t, "Bearer token-3", r.requests[2].Header.Get("Authorization"))
}

func TestNextSyncStartsWithATokenThatNobodyRefused(t *testing.T) {
	r := newRecorder(t, refusing(false, "token-1", "token-2"))
	c := clientWith(t, r, &numbered{})
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.Error(t, err)
	require.NoError(t, c.Renew(t.Context()))
	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	assert.Equal(t, 3, r.count())
}

func TestSourceWithOneTokenOnlyIsNotAskedToProveItAtEveryRequest(t *testing.T) {
	r := newRecorder(t, refusing(false, "token-1"), answer(http.StatusOK, emptyPage))
	c := clientWith(t, r, &numbered{stuck: true})
	now := time.Now()
	c.tokens.now = func() time.Time { return now }
	for range 3 {
		_, err := c.ListUsers(t.Context(), "", UserOptions{})
		var refusal *Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, http.StatusUnauthorized, refusal.StatusCode)
	}
	assert.Equal(t, 1, r.count())
	now = now.Add(refusalHolds)
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err, "Graph may have been wrong, and that must not last as long as the token")
}

func TestWriteWithARefusedTokenIsSentAgain(t *testing.T) {
	r := newRecorder(t, refusing(true, "token-1"))
	require.NoError(t, clientWith(t, r, &numbered{}).AddGroupMember(t.Context(), "g", "u"))
	assert.Equal(t, 2, r.count())
	assert.Equal(t, r.bodies[0], r.bodies[1])
}

func TestTokenRefusedInsideABatchIsRenewedOnce(t *testing.T) {
	challenge := `"WWW-Authenticate":"Bearer error=\"insufficient_claims\", claims=\"` + base64.RawURLEncoding.EncodeToString([]byte(wantedClaims)) + `\""`
	refused := `{"id":"%d","status":401,"headers":{` + challenge + `},"body":{"error":{"code":"InvalidAuthenticationToken"}}}`
	first := `{"responses":[{"id":"0","status":200,"body":` + emptyPage + `},` + fmt.Sprintf(refused, 1) + `,` + fmt.Sprintf(refused, 2) + `]}`
	rest := `{"responses":[{"id":"1","status":200,"body":` + emptyPage + `},` + fmt.Sprintf(refused, 2) + `]}`
	r := newRecorder(t, answer(http.StatusOK, first), answer(http.StatusOK, rest))
	credential := &numbered{}
	results, err := BatchPages[Reference](t.Context(), clientWith(t, r, credential).Sender, []string{"/a", "/b", "/c"})
	require.NoError(t, err)
	require.NoError(t, results[1].Err)
	require.ErrorContains(t, results[2].Err, "401")
	assert.Equal(t, []string{wantedClaims}, credential.demands)
	assert.Equal(t, 2, r.count())
}

func TestWorkerThatGivesUpDoesNotFailTheOthersRenewal(t *testing.T) {
	r := newRecorder(t, refusing(false, "first"))
	var demands atomic.Int64
	begun := make(chan struct{})
	c := clientWith(t, r, credentialFunc(func(ctx context.Context, options policy.TokenRequestOptions) (string, error) {
		switch {
		case demands.Load() > 1:
			return "second", nil
		case options.Claims == "":
			return "first", nil
		case demands.Add(1) > 1:
			return "second", nil
		}
		close(begun)
		<-ctx.Done()
		return "", ctx.Err()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, _ = c.ListUsers(ctx, "", UserOptions{}) }()
	<-begun
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
}

type credentialFunc func(context.Context, policy.TokenRequestOptions) (string, error)

func (f credentialFunc) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := f(ctx, options)
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, err
}

func TestClaimsAreReadInEveryFormThatTheyComeIn(t *testing.T) {
	odd := `{"access_token":{"acrs":{"essential":true,"value":"c1>?"}}}`
	for name, headers := range map[string][]string{
		"base64":        {`Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(odd)) + `"`},
		"base64url":     {`Bearer claims="` + base64.URLEncoding.EncodeToString([]byte(odd)) + `", realm=""`},
		"unpadded":      {`Bearer realm="",claims="` + base64.RawURLEncoding.EncodeToString([]byte(odd)) + `"`},
		"unquoted":      {`Bearer claims=` + base64.RawURLEncoding.EncodeToString([]byte(odd))},
		"second header": {`Negotiate`, `Bearer CLAIMS = "` + base64.StdEncoding.EncodeToString([]byte(odd)) + `"`},
	} {
		assert.Equal(t, odd, parseChallenge(headers), name)
	}
	for name, header := range map[string]string{
		"none": `Bearer realm="", error="invalid_token"`, "not base64": `Bearer claims="{}"`, "no object": `Bearer claims="W10="`,
		"not JSON": `Bearer claims="e30e30"`, "another name": `Bearer myclaims="e30="`, "endless": `Bearer claims="` + strings.Repeat("e30A", maxChallenge) + `"`,
	} {
		assert.Empty(t, parseChallenge([]string{header}), name)
	}
}

// Each kind of credential has caches of its own to be bypassed.
func TestRefusedTokenIsRenewedWhateverTheCredential(t *testing.T) {
	kinds := map[string]func(t *testing.T, a *authority) (azcore.TokenCredential, error){
		"client secret": func(t *testing.T, a *authority) (azcore.TokenCredential, error) {
			return NewClientSecretCredential(a.options(t), signInClient, signInSecret)
		},
		"certificate": func(t *testing.T, a *authority) (azcore.TokenCredential, error) {
			cert, key := makeCertificate(t)
			return NewCertificateCredential(a.options(t), signInClient, append(cert, key...), "")
		},
		"workload identity": func(t *testing.T, a *authority) (azcore.TokenCredential, error) {
			file := filepath.Join(t.TempDir(), "token")
			require.NoError(t, os.WriteFile(file, []byte("federated"), 0o600))
			return NewWorkloadIdentityCredential(a.options(t), signInClient, file)
		},
		"device code": func(t *testing.T, a *authority) (azcore.TokenCredential, error) {
			prompted := 0
			return NewDeviceCodeCredential(a.options(t), signInClient, func(context.Context, string) error {
				if prompted++; prompted > 1 {
					return fmt.Errorf("a person was asked %d times", prompted)
				}
				return nil
			})
		},
		"managed identity": managedIdentityOf,
		"Azure CLI":        azureCLIOf,
	}
	for name, credentialOf := range kinds {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			a.answer = a.numberTokens
			credential, err := credentialOf(t, a)
			require.NoError(t, err)
			r := newRecorder(t, refusing(true, "token-1"))
			c := clientWith(t, r, credential)
			c.tokens.scope = graphScope.Scopes[0]
			for range 2 {
				_, err = c.ListUsers(t.Context(), "", UserOptions{})
				require.NoError(t, err)
			}
			require.Equal(t, 3, r.count())
			assert.Equal(t, "Bearer token-2", r.requests[1].Header.Get("Authorization"))
			assert.Equal(t, "Bearer token-2", r.requests[2].Header.Get("Authorization"), "the new token is the one that is kept")
			if len(a.forms) > 0 {
				assert.JSONEq(t, wantedClaims, a.lastForm(t).Get("claims"), "the authority is told what Graph wants")
			}
		})
	}
}

func azureCLIOf(t *testing.T, _ *authority) (azcore.TokenCredential, error) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for az is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	script := fmt.Sprintf("#!/bin/sh\necho x >>%s/calls\n"+
		"echo \"{\\\"accessToken\\\":\\\"token-$(wc -l <%s/calls | tr -d ' ')\\\",\\\"expires_on\\\":%d}\"\n", dir, dir, time.Now().Add(time.Hour).Unix())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "az"), []byte(script), 0o700)) //nolint:gosec // It has to be executable.
	public, err := CloudByName("")
	require.NoError(t, err)
	return NewAzureCLICredential(CredentialOptions{Cloud: public, TenantID: signInTenant})
}

func TestAzureCLIWithoutAnotherTokenSaysWhatToDo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for az is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	script := fmt.Sprintf("#!/bin/sh\necho '{\"accessToken\":\"token-1\",\"expires_on\":%d}'\n", time.Now().Add(time.Hour).Unix())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "az"), []byte(script), 0o700)) //nolint:gosec // It has to be executable.
	credential, err := NewAzureCLICredential(CredentialOptions{TenantID: signInTenant})
	require.NoError(t, err)
	c := clientWith(t, newRecorder(t, refusing(true, "token-1")), credential)
	c.tokens.scope = graphScope.Scopes[0]
	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.ErrorContains(t, err, "run az login --tenant "+signInTenant)
	assert.NotContains(t, err.Error(), "claims")
}
