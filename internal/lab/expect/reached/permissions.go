package reached

import "strings"

const microsoftGraph = "00000003-0000-0000-c000-000000000000"

// permissions leads applications with a dangerous permission to what it lets them do.
func (t *Tenant) permissions() {
	values := map[string]string{}
	graph := ""
	for _, sp := range t.truth.ServicePrincipals {
		if sp.AppID != microsoftGraph {
			continue
		}
		graph = sp.ID
		for _, r := range sp.AppRoles {
			values[r.ID] = r.Value
		}
	}
	for _, a := range t.truth.AppRoleAssignments {
		if a.ResourceID != graph || t.kinds[a.Principal.ID] == "group" || t.kinds[a.Principal.ID] == "user" {
			continue
		}
		from, value := t.node(a.Principal.ID), values[a.AppRoleID]
		all := givesPermissions[value]
		if all || givesRolesByPermission[value] {
			t.giver(from)
		}
		t.permissionOverGroups(from, value, all)
		t.permissionOverApplications(from, value, all)
		t.permissionOverPeople(from, value, all)
	}
}

func (t *Tenant) permissionOverGroups(from, value string, all bool) {
	for i := range t.truth.Groups {
		g := &t.truth.Groups[i]
		if t.frozen(g) || t.enclosed(g.ID) {
			continue
		}
		// Whoever can have any permission can have the one that each group takes; for
		// groups of Exchange there is none.
		if all && !g.ExchangeManaged || strings.Contains(groupsByPermission[value], mark(g)) || inPIM[value] && !g.Dynamic && !g.ExchangeManaged {
			t.leads(from, "group:"+g.ID)
		}
	}
}

func (t *Tenant) permissionOverApplications(from, value string, all bool) {
	for i := range t.truth.ServicePrincipals {
		sp := &t.truth.ServicePrincipals[i]
		switch {
		case sp.Kind == "application" && (all || value == "Application.ReadWrite.All"),
			sp.Blueprint && (all || strings.HasPrefix(value, "AgentIdentityBlueprint.")):
			t.leads(from, t.node(sp.ID))
		}
	}
}

func (t *Tenant) permissionOverPeople(from, value string, all bool) {
	for i := range t.truth.Users {
		u := &t.truth.Users[i]
		switch {
		case outside(u):
		case all, value == "Organization.ReadWrite.All",
			value == "UserAuthenticationMethod.ReadWrite.All" && !t.enclosed(u.ID),
			value == "Domain.ReadWrite.All" && u.Synced && custom(u):
			t.leads(from, "user:"+u.ID)
		}
	}
}
