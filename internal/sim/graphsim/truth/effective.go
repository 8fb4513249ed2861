package truth

import (
	"iter"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// EachEffectiveMembers gives, group by group, the users, service principals, devices and contacts that are members
// through any depth of nesting.
func EachEffectiveMembers(t *directory.Tenant) iter.Seq[Access] {
	return locked(t, eachMemberSet)
}

// EachEffectiveRole gives, role by role, who holds it for the whole tenant: directly, or as a direct member of a
// role-assignable group that does.
func EachEffectiveRole(t *directory.Tenant) iter.Seq[Access] { return locked(t, eachRoleHolder) }

// EachEffectiveAppRole gives, app role by app role, who holds it: directly, or as a direct member of a group that
// does. Nesting does not count.
func EachEffectiveAppRole(t *directory.Tenant) iter.Seq[Access] {
	return locked(t, eachAppRoleHolder)
}

func locked(t *directory.Tenant, run func(t *directory.Tenant, yield func(Access) bool)) iter.Seq[Access] {
	return func(yield func(Access) bool) {
		t.RLock()
		defer t.RUnlock()
		run(t, yield)
	}
}

func newHolders(t *directory.Tenant) Holders {
	return Holders{tenant: t, Seen: map[directory.Ref]struct{}{}}
}

func (h Holders) add(r directory.Ref) {
	if r != 0 && h.tenant.Live(r) {
		h.Seen[r] = struct{}{}
	}
}

// addShallow adds a principal, or the direct members of a group that can hold a directory role.
func (h Holders) addShallow(r directory.Ref) { h.addThrough(r, directory.HoldsRoles) }

// addPeople adds a principal, or the people that are direct members of a group: the tokens of service principals in
// it have no claim for the group's app roles.
func (h Holders) addPeople(r directory.Ref) {
	h.addThrough(r, func(member directory.Ref) bool { return member.Kind() == directory.KindUser })
}

func (h Holders) addThrough(r directory.Ref, reached func(directory.Ref) bool) {
	if schema.OfPartner(r) {
		return
	}
	if r == 0 || r.Kind() != directory.KindGroup {
		h.add(r)
		return
	}
	if !h.tenant.Live(r) {
		return
	}
	for _, m := range h.tenant.Groups[r.Index()].Members {
		if reached(m) {
			h.add(m)
		}
	}
}

func (h Holders) access(object, role string) Access {
	out := Access{ObjectID: object, RoleID: role, Principals: make([]Principal, 0, len(h.Seen))}
	for r := range h.Seen {
		out.Principals = append(out.Principals, PrincipalOf(h.tenant, r))
	}
	slices.SortFunc(out.Principals, comparePrincipals)
	return out
}

// eachMemberSet walks the direct edges from each group, visiting every group once, so that cycles end.
func eachMemberSet(t *directory.Tenant, yield func(Access) bool) {
	for g := range t.Groups {
		if !t.Live(directory.GroupRef(g)) {
			continue
		}
		if !yield(Reach(t, g).access(t.IDOf(directory.GroupRef(g)), "")) {
			return
		}
	}
}

// Reach is who is in a group through any depth of nesting.
func Reach(t *directory.Tenant, g int) Holders {
	out := newHolders(t)
	visited := map[int]struct{}{g: {}}
	queue := []int{g}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, m := range t.Groups[next].Members {
			if m.Kind() != directory.KindGroup {
				out.add(m)
				continue
			}
			if _, again := visited[m.Index()]; !again && t.Live(m) {
				visited[m.Index()] = struct{}{}
				queue = append(queue, m.Index())
			}
		}
	}
	return out
}

func eachRoleHolder(t *directory.Tenant, yield func(Access) bool) {
	byRole := make([]Holders, len(t.Roles))
	for i := range byRole {
		byRole[i] = newHolders(t)
	}
	for i, a := range t.Assignments {
		if a.Scope == 0 && t.Live(directory.MakeRef(directory.KindRoleAssignment, i)) {
			byRole[a.Role].addShallow(a.Principal)
		}
	}
	for i, h := range byRole {
		if r := directory.MakeRef(directory.KindRoleDefinition, i); t.Live(r) && !yield(h.access(t.IDOf(r), "")) {
			return
		}
	}
}

func eachAppRoleHolder(t *directory.Tenant, yield func(Access) bool) {
	for s := range t.SPs {
		if !t.Live(directory.SPRef(s)) {
			continue
		}
		byRole := map[int16]Holders{}
		for _, i := range t.AssignedTo[s] {
			a := t.AppAssigned[i]
			if t.Dropped(a) {
				continue
			}
			if _, ok := byRole[a.Role]; !ok {
				byRole[a.Role] = newHolders(t)
			}
			if t.Live(directory.MakeRef(directory.KindAppRoleAssignment, int(i))) {
				byRole[a.Role].addPeople(a.Principal)
			}
		}
		for role, h := range byRole {
			if !yield(h.access(t.IDOf(directory.SPRef(s)), t.RoleID(directory.AppRoleAssignment{Resource: int32(s), Role: role}))) {
				return
			}
		}
	}
}

// roleHolders gives, for each role and scope of a list, who has it: directly, or as a direct member of a
// role-assignable group that does. What nobody is left for, and what is left of a scope that is gone, has no row.
func roleHolders(t *directory.Tenant, kind directory.Kind, list []directory.RoleAssignment, keep func(directory.RoleAssignment) bool) []Access {
	byObject := map[string]Holders{}
	for i, a := range list {
		if !keep(a) || !t.Live(directory.MakeRef(kind, i)) || a.Scope != 0 && !t.Live(a.Scope) {
			continue
		}
		object := t.Roles[a.Role].ID.String()
		if a.Scope != 0 {
			object += "@" + scopeObject(t, a.Scope)
		}
		if _, ok := byObject[object]; !ok {
			byObject[object] = newHolders(t)
		}
		byObject[object].addShallow(a.Principal)
	}
	var out []Access
	for object, h := range byObject {
		if len(h.Seen) > 0 {
			out = append(out, h.access(object, ""))
		}
	}
	return out
}

// scopeObject is the id of what a role is held at, or an attribute set's name.
func scopeObject(t *directory.Tenant, scope directory.Ref) string {
	if directory.IsAttributeSet(scope) {
		return strings.ToLower(directory.AttributeSetName(scope))
	}
	return t.IDOf(scope)
}

// groupEligibleHolders gives, group by group and apart for members and owners, who may become one: directly, or as a
// direct member of a group that may.
func groupEligibleHolders(t *directory.Tenant) []Access {
	type object struct{ group, access string }
	byObject := map[object]Holders{}
	each(t, directory.KindGroupEligibilityInstance, func(i int, _ string) {
		row := t.GroupEligible.Rows[i]
		if row.Via != 0 || row.Unknown {
			return
		}
		o := object{t.IDOf(directory.GroupRef(int(row.Group))), row.Access()}
		if _, ok := byObject[o]; !ok {
			byObject[o] = newHolders(t)
		}
		byObject[o].addShallow(row.Principal)
	})
	var out []Access
	for o, h := range byObject {
		if len(h.Seen) > 0 {
			out = append(out, h.access(o.group, o.access))
		}
	}
	return out
}
