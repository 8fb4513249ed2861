// Package reached works out who can come to a directory role, a group or an
// application of the simulated tenant: from the tenant's own truth, without the
// snapshot and without any code that searches for paths.
//
// It goes another way than they do, so that a mistake would have to be made twice: it
// writes down everything that anything in the tenant leads to, from each holder on, and
// then lets the distances shrink until nothing changes. Its rules are Microsoft's
// tables, copied off the pages once more and by the names of the roles. That costs the
// square of a tenant, so that it is for small ones.
package reached

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Tenant is a tenant in which everything that leads anywhere is written down. Its nodes
// are "type:id", with the types of the data model; "in:id" is being in a group or in one
// inside it.
type Tenant struct {
	truth  *graphsim.Truth
	places map[string]int
	names  []string
	steps  [][2]int
	known  map[[2]int]bool

	kinds      map[string]string // The resource type of each principal's id.
	groups     map[string]*graphsim.TruthGroup
	units      map[string][]string // The units that an object is in.
	restricted map[string]bool
	roleNames  map[string]string
	scoped     map[string]bool // "role@scope".
}

// Of takes a tenant's truth, and what a sync of it reads: eligibilities for groups are
// asked of all, or of those that can hold roles.
func Of(truth *graphsim.Truth, allGroups bool) *Tenant {
	t := &Tenant{
		truth: truth, places: map[string]int{}, known: map[[2]int]bool{}, kinds: map[string]string{}, groups: map[string]*graphsim.TruthGroup{},
		units: map[string][]string{}, restricted: map[string]bool{}, roleNames: map[string]string{}, scoped: map[string]bool{},
	}
	t.nameEverything()
	t.roles()
	t.memberships(allGroups)
	t.ownerships()
	t.administrators()
	t.permissions()
	t.packages()
	return t
}

func (t *Tenant) nameEverything() {
	for i := range t.truth.Users {
		t.kinds[t.truth.Users[i].ID] = user
	}
	for i := range t.truth.Groups {
		g := &t.truth.Groups[i]
		t.kinds[g.ID], t.groups[g.ID] = group, g
	}
	for i := range t.truth.ServicePrincipals {
		t.kinds[t.truth.ServicePrincipals[i].ID] = t.truth.ServicePrincipals[i].Kind
	}
	for _, r := range t.truth.RoleDefinitions {
		t.roleNames[r.ID] = r.DisplayName
	}
	for _, u := range t.truth.AdministrativeUnits {
		t.restricted[u.ID] = u.Restricted
	}
	for _, m := range t.truth.UnitMembers {
		t.units[m.Principal.ID] = append(t.units[m.Principal.ID], m.ObjectID)
	}
}

// node is the name of a principal; empty for what can do nothing.
func (t *Tenant) node(id string) string {
	if t.kinds[id] == "" {
		return ""
	}
	return t.kinds[id] + ":" + id
}

func (t *Tenant) place(name string) int {
	place, ok := t.places[name]
	if !ok {
		place = len(t.names)
		t.places[name], t.names = place, append(t.names, name)
	}
	return place
}

// leads says that whoever is at one node can come to another in one step. Whoever comes
// to being in a group also is in the groups around it.
func (t *Tenant) leads(from, to string) {
	if from == "" || to == "" || from == to {
		return
	}
	step := [2]int{t.place(from), t.place(to)}
	if t.known[step] {
		return
	}
	t.known[step] = true
	t.steps = append(t.steps, step)
	if id, ok := strings.CutPrefix(to, "group:"); ok {
		t.leads(from, "in:"+id)
	}
}

// To gives who can come to a target, and in how many steps.
func (t *Tenant) To(target string) map[string]int {
	end := target
	if id, ok := strings.CutPrefix(target, "group:"); ok {
		end = "in:" + id
	}
	const never = 1 << 30
	distance := make([]int, len(t.names)+1)
	for i := range distance {
		distance[i] = never
	}
	distance[t.place(end)] = 0
	for changed := true; changed; {
		changed = false
		for _, s := range t.steps {
			if d := distance[s[1]] + 1; d < distance[s[0]] {
				distance[s[0]], changed = d, true
			}
		}
	}
	starts := map[string]int{}
	for place, name := range t.names {
		kind, _, _ := strings.Cut(name, ":")
		switch kind {
		case user, application, managed, agent:
			if distance[place] < never && name != target {
				starts[name] = distance[place]
			}
		}
	}
	return starts
}

// Targets are the nodes of a type.
func (t *Tenant) Targets(kind string) []string {
	var found []string
	for id, of := range t.kinds {
		if of == kind {
			found = append(found, kind+":"+id)
		}
	}
	for id := range t.roleNames {
		if kind == role {
			found = append(found, "role:"+id)
		}
	}
	for id := range t.scoped {
		if kind == scopedRole {
			found = append(found, "scoped_role:"+id)
		}
	}
	return found
}

// Leads reports whether one node leads to another in one step.
func (t *Tenant) Leads(from, to string) bool {
	group, isGroup := strings.CutPrefix(to, "group:")
	inner, fromGroup := strings.CutPrefix(from, "group:")
	if isGroup && fromGroup && t.known[[2]int{t.places["in:"+inner], t.places["in:"+group]}] {
		return true
	}
	return t.known[[2]int{t.places[from], t.places[to]}]
}
