package graphsim

import (
	"encoding/base64"
	"fmt"
	"slices"
)

// lifetime is when a credential starts and ends. The moments are fixed, and chosen around 25 November 2026.
type lifetime struct{ start, end string }

var (
	longExpired  = lifetime{"2022-06-30T09:00:00Z", "2024-06-30T09:00:00Z"}
	justExpired  = lifetime{"2025-11-01T00:00:00Z", "2026-11-01T00:00:00Z"}
	endsInDays   = lifetime{"2025-11-28T10:15:00Z", "2026-11-28T10:15:00Z"}
	endsInWeeks  = lifetime{"2024-12-20T07:30:15.1234567Z", "2026-12-20T07:30:15.1234567Z"}
	endsInYears  = lifetime{"2026-01-15T12:00:00Z", "2028-01-15T12:00:00Z"}
	endsNever    = lifetime{"2020-01-01T00:00:00Z", "2299-12-30T23:59:59Z"}
	everyAge     = []lifetime{longExpired, justExpired, endsInDays, endsInWeeks, endsInYears, endsNever}
	azureRenewal = lifetime{"2026-10-12T00:00:00Z", "2027-01-10T00:00:00Z"}
)

const (
	usageVerify = "Verify"
	usageSign   = "Sign"

	credentialsPerOwner = 32
	ownersOfCredentials = 1 << 20 // Registrations come before, service principals after.
)

// credential is a secret or a certificate of a registration or a service principal.
type credential struct {
	id       guid
	thumb    guid   // The keys of one certificate share it.
	name     string // Empty for none.
	usage    string // Of a certificate; empty for a secret.
	signing  bool   // The password of a key that signs, with the id of that key: no credential of its own.
	lifetime lifetime
	unnamed  bool // It has no key id.
}

func (c credential) secret() bool { return c.usage == "" }

// keyring collects the credentials of one owner.
type keyring struct {
	tenant *Tenant
	first  int
	list   []credential
}

func (t *Tenant) keyringOf(r Ref) *keyring {
	owner := r.index()
	if r.Kind() == KindServicePrincipal {
		owner += ownersOfCredentials
	}
	return &keyring{tenant: t, first: owner * credentialsPerOwner}
}

func (k *keyring) add(c credential) {
	c.id = k.tenant.guidOf(makeRef(kindCredential, k.first+len(k.list)))
	if c.thumb == (guid{}) {
		c.thumb = c.id
	}
	k.list = append(k.list, c)
}

func (k *keyring) secret(name string, l lifetime) { k.add(credential{name: name, lifetime: l}) }

func (k *keyring) certificate(name, usage string, l lifetime) {
	k.add(credential{name: name, usage: usage, lifetime: l})
}

// signing adds what single sign-on with SAML leaves: two keys, and a password under the id of the one that signs.
func (k *keyring) signing(name string, l lifetime) {
	k.certificate(name, usageVerify, l)
	k.add(credential{name: name, usage: usageSign, lifetime: l, thumb: k.list[len(k.list)-1].thumb})
	password := k.list[len(k.list)-1]
	password.usage, password.signing = "", true
	k.list = append(k.list, password)
}

// credentialsOf are the secrets and certificates of a registration or a service principal.
func (t *Tenant) credentialsOf(r Ref) []credential {
	k := t.keyringOf(r)
	if r.Kind() == KindApplication {
		t.registrationCredentials(r.index(), k)
	} else {
		t.principalCredentials(r.index(), k)
	}
	if t.unnamedCredentials(r) {
		k.unnamed()
	}
	if !t.written.any {
		return k.list
	}
	return slices.DeleteFunc(append(k.list, t.written.secrets[r]...), func(c credential) bool {
		_, gone := t.written.revoked[c.id]
		return gone
	})
}

// hint is what Graph goes on showing of a secret.
func (c credential) hint() string { return c.id.String()[:3] }

