package signin

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWorkloadIdentity(t *testing.T) {
	a := newAuthority(t)
	file := filepath.Join(t.TempDir(), "token")
	options := a.options(t)
	credential, err := NewWorkloadIdentityCredential(options, signInClient, file)
	require.NoError(t, err, "the file may appear later")
	assert.ErrorContains(t, requireAuthorityError(t, credential), "the federated token file "+file+" does not exist")

	require.NoError(t, os.WriteFile(file, []byte("federated-token"), 0o600))
	requireToken(t, credential)
	assert.Equal(t, "federated-token", a.lastForm(t).Get("client_assertion"))

	a.answer = refuse(http.StatusBadRequest, 700213, "invalid_request")
	credential, err = NewWorkloadIdentityCredential(options, signInClient, file)
	require.NoError(t, err)
	assert.Equal(t, 700213, requireAuthorityError(t, credential).Code)
}

func TestWorkloadIdentityFromTheEnvironment(t *testing.T) {
	a := newAuthority(t)
	for _, name := range []string{envTenantID, envClientID, envFederatedTokenFile} {
		t.Setenv(name, "")
	}
	options := a.options(t)
	options.TenantID = ""
	_, err := NewWorkloadIdentityCredential(options, "", "")
	require.ErrorContains(t, err, "needs a tenant id, and AZURE_TENANT_ID is not set either")

	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("federated-token"), 0o600))
	t.Setenv(envTenantID, signInTenant)
	t.Setenv(envClientID, signInClient)
	t.Setenv(envFederatedTokenFile, file)
	credential, err := NewWorkloadIdentityCredential(options, "", "")
	require.NoError(t, err)
	requireToken(t, credential)
	assert.Equal(t, signInClient, a.lastForm(t).Get("client_id"))
}

func TestManagedIdentity(t *testing.T) {
	var asked atomic.Pointer[url.Values]
	status := http.StatusOK
	// App Service's endpoint, the one that environment variables can move.
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		asked.Store(&query)
		w.WriteHeader(status)
		if status != http.StatusOK {
			_, _ = io.WriteString(w, `{"error":"invalid_request","error_description":"body-text-marker"}`)
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"the-token","token_type":"Bearer","expires_on":"%d","resource":"r"}`, time.Now().Add(time.Hour).Unix())
	}))
	t.Cleanup(endpoint.Close)
	t.Setenv("IDENTITY_ENDPOINT", endpoint.URL)
	t.Setenv("IDENTITY_HEADER", "header")
	public, err := CloudByName("")
	require.NoError(t, err)
	options := Options{Cloud: public, HTTPClient: endpoint.Client()}
	const resource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
	for _, tc := range []struct{ id, parameter string }{{"", ""}, {signInClient, "client_id"}, {resource, "mi_res_id"}} {
		credential, err := NewManagedIdentityCredential(options, tc.id)
		require.NoError(t, err)
		requireToken(t, credential)
		if tc.parameter != "" {
			assert.Equal(t, tc.id, asked.Load().Get(tc.parameter))
		}
		assert.Equal(t, "https://graph.microsoft.com", asked.Load().Get("resource"))
	}

	status = http.StatusBadRequest
	credential, err := NewManagedIdentityCredential(options, "77777777-7777-7777-7777-777777777777")
	require.NoError(t, err)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "assign the identity to this Azure resource")

	endpoint.Close()
	credential, err = NewManagedIdentityCredential(options, "88888888-7777-7777-7777-777777777777")
	require.NoError(t, err)
	failed := requireAuthorityError(t, credential)
	assert.ErrorContains(t, failed, "no managed identity endpoint answers")
	assert.True(t, failed.Temporary())
}

func TestAzureCLI(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for az is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	public, err := CloudByName("")
	require.NoError(t, err)
	credential, err := NewAzureCLICredential(Options{Cloud: public, TenantID: signInTenant})
	require.NoError(t, err)
	assert.ErrorContains(t, requireAuthorityError(t, credential), "the Azure CLI (az) is not on the PATH")

	az := func(script string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "az"), []byte("#!/bin/sh\n"+script), 0o700)) //nolint:gosec // It has to be executable.
	}
	az("echo 'ERROR: AADSTS50076: body-text-marker' >&2; exit 1")
	assert.Equal(t, 50076, requireAuthorityError(t, credential).Code)
	az("echo 'ERROR: Please run az login' >&2; exit 1")
	assert.ErrorContains(t, requireAuthorityError(t, credential), "run az login --tenant "+signInTenant)

	az(fmt.Sprintf(`echo "$@" >>%s/calls; echo '{"accessToken":"the-token","expires_on":%d}'`, dir, time.Now().Add(time.Hour).Unix()))
	requireToken(t, credential)
	requireToken(t, credential)
	calls, err := os.ReadFile(filepath.Join(dir, "calls"))
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(calls), "\n"), "az is not started for every request")
	assert.Contains(t, string(calls), "--resource https://graph.microsoft.com --tenant "+signInTenant)
}
