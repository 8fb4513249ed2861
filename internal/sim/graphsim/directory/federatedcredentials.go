package directory

import (
	"fmt"
	"slices"
)

// FederatedCredential is the trust in an identity provider that stands in for a secret.
type FederatedCredential struct{ Name, Issuer, Subject, Description string }

// Federated is a federated credential by its index.
func (t *Tenant) Federated(i int) FederatedCredential {
	n, k := i/FederatedPerApp, i%FederatedPerApp
	name := fmt.Sprintf("%s-%d", RoleWords[k%len(RoleWords)], k)
	if n == RegistrationBusyOwner || k%2 == 0 && n != RegistrationWiki {
		return FederatedCredential{
			Name: name, Issuer: "https://token.actions.githubusercontent.com", Description: "Deployments from GitHub",
			Subject: fmt.Sprintf("repo:contoso/app%d:environment:stage%d", n, k),
		}
	}
	cluster := t.GUIDOf(MakeRef(KindMisc, 50_000+n)).String()
	return FederatedCredential{
		Name: name, Issuer: "https://oidc.prod-aks.azure.com/" + cluster + "/",
		Subject: fmt.Sprintf("system:serviceaccount:team-%d:worker%d", n, k),
	}
}

// FederatedOf lists the federated credentials of a registration.
func (t *Tenant) FederatedOf(n int) []Ref {
	count := 0
	switch h := t.Hash(MakeRef(KindApplication, n), saltFederated); {
	case n == RegistrationConnector:
		count = FederatedPerApp
	case n == RegistrationBusyOwner || n == RegistrationWiki || t.hasFlexible(n):
		count = 2
	case n >= firstRandomRegistration && h%6 == 0:
		count = 1 + Below(h>>8, 3)
	}
	out := make([]Ref, 0, count)
	for k := range count {
		if r := MakeRef(KindFederatedCredential, n*FederatedPerApp+k); t.Live(r) {
			out = append(out, r)
		}
	}
	return out
}

// flexibleCredential is the place of the flexible federated credential among those of its registration.
const flexibleCredential = 1

// hasFlexible is whether a registration was given a flexible federated credential, whose subject is null.
func (t *Tenant) hasFlexible(n int) bool {
	return n == RegistrationNested || n > firstRandomRegistration && n == len(t.SPs)/4
}

// Flexible is whether a federated credential is a flexible one.
func (t *Tenant) Flexible(r Ref) bool {
	return r.Kind() == KindFederatedCredential && r.Index()%FederatedPerApp == flexibleCredential && t.hasFlexible(r.Index()/FederatedPerApp)
}

// UnreadableFederated is whether the federated credentials of a registration cannot be read: one of them is flexible.
func (t *Tenant) UnreadableFederated(n int) bool {
	return t.Quirks.Has(QuirkFlexibleCredential) && t.hasFlexible(n) && slices.ContainsFunc(t.FederatedOf(n), t.Flexible)
}
