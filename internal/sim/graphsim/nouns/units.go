package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// addToUnit puts a user, a group or a device into an administrative unit.
func addToUnit(c *api.Call) (api.Reply, error) {
	u, err := unitToChange(c)
	if err != nil {
		return api.Reply{}, err
	}
	r, err := c.Reference()
	if err != nil {
		return api.Reply{}, err
	}
	switch kind := r.Kind(); {
	case kind != directory.KindUser && kind != directory.KindGroup && kind != directory.KindDevice:
		return api.Reply{}, api.BadRequest("Invalid object type '%s' for the property 'members'.", c.Tenant.Model.Of(kind).Name)
	case c.Tenant.InUnit(u, r):
		return api.Reply{}, alreadyLinked(directory.RelationMembers)
	}
	c.Commit(api.LagWrites, c.IDsOf(u, r), func(t *directory.Tenant) {
		row := &t.Units[u.Index()]
		row.Members = directory.Linked(row.Members, r)
		directory.AddTo(t.UnitsOf, r, int32(u.Index())) //nolint:gosec // Small indexes.
	})
	return api.Done(), nil
}

// takeFromUnit takes a member out of an administrative unit.
func takeFromUnit(c *api.Call) (api.Reply, error) {
	u, err := unitToChange(c)
	if err != nil {
		return api.Reply{}, err
	}
	r, err := c.Second()
	if err != nil {
		return api.Reply{}, err
	}
	if !c.Tenant.InUnit(u, r) {
		return api.Reply{}, api.NotFound(c.Related)
	}
	c.Commit(api.LagWrites, c.IDsOf(u, r), func(t *directory.Tenant) {
		row := &t.Units[u.Index()]
		row.Members = directory.Unlinked(row.Members, r)
		directory.TakeFrom(t.UnitsOf, r, int32(u.Index())) //nolint:gosec // Small indexes.
	})
	return api.Done(), nil
}

// unitToChange is the unit in the path. The members of a dynamic one follow from its rule.
func unitToChange(c *api.Call) (directory.Ref, error) {
	u, err := c.Subject()
	if err == nil && c.Tenant.Units[u.Index()].Flags&directory.UnitFlagDynamic != 0 {
		return 0, api.Denied()
	}
	return u, err
}
