package signin

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
)

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
