package reached

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
		if a.ResourceID != graph || t.kinds[a.Principal.ID] == group || t.kinds[a.Principal.ID] == user {
			continue
		}
		from, may := t.node(a.Principal.ID), ofPermission[values[a.AppRoleID]]
		if may[givesPermissions] || may[givesRoles] {
			t.giver(from)
		}
		if may[givesPermissions] || may[givesPackages] {
			t.everyPackage(from)
		}
		t.permissionOverGroups(from, may)
		t.permissionOverApplications(from, may)
		t.permissionOverPeople(from, may)
	}
}

func (t *Tenant) permissionOverGroups(from string, may map[string]bool) {
	for i := range t.truth.Groups {
		g := &t.truth.Groups[i]
		if t.frozen(g) || t.enclosed(g.ID) {
			continue
		}
		// Whoever can have any permission can have the one that each group takes; for
		// groups of Exchange there is none.
		if may[givesPermissions] && !g.ExchangeManaged || may[mark(g)] || may[anyGroupInPIM] && !g.Dynamic && !g.ExchangeManaged {
			t.leads(from, "group:"+g.ID)
		}
	}
}

func (t *Tenant) permissionOverApplications(from string, may map[string]bool) {
	for i := range t.truth.ServicePrincipals {
		sp := &t.truth.ServicePrincipals[i]
		switch {
		case sp.Kind == application && (may[givesPermissions] || may[controlsApplications]),
			sp.Blueprint && (may[givesPermissions] || may[controlsBlueprints]):
			t.leads(from, t.node(sp.ID))
		}
	}
}

func (t *Tenant) permissionOverPeople(from string, may map[string]bool) {
	for i := range t.truth.Users {
		u := &t.truth.Users[i]
		switch {
		case outside(u):
		case may[givesPermissions], may[trustsAuthorities], may[addsMethods] && !t.enclosed(u.ID), may[federates] && u.Synced && custom(u):
			t.leads(from, "user:"+u.ID)
		}
	}
}
