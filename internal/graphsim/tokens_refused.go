package graphsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// TokenRefusal is how tokens are refused that are good by what they say themselves.
type TokenRefusal uint8

// The ways of refusing.
const (
	RefusedWithClaims TokenRefusal = iota // The WWW-Authenticate header says which claims a new token needs (claims challenge).
	RefusedOutdated                       // The code TokenCreatedWithOutdatedPolicies, and nothing else.
)

const (
	codeOutdatedToken    = "TokenCreatedWithOutdatedPolicies"
	messageOutdatedToken = "Token was created with outdated policies. The token has to be renewed."
	messageChallenge     = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
)

// refusedTokens are the tokens that are not taken any more; those issued at the moment or after are.
type refusedTokens struct {
	before time.Time // Zero refuses none.
	how    TokenRefusal
}

// RefuseTokensIssuedBefore refuses every access token issued before a moment, from now on; the zero moment refuses none.
func (s *Server) RefuseTokensIssuedBefore(t time.Time, how TokenRefusal) {
	s.change(func(set *settings) { set.refused = refusedTokens{t, how} })
}

// ClaimsAsked lists the claims parameters of token requests, in their order, since the start.
func (s *Server) ClaimsAsked() []string {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	return slices.Clone(s.auth.claims)
}

// noteClaims records the claims that a token request asks for; they have to be JSON.
func (s *Server) noteClaims(text string) error {
	if text == "" {
		return nil
	}
	if !json.Valid([]byte(text)) {
		return &authError{code: 9002313}
	}
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	s.auth.claims = append(s.auth.claims, text)
	return nil
}

// checkIssued refuses a token that was issued too early.
func (s *Server) checkIssued(c claims) error {
	refused := s.settings().refused
	if refused.before.IsZero() || !time.Unix(0, c.Moment).Before(refused.before) {
		return nil
	}
	if refused.how == RefusedOutdated {
		return &graphError{status: 401, code: codeOutdatedToken, message: messageOutdatedToken}
	}
	wanted := fmt.Sprintf(`{"access_token":{"nbf":{"essential":true,"value":%q}}}`, strconv.FormatInt(refused.before.Unix(), 10))
	return &graphError{
		status: 401, code: codeInvalidToken, message: messageChallenge,
		challenge: `, error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(wanted)) + `"`,
	}
}
