// Package relations is who is related to whom as Graph shows it to a caller: what v1.0 leaves out, what is hidden, and
// what $expand may name. The directory below it has the edges themselves.
package relations

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// living keeps the objects that exist now. A list answered in pages keeps the places of the others, which its pages
// leave out: a page must not shift because something before it went.
func living(c *api.Call, list []directory.Ref) []directory.Ref {
	if c.Paged {
		return list
	}
	out := make([]directory.Ref, 0, len(list))
	for _, r := range list {
		if c.Tenant.Shows(r) {
			out = append(out, r)
		}
	}
	return out
}

// HiddenFrom is whether a group's membership is kept from this caller (group-list-members: HiddenMembership).
func HiddenFrom(c *api.Call, g int) bool {
	return c.Tenant.Groups[g].Flags&directory.FlagHidden != 0 && !c.Holds("Member.Read.Hidden")
}

// expandedMembers is every member, service principals included: $expand has them where the list has not. Soft-deleted
// people are among the members of a delta query only.
func expandedMembers(c *api.Call, r directory.Ref) []directory.Ref {
	if HiddenFrom(c, r.Index()) {
		return nil
	}
	return living(c, c.Tenant.WithoutDeletedPeople(c.Tenant.Groups[r.Index()].Members))
}

// ListedMembers leaves service principals out, as v1.0 does (group-list-members, known issue).
func ListedMembers(c *api.Call, r directory.Ref) []directory.Ref {
	return withoutServicePrincipals(c, expandedMembers(c, r))
}

// expandedOwners is empty for groups mastered on premises or in Exchange (group-list-owners).
func expandedOwners(c *api.Call, r directory.Ref) []directory.Ref {
	g := c.Tenant.Groups[r.Index()]
	if !g.Flags.OwnersReadable() {
		return nil
	}
	return living(c, g.Owners)
}

// ListedOwners leaves service principals out, as v1.0 does (group-list-owners, known issue).
func ListedOwners(c *api.Call, r directory.Ref) []directory.Ref {
	return withoutServicePrincipals(c, expandedOwners(c, r))
}

func withoutServicePrincipals(c *api.Call, list []directory.Ref) []directory.Ref {
	if c.Graph.Settings().IncludeServicePrincipals {
		return list
	}
	out := make([]directory.Ref, 0, len(list))
	for _, r := range list {
		if r.Kind() != directory.KindServicePrincipal {
			out = append(out, r)
		}
	}
	return out
}

// OwnersOfSP are the owners of a service principal.
func OwnersOfSP(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, c.Tenant.SPs[r.Index()].Owners)
}

// GroupsOf is MemberOf: groups and administrative units, but for hidden ones, and the directory roles held for the
// whole tenant.
func GroupsOf(c *api.Call, r directory.Ref) []directory.Ref {
	var out []directory.Ref
	for _, g := range c.Tenant.MemberOf[r] {
		if !HiddenFrom(c, int(g)) {
			out = append(out, directory.GroupRef(int(g)))
		}
	}
	out = append(out, unitsOf(c, r)...)
	for i, a := range c.Tenant.Assignments {
		if a.Principal == r && a.Scope == 0 && c.Tenant.Live(directory.MakeRef(directory.KindRoleAssignment, i)) {
			out = append(out, directory.MakeRef(directory.KindDirectoryRole, a.Role))
		}
	}
	return living(c, out)
}

// TransitiveGroupsOf is TransitiveMemberOf: what an object is in, and what that is in, each once.
func TransitiveGroupsOf(c *api.Call, r directory.Ref) []directory.Ref {
	seen := map[directory.Ref]struct{}{r: {}}
	var out []directory.Ref
	for queue := []directory.Ref{r}; len(queue) > 0; queue = queue[1:] {
		for _, o := range GroupsOf(c, queue[0]) {
			if _, again := seen[o]; again {
				continue
			}
			seen[o] = struct{}{}
			out = append(out, o)
			if o.Kind() == directory.KindGroup {
				queue = append(queue, o)
			}
		}
	}
	return out
}

// OwnedBy is ownedObjects, without the groups whose owners Graph does not have.
func OwnedBy(c *api.Call, r directory.Ref) []directory.Ref {
	var out []directory.Ref
	for _, o := range c.Tenant.Owned[r] {
		if o.Kind() == directory.KindGroup && !c.Tenant.Groups[o.Index()].Flags.OwnersReadable() {
			continue
		}
		out = append(out, o)
	}
	return living(c, out)
}

// unitHiddenFrom is whether a unit's membership is kept from this caller.
func unitHiddenFrom(c *api.Call, u int) bool {
	return c.Tenant.Units[u].Flags&directory.UnitFlagHidden != 0 && !c.Holds("Member.Read.Hidden")
}

// UnitMembers are the direct members; a unit reaches no further than them.
func UnitMembers(c *api.Call, r directory.Ref) []directory.Ref {
	if unitHiddenFrom(c, r.Index()) {
		return nil
	}
	return living(c, c.Tenant.Units[r.Index()].Members)
}

// UnitsOf are the administrative units that MemberOf lists beside groups.
func unitsOf(c *api.Call, r directory.Ref) []directory.Ref {
	var out []directory.Ref
	for _, u := range c.Tenant.UnitsOf[r] {
		if !unitHiddenFrom(c, int(u)) {
			out = append(out, directory.UnitRef(int(u)))
		}
	}
	return out
}

// TransitiveMembers is every member through any depth of nesting, each once, the groups between included and the group
// itself not. Service principals are left out as they are of members; a hidden group shows, but nothing in it.
func TransitiveMembers(c *api.Call, r directory.Ref) []directory.Ref {
	seen := map[directory.Ref]struct{}{r: {}}
	var out []directory.Ref
	for queue := []directory.Ref{r}; len(queue) > 0; queue = queue[1:] {
		for _, m := range ListedMembers(c, queue[0]) {
			if _, again := seen[m]; again || !c.Tenant.Live(m) {
				continue
			}
			seen[m] = struct{}{}
			out = append(out, m)
			if m.Kind() == directory.KindGroup {
				queue = append(queue, m)
			}
		}
	}
	return out
}
