package login

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint by definition (RFC 7515).
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// FederatedAudience is the audience Entra wants in a federated assertion (workload identity federation).
const FederatedAudience = "api://AzureADTokenExchange"

type registeredCertificate struct {
	thumbprints []string // x5t and x5t#S256.
	key         *rsa.PublicKey
}

type federatedCredential struct{ issuer, subject string }

// RegisterCertificate lets assertions signed with a certificate's RSA key stand for the connector.
func (a *Authority) RegisterCertificate(cert *x509.Certificate) {
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return
	}
	short, long := sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw) //nolint:gosec // See the import.
	a.mu.Lock()
	defer a.mu.Unlock()
	a.certificates = append(a.certificates, registeredCertificate{
		key:         key,
		thumbprints: []string{base64.RawURLEncoding.EncodeToString(short[:]), base64.RawURLEncoding.EncodeToString(long[:])},
	})
}

// RegisterFederatedCredential lets assertions of an outside issuer about a subject stand for the connector. Their
// signature is not checked: the issuer's keys are outside the simulation.
func (a *Authority) RegisterFederatedCredential(issuer, subject string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.federated = append(a.federated, federatedCredential{issuer: issuer, subject: subject})
}

// checkClient checks the secret or the assertion of a confidential client.
func (a *Authority) checkClient(tenant string, form url.Values) error {
	if assertion := form.Get("client_assertion"); assertion != "" {
		if form.Get("client_assertion_type") != assertionTypeJWT {
			return &authError{code: 900144, detail: "client_assertion_type"}
		}
		return a.checkAssertion(tenant, assertion)
	}
	switch form.Get("client_secret") {
	case a.secret:
		return nil
	case "":
		return &authError{code: 7000218}
	default:
		return &authError{code: 7000215}
	}
}

type assertionHeader struct {
	Algorithm string `json:"alg"`
	X5T       string `json:"x5t"`
	X5TLong   string `json:"x5t#S256"`
}

type assertionClaims struct {
	Issuer    string          `json:"iss"`
	Subject   string          `json:"sub"`
	Audience  json.RawMessage `json:"aud"`
	Expires   int64           `json:"exp"`
	NotBefore int64           `json:"nbf"`
}

func (a *Authority) checkAssertion(tenant, assertion string) error {
	bad := &authError{code: 700027}
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return bad
	}
	var header assertionHeader
	var body assertionClaims
	if !decodePart(parts[0], &header) || !decodePart(parts[1], &body) {
		return bad
	}
	now := a.graph.Now()
	if now.After(time.Unix(body.Expires, 0)) || now.Add(5*time.Minute).Before(time.Unix(body.NotBefore, 0)) {
		return &authError{code: 700024}
	}
	if body.Issuer != a.ClientID() {
		return a.checkFederated(body)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	audience := `"` + a.graph.URL + "/" + tenant + TokenPath + `"`
	if err != nil || body.Subject != a.ClientID() || string(body.Audience) != audience {
		return bad
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !a.signedByRegistered(header, digest[:], signature) {
		return bad
	}
	return nil
}

func decodePart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

func (a *Authority) signedByRegistered(h assertionHeader, digest, signature []byte) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.certificates {
		if c.thumbprints[0] != urlBase64(h.X5T) && c.thumbprints[1] != urlBase64(h.X5TLong) {
			continue
		}
		switch h.Algorithm {
		case "RS256":
			return rsa.VerifyPKCS1v15(c.key, crypto.SHA256, digest, signature) == nil
		case "PS256":
			return rsa.VerifyPSS(c.key, crypto.SHA256, digest, signature, nil) == nil
		}
	}
	return false
}

// urlBase64 undoes the alphabet and padding of plain base64, in which MSAL writes thumbprints.
func urlBase64(s string) string {
	return strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
}

// checkFederated matches an assertion with the registered federated credentials, issuer first.
func (a *Authority) checkFederated(body assertionClaims) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	code, detail := 700211, body.Issuer
	for _, f := range a.federated {
		if f.issuer != body.Issuer {
			continue
		}
		if f.subject != body.Subject {
			code, detail = 700213, body.Subject
			continue
		}
		if !strings.Contains(string(body.Audience), `"`+FederatedAudience+`"`) {
			return &authError{code: 700212, detail: strings.Trim(string(body.Audience), `"`)}
		}
		return nil
	}
	return &authError{code: code, detail: detail}
}
