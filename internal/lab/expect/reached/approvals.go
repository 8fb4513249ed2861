package reached

import "strings"

// Approval is whether activating an entitlement takes somebody's approval ("required",
// "not required" or "unknown"), and the names of those who can give it and are in the
// snapshot: people, and groups for their members.
func (t *Tenant) Approval(entitlement string) (string, []string) {
	for i := range t.truth.Activations {
		a := &t.truth.Activations[i]
		if !a.Of(entitlement) {
			continue
		}
		var names []string
		for _, p := range a.Approvers {
			names = append(names, t.called[p.ID])
		}
		return a.Approval, names
	}
	return "unknown", nil
}

// nameApprovers notes what people, groups and applications are called.
func (t *Tenant) nameApprovers() {
	for i := range t.truth.Users {
		t.called[t.truth.Users[i].ID] = t.truth.Users[i].DisplayName
	}
	for i := range t.truth.Groups {
		t.called[t.truth.Groups[i].ID] = t.truth.Groups[i].DisplayName
	}
	for i := range t.truth.ServicePrincipals {
		t.called[t.truth.ServicePrincipals[i].ID] = t.truth.ServicePrincipals[i].DisplayName
	}
	for id, name := range t.called {
		const shown = 40 // Long names are cut where they are shown.
		t.called[id] = strings.TrimRight(string([]rune(name)[:min(shown, len([]rune(name)))]), " ")
	}
}
