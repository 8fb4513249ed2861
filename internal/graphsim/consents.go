package graphsim

import (
	"encoding/base64"
	"slices"
)

const (
	consentAll  = "AllPrincipals"
	consentUser = "Principal"
)

// consent is a delegated permission grant: what a client may do at a resource on behalf of a user, or of everybody.
type consent struct {
	client    int
	resource  int
	principal Ref // Zero for everybody.
	scope     string
}

// generateConsents lets applications act for people: administrators consented for everybody, users for themselves.
func (t *Tenant) generateConsents() {
	add := func(client, resource int, scope string, principals ...Ref) {
		for _, p := range principals {
			t.consents = append(t.consents, consent{client: client, resource: resource, principal: p, scope: scope})
		}
	}
	const everybody = Ref(0)
	add(SPPayroll, SPGraph, "User.Read openid profile offline_access", everybody)
	add(SPPayroll, SPGraph, " User.Read Mail.Send", userRef(userPlain), userRef(userAdmin)) // The same pair again, for people.
	add(SPWiki, SPGraph, " User.Read", everybody)
	add(SPGallery, SPGraph, "User.Read.All Directory.AccessAsUser.All", everybody)
	add(SPNested, SPPayroll, "user_impersonation", everybody)
	add(SPDisabled, SPExchange, "EWS.AccessAsUser.All", userRef(userOther))
	add(t.firstSP(spAgentIdentity).index(), SPGraph, "Mail.Read Calendars.Read", everybody)

	clients := []int{SPCycle, SPBusyMember, SPGallery}
	for i := firstRandomSP; i < len(t.sps); i++ {
		if t.sps[i].kind != spApplication {
			continue
		}
		clients = append(clients, i)
		if h := t.hash(spRef(i), saltConsent); h%2 == 0 {
			add(i, SPGraph, pick(scopes, h>>8), everybody)
		}
	}
	t.userConsents(clients, add)
}

var scopes = []string{
	"User.Read", " User.Read", "openid profile email", "User.Read Mail.Read", " Files.Read.All offline_access", "Calendars.ReadWrite User.ReadBasic.All",
}

// usersPerConsent is how many people there are to one consent of a user.
const usersPerConsent = 20

func (t *Tenant) userConsents(clients []int, add func(client, resource int, scope string, principals ...Ref)) {
	for n := range t.shape.users / usersPerConsent {
		h := t.hash(makeRef(kindMisc, n), saltConsent)
		resource := SPGraph
		if h%9 == 0 {
			resource = SPExchange
		}
		// Neighbours have different users, so that no client has two consents of one person at one resource.
		add(clients[n%len(clients)], resource, pick(scopes, h>>8), t.users(n*usersPerConsent+below(h>>16, usersPerConsent), 1)...)
	}
}

// consentID is url-safe base64 of the ends, as Graph's are: upper and lower case matter.
func (t *Tenant) consentID(i int) string {
	g := t.consents[i]
	client, resource := t.guidOf(spRef(g.client)), t.guidOf(spRef(g.resource))
	raw := slices.Concat(client[:], resource[:])
	if g.principal != 0 {
		user := t.guidOf(g.principal)
		raw = append(raw, user[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (g consent) kind() string {
	if g.principal == 0 {
		return consentAll
	}
	return consentUser
}

// consentPrincipal is empty for everybody.
func (t *Tenant) consentPrincipal(i int) string {
	if p := t.consents[i].principal; p != 0 {
		return t.id(p)
	}
	return ""
}

func newConsentType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "oAuth2PermissionGrant", kind: KindConsent},
		[]property{
			idProperty(KindConsent),
			text("clientId", plain, func(t *Tenant, i int) string { return t.id(spRef(t.consents[i].client)) }),
			text("consentType", plain, func(t *Tenant, i int) string { return t.consents[i].kind() }),
			text("principalId", plain, (*Tenant).consentPrincipal),
			text("resourceId", plain, func(t *Tenant, i int) string { return t.id(spRef(t.consents[i].resource)) }),
			text("scope", inDefault, func(t *Tenant, i int) string { return t.consents[i].scope }),
		},
	)
}

// plainList lists every row of the route's kind, without the options of directory objects.
func plainList(set string, allowed options) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		kind := c.route.kind
		if len(allowed.names) == 0 {
			c.effects = pageEffects{foreignHost: c.effects.foreignHost} // Without options there is no second page to go wrong.
		}
		return c.list(collection{
			set: set, entity: c.tenant.model.of(kind), size: c.tenant.count(kind), at: func(i int) Ref { return makeRef(kind, i) },
		}, allowed)
	}
}
