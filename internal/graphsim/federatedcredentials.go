package graphsim

import (
	"fmt"
	"strings"
)

const (
	// federatedPerApp is how many federated credentials an application may have at most.
	federatedPerApp   = 20
	relationFederated = "federatedIdentityCredentials"
)

// FederatedExpansion is what $expand=federatedIdentityCredentials of applications does: Microsoft does not say.
type FederatedExpansion uint8

// The answers a client has to be ready for.
const (
	FederatedExpanded FederatedExpansion = iota // The rows have the credentials.
	FederatedIgnored                            // The rows lack them, and nothing says so.
	FederatedRefused                            // 400 Request_UnsupportedQuery.
)

// SetExpandsFederatedCredentials says what becomes of $expand=federatedIdentityCredentials.
func (s *Server) SetExpandsFederatedCredentials(mode FederatedExpansion) {
	s.graph.change(func(set *settings) { set.federated = mode })
}

// checkFederatedExpansion applies the mode; hidden means that the relationship is left out of the rows.
func (c *call) checkFederatedExpansion(name string) (bool, error) {
	if name != relationFederated {
		return false, nil
	}
	switch c.graph.settings().federated {
	case FederatedRefused:
		return false, unsupportedQuery("Expanding the property '%s' is not supported.", name)
	case FederatedIgnored:
		return true, nil
	default:
		return false, nil
	}
}

func newFederatedCredentialType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "federatedIdentityCredential", kind: KindFederatedCredential},
		[]property{
			idProperty(KindFederatedCredential),
			list("audiences", inDefault, func(*Tenant, int) []string { return []string{"api://AzureADTokenExchange"} }),
			text("description", inDefault, func(t *Tenant, i int) string { return t.federated(i).description }),
			text("issuer", plain, func(t *Tenant, i int) string { return t.federated(i).issuer }),
			text("name", plain, func(t *Tenant, i int) string { return t.federated(i).name }),
			text("subject", plain, func(t *Tenant, i int) string {
				return onlyIf(!t.flexible(makeRef(KindFederatedCredential, i)), t.federated(i).subject)
			}),
		},
	)
}

// federated is the trust in an identity provider that stands in for a secret.
type federated struct{ name, issuer, subject, description string }

func (t *Tenant) federated(i int) federated {
	n, k := i/federatedPerApp, i%federatedPerApp
	name := fmt.Sprintf("%s-%d", roleWords[k%len(roleWords)], k)
	if n == RegistrationBusyOwner || k%2 == 0 && n != RegistrationWiki {
		return federated{
			name: name, issuer: "https://token.actions.githubusercontent.com", description: "Deployments from GitHub",
			subject: fmt.Sprintf("repo:contoso/app%d:environment:stage%d", n, k),
		}
	}
	cluster := t.guidOf(makeRef(kindMisc, 50_000+n)).String()
	return federated{
		name: name, issuer: "https://oidc.prod-aks.azure.com/" + cluster + "/",
		subject: fmt.Sprintf("system:serviceaccount:team-%d:worker%d", n, k),
	}
}

// federatedOf lists the federated credentials of a registration.
func (t *Tenant) federatedOf(n int) []Ref {
	count := 0
	switch h := t.hash(makeRef(KindApplication, n), saltFederated); {
	case n == RegistrationConnector:
		count = federatedPerApp
	case n == RegistrationBusyOwner || n == RegistrationWiki || t.hasFlexible(n):
		count = 2
	case n >= firstRandomRegistration && h%6 == 0:
		count = 1 + below(h>>8, 3)
	}
	out := make([]Ref, 0, count)
	for k := range count {
		if r := makeRef(KindFederatedCredential, n*federatedPerApp+k); t.live(r) {
			out = append(out, r)
		}
	}
	return out
}

// deleteFederatedCredential ends the trust in another issuer (federatedidentitycredential-delete).
func (c *call) deleteFederatedCredential() (reply, error) {
	r, err := c.ownedSubject()
	if err != nil {
		return reply{}, err
	}
	for _, one := range c.tenant.federatedOf(r.index()) {
		if strings.EqualFold(c.tenant.id(one), c.related) {
			c.commit(lagWrites, c.idsOf(r, one), func(t *Tenant) { t.remove(one) })
			return done(), nil
		}
	}
	return reply{}, notFound(c.related)
}

func (c *call) listFederatedCredentials() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	set := fmt.Sprintf("applications('%s')/%s", c.tenant.id(r), relationFederated)
	return c.list(refs(set, c.tenant.model.of(KindFederatedCredential), c.tenant.federatedOf(r.index())), assignedOptions)
}
