package reached

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func splitScoped(id string) (string, string) {
	role, scope, _ := strings.Cut(id, "@")
	return role, scope
}

// administrators leads every role to what it lets its holders do, object by object.
func (t *Tenant) administrators() {
	standings := t.standings()
	for id, name := range t.roleNames {
		from := "role:" + id
		for i := range t.truth.Users {
			u := &t.truth.Users[i]
			if t.mayReset(name, &standings, u, "") || t.mayImpersonate(name, u) {
				t.leads(from, "user:"+u.ID)
			}
		}
		for i := range t.truth.Groups {
			if g := &t.truth.Groups[i]; ofRole[name][mark(g)] && !t.frozen(g) && !t.enclosed(g.ID) {
				t.leads(from, "group:"+g.ID)
			}
		}
		t.administratorsOfApplications(from, name)
		if ofRole[name][givesPackages] {
			t.everyPackage(from)
		}
		if ofRole[name][givesRoles] {
			t.giver(from)
		}
	}
	for id := range t.scoped {
		t.scopedAdministrators(id, &standings)
	}
}

func (t *Tenant) administratorsOfApplications(from, name string) {
	registered := map[string]bool{}
	for _, a := range t.truth.Applications {
		registered[a.AppID] = true
	}
	may := ofRole[name]
	for i := range t.truth.ServicePrincipals {
		sp := &t.truth.ServicePrincipals[i]
		switch {
		case sp.Kind == application && (may[controlsApplications] || may[controlsRegistrations] && registered[sp.AppID] && sp.Enabled),
			sp.Blueprint && may[controlsBlueprints]:
			t.leads(from, t.node(sp.ID))
		}
	}
}

// scopedAdministrators leads a role over a unit to its members, and one over a single
// object to that.
func (t *Tenant) scopedAdministrators(id string, standings *standings) {
	roleID, scope := splitScoped(id)
	name, from := t.roleNames[roleID], "scoped_role:"+id
	for i := range t.truth.Users {
		u := &t.truth.Users[i]
		if (slices.Contains(t.units[u.ID], scope) || u.ID == scope) && t.mayReset(name, standings, u, scope) {
			t.leads(from, "user:"+u.ID)
		}
	}
	for i := range t.truth.Groups {
		g := &t.truth.Groups[i]
		within := slices.Contains(t.units[g.ID], scope) || g.ID == scope
		if within && !g.RoleAssignable && !t.frozen(g) && ofRole[name][mark(g)] && (!t.enclosed(g.ID) || t.restricted[scope]) {
			t.leads(from, "group:"+g.ID)
		}
	}
}

// mark is the mark of what it takes to change who is in a group.
func mark(g *graphsim.TruthGroup) string {
	switch {
	case g.RoleAssignable:
		return groupsForRoles
	case g.ExchangeManaged:
		return exchangeGroups
	case g.Unified && g.Dynamic:
		return unifiedRules
	case g.Unified:
		return unifiedGroups
	case g.Dynamic:
		return securityRules
	default:
		return securityGroups
	}
}

// giver leads who gives roles to every role, and to what only a role over a restricted
// unit reaches.
func (t *Tenant) giver(from string) {
	for id := range t.roleNames {
		t.leads(from, "role:"+id)
	}
	for id := range t.scoped {
		t.leads(from, "scoped_role:"+id)
	}
	for i := range t.truth.Users {
		if u := &t.truth.Users[i]; t.enclosed(u.ID) && !outside(u) {
			t.leads(from, "user:"+u.ID)
		}
	}
	for i := range t.truth.Groups {
		if g := &t.truth.Groups[i]; t.enclosed(g.ID) && !t.frozen(g) {
			t.leads(from, "group:"+g.ID)
		}
	}
}

// standings are the names of the roles that people hold now, and who is protected
// beyond them.
type standings struct {
	roles   map[string][]string
	guarded map[string]bool
}

func (t *Tenant) standings() standings {
	s := standings{roles: map[string][]string{}, guarded: map[string]bool{}}
	hold := func(id, role string) { s.roles[id] = append(s.roles[id], t.roleNames[role]) }
	for _, a := range t.truth.EffectiveRoles {
		for _, p := range a.Principals {
			hold(p.ID, a.ObjectID)
		}
	}
	for _, a := range t.truth.EffectiveScopedRoles {
		role, scope := splitScoped(a.ObjectID)
		for _, p := range a.Principals {
			hold(p.ID, role)
			s.guarded[p.ID] = s.guarded[p.ID] || t.restricted[scope]
		}
	}
	for _, edges := range [][]graphsim.TruthEdge{t.truth.Members, t.truth.GroupOwners} {
		for _, e := range edges {
			if g := t.groups[e.ObjectID]; g != nil && g.RoleAssignable {
				s.guarded[e.Principal.ID] = true
			}
		}
	}
	return s
}

// mayReset is Microsoft's table for one role and one person; scope is a unit or the
// person, and empty for the whole tenant.
func (t *Tenant) mayReset(name string, s *standings, u *graphsim.TruthUser, scope string) bool {
	held, may := s.roles[u.ID], ofRole[name]
	switch {
	case outside(u), t.enclosed(u.ID) && !t.restricted[scope]:
		return false
	case may[resetsEverybody]:
		return true
	case s.guarded[u.ID]:
		return false
	case may[resetsPlainPeople]:
		return len(held) == 0
	}
	for _, column := range []string{inPasswordColumn, inHelpdeskColumn, inAuthenticationColumn, inUserColumn} {
		if !may[column] {
			continue
		}
		if scope != "" && column != inUserColumn && len(held) > 0 {
			return false
		}
		return !slices.ContainsFunc(append(slices.Clip(held), noRole), func(r string) bool { return !resetBy[r][column] })
	}
	return false
}

// mayImpersonate is whether a role signs in as a person without their account being
// touched: people from on premises have an immutable id, and passwords from there.
func (t *Tenant) mayImpersonate(name string, u *graphsim.TruthUser) bool {
	if !u.Synced || outside(u) {
		return false
	}
	return ofRole[name][synchronizes] || ofRole[name][federates] && custom(u)
}

// custom is whether a person signs in with a domain that can be federated.
func custom(u *graphsim.TruthUser) bool { return !strings.HasSuffix(u.UPN, ".onmicrosoft.com") }

// outside is whether a person signs in at another organization.
func outside(u *graphsim.TruthUser) bool {
	return u.ExternalState != "" || strings.Contains(u.UPN, "#EXT#")
}
