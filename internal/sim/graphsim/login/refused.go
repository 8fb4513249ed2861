package login

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// TokenRefusal is how tokens are refused that are good by what they say themselves.
type TokenRefusal uint8

// The ways of refusing.
const (
	RefusedWithClaims TokenRefusal = iota // The WWW-Authenticate header says which claims a new token needs (claims challenge).
	RefusedOutdated                       // The code TokenCreatedWithOutdatedPolicies, and nothing else.
)

const (
	CodeOutdatedToken    = "TokenCreatedWithOutdatedPolicies"
	messageOutdatedToken = "Token was created with outdated policies. The token has to be renewed."
	messageChallenge     = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
)

// refusedTokens are the tokens that are not taken any more; those issued at the moment or after are.
type refusedTokens struct {
	before time.Time // Zero refuses none.
	how    TokenRefusal
}

// RefuseTokensIssuedBefore refuses every access token issued before a moment, from now on; the zero moment refuses none.
func (a *Authority) RefuseTokensIssuedBefore(t time.Time, how TokenRefusal) {
	a.change(func(set *tokenSettings) { set.refused = refusedTokens{t, how} })
}

// ClaimsAsked lists the claims parameters of token requests, in their order, since the start.
func (a *Authority) ClaimsAsked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.claims)
}

// noteClaims records the claims that a token request asks for; they have to be JSON.
func (a *Authority) noteClaims(text string) error {
	if text == "" {
		return nil
	}
	if !json.Valid([]byte(text)) {
		return &authError{code: 9002313}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.claims = append(a.claims, text)
	return nil
}

// checkIssued refuses a token that was issued too early.
func (a *Authority) checkIssued(c api.Claims) error {
	refused := a.settings().refused
	if refused.before.IsZero() || !time.Unix(0, c.Moment).Before(refused.before) {
		return nil
	}
	if refused.how == RefusedOutdated {
		return &api.Error{Status: 401, Code: CodeOutdatedToken, Message: messageOutdatedToken}
	}
	wanted := fmt.Sprintf(`{"access_token":{"nbf":{"essential":true,"value":%q}}}`, strconv.FormatInt(refused.before.Unix(), 10))
	return &api.Error{
		Status: 401, Code: api.CodeInvalidToken, Message: messageChallenge,
		Challenge: `, error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(wanted)) + `"`,
	}
}
