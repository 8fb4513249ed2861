package reached

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim"

// roles leads holders and eligible holders to their roles.
func (t *Tenant) roles() {
	for _, rows := range [][]graphsim.TruthRoleAssignment{t.truth.RoleAssignments, t.truth.RoleEligibilities} {
		for i := range rows {
			t.leads(t.node(rows[i].Principal.ID), t.role(&rows[i]))
		}
	}
}

// role is the node of a row's role; empty where its scope or its principal is gone.
func (t *Tenant) role(a *graphsim.TruthRoleAssignment) string {
	switch {
	case a.Principal.Type == "":
		return ""
	case a.Scope == "/":
		return "role:" + a.RoleID
	case a.ScopeType == "":
		return ""
	}
	id := a.RoleID + "@" + a.ScopeObjectID
	t.scoped[id] = true
	return "scoped_role:" + id
}

// memberships leads members, and who can become one or an owner, to their groups. A
// group leads on for its own members alone, and never for those of groups inside it.
func (t *Tenant) memberships(allGroups bool) {
	for _, m := range t.truth.Members {
		if t.kinds[m.Principal.ID] == group {
			t.leads("in:"+m.Principal.ID, "in:"+m.ObjectID)
			continue
		}
		t.leads(t.node(m.Principal.ID), "group:"+m.ObjectID)
	}
	for _, e := range t.truth.GroupEligibilities {
		g := t.groups[e.GroupID]
		if g == nil || !g.RoleAssignable && !allGroups || t.frozen(g) || t.enclosed(g.ID) || g.Dynamic || g.ExchangeManaged {
			continue
		}
		t.leads(t.node(e.Principal.ID), "group:"+e.GroupID)
	}
}

// frozen is whether nobody in the cloud decides who is in a group.
func (t *Tenant) frozen(g *graphsim.TruthGroup) bool { return g.Synced }

// enclosed is whether a restricted administrative unit protects an object.
func (t *Tenant) enclosed(id string) bool {
	for _, u := range t.units[id] {
		if t.restricted[u] {
			return true
		}
	}
	return false
}

// ownerships leads owners to what they own.
func (t *Tenant) ownerships() {
	for _, o := range t.truth.GroupOwners {
		if g := t.groups[o.ObjectID]; g != nil && g.OwnersReadable && !t.frozen(g) && !t.enclosed(g.ID) {
			t.leads(t.node(o.Principal.ID), "group:"+o.ObjectID)
		}
	}
	identities := map[string]*graphsim.TruthServicePrincipal{} // By appId.
	for i := range t.truth.ServicePrincipals {
		sp := &t.truth.ServicePrincipals[i]
		if sp.Kind == application || sp.Blueprint {
			identities[sp.AppID] = sp
		}
		if sp.BlueprintID != "" {
			t.leads("agent_identity:"+sp.BlueprintID, "agent_identity:"+sp.ID)
		}
	}
	for i := range t.truth.Users {
		if u := &t.truth.Users[i]; u.AgentID != "" {
			t.leads("agent_identity:"+u.AgentID, "user:"+u.ID)
		}
	}
	for _, o := range t.truth.ApplicationOwners {
		if t.kinds[o.ObjectID] == application {
			t.leads(t.node(o.Principal.ID), "application:"+o.ObjectID)
		}
	}
	signsInAs := map[string]*graphsim.TruthServicePrincipal{} // By the registration's id.
	for _, a := range t.truth.Applications {
		signsInAs[a.ID] = identities[a.AppID]
	}
	for _, o := range t.truth.RegistrationOwners {
		if sp := signsInAs[o.ObjectID]; sp != nil && (sp.Enabled || sp.Blueprint) {
			t.leads(t.node(o.Principal.ID), t.node(sp.ID))
		}
	}
	t.scopedApplications(signsInAs)
}

// scopedApplications leads roles over one application, or over its registration, to it.
func (t *Tenant) scopedApplications(signsInAs map[string]*graphsim.TruthServicePrincipal) {
	for id := range t.scoped {
		roleID, scope := splitScoped(id)
		if !ofRole[t.roleNames[roleID]][controlsApplications] {
			continue
		}
		if t.kinds[scope] == application {
			t.leads("scoped_role:"+id, "application:"+scope)
		}
		if sp := signsInAs[scope]; sp != nil && sp.Enabled && sp.Kind == application {
			t.leads("scoped_role:"+id, "application:"+sp.ID)
		}
	}
}
