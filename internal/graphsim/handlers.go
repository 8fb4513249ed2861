package graphsim

const directoryObjects = "directoryObjects"

// target resolves the id in the path.
func (c *call) target() (Ref, error) {
	if r, ok := c.tenant.find(c.route.kind, c.id); ok {
		return r, nil
	}
	if _, isGUID := parseGUID(c.id); !isGUID && c.route.kind == KindUser {
		if r, ok := c.tenant.findUserByName(c.id); ok {
			return r, nil
		}
	} else if !isGUID && c.route.kind != KindRoleAssignment {
		return 0, badRequest("Invalid object identifier '%s'.", c.id)
	}
	return 0, notFound(c.id)
}

// ordinaryList lists every object of the route's kind.
func ordinaryList(set string, allowed options) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		kind := c.route.kind
		return c.list(collection{
			set: set, entity: c.tenant.model.of(kind), size: c.tenant.count(kind), ordinary: c.cast == 0,
			at: func(i int) Ref { return makeRef(kind, i) },
		}, allowed)
	}
}

// roleList lists role definitions or assignments, in pages of a size of their own.
func roleList(set string) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		kind := c.route.kind
		return c.list(collection{
			set: set, entity: c.tenant.model.of(kind), size: c.tenant.count(kind), pageMax: rolePageSize,
			at: func(i int) Ref { return makeRef(kind, i) },
		}, roleOptions)
	}
}

// oneOf answers the object the path names.
func oneOf(set string) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		r, err := c.target()
		if err != nil {
			return reply{}, err
		}
		return c.entity(set, r, false, oneOptions)
	}
}

// related lists the directory objects at the end of a relationship.
func related(follow func(c *call, r Ref) []Ref) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		r, err := c.target()
		if err != nil {
			return reply{}, err
		}
		c.paged = true
		defer func() { c.paged = false }()
		return c.list(refs(directoryObjects, nil, follow(c, r)), relationOptions)
	}
}

func (c *call) getManager() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	m, ok := c.tenant.manager(r.index())
	if !ok {
		return reply{}, notFound("manager")
	}
	return c.entity(directoryObjects, m, true, optionSet(optSelect))
}

// listAssignedTo leaves managed identities out unless the page size is the maximum, and pages as asked.
func (c *call) listAssignedTo() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	rows := c.assignmentsOf(r)
	entity := c.tenant.model.of(KindAppRoleAssignment)
	q, err := c.parseQuery(entity, assignedOptions)
	if err != nil {
		return reply{}, err
	}
	if q.top != maxTop {
		rows = c.withoutManagedIdentities(rows)
	}
	return c.list(refs("appRoleAssignments", entity, rows), assignedOptions)
}

func (c *call) listHeld() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	return c.list(refs("appRoleAssignments", c.tenant.model.of(KindAppRoleAssignment), c.heldAssignments(r)), assignedOptions)
}

// listOrganization answers its one row whatever paging is asked for.
func (c *call) listOrganization() (reply, error) {
	return c.list(refs("organization", c.tenant.model.of(KindOrganization), []Ref{makeRef(KindOrganization, 0)}), optionSet(optSelect, optTop))
}
