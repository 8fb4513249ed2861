package directory

import (
	"encoding/base64"
	"fmt"
	"slices"
)

// keyring collects the credentials of one owner.
type keyring struct {
	tenant *Tenant
	first  int
	list   []Credential
}

func (t *Tenant) keyringOf(r Ref) *keyring {
	owner := r.Index()
	if r.Kind() == KindServicePrincipal {
		owner += ownersOfCredentials
	}
	return &keyring{tenant: t, first: owner * credentialsPerOwner}
}

func (k *keyring) add(c Credential) {
	c.ID = k.tenant.GUIDOf(MakeRef(kindCredential, k.first+len(k.list)))
	if c.Thumb == (GUID{}) {
		c.Thumb = c.ID
	}
	k.list = append(k.list, c)
}

func (k *keyring) secret(name string, l Lifetime) { k.add(Credential{Name: name, Lifetime: l}) }

func (k *keyring) certificate(name, usage string, l Lifetime) {
	k.add(Credential{Name: name, usage: usage, Lifetime: l})
}

// signing adds what single sign-on with SAML leaves: two keys, and a password under the id of the one that signs.
func (k *keyring) signing(name string, l Lifetime) {
	k.certificate(name, UsageVerify, l)
	k.add(Credential{Name: name, usage: UsageSign, Lifetime: l, Thumb: k.list[len(k.list)-1].Thumb})
	password := k.list[len(k.list)-1]
	password.usage, password.Signing = "", true
	k.list = append(k.list, password)
}

// CredentialsOf are the secrets and certificates of a registration or a service principal.
func (t *Tenant) CredentialsOf(r Ref) []Credential {
	k := t.keyringOf(r)
	if r.Kind() == KindApplication {
		t.registrationCredentials(r.Index(), k)
	} else {
		t.principalCredentials(r.Index(), k)
	}
	if t.unnamedCredentials(r) {
		k.unnamed()
	}
	if !t.Written.Any {
		return k.list
	}
	return slices.DeleteFunc(append(k.list, t.Written.Secrets[r]...), func(c Credential) bool {
		_, gone := t.Written.Revoked[c.ID]
		return gone
	})
}

func (t *Tenant) registrationCredentials(n int, k *keyring) {
	switch n {
	case RegistrationConnector:
		k.secret("connector", endsInYears)
	case RegistrationPayroll:
		k.secret("2024", longExpired)
		k.secret("", endsInDays) // Made by the CLI, which gives no name.
		k.secret("nightly job", endsInWeeks)
		k.certificate("CN=payroll.contoso.com", UsageVerify, endsInYears)
		k.certificate("CN=payroll-old.contoso.com", UsageVerify, justExpired)
	case RegistrationPrototype:
		k.secret("demo", endsNever)
	case RegistrationUnassigned, RegistrationMobile:
	default:
		h := t.Hash(MakeRef(KindApplication, n), saltCredential)
		for i := range Below(h, 3) {
			k.secret(credentialName(h>>8+uint64(i)), Pick(everyAge, h>>16+uint64(i)))
		}
		if h>>32%3 == 0 {
			k.certificate(fmt.Sprintf("CN=app%d.contoso.com", n), UsageVerify, Pick(everyAge, h>>40))
		}
	}
}