func (t *Tenant) registrationCredentials(n int, k *keyring) {
	switch n {
	case RegistrationConnector:
		k.secret("connector", endsInYears)
	case RegistrationPayroll:
		k.secret("2024", longExpired)
		k.secret("", endsInDays) // Made by the CLI, which gives no name.
		k.secret("nightly job", endsInWeeks)
		k.certificate("CN=payroll.contoso.com", usageVerify, endsInYears)
		k.certificate("CN=payroll-old.contoso.com", usageVerify, justExpired)
	case RegistrationPrototype:
		k.secret("demo", endsNever)
	case RegistrationUnassigned, RegistrationMobile:
	default:
		h := t.hash(makeRef(KindApplication, n), saltCredential)
		for i := range below(h, 3) {
			k.secret(credentialName(h>>8+uint64(i)), pick(everyAge, h>>16+uint64(i)))
		}
		if h>>32%3 == 0 {
			k.certificate(fmt.Sprintf("CN=app%d.contoso.com", n), usageVerify, pick(everyAge, h>>40))
		}
	}
}

func (t *Tenant) principalCredentials(i int, k *keyring) {
	switch s := t.sps[i]; {
	case i == SPGallery:
		k.signing("CN=Microsoft Azure Federated SSO Certificate", endsInYears)
	case s.kind == spManagedIdentity: // Azure's own, which it renews.
		k.certificate("CN="+t.guidOf(spRef(i)).String(), usageVerify, azureRenewal)
	case s.kind == spApplication && i%8 == 3:
		k.secret("secret", pick(everyAge, t.hash(spRef(i), saltCredential)))
	}
}

// credentialName is now and then empty, as people leave it.
func credentialName(h uint64) string {
	return pick([]string{"ci", "", "terraform", "Müller's laptop", "backup job"}, h)
}

type passwordCredential struct {
	CustomKeyIdentifier *string `json:"customKeyIdentifier"`
	DisplayName         any     `json:"displayName"`
	End                 string  `json:"endDateTime"`
	Hint                *string `json:"hint"`
	KeyID               any     `json:"keyId"`
	SecretText          *string `json:"secretText"`
	Start               string  `json:"startDateTime"`
}

// keyCredential has no key in an answer: Graph sends it for a single object that was asked for it only.
type keyCredential struct {
	CustomKeyIdentifier string  `json:"customKeyIdentifier"`
	DisplayName         any     `json:"displayName"`
	End                 string  `json:"endDateTime"`
	Key                 *string `json:"key"`
	KeyID               string  `json:"keyId"`
	Start               string  `json:"startDateTime"`
	Type                string  `json:"type"`
	Usage               string  `json:"usage"`
}

// keyTypes are the types of keys by usage: one that signs holds its private half (keyCredential).
var keyTypes = map[string]string{usageVerify: "AsymmetricX509Cert", usageSign: "X509CertAndPassword"}

func passwordsOf(k Kind) func(t *Tenant, i int) any {
	return func(t *Tenant, i int) any {
		out := []passwordCredential{}
		for _, c := range t.credentialsOf(makeRef(k, i)) {
			if c.secret() {
				hint := c.hint()
				out = append(out, passwordCredential{
					DisplayName: orNull(c.name), KeyID: orNull(c.keyID()), Hint: &hint, Start: c.lifetime.start, End: c.lifetime.end,
				})
			}
		}
		return out
	}
}

func keysOf(k Kind) func(t *Tenant, i int) any {
	return func(t *Tenant, i int) any {
		out := []keyCredential{}
		for _, c := range t.credentialsOf(makeRef(k, i)) {
			if !c.secret() {
				out = append(out, keyCredential{
					CustomKeyIdentifier: base64.StdEncoding.EncodeToString(c.thumb[:]), DisplayName: orNull(c.name), KeyID: c.id.String(),
					Start: c.lifetime.start, End: c.lifetime.end, Type: keyTypes[c.usage], Usage: c.usage,
				})
			}
		}
		return out
	}
}
