package truth

import (
	"cmp"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func truthApplications(t *directory.Tenant, out *Statement) {
	each(t, directory.KindApplication, func(n int, id string) {
		out.Applications = append(out.Applications, Application{
			ID: id, AppID: t.RegistrationAppID(n), DisplayName: t.RegistrationName(n), Blueprint: t.IsBlueprint(n), FederatedUnreadable: t.UnreadableFederated(n),
		})
		out.RegistrationOwners = appendEdges(t, out.RegistrationOwners, id, t.Registrations[n].Owners)
		identity := ""
		if sp := t.Registrations[n].SP; sp != directory.NoServicePrincipal && t.Live(directory.SPRef(sp)) {
			identity = t.IDOf(directory.SPRef(sp))
		}
		out.Credentials = appendCredentials(t, out.Credentials, directory.MakeRef(directory.KindApplication, n), identity)
		for _, r := range t.FederatedOf(n) {
			out.Credentials = append(out.Credentials, Credential{
				OwnerType: "application", OwnerID: id, KeyID: t.IDOf(r), Kind: "federated", DisplayName: t.Federated(r.Index()).Name, ServicePrincipalID: identity,
				Unreadable: t.UnreadableFederated(n),
			})
		}
	})
	each(t, directory.KindServicePrincipal, func(i int, id string) {
		out.Credentials = appendCredentials(t, out.Credentials, directory.SPRef(i), id)
	})
	each(t, directory.KindConsent, func(i int, id string) {
		g := t.Consents[i]
		out.Consents = append(out.Consents, Consent{
			ID: id, ClientID: t.IDOf(directory.SPRef(g.Client)), ResourceID: t.IDOf(directory.SPRef(g.Resource)), ConsentType: g.Kind(), PrincipalID: t.ConsentPrincipal(i), Scope: g.Scope,
		})
	})
}

func appendCredentials(t *directory.Tenant, list []Credential, owner directory.Ref, identity string) []Credential {
	for _, c := range t.CredentialsOf(owner) {
		if c.Signing {
			continue
		}
		row := Credential{
			OwnerType: t.Model.Of(owner.Kind()).Name, OwnerID: t.IDOf(owner), KeyID: c.KeyID(), Kind: "certificate", DisplayName: c.Name,
			Start: c.Lifetime.Start, End: c.Lifetime.End, ServicePrincipalID: identity,
		}
		if c.Secret() {
			row.Kind = "password"
		}
		list = append(list, row)
	}
	return list
}

func (t *Statement) sortApplications() {
	slices.SortFunc(t.Applications, func(a, b Application) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RegistrationOwners, compareEdges)
	slices.SortFunc(t.Credentials, func(a, b Credential) int {
		return cmp.Or(cmp.Compare(a.OwnerID, b.OwnerID), cmp.Compare(a.KeyID, b.KeyID), cmp.Compare(a.Start, b.Start))
	})
	slices.SortFunc(t.Consents, func(a, b Consent) int { return cmp.Compare(a.ID, b.ID) })
}
