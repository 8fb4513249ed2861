package graphsim

// living keeps the objects that exist now. A list answered in pages keeps the places of the others, which its pages
// leave out: a page must not shift because something before it went.
func (c *call) living(list []Ref) []Ref {
	if c.paged {
		return list
	}
	out := make([]Ref, 0, len(list))
	for _, r := range list {
		if c.tenant.shows(r) {
			out = append(out, r)
		}
	}
	return out
}

// hiddenFrom is whether a group's membership is kept from this caller (group-list-members: HiddenMembership).
func (c *call) hiddenFrom(g int) bool {
	return c.tenant.groups[g].flags&groupHidden != 0 && !c.holds("Member.Read.Hidden")
}

// expandedMembers is every member, service principals included: $expand has them where the list has not. Soft-deleted
// people are among the members of a delta query only.
func (c *call) expandedMembers(r Ref) []Ref {
	if c.hiddenFrom(r.index()) {
		return nil
	}
	return c.living(c.tenant.withoutDeletedPeople(c.tenant.groups[r.index()].members))
}

// listedMembers leaves service principals out, as v1.0 does (group-list-members, known issue).
func (c *call) listedMembers(r Ref) []Ref { return c.withoutServicePrincipals(c.expandedMembers(r)) }

// expandedOwners is empty for groups mastered on premises or in Exchange (group-list-owners).
func (c *call) expandedOwners(r Ref) []Ref {
	g := c.tenant.groups[r.index()]
	if !g.flags.ownersReadable() {
		return nil
	}
	return c.living(g.owners)
}

func (c *call) listedOwners(r Ref) []Ref { return c.withoutServicePrincipals(c.expandedOwners(r)) }

func (c *call) withoutServicePrincipals(list []Ref) []Ref {
	if c.graph.settings().includeServicePrincipals {
		return list
	}
	out := make([]Ref, 0, len(list))
	for _, r := range list {
		if r.Kind() != KindServicePrincipal {
			out = append(out, r)
		}
	}
	return out
}

func (c *call) ownersOfSP(r Ref) []Ref { return c.living(c.tenant.sps[r.index()].owners) }

// groupsOf is memberOf: groups and administrative units, but for hidden ones, and the directory roles held for the
// whole tenant.
func (c *call) groupsOf(r Ref) []Ref {
	var out []Ref
	for _, g := range c.tenant.memberOf[r] {
		if !c.hiddenFrom(int(g)) {
			out = append(out, groupRef(int(g)))
		}
	}
	out = append(out, c.unitsOf(r)...)
	for i, a := range c.tenant.assignments {
		if a.principal == r && a.scope == 0 && c.tenant.live(makeRef(KindRoleAssignment, i)) {
			out = append(out, makeRef(KindDirectoryRole, a.role))
		}
	}
	return c.living(out)
}

// ownedBy is ownedObjects, without the groups whose owners Graph does not have.
func (c *call) ownedBy(r Ref) []Ref {
	var out []Ref
	for _, o := range c.tenant.owned[r] {
		if o.Kind() == KindGroup && !c.tenant.groups[o.index()].flags.ownersReadable() {
			continue
		}
		out = append(out, o)
	}
	return c.living(out)
}

// castTo keeps the rows of one type of a mixed collection.
func (c *call) castTo(col collection) collection {
	var out []Ref
	for i := range col.size {
		r := col.at(i)
		if r.Kind() == c.cast && (c.castName == "" || c.tenant.model.derivedType(c.tenant, r) == c.castName) {
			out = append(out, r)
		}
	}
	return refs(col.set, col.entity, out)
}
