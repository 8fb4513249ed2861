package graphsim

import (
	"iter"
	"slices"
)

// EachEffectiveMembers gives, group by group, the users, service principals, devices and contacts that are members
// through any depth of nesting.
func (t *Tenant) EachEffectiveMembers() iter.Seq[TruthAccess] { return t.locked(t.eachMemberSet) }

// EachEffectiveRole gives, role by role, who holds it for the whole tenant: directly, or as a direct member of a
// role-assignable group that does.
func (t *Tenant) EachEffectiveRole() iter.Seq[TruthAccess] { return t.locked(t.eachRoleHolder) }

// EachEffectiveAppRole gives, app role by app role, who holds it: directly, or as a direct member of a group that
// does. Nesting does not count.
func (t *Tenant) EachEffectiveAppRole() iter.Seq[TruthAccess] { return t.locked(t.eachAppRoleHolder) }

func (t *Tenant) locked(run func(yield func(TruthAccess) bool)) iter.Seq[TruthAccess] {
	return func(yield func(TruthAccess) bool) {
		t.mu.RLock()
		defer t.mu.RUnlock()
		run(yield)
	}
}

// holders collects principals, each once.
type holders struct {
	tenant *Tenant
	seen   map[Ref]struct{}
}

func (t *Tenant) newHolders() holders { return holders{tenant: t, seen: map[Ref]struct{}{}} }

func (h holders) add(r Ref) {
	if r != 0 && h.tenant.live(r) {
		h.seen[r] = struct{}{}
	}
}

// addShallow adds a principal, or the direct members of a group that can hold a directory role.
func (h holders) addShallow(r Ref) { h.addThrough(r, holdsRoles) }

// addPeople adds a principal, or the people that are direct members of a group: the tokens of service principals in
// it have no claim for the group's app roles.
func (h holders) addPeople(r Ref) {
	h.addThrough(r, func(member Ref) bool { return member.Kind() == KindUser })
}

func (h holders) addThrough(r Ref, reached func(Ref) bool) {
	if ofPartner(r) {
		return
	}
	if r == 0 || r.Kind() != KindGroup {
		h.add(r)
		return
	}
	if !h.tenant.live(r) {
		return
	}
	for _, m := range h.tenant.groups[r.index()].members {
		if reached(m) {
			h.add(m)
		}
	}
}

func (h holders) access(object, role string) TruthAccess {
	out := TruthAccess{ObjectID: object, RoleID: role, Principals: make([]TruthPrincipal, 0, len(h.seen))}
	for r := range h.seen {
		out.Principals = append(out.Principals, h.tenant.truthPrincipal(r))
	}
	slices.SortFunc(out.Principals, comparePrincipals)
	return out
}

// eachMemberSet walks the direct edges from each group, visiting every group once, so that cycles end.
func (t *Tenant) eachMemberSet(yield func(TruthAccess) bool) {
	for g := range t.groups {
		if !t.live(groupRef(g)) {
			continue
		}
		if !yield(t.reach(g).access(t.id(groupRef(g)), "")) {
			return
		}
	}
}

func (t *Tenant) reach(g int) holders {
	out := t.newHolders()
	visited := map[int]struct{}{g: {}}
	queue := []int{g}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, m := range t.groups[next].members {
			if m.Kind() != KindGroup {
				out.add(m)
				continue
			}
			if _, again := visited[m.index()]; !again && t.live(m) {
				visited[m.index()] = struct{}{}
				queue = append(queue, m.index())
			}
		}
	}
	return out
}

func (t *Tenant) eachRoleHolder(yield func(TruthAccess) bool) {
	byRole := make([]holders, len(t.roles))
	for i := range byRole {
		byRole[i] = t.newHolders()
	}
	for i, a := range t.assignments {
		if a.scope == 0 && t.live(makeRef(KindRoleAssignment, i)) {
			byRole[a.role].addShallow(a.principal)
		}
	}
	for i, h := range byRole {
		if r := makeRef(KindRoleDefinition, i); t.live(r) && !yield(h.access(t.id(r), "")) {
			return
		}
	}
}

func (t *Tenant) eachAppRoleHolder(yield func(TruthAccess) bool) {
	for s := range t.sps {
		if !t.live(spRef(s)) {
			continue
		}
		byRole := map[int16]holders{}
		for _, i := range t.assignedTo[s] {
			a := t.appAssigned[i]
			if _, ok := byRole[a.role]; !ok {
				byRole[a.role] = t.newHolders()
			}
			if t.live(makeRef(KindAppRoleAssignment, int(i))) {
				byRole[a.role].addPeople(a.principal)
			}
		}
		for role, h := range byRole {
			if !yield(h.access(t.id(spRef(s)), t.roleID(appRoleAssignment{resource: int32(s), role: role}))) {
				return
			}
		}
	}
}
