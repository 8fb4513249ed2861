package platformsim

import (
	"crypto/ed25519"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/conductorone/baton-sdk/pkg/crypto/providers/jwk"
	lambda "github.com/conductorone/baton-sdk/pkg/lambda/grpc/config"
	"github.com/conductorone/dpop/pkg/dpop"
	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// newHosted is the SDK's own client of a platform that hosts it. It reads its
// environment, so tests that use it take turns.
func newHosted(t *testing.T, server *Server) (v1.ConnectorConfigServiceClient, ed25519.PrivateKey, oauth2.TokenSource) {
	t.Helper()
	f, err := server.StartFunction()
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	for _, setting := range f.Environment() {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
	}
	conn, key, source, err := lambda.NewDPoPClient(t.Context(), server.ClientID(), server.ClientSecret())
	require.NoError(t, err)
	private, ok := key.Key.(ed25519.PrivateKey)
	require.True(t, ok)
	return v1.NewConnectorConfigServiceClient(conn), private, source
}

func TestHostedClientReadsWhatIsSealedForIt(t *testing.T) {
	c := newClient(t)
	hosted, key, _ := newHosted(t, c.server)
	_, err := hosted.GetConnectorConfig(t.Context(), &v1.GetConnectorConfigRequest{})
	require.Equal(t, codes.NotFound, status.Code(err), err)
	_, err = hosted.GetConnectorOauthToken(t.Context(), &v1.GetConnectorOauthTokenRequest{})
	require.Equal(t, codes.FailedPrecondition, status.Code(err), err)

	c.server.Configure(map[string]any{"auth-method": "oauth"})
	config, err := hosted.GetConnectorConfig(t.Context(), &v1.GetConnectorConfigRequest{})
	require.NoError(t, err)
	require.Equal(t, c.server.ConfigVersion(), config.GetConfigVersion())
	plain, err := jwk.DecryptED25519(key, config.GetConfig())
	require.NoError(t, err)
	require.JSONEq(t, `{"auth-method":"oauth"}`, string(plain))

	end := time.Now().Add(time.Hour).Round(0)
	c.server.SignIn("the-token", end)
	token, err := hosted.GetConnectorOauthToken(t.Context(), &v1.GetConnectorOauthTokenRequest{})
	require.NoError(t, err)
	plain, err = jwk.DecryptED25519(key, token.GetToken())
	require.NoError(t, err)
	var given oauth2.Token
	require.NoError(t, json.Unmarshal(plain, &given))
	require.Equal(t, "the-token", given.AccessToken)
	require.True(t, end.Equal(given.Expiry))
}

func TestSettingsAreForWhoProvesTheKeyOfTheToken(t *testing.T) {
	c := newClient(t)
	c.server.Configure(map[string]any{})
	_, _, source := newHosted(t, c.server)
	bound, err := source.Token()
	require.NoError(t, err)
	require.Equal(t, "DPoP", bound.TokenType)

	_, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	stranger, err := dpop.NewProofer(&jose.JSONWebKey{Key: private, Algorithm: string(jose.EdDSA), Use: "sig"})
	require.NoError(t, err)
	address := url.URL{Scheme: "https", Host: c.server.Address(), Path: v1.ConnectorConfigService_GetConnectorConfig_FullMethodName}
	proof, err := stranger.CreateProof(t.Context(), "POST", address.String(), dpop.WithAccessToken(bound.AccessToken))
	require.NoError(t, err)
	bearer, code := c.token(t, nil)
	require.Equal(t, 200, code)

	conn, err := grpc.NewClient(c.server.Address(), grpc.WithTransportCredentials(credentials.NewTLS(c.tls.Clone())))
	require.NoError(t, err)
	defer conn.Close()
	for name, headers := range map[string][]string{
		"nothing":                  nil,
		"no proof":                 {"authorization", "DPoP " + bound.AccessToken},
		"another's proof":          {"authorization", "DPoP " + bound.AccessToken, "dpop", proof},
		"a service's token":        {"authorization", "Bearer " + bearer},
		"the token as a service's": {"authorization", "Bearer " + bound.AccessToken, "dpop", proof},
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), headers...)
		_, err := v1.NewConnectorConfigServiceClient(conn).GetConnectorConfig(ctx, &v1.GetConnectorConfigRequest{})
		require.Equal(t, codes.Unauthenticated, status.Code(err), "%s: %v", name, err)
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+bound.AccessToken)
	_, err = c.GetTask(ctx, v1.BatonServiceGetTaskRequest_builder{HostId: "host"}.Build())
	require.Equal(t, codes.Unauthenticated, status.Code(err), "a bound token is no bearer token")
}
