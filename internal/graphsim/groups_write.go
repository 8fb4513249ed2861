package graphsim

const (
	messageExchangeGroup = "Cannot Update a mail-enabled security groups and or distribution list."
	messageSynced        = "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration."
	messageLastOwner     = "The group must have at least one owner, hence this owner cannot be removed."
	permissionRoles      = "RoleManagement.ReadWrite.Directory"
)

func alreadyLinked(r relation) error {
	return badRequest("One or more added object references already exist for the following modified properties: '%s'.", r)
}

// checkGroup refuses changes of members or owners that Entra leaves to somebody else.
func (c *call) checkGroup(g Ref, rel relation) error {
	flags := c.tenant.groups[g.index()].flags
	switch {
	case flags.exchangeManaged():
		return badRequest(messageExchangeGroup)
	case flags&groupSynced != 0:
		return badRequest(messageSynced)
	case flags&groupDynamic != 0 && rel == relationMembers:
		return denied()
	case flags&groupRoleAssignable != 0 && !c.holds(permissionRoles):
		return denied()
	}
	return c.checkRestricted(g)
}

// checkRestricted refuses changes of what a restricted unit holds, unless the application has a role over that unit.
func (c *call) checkRestricted(r Ref) error {
	unit := c.tenant.restrictingUnit(r)
	if unit == 0 || c.hasRole(unit) {
		return nil
	}
	return denied()
}

// hasRole is whether the caller holds a directory role over a scope, one of these where some are named.
func (c *call) hasRole(scope Ref, roles ...int) bool {
	t := c.tenant
	for i, a := range t.assignments {
		if a.principal == 0 || a.scope != scope || t.id(a.principal) != c.claims.ObjectID || !t.live(makeRef(KindRoleAssignment, i)) {
			continue
		}
		if len(roles) == 0 {
			return true
		}
		for _, role := range roles {
			if a.role == role {
				return true
			}
		}
	}
	return false
}

// checkEnd refuses what cannot be a member or an owner of a group (group-post-members, group-post-owners).
func (c *call) checkEnd(flags groupFlags, end Ref, rel relation) error {
	wrong := badRequest("Invalid object type '%s' for the property '%s' of this group.", c.tenant.model.of(end.Kind()).name, rel)
	switch kind := end.Kind(); {
	case kind == KindUser:
		return nil
	case flags&groupUnified != 0:
		return wrong
	case kind == KindServicePrincipal:
		return nil
	case rel == relationOwners:
		return wrong
	case kind == KindDevice, kind == KindContact:
		if flags&groupRoleAssignable != 0 {
			return wrong
		}
		return nil
	case kind != KindGroup, flags&groupRoleAssignable != 0, c.tenant.groups[end.index()].flags&groupUnified != 0:
		return wrong
	}
	return nil
}

// addToGroup makes a directory object a member or an owner.
func addToGroup(rel relation) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		g, err := c.subject()
		if err != nil {
			return reply{}, err
		}
		if err := c.checkGroup(g, rel); err != nil {
			return reply{}, err
		}
		end, err := c.reference()
		if err != nil {
			return reply{}, err
		}
		if err := c.checkEnd(c.tenant.groups[g.index()].flags, end, rel); err != nil {
			return reply{}, err
		}
		if end == g {
			return reply{}, badRequest("A group cannot be a member of itself.")
		}
		if c.linkedTo(g, end, rel) {
			return reply{}, alreadyLinked(rel)
		}
		c.commit(lagWrites, c.idsOf(g, end), func(t *Tenant) { t.linkGroup(g.index(), rel, end) })
		return done(), nil
	}
}

func (c *call) linkedTo(g, end Ref, rel relation) bool {
	if rel == relationOwners {
		return c.tenant.isOwner(g, end)
	}
	return c.tenant.isMember(g.index(), end)
}

// takeFromGroup takes a member or an owner away.
func takeFromGroup(rel relation) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		g, err := c.subject()
		if err != nil {
			return reply{}, err
		}
		if err := c.checkGroup(g, rel); err != nil {
			return reply{}, err
		}
		end, err := c.second()
		if err != nil {
			return reply{}, err
		}
		if !c.linkedTo(g, end, rel) {
			return reply{}, notFound(c.related)
		}
		if rel == relationOwners && c.lastOwner(g, end) {
			return reply{}, badRequest(messageLastOwner)
		}
		c.commit(lagWrites, c.idsOf(g, end), func(t *Tenant) { t.unlinkGroup(g.index(), rel, end) })
		return done(), nil
	}
}

// second is the object of the second id in the path, whatever its kind.
func (c *call) second() (Ref, error) {
	g, ok := parseGUID(c.related)
	if !ok {
		return 0, badRequest("Invalid object identifier '%s'.", c.related)
	}
	r, _ := c.tenant.refOf(g)
	return c.resolve(r.Kind(), c.related)
}

// lastOwner is whether a user is the only one who owns a group.
func (c *call) lastOwner(g, owner Ref) bool {
	if owner.Kind() != KindUser {
		return false
	}
	for _, r := range c.tenant.groups[g.index()].owners {
		if r != owner && r.Kind() == KindUser && c.tenant.live(r) {
			return false
		}
	}
	return true
}

func (c *call) idsOf(list ...Ref) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		out = append(out, c.tenant.id(r))
	}
	return out
}

// deleteGroup deletes a group. Only those of Microsoft 365 can be restored.
func (c *call) deleteGroup() (reply, error) {
	g, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	if err := c.checkGroup(g, relationNone); err != nil {
		return reply{}, err
	}
	now, soft := c.moment(), c.tenant.groups[g.index()].flags&groupUnified != 0
	c.commit(lagWrites, c.idsOf(g), func(t *Tenant) {
		t.remove(g)
		if soft {
			t.written.binned[g] = now
		}
	})
	return done(), nil
}

// moment is now, as Graph writes it.
func (c *call) moment() string { return c.graph.now().UTC().Format("2006-01-02T15:04:05Z") }
