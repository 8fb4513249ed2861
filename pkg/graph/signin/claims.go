package signin

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Claims are the parts of an access token that say what it may do. They are
// read, never verified: Graph does that
// (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
type Claims struct {
	// TenantID is the tenant that the token is for.
	TenantID string `json:"tid"`
	// AppID is the application's client id.
	AppID string `json:"appid"`
	// Roles are the application permissions of an app-only token.
	Roles []string `json:"roles"`
	// Scopes are the delegated permissions of a signed-in person's token.
	Scopes []string `json:"-"`
	// IssuedAt is the authority's clock when it issued the token.
	IssuedAt time.Time `json:"-"`
	// ExpiresAt is when the token ends.
	ExpiresAt time.Time `json:"-"`
}

// AppOnly reports whether the token is an application's own.
func (c *Claims) AppOnly() bool { return len(c.Scopes) == 0 }

// Permissions are the Graph permissions in the token, of either sort.
func (c *Claims) Permissions() []string {
	if c.AppOnly() {
		return c.Roles
	}
	return c.Scopes
}

// ErrOpaqueToken says that an access token could not be read. Graph does not
// promise that its tokens stay readable.
var ErrOpaqueToken = errors.New("the access token cannot be read")

func parseClaims(token string) (*Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, ErrOpaqueToken
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil, fmt.Errorf("%w: its payload is not base64", ErrOpaqueToken)
	}
	var decoded struct {
		Claims
		Scp string  `json:"scp"`
		Iat float64 `json:"iat"`
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &decoded) != nil {
		return nil, fmt.Errorf("%w: its payload is not JSON", ErrOpaqueToken)
	}
	claims := decoded.Claims
	claims.Scopes = strings.Fields(decoded.Scp)
	if decoded.Iat > 0 {
		claims.IssuedAt = time.Unix(int64(decoded.Iat), 0)
	}
	if decoded.Exp > 0 {
		claims.ExpiresAt = time.Unix(int64(decoded.Exp), 0)
	}
	return &claims, nil
}

// maxChallenge is far above any challenge that Graph sends.
const maxChallenge = 16 << 10

// challengeClaims finds the claims among the parameters of a challenge.
var challengeClaims = regexp.MustCompile(`(?i)(?:^|[\s,])claims\s*=\s*"?([A-Za-z0-9+/_=-]+)"?`)

// ChallengeClaims reads, from the WWW-Authenticate headers of a refusal, the claims
// that a new token must have; empty if there are none to be understood. They are
// JSON in base64, in either alphabet and with or without padding
// (https://learn.microsoft.com/entra/identity-platform/claims-challenge). They name
// policies, so they are sent to the authority and shown to nobody.
func ChallengeClaims(headers []string) string {
	for _, header := range headers {
		found := challengeClaims.FindStringSubmatch(header)
		if found == nil || len(found[1]) > maxChallenge {
			continue
		}
		encoded := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(found[1], "="))
		decoded, err := base64.RawURLEncoding.DecodeString(encoded)
		if err == nil && len(decoded) > 0 && decoded[0] == '{' && json.Valid(decoded) {
			return string(decoded)
		}
	}
	return ""
}
