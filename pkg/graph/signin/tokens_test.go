package signin

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// graphsClaims are what Graph may want of a token.
const graphsClaims = `{"access_token":{"nbf":{"essential":true,"value":"1767225600"}}}`

func TestClaimsAreReadInEveryFormThatTheyComeIn(t *testing.T) {
	odd := `{"access_token":{"acrs":{"essential":true,"value":"c1>?"}}}`
	for name, headers := range map[string][]string{
		"base64":        {`Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(odd)) + `"`},
		"base64url":     {`Bearer claims="` + base64.URLEncoding.EncodeToString([]byte(odd)) + `", realm=""`},
		"unpadded":      {`Bearer realm="",claims="` + base64.RawURLEncoding.EncodeToString([]byte(odd)) + `"`},
		"unquoted":      {`Bearer claims=` + base64.RawURLEncoding.EncodeToString([]byte(odd))},
		"second header": {`Negotiate`, `Bearer CLAIMS = "` + base64.StdEncoding.EncodeToString([]byte(odd)) + `"`},
	} {
		assert.Equal(t, odd, ChallengeClaims(headers), name)
	}
	for name, header := range map[string]string{
		"none": `Bearer realm="", error="invalid_token"`, "not base64": `Bearer claims="{}"`, "no object": `Bearer claims="W10="`,
		"not JSON": `Bearer claims="e30e30"`, "another name": `Bearer myclaims="e30="`, "endless": `Bearer claims="` + strings.Repeat("e30A", maxChallenge) + `"`,
	} {
		assert.Empty(t, ChallengeClaims([]string{header}), name)
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
			kept := NewTokens(credential, graphScope.Scopes[0])
			token, err := kept.Get(t.Context())
			require.NoError(t, err)
			require.Equal(t, "token-1", token)
			require.True(t, kept.Refuse(token, graphsClaims))
			for range 2 {
				token, err = kept.Get(t.Context())
				require.NoError(t, err)
				assert.Equal(t, "token-2", token, "the new token is the one that is kept")
				kept.Accept(token)
			}
			if len(a.forms) > 0 {
				assert.JSONEq(t, graphsClaims, a.lastForm(t).Get("claims"), "the authority is told what Graph wants")
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
	return NewAzureCLICredential(Options{Cloud: public, TenantID: signInTenant})
}

func TestAzureCLIWithoutAnotherTokenSaysWhatToDo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for az is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	script := fmt.Sprintf("#!/bin/sh\necho '{\"accessToken\":\"token-1\",\"expires_on\":%d}'\n", time.Now().Add(time.Hour).Unix())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "az"), []byte(script), 0o700)) //nolint:gosec // It has to be executable.
	credential, err := NewAzureCLICredential(Options{TenantID: signInTenant})
	require.NoError(t, err)
	kept := NewTokens(credential, graphScope.Scopes[0])
	token, err := kept.Get(t.Context())
	require.NoError(t, err)
	kept.Refuse(token, graphsClaims)
	_, err = kept.Get(t.Context())
	require.ErrorContains(t, err, "run az login --tenant "+signInTenant)
	assert.NotContains(t, err.Error(), "claims")
}

// oneToken is a source that has no other.
type oneToken struct{}

// GetToken implements azcore.TokenCredential.
func (oneToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token-1", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func TestRefusalOfTheOnlyTokenDoesNotLastAsLongAsTheToken(t *testing.T) {
	now := time.Now()
	kept := NewTokens(oneToken{}, "scope")
	kept.now = func() time.Time { return now }
	token, err := kept.Get(t.Context())
	require.NoError(t, err)
	kept.Refuse(token, "")
	for range 3 {
		_, err = kept.Get(t.Context())
		require.ErrorIs(t, err, ErrNoOtherToken)
	}
	now = now.Add(refusalHolds)
	_, err = kept.Get(t.Context())
	require.NoError(t, err, "Graph may have been wrong, and that must not last as long as the token")
}
