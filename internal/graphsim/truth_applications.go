package graphsim

import (
	"cmp"
	"slices"
)

// TruthApplication is an application registration.
type TruthApplication struct {
	ID          string `json:"id"`
	AppID       string `json:"appId"`
	DisplayName string `json:"displayName"`
	Blueprint   bool   `json:"blueprint"` // Of the type agentIdentityBlueprint.

	FederatedUnreadable bool `json:"federatedUnreadable"` // Graph cannot give its federated credentials.
}

// TruthCredential is something an application or a service principal signs in with. The password that Entra lists
// beside a key that signs, under the same id, is not another one.
type TruthCredential struct {
	OwnerType          string `json:"ownerType"` // application or servicePrincipal.
	OwnerID            string `json:"ownerId"`
	KeyID              string `json:"keyId"` // Empty where Graph has none.
	Kind               string `json:"kind"`  // password, certificate or federated.
	DisplayName        string `json:"displayName"`
	Start              string `json:"startDateTime"` // Empty for federated ones, as is the end.
	End                string `json:"endDateTime"`
	Unreadable         bool   `json:"unreadable"`         // Federated, and Graph cannot give it.
	ServicePrincipalID string `json:"servicePrincipalId"` // Who signs in with it; empty where the tenant has no service principal.
}

// TruthConsent is a delegated permission grant. PrincipalID is empty for everybody.
type TruthConsent struct {
	ID          string `json:"id"`
	ClientID    string `json:"clientId"`
	ResourceID  string `json:"resourceId"`
	ConsentType string `json:"consentType"`
	PrincipalID string `json:"principalId"`
	Scope       string `json:"scope"`
}

func (t *Tenant) truthApplications(out *Truth) {
	t.each(KindApplication, func(n int, id string) {
		out.Applications = append(out.Applications, TruthApplication{
			ID: id, AppID: t.registrationAppID(n), DisplayName: t.registrationName(n), Blueprint: t.isBlueprint(n), FederatedUnreadable: t.unreadableFederated(n),
		})
		out.RegistrationOwners = t.appendEdges(out.RegistrationOwners, id, t.registrations[n].owners)
		identity := ""
		if sp := t.registrations[n].sp; sp != noServicePrincipal && t.live(spRef(sp)) {
			identity = t.id(spRef(sp))
		}
		out.Credentials = t.appendCredentials(out.Credentials, makeRef(KindApplication, n), identity)
		for _, r := range t.federatedOf(n) {
			out.Credentials = append(out.Credentials, TruthCredential{
				OwnerType: "application", OwnerID: id, KeyID: t.id(r), Kind: "federated", DisplayName: t.federated(r.index()).name, ServicePrincipalID: identity,
				Unreadable: t.unreadableFederated(n),
			})
		}
	})
	t.each(KindServicePrincipal, func(i int, id string) {
		out.Credentials = t.appendCredentials(out.Credentials, spRef(i), id)
	})
	t.each(KindConsent, func(i int, id string) {
		g := t.consents[i]
		out.Consents = append(out.Consents, TruthConsent{
			ID: id, ClientID: t.id(spRef(g.client)), ResourceID: t.id(spRef(g.resource)), ConsentType: g.kind(), PrincipalID: t.consentPrincipal(i), Scope: g.scope,
		})
	})
}

func (t *Tenant) appendCredentials(list []TruthCredential, owner Ref, identity string) []TruthCredential {
	for _, c := range t.credentialsOf(owner) {
		if c.signing {
			continue
		}
		row := TruthCredential{
			OwnerType: t.model.of(owner.Kind()).name, OwnerID: t.id(owner), KeyID: c.keyID(), Kind: "certificate", DisplayName: c.name,
			Start: c.lifetime.start, End: c.lifetime.end, ServicePrincipalID: identity,
		}
		if c.secret() {
			row.Kind = "password"
		}
		list = append(list, row)
	}
	return list
}

func (t *Truth) sortApplications() {
	slices.SortFunc(t.Applications, func(a, b TruthApplication) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RegistrationOwners, compareEdges)
	slices.SortFunc(t.Credentials, func(a, b TruthCredential) int {
		return cmp.Or(cmp.Compare(a.OwnerID, b.OwnerID), cmp.Compare(a.KeyID, b.KeyID), cmp.Compare(a.Start, b.Start))
	})
	slices.SortFunc(t.Consents, func(a, b TruthConsent) int { return cmp.Compare(a.ID, b.ID) })
}
