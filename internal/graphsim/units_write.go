package graphsim

import "slices"

// addToUnit puts a user, a group or a device into an administrative unit.
func (c *call) addToUnit() (reply, error) {
	u, err := c.unitToChange()
	if err != nil {
		return reply{}, err
	}
	r, err := c.reference()
	if err != nil {
		return reply{}, err
	}
	switch kind := r.Kind(); {
	case kind != KindUser && kind != KindGroup && kind != KindDevice:
		return reply{}, badRequest("Invalid object type '%s' for the property 'members'.", c.tenant.model.of(kind).name)
	case c.tenant.inUnit(u, r):
		return reply{}, alreadyLinked(relationMembers)
	}
	c.commit(lagWrites, c.idsOf(u, r), func(t *Tenant) {
		row := &t.units[u.index()]
		row.members = linked(row.members, r)
		with(t.unitsOf, r, int32(u.index())) //nolint:gosec // Small indexes.
	})
	return done(), nil
}

// takeFromUnit takes a member out of an administrative unit.
func (c *call) takeFromUnit() (reply, error) {
	u, err := c.unitToChange()
	if err != nil {
		return reply{}, err
	}
	r, err := c.second()
	if err != nil {
		return reply{}, err
	}
	if !c.tenant.inUnit(u, r) {
		return reply{}, notFound(c.related)
	}
	c.commit(lagWrites, c.idsOf(u, r), func(t *Tenant) {
		row := &t.units[u.index()]
		row.members = unlinked(row.members, r)
		without(t.unitsOf, r, int32(u.index())) //nolint:gosec // Small indexes.
	})
	return done(), nil
}

func (t *Tenant) inUnit(u, r Ref) bool { return slices.Contains(t.unitsOf[r], int32(u.index())) } //nolint:gosec // Small indexes.

// unitToChange is the unit in the path. The members of a dynamic one follow from its rule.
func (c *call) unitToChange() (Ref, error) {
	u, err := c.subject()
	if err == nil && c.tenant.units[u.index()].flags&unitDynamic != 0 {
		return 0, denied()
	}
	return u, err
}
