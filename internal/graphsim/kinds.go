package graphsim

// The kinds of rows that are no directory objects but have ids of their own. Their numbers stay clear of those above,
// because ids are made of them.
const (
	KindFederatedCredential Kind = iota + 24 // Its index is that of its registration and its place there.
	KindConsent
	KindSubscribedSku
	KindRegistrationDetails // A row of the authentication methods report, with the index and the id of its user.
	KindRiskyUser           // The risk of a user, with the index and the id of that user.
	kindCredential
)

// Salts of what is told of registrations, people and licences.
const (
	saltCredential = iota + 100
	saltFederated
	saltConsent
	saltLicense
	saltMFA
	saltMailbox
	saltRisk
	saltExtension
)

// exists is whether a row of these kinds is there now: most go with the objects they tell of. Callers hold t.mu.
func (t *Tenant) exists(r Ref) bool {
	switch i := r.index(); r.Kind() {
	case 0: // The empty place an edge left.
		return false
	case KindUser:
		return i < t.shape.users || t.userExists(i)
	case KindFederatedCredential:
		return t.live(makeRef(KindApplication, i/federatedPerApp))
	case KindConsent:
		g := t.consents[i]
		return t.live(spRef(g.client)) && t.live(spRef(g.resource)) && (g.principal == 0 || t.live(g.principal) || t.lingers(g.principal))
	case KindRegistrationDetails:
		return t.enabled(i) && t.live(userRef(i))
	case KindRiskyUser:
		return t.riskOf(i).state != "" && t.live(userRef(i))
	default:
		return true
	}
}
