package graph

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"
)

const (
	// cacheMargin is how long before its end a cached token is replaced.
	cacheMargin = 5 * time.Minute
	// assumedLifetime is for tokens that do not say when they end. Graph's live
	// for an hour or more.
	assumedLifetime = 10 * time.Minute
)

// NewTokenSourceCredential uses tokens that somebody else obtains: the platform,
// for a connector it hosts. The source may be slow and need not cache. The error
// for a nil source says that there is no platform.
func NewTokenSourceCredential(o CredentialOptions, source oauth2.TokenSource) (azcore.TokenCredential, error) {
	if source == nil {
		return nil, errors.New("graph: signing in with oauth works only where the ConductorOne platform hosts the connector; choose another authentication method")
	}
	return newExplained(&cached{inner: &sourced{source}}, nil, o.signIn(kindOauth, ""), signInLimit)
}

// sourced makes a credential of a token source.
type sourced struct{ source oauth2.TokenSource }

// GetToken implements azcore.TokenCredential. Scope and tenant are the source's
// own affair.
func (s *sourced) GetToken(ctx context.Context, _ policy.TokenRequestOptions) (azcore.AccessToken, error) {
	type outcome struct {
		token *oauth2.Token
		err   error
	}
	// A token source knows no context, so it is left behind when time is up.
	done := make(chan outcome, 1)
	go func() {
		token, err := s.source.Token()
		done <- outcome{token, err}
	}()
	select {
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	case got := <-done:
		if got.err != nil {
			return azcore.AccessToken{}, got.err
		}
		if got.token == nil || got.token.AccessToken == "" {
			return azcore.AccessToken{}, errors.New("the token source gave no token")
		}
		token := azcore.AccessToken{Token: got.token.AccessToken, ExpiresOn: got.token.Expiry}
		if token.ExpiresOn.IsZero() {
			token.ExpiresOn = time.Now().Add(assumedLifetime)
		}
		return token, nil
	}
}

// cached keeps the last token of a credential that does not do so itself.
type cached struct {
	inner azcore.TokenCredential
	mu    sync.Mutex
	scope string
	token azcore.AccessToken
}

// GetToken implements azcore.TokenCredential. One caller asks, the others wait
// for what it gets.
func (c *cached) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	var scope string
	if len(options.Scopes) > 0 {
		scope = options.Scopes[0]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Claims are Graph's demand for another token than the one that it was given.
	if options.Claims == "" && c.scope == scope && time.Until(c.token.ExpiresOn) > cacheMargin {
		return c.token, nil
	}
	token, err := c.inner.GetToken(ctx, options)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	c.scope, c.token = scope, token
	return token, nil
}