func (t *Tenant) principalCredentials(i int, k *keyring) {
	switch s := t.SPs[i]; {
	case i == SPGallery:
		k.signing("CN=Microsoft Azure Federated SSO Certificate", endsInYears)
	case s.Kind == SPManagedIdentity: // Azure's own, which it renews.
		k.certificate("CN="+t.GUIDOf(SPRef(i)).String(), UsageVerify, azureRenewal)
	case s.Kind == SPApplication && i%8 == 3:
		k.secret("secret", Pick(everyAge, t.Hash(SPRef(i), saltCredential)))
	}
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
var keyTypes = map[string]string{UsageVerify: "AsymmetricX509Cert", UsageSign: "X509CertAndPassword"}

// PasswordsOf reads the secrets of registrations or of service principals.
func PasswordsOf(k Kind) func(t *Tenant, i int) any {
	return func(t *Tenant, i int) any {
		out := []passwordCredential{}
		for _, c := range t.CredentialsOf(MakeRef(k, i)) {
			if c.Secret() {
				hint := c.Hint()
				out = append(out, passwordCredential{
					DisplayName: OrNull(c.Name), KeyID: OrNull(c.KeyID()), Hint: &hint, Start: c.Lifetime.Start, End: c.Lifetime.End,
				})
			}
		}
		return out
	}
}

// KeysOf reads the certificates of registrations or of service principals.
func KeysOf(k Kind) func(t *Tenant, i int) any {
	return func(t *Tenant, i int) any {
		out := []keyCredential{}
		for _, c := range t.CredentialsOf(MakeRef(k, i)) {
			if !c.Secret() {
				out = append(out, keyCredential{
					CustomKeyIdentifier: base64.StdEncoding.EncodeToString(c.Thumb[:]), DisplayName: OrNull(c.Name), KeyID: c.ID.String(),
					Start: c.Lifetime.Start, End: c.Lifetime.End, Type: keyTypes[c.usage], Usage: c.usage,
				})
			}
		}
		return out
	}
}

// MethodKind is a sort of authentication method.
type MethodKind struct {
	TypeName string // In the namespace microsoft.graph.
	Segment  string // In the path of one method; empty for what nobody deletes.
	id       string // Microsoft's own where there is one of a kind; else it belongs to the user.
}

// The methods users have here, the one preferred for the second factor last but one.
const (
	MethodPassword = iota
	MethodPhone
	MethodAuthenticator
	MethodFIDO
)

var MethodKinds = []MethodKind{
	MethodPassword:      {TypeName: "passwordAuthenticationMethod", id: "28c10230-6103-485e-b985-444c60001490"},
	MethodPhone:         {TypeName: "phoneAuthenticationMethod", Segment: "phonemethods", id: "3179e48a-750b-4051-897c-87b9720928f7"},
	MethodAuthenticator: {TypeName: "microsoftAuthenticatorAuthenticationMethod", Segment: "microsoftauthenticatormethods"},
	MethodFIDO:          {TypeName: "fido2AuthenticationMethod", Segment: "fido2methods"},
}

// hasFactor is whether a user had set up a second factor before any write.
func (t *Tenant) hasFactor(i int) bool { return !t.MadeUser(i) && t.Hash(UserRef(i), saltMFA)%10 < 7 }

// FactorsOf are the methods of a user beside the password.
func (t *Tenant) FactorsOf(i int) []int {
	var all []int
	switch {
	case !t.hasFactor(i):
	case t.Hash(UserRef(i), saltMFA)>>8%5 == 0:
		all = []int{MethodAuthenticator, MethodFIDO}
	default:
		all = []int{MethodPhone, MethodAuthenticator}
	}
	var out []int
	for _, kind := range all {
		if _, gone := t.Written.Methods[MethodKey{User: i, Method: kind}]; !gone {
			out = append(out, kind)
		}
	}
	return out
}

// MethodID is the id of an authentication method of a user.
func (t *Tenant) MethodID(i, kind int) string {
	if id := MethodKinds[kind].id; id != "" {
		return id
	}
	return t.GUIDOf(MakeRef(KindMisc, 1<<24+i*len(MethodKinds)+kind)).String()
}

// PartOfSeats is how many of a product's units are in one of its rows.
func (t *Tenant) PartOfSeats(i, units int) int {
	second := units / 3
	switch {
	case i >= len(Skus):
		return second
	case i == 0 && t.secondSubscriptions() > 0:
		return units - second
	default:
		return units
	}
}

// unnamedCredentials is whether a registration or a service principal has secrets without a key id.
func (t *Tenant) unnamedCredentials(r Ref) bool {
	return t.Quirks.Has(QuirkUnnamed) && (r == MakeRef(KindApplication, RegistrationPrototype) || r == SPRef(SPDisabled))
}

// unnamed adds two secrets without a key id: made by something older than key ids.
func (k *keyring) unnamed() {
	k.add(Credential{Name: "migrated", Lifetime: longExpired, unnamed: true})
	k.add(Credential{Name: "migrated", Lifetime: endsInYears, unnamed: true})
}
