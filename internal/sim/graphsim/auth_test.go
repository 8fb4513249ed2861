package graphsim

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/login"
)

func TestTokenRefusals(t *testing.T) {
	b := start(t)
	secret := url.Values{"client_secret": {b.server.ClientSecret()}}
	with := func(name, value string) url.Values {
		return url.Values{"client_secret": {b.server.ClientSecret()}, name: {value}}
	}
	for _, tc := range []struct {
		name   string
		state  login.CredentialState
		form   url.Values
		status int
		code   int
	}{
		{"wrong secret", login.CredentialValid, url.Values{"client_secret": {"nope"}}, 401, 7000215},
		{"secret id", login.CredentialValid, url.Values{"client_secret": {b.server.ClientSecretID()}}, 401, 7000215},
		{"no secret", login.CredentialValid, url.Values{}, 401, 7000218},
		{"unknown client", login.CredentialValid, with("client_id", directory.DefaultAppRoleID), 400, 700016},
		{"unknown tenant", login.CredentialValid, with("tenant", directory.DefaultAppRoleID), 400, 90002},
		{"scope of another cloud", login.CredentialValid, with("scope", "https://graph.microsoft.com/.default"), 400, 500011},
		{"scope without .default", login.CredentialValid, with("scope", b.server.URL()+"/User.Read.All"), 400, 500011},
		{"no scope", login.CredentialValid, with("scope", "openid"), 400, 70011},
		{"expired", CredentialExpired, secret, 401, 7000222},
		{"unknown", login.CredentialUnknown, secret, 400, 700016},
		{"no tenant", login.CredentialNoTenant, secret, 400, 90002},
		{"no consent", login.CredentialNoConsent, secret, 400, 65001},
		{"blocked", CredentialBlocked, secret, 400, 53003},
		{"disabled", login.CredentialDisabled, secret, 401, 7000112},
		{"certificate", login.CredentialBadCertificate, secret, 401, 700027},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b.server.SetCredentialState(tc.state)
			a := b.token(tc.form)
			assert.Equal(t, tc.status, a.status)
			assert.Equal(t, []any{float64(tc.code)}, a.body["error_codes"])
			assert.Contains(t, a.body["error_description"], "AADSTS")
			assert.NotContains(t, a.body["error_description"], "%!")
			assert.NotContains(t, string(a.raw), b.server.ClientSecret())
			assert.NotEmpty(t, a.body["correlation_id"])
		})
	}
}

func payload(t *testing.T, token string) api.Claims {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	var c api.Claims
	require.NoError(t, json.Unmarshal(raw, &c))
	return c
}

// options point azidentity at the simulated authority.
func (b *bench) options() azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: b.server.URL() + "/"}, Transport: b.client,
		Retry: policy.RetryOptions{MaxRetries: -1},
	}
}

func (b *bench) scope() policy.TokenRequestOptions {
	return policy.TokenRequestOptions{Scopes: []string{b.server.URL() + login.ScopeDefault}}
}

func TestAzidentityWithSecret(t *testing.T) {
	b := start(t)
	opts := &azidentity.ClientSecretCredentialOptions{ClientOptions: b.options(), DisableInstanceDiscovery: true}
	cred, err := azidentity.NewClientSecretCredential(b.server.TenantID(), b.server.ClientID(), b.server.ClientSecret(), opts)
	require.NoError(t, err)
	token, err := cred.GetToken(t.Context(), b.scope())
	require.NoError(t, err)
	c := payload(t, token.Token)
	assert.Equal(t, "app", c.IDType)
	assert.Equal(t, DefaultPermissions(), c.Roles)
	b.bearer = token.Token
	assert.Equal(t, http.StatusOK, b.get("organization").status)

	cred, err = azidentity.NewClientSecretCredential(b.server.TenantID(), b.server.ClientID(), "wrong", opts)
	require.NoError(t, err)
	_, err = cred.GetToken(t.Context(), b.scope())
	require.ErrorContains(t, err, "AADSTS7000215")
}

func selfSigned(t *testing.T) (*x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "connector"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert, key
}

func TestAzidentityWithCertificate(t *testing.T) {
	b := start(t)
	cert, key := selfSigned(t)
	opts := &azidentity.ClientCertificateCredentialOptions{ClientOptions: b.options(), DisableInstanceDiscovery: true}
	get := func() error {
		cred, err := azidentity.NewClientCertificateCredential(b.server.TenantID(), b.server.ClientID(), []*x509.Certificate{cert}, key, opts)
		require.NoError(t, err)
		_, err = cred.GetToken(t.Context(), b.scope())
		return err
	}
	require.ErrorContains(t, get(), "AADSTS700027")
	other, _ := selfSigned(t)
	b.server.RegisterCertificate(other)
	require.ErrorContains(t, get(), "AADSTS700027")
	b.server.RegisterCertificate(cert)
	require.NoError(t, get())
}

func TestAzidentityWithFederatedAssertion(t *testing.T) {
	b := start(t)
	assertion := func(issuer, subject, audience string) string {
		body := encode.JSON(nil, map[string]any{
			"iss": issuer, "sub": subject, "aud": audience, "exp": time.Now().Add(time.Minute).Unix(), "nbf": time.Now().Unix(),
		})
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + ".c2ln"
	}
	b.server.RegisterFederatedCredential("https://issuer.example", "repo:a/b")
	get := func(issuer, subject, audience string) error {
		cred, err := azidentity.NewClientAssertionCredential(b.server.TenantID(), b.server.ClientID(),
			func(context.Context) (string, error) { return assertion(issuer, subject, audience), nil },
			&azidentity.ClientAssertionCredentialOptions{ClientOptions: b.options(), DisableInstanceDiscovery: true})
		require.NoError(t, err)
		_, err = cred.GetToken(t.Context(), b.scope())
		return err
	}
	require.NoError(t, get("https://issuer.example", "repo:a/b", login.FederatedAudience))
	require.ErrorContains(t, get("https://other.example", "repo:a/b", login.FederatedAudience), "AADSTS700211")
	require.ErrorContains(t, get("https://issuer.example", "repo:x", login.FederatedAudience), "AADSTS700213")
	require.ErrorContains(t, get("https://issuer.example", "repo:a/b", "x"), "AADSTS700212")
}

func TestAzidentityWithDeviceCode(t *testing.T) {
	b := start(t)
	prompted := ""
	cred, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: b.options(), DisableInstanceDiscovery: true, TenantID: b.server.TenantID(), ClientID: b.server.ClientID(),
		UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
			prompted = m.Message
			return nil
		},
	})
	require.NoError(t, err)
	token, err := cred.GetToken(t.Context(), b.scope())
	require.NoError(t, err)
	assert.NotEmpty(t, prompted)
	c := payload(t, token.Token)
	assert.Contains(t, c.Scopes, "User.Read.All")
	assert.NotEmpty(t, c.RoleIDs)
	assert.Empty(t, c.Roles)
	b.bearer = token.Token
	assert.Equal(t, http.StatusOK, b.get("users").status)
}

func TestAzidentityWithManagedIdentity(t *testing.T) {
	b := start(t)
	t.Setenv("IDENTITY_ENDPOINT", b.server.ManagedIdentityEndpoint())
	t.Setenv("IDENTITY_HEADER", b.server.ManagedIdentityHeader())
	cred, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{ClientOptions: b.options()})
	require.NoError(t, err)
	token, err := cred.GetToken(t.Context(), b.scope())
	require.NoError(t, err)
	b.bearer = token.Token
	assert.Equal(t, http.StatusOK, b.get("groups").status)
}
