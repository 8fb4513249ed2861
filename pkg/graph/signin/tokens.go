package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

const (
	// refusalsKept is how many refused tokens are remembered. A credential keeps
	// one token, so the next one is refused long before the first is forgotten.
	refusalsKept = 8
	// refusalHolds is how long a refused token is not sent again where its source
	// has no other: Graph may have been wrong, and such a source can go on giving
	// the same token for a day.
	refusalHolds = 5 * time.Minute
)

// ErrNoOtherToken says that a credential goes on giving the token that Graph
// refused.
var ErrNoOtherToken = errors.New("there is no other access token than the one that Microsoft Graph refused")

// Tokens are the access tokens that requests are sent with: those of the
// credential, which keeps them, but for the ones that Graph has refused although
// they have not ended: after a change of policy, a revocation, the end of a
// session (https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation).
// Continuous access evaluation is not asked for (EnableCAE): tokens then live for
// an hour instead of a day, and a token can be refused all the same.
type Tokens struct {
	credential azcore.TokenCredential
	scope      string
	now        func() time.Time

	mu      sync.Mutex
	refused []refusedToken
	// unproven is the last renewed token until Graph takes it. If it is refused
	// too, another one would be.
	unproven string
	// renewing is the renewal that is under way.
	renewing *renewal
}

// NewTokens are those of a credential for a scope.
func NewTokens(credential azcore.TokenCredential, scope string) *Tokens {
	return &Tokens{credential: credential, scope: scope, now: time.Now}
}

type refusedToken struct {
	token string
	// claims are what Graph wants a token to have; empty where it did not say.
	claims string
	at     time.Time
}

// renewal is waited for by everybody who needs it.
type renewal struct {
	done  chan struct{}
	token string
	err   error
}

// Get is a token that Graph has not refused. Errors: those of the credential, or
// ErrNoOtherToken.
func (t *Tokens) Get(ctx context.Context) (string, error) {
	for {
		token, err := t.ask(ctx, "")
		if err != nil {
			return "", err
		}
		mine, theirs := t.join(token)
		switch {
		case mine != nil:
			mine.token, mine.err = t.renew(ctx, token)
			t.mu.Lock()
			t.renewing = nil
			t.mu.Unlock()
			close(mine.done)
			return mine.token, mine.err
		case theirs == nil:
			return token, nil
		}
		select {
		case <-theirs.done:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		// Who gave up says nothing about the others.
		if !errors.Is(theirs.err, context.Canceled) && !errors.Is(theirs.err, context.DeadlineExceeded) {
			return theirs.token, theirs.err
		}
	}
}

// join tells what to do about a token: nothing, start the first renewal, or wait
// for the second.
func (t *Tokens) join(token string) (*renewal, *renewal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.refusal(token) == nil:
		return nil, nil
	case t.renewing != nil:
		return nil, t.renewing
	}
	t.renewing = &renewal{done: make(chan struct{})}
	return t.renewing, nil
}

// renew gets another token than the refused one. The claims make every cache on
// the way step aside: MSAL's, and this package's own.
func (t *Tokens) renew(ctx context.Context, unwanted string) (string, error) {
	current, err := t.ask(ctx, "")
	t.mu.Lock()
	if err != nil || t.refusal(current) == nil { // Renewed since the unwanted one was looked at.
		t.mu.Unlock()
		return current, err
	}
	claims := notBefore(t.now())
	if refusal := t.refusal(unwanted); refusal != nil && refusal.claims != "" {
		claims = refusal.claims
	}
	t.mu.Unlock()
	token, err := t.ask(ctx, claims)
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if refusal := t.refusal(token); refusal != nil {
		if t.now().Sub(refusal.at) < refusalHolds {
			return "", ErrNoOtherToken
		}
		t.forget(token)
	}
	t.unproven = token
	return token, nil
}

// Refuse notes that Graph did not take a token, and reports whether another one
// may be taken: not if this one was renewed for that very reason.
func (t *Tokens) Refuse(token, claims string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(token)
	t.refused = append(t.refused, refusedToken{token, claims, t.now()})
	if len(t.refused) > refusalsKept {
		t.refused = slices.Delete(t.refused, 0, 1)
	}
	return t.unproven != token
}

// Accept notes that Graph took a token.
func (t *Tokens) Accept(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.unproven == token {
		t.unproven = ""
	}
}

func (t *Tokens) refusal(token string) *refusedToken {
	for i := range t.refused {
		if t.refused[i].token == token {
			return &t.refused[i]
		}
	}
	return nil
}

func (t *Tokens) forget(token string) {
	t.refused = slices.DeleteFunc(t.refused, func(r refusedToken) bool { return r.token == token })
}

// Claims gets a token and reads it. Errors: those of Get, and ErrOpaqueToken.
func (t *Tokens) Claims(ctx context.Context) (*Claims, error) {
	token, err := t.Get(ctx)
	if err != nil {
		return nil, err
	}
	return parseClaims(token)
}

// Newest makes the credential exchange its token for the newest one, if it can.
func (t *Tokens) Newest(ctx context.Context) error {
	r, ok := t.credential.(renewer)
	if !ok {
		return nil
	}
	if err := r.renew(ctx); err != nil {
		return explainTokenError(err)
	}
	return nil
}

// Renewable reports whether the token comes from a platform that signs in.
func (t *Tokens) Renewable() bool {
	_, ok := t.credential.(renewer)
	return ok
}

func (t *Tokens) ask(ctx context.Context, claims string) (string, error) {
	token, err := t.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{t.scope}, Claims: claims})
	if err != nil {
		return "", explainTokenError(err)
	}
	return token.Token, nil
}

// explainTokenError keeps the typed error of a credential and gives every other
// one a sentence.
func explainTokenError(err error) error {
	var authority *AuthorityError
	if errors.As(err, &authority) {
		return err
	}
	return fmt.Errorf("no access token for Microsoft Graph: %w", err)
}

// notBefore is the challenge for where Graph gave none: a token that is valid from
// now on, which no cache can have. It is the one that Graph sends after a
// revocation (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func notBefore(now time.Time) string {
	return `{"access_token":{"nbf":{"essential":true,"value":"` + strconv.FormatInt(now.Unix(), 10) + `"}}}`
}
