package platformsim

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// clientHost is the platform's name in client ids, and the audience of the
// assertions that clients sign.
const clientHost = "simulated.platform.example"

// fileMode keeps what a platform writes from other users of the machine.
const fileMode = 0o600

// clientCredentials are those of the one client that the platform knows.
type clientCredentials struct {
	id, secret string
	public     ed25519.PublicKey
	// platform signs the platform's calls of hosted connectors.
	platform ed25519.PrivateKey
}

// jsonWebKey is an Ed25519 key as RFC 8037 has it.
type jsonWebKey struct {
	Type    string `json:"kty"`
	Curve   string `json:"crv"`
	Public  string `json:"x"`
	Private string `json:"d,omitempty"`
}

func newCredentials() (*clientCredentials, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate client key: %w", err)
	}
	_, platform, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate platform key: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	key, err := json.Marshal(jsonWebKey{Type: "OKP", Curve: "Ed25519", Public: encode(public), Private: encode(private.Seed())})
	if err != nil {
		return nil, fmt.Errorf("encode client key: %w", err)
	}
	return &clientCredentials{
		id:     "simulated-client-00001@" + clientHost + "/vcn",
		secret: "secret-token:" + clientHost + ":v1:" + encode(key),
		public: public, platform: platform,
	}, nil
}
