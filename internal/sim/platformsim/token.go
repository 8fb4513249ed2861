package platformsim

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/dpop/pkg/dpop"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	tokenPath     = "/auth/v1/token" //nolint:gosec // It is a path, not a token.
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	clockSkew     = time.Minute
)

// tokens are the access tokens that were given out.
type tokens struct {
	mu    sync.Mutex
	given map[string]issued
}

// issued is when a token ends, and the thumbprint of the key that it is bound
// to; empty for none.
type issued struct {
	end time.Time
	key string
}

func (t *tokens) issue(lifetime time.Duration, key string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	token := "eyJ" + rand.Text() // It looks like a JSON web token, which it may become.
	if t.given == nil {
		t.given = map[string]issued{}
	}
	t.given[token] = issued{end: time.Now().Add(lifetime), key: key}
	return token
}

func (t *tokens) good(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Now().Before(t.given[token].end)
}

func (t *tokens) key(token string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.given[token].key
}

// serveToken gives a client that proves its key an access token.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	fault := s.rules.match(MethodToken)
	wait(r.Context(), fault.Delay)
	if fault.Break {
		breakConnection(r.Context())
		return
	}
	key, err := s.verify(r)
	if fault.Code != codes.OK {
		err = errors.New(fault.Message)
	}
	s.recorder.add(Call{Method: MethodToken, Agent: r.UserAgent(), Refused: err != nil})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	answer := map[string]any{}
	if needsNonce(err) {
		s.proofs.challenge(w)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		answer["error"], answer["error_description"] = "invalid_client", err.Error()
	} else {
		answer["access_token"], answer["token_type"] = s.tokens.issue(s.options.TokenLifetime, key), "Bearer"
		if key != "" {
			answer["token_type"] = "DPoP"
		}
		answer["expires_in"] = int(s.options.TokenLifetime.Seconds())
	}
	_ = json.NewEncoder(w).Encode(answer) // A client that has gone needs no answer.
}

// verify makes sure that a request is one of the client's. A hosted connector
// also proves a key, of which the thumbprint is returned, and where it runs.
func (s *Server) verify(r *http.Request) (string, error) {
	if r.Method != http.MethodPost {
		return "", errors.New("only POST gives a token")
	}
	for field, want := range map[string]string{
		"grant_type": "client_credentials", "client_assertion_type": assertionType, "client_id": s.credentials.id,
	} {
		if r.PostFormValue(field) != want {
			return "", errors.New(field + " is wrong")
		}
	}
	assertion := r.PostFormValue("client_assertion")
	if r.Header.Get(dpop.HeaderName) == "" {
		_, err := s.credentials.verifyAssertion(assertion, clientHost, time.Now())
		return "", err
	}
	attestation, err := s.credentials.verifyAssertion(assertion, hostOf(r.Host), time.Now())
	if err == nil {
		err = verifyAttestation(attestation)
	}
	if err != nil {
		return "", err
	}
	return s.proofs.ofToken(r)
}

// audience is one name or several.
type audience []string

// UnmarshalJSON takes both forms.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// verifyAssertion checks a signed client assertion (RFC 7523), and returns what it
// says about where the client runs.
func (c *clientCredentials) verifyAssertion(assertion, host string, now time.Time) (string, error) {
	signed, signature, ok := cutLast(assertion, ".")
	header, payload, both := strings.Cut(signed, ".")
	if !ok || !both {
		return "", errors.New("the assertion is no JSON web token")
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Issuer    string   `json:"iss"`
		Subject   string   `json:"sub"`
		Audience  audience `json:"aud"`
		Expiry    int64    `json:"exp"`
		NotBefore int64    `json:"nbf"`

		Attestation string `json:"id_att"`
	}
	if err := errors.Join(decodePart(header, &head), decodePart(payload, &claims)); err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || head.Algorithm != "EdDSA" || !ed25519.Verify(c.public, []byte(signed), raw) {
		return "", errors.New("the assertion's signature is wrong")
	}
	switch {
	case claims.Issuer != c.id || claims.Subject != c.id:
		return "", errors.New("the assertion is not by or not about the client")
	case !slices.Equal(claims.Audience, audience{host}):
		return "", errors.New("the assertion is for somebody else")
	case now.After(time.Unix(claims.Expiry, 0)) || now.Add(clockSkew).Before(time.Unix(claims.NotBefore, 0)):
		return "", errors.New("the assertion is not valid now")
	}
	return claims.Attestation, nil
}

func cutLast(s, sep string) (string, string, bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

func decodePart(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return errors.New("the assertion is not base64")
	}
	return json.Unmarshal(raw, into)
}

// authenticate makes sure that a call carries a token that is good.
func (s *Server) authenticate(ctx context.Context) error {
	given, _ := metadata.FromIncomingContext(ctx)
	for _, value := range given.Get("authorization") {
		if token, ok := strings.CutPrefix(value, "Bearer "); ok && s.tokens.good(token) && s.tokens.key(token) == "" {
			return nil
		}
	}
	return status.Error(codes.Unauthenticated, "the access token is missing, unknown or expired")
}
