package signin

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

const (
	// cacheMargin is how long before its end a cached token is replaced.
	cacheMargin = 5 * time.Minute
	// assumedLifetime is for tokens that do not say when they end. Graph's live
	// for an hour or more.
	assumedLifetime = 10 * time.Minute
)

// ErrSourceUnavailable is for token sources that could not be asked: the same
// question may be answered a little later.
var ErrSourceUnavailable = errors.New("the token source cannot be reached")

var (
	errNoToken    = errors.New("the token source gave no token")
	errEndedToken = errors.New("the token source gave a token that has ended")
)

// renewer is a credential whose token can be exchanged for a newer one before it
// ends, because somebody signed in again.
type renewer interface {
	// renew replaces the token that is kept. The source may give the same one
	// again.
	renew(ctx context.Context) error
}

// NewTokenSourceCredential uses tokens that somebody else obtains: the platform,
// for a connector it hosts. The source may be slow and need not cache; where it
// cannot be asked, its error wraps ErrSourceUnavailable. The error for a nil source
// says that there is no platform.
func NewTokenSourceCredential(o Options, source oauth2.TokenSource) (azcore.TokenCredential, error) {
	if source == nil {
		return nil, errors.New("graph: signing in with oauth works only where the ConductorOne platform hosts the connector; choose another authentication method")
	}
	s := &sourced{source: source, turn: make(chan struct{}, 1)}
	return &platformCredential{explained{inner: s, who: o.signIn(kindOauth, ""), limit: signInLimit}, s}, nil
}

// platformCredential is a token source with errors for a person.
type platformCredential struct {
	explained
	sourced *sourced
}

var _ renewer = (*platformCredential)(nil)

func (p *platformCredential) renew(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	err := p.sourced.renew(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s was interrupted: %w", p.who.attempt(), ctx.Err())
	default:
		return p.who.explain(err, &exchange{})
	}
}

// sourced makes a credential of a token source, and keeps its last token.
type sourced struct {
	source oauth2.TokenSource
	// turn is held by the one who asks the source.
	turn chan struct{}
	mu   sync.Mutex
	kept azcore.AccessToken
}

// GetToken implements azcore.TokenCredential. Scope and tenant are the source's
// own affair.
func (s *sourced) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	kept := s.current()
	if options.Claims != "" { // Graph demands another token than the one that it was given.
		return s.ask(ctx, kept.Token)
	}
	if time.Until(kept.ExpiresOn) > cacheMargin {
		return kept, nil
	}
	return s.ask(ctx, "")
}

func (s *sourced) renew(ctx context.Context) error {
	_, err := s.ask(ctx, s.current().Token)
	return err
}

func (s *sourced) current() azcore.AccessToken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// ask gets a token from the source, one caller at a time: sources are not all
// safe for several. A source knows no context, so it is left behind when time is
// up, and keeps its turn until it answers.
func (s *sourced) ask(ctx context.Context, unwanted string) (azcore.AccessToken, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	}
	type outcome struct {
		token azcore.AccessToken
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-s.turn }()
		token, err := s.fetch(unwanted)
		done <- outcome{token, err}
	}()
	select {
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	case got := <-done:
		return got.token, got.err
	}
}

// fetch asks the source, unless somebody else just did. Its caller has the turn.
func (s *sourced) fetch(unwanted string) (azcore.AccessToken, error) {
	if kept := s.current(); kept.Token != unwanted && time.Until(kept.ExpiresOn) > cacheMargin {
		return kept, nil
	}
	got, err := s.source.Token()
	if err == nil && got != nil && (got.AccessToken == unwanted || got.Expiry.IsZero() && !time.Now().Before(endOf(got))) {
		// The SDK's source (v0.26.0) hands out the token that it keeps, until
		// that ends by its own account, and has no other way to be told that
		// the token is of no use.
		old, end := got, got.Expiry
		old.Expiry = time.Unix(1, 0)
		if got, err = s.source.Token(); got == old {
			got.Expiry = end
		}
	}
	switch {
	case err != nil:
		return azcore.AccessToken{}, err
	case got == nil || got.AccessToken == "":
		return azcore.AccessToken{}, errNoToken
	}
	token := azcore.AccessToken{Token: got.AccessToken, ExpiresOn: endOf(got)}
	if !time.Now().Before(token.ExpiresOn) {
		return azcore.AccessToken{}, errEndedToken
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = token
	return token, nil
}

// endOf is when a token ends: what comes with it says so, or the token itself.
func endOf(t *oauth2.Token) time.Time {
	if !t.Expiry.IsZero() {
		return t.Expiry
	}
	if claims, err := parseClaims(t.AccessToken); err == nil && !claims.ExpiresAt.IsZero() {
		return claims.ExpiresAt
	}
	return time.Now().Add(assumedLifetime)
}

// explainSource is for a platform that gave no token of use.
func explainSource(err error) explanation {
	switch {
	case errors.Is(err, errEndedToken):
		return explanation{"the platform's access token has expired and was not renewed", failure.AdviceSignInAgain}
	case isUnavailable(err):
		return explanation{"the platform did not answer the request for an access token", adviceLater}
	}
	return explanation{"the platform gave no access token", failure.AdviceSignInAgain}
}

// isUnavailable reports whether the platform could not be asked.
func isUnavailable(err error) bool {
	return errors.Is(err, ErrSourceUnavailable) || errors.Is(err, context.DeadlineExceeded)
}
