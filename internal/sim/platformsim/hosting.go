package platformsim

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/conductorone/baton-sdk/pkg/crypto/providers/jwk"
	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/conductorone/dpop/pkg/dpop"
	"golang.org/x/oauth2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// hosting is what the platform knows about a connector that it runs itself.
type hosting struct {
	mu       sync.Mutex
	settings map[string]any
	version  int
	changed  time.Time
	token    *oauth2.Token
	sessions *session.GRPCSessionServer
}

// Configure saves the settings of the hosted connector's form. They have another
// version afterwards.
func (s *Server) Configure(settings map[string]any) {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	h.settings = maps.Clone(settings)
	h.version++
	h.changed = time.Now()
}

// Settings are those that were saved last.
func (s *Server) Settings() map[string]any {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.settings)
}

// ConfigVersion is the version of the settings.
func (s *Server) ConfigVersion() string {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.versionName()
}

func (h *hosting) versionName() string { return "config-" + strconv.Itoa(h.version) }

// SignIn keeps the access token of somebody who signs in with the connector's
// form. An end of zero is a token of which the platform does not know it.
func (s *Server) SignIn(token string, end time.Time) {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	h.token = &oauth2.Token{AccessToken: token, TokenType: "Bearer", Expiry: end}
}

// SignOut forgets the access token.
func (s *Server) SignOut() {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	h.token = nil
}

// Sessions is the session store of hosted connectors. The SDK's syncer makes its
// own store known to it, as the platform's does.
func (s *Server) Sessions() *session.GRPCSessionServer { return s.hosting.sessions }

// GetConnectorConfig gives the settings, for the eyes of the client only.
func (s *Server) GetConnectorConfig(ctx context.Context, _ *v1.GetConnectorConfigRequest) (*v1.GetConnectorConfigResponse, error) {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.settings == nil {
		return nil, status.Error(codes.NotFound, "the connector has no settings")
	}
	sealed, err := seal(ctx, h.settings)
	if err != nil {
		return nil, err
	}
	version := h.versionName()
	return v1.GetConnectorConfigResponse_builder{Config: sealed, LastUpdated: timestamppb.New(h.changed), ConfigVersion: &version}.Build(), nil
}

// GetConnectorOauthToken gives the access token of who has signed in last.
func (s *Server) GetConnectorOauthToken(ctx context.Context, _ *v1.GetConnectorOauthTokenRequest) (*v1.GetConnectorOauthTokenResponse, error) {
	h := &s.hosting
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token == nil {
		return nil, status.Error(codes.FailedPrecondition, "nobody has signed in")
	}
	sealed, err := seal(ctx, h.token)
	if err != nil {
		return nil, err
	}
	return v1.GetConnectorOauthTokenResponse_builder{Token: sealed}.Build(), nil
}

// seal encrypts a value for the key with which a call was signed.
func seal(ctx context.Context, value any) ([]byte, error) {
	proof, ok := dpop.ClaimsFromContext(ctx)
	if !ok {
		return nil, status.Error(codes.Unauthenticated, "the call proves no key")
	}
	key, ok := proof.PublicKey().Key.(ed25519.PublicKey)
	if !ok {
		return nil, status.Error(codes.Unauthenticated, "the key is not Ed25519")
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	sealed, err := jwk.EncryptED25519(key, plain)
	if err != nil {
		return nil, fmt.Errorf("encrypt for the client: %w", err)
	}
	return sealed, nil
}
