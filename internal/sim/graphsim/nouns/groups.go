package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

const (
	MessageExchangeGroup = "Cannot Update a mail-enabled security groups and or distribution list."
	MessageSynced        = "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration."
	MessageLastOwner     = "The group must have at least one owner, hence this owner cannot be removed."
)

func alreadyLinked(r directory.Relation) error {
	return api.BadRequest("One or more added object references already exist for the following modified properties: '%s'.", r)
}

// checkGroup refuses changes of members or owners that Entra leaves to somebody else.
func checkGroup(c *api.Call, g directory.Ref, rel directory.Relation) error {
	flags := c.Tenant.Groups[g.Index()].Flags
	switch {
	case flags.ExchangeManaged():
		return api.BadRequest(MessageExchangeGroup)
	case flags&directory.FlagSynced != 0:
		return api.BadRequest(MessageSynced)
	case flags&directory.FlagDynamic != 0 && rel == directory.RelationMembers:
		return api.Denied()
	case flags&directory.FlagRoleAssignable != 0 && !c.Holds(permissions.PermissionRoles):
		return api.Denied()
	}
	return checkRestricted(c, g)
}

// checkRestricted refuses changes of what a restricted unit holds, unless the application has a role over that unit.
func checkRestricted(c *api.Call, r directory.Ref) error {
	unit := c.Tenant.RestrictingUnit(r)
	if unit == 0 || callerHolds(c, unit) {
		return nil
	}
	return api.Denied()
}

// callerHolds is whether the caller holds a directory role over a scope, one of these where some are named.
func callerHolds(c *api.Call, scope directory.Ref, roles ...int) bool {
	t := c.Tenant
	for i, a := range t.Assignments {
		if a.Principal == 0 || a.Scope != scope || t.IDOf(a.Principal) != c.Claims.ObjectID || !t.Live(directory.MakeRef(directory.KindRoleAssignment, i)) {
			continue
		}
		if len(roles) == 0 {
			return true
		}
		for _, role := range roles {
			if a.Role == role {
				return true
			}
		}
	}
	return false
}

// checkEnd refuses what cannot be a member or an owner of a group (group-post-members, group-post-owners).
func checkEnd(c *api.Call, flags directory.GroupFlags, end directory.Ref, rel directory.Relation) error {
	wrong := api.BadRequest("Invalid object type '%s' for the property '%s' of this group.", c.Tenant.Model.Of(end.Kind()).Name, rel)
	switch kind := end.Kind(); {
	case kind == directory.KindUser:
		return nil
	case flags&directory.FlagUnified != 0:
		return wrong
	case kind == directory.KindServicePrincipal:
		return nil
	case rel == directory.RelationOwners:
		return wrong
	case kind == directory.KindDevice, kind == directory.KindContact:
		if flags&directory.FlagRoleAssignable != 0 {
			return wrong
		}
		return nil
	case kind != directory.KindGroup, flags&directory.FlagRoleAssignable != 0, c.Tenant.Groups[end.Index()].Flags&directory.FlagUnified != 0:
		return wrong
	}
	return nil
}

// addToGroup makes a directory object a member or an owner.
func addToGroup(rel directory.Relation) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		g, err := c.Subject()
		if err != nil {
			return api.Reply{}, err
		}
		if err := checkGroup(c, g, rel); err != nil {
			return api.Reply{}, err
		}
		end, err := c.Reference()
		if err != nil {
			return api.Reply{}, err
		}
		if err := checkEnd(c, c.Tenant.Groups[g.Index()].Flags, end, rel); err != nil {
			return api.Reply{}, err
		}
		if end == g {
			return api.Reply{}, api.BadRequest("A group cannot be a member of itself.")
		}
		if linkedTo(c, g, end, rel) {
			return api.Reply{}, alreadyLinked(rel)
		}
		c.Commit(api.LagWrites, c.IDsOf(g, end), func(t *directory.Tenant) { t.LinkGroup(g.Index(), rel, end) })
		return api.Done(), nil
	}
}

func linkedTo(c *api.Call, g, end directory.Ref, rel directory.Relation) bool {
	if rel == directory.RelationOwners {
		return c.Tenant.IsOwner(g, end)
	}
	return c.Tenant.IsMember(g.Index(), end)
}

// takeFromGroup takes a member or an owner away.
func takeFromGroup(rel directory.Relation) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		g, err := c.Subject()
		if err != nil {
			return api.Reply{}, err
		}
		if err := checkGroup(c, g, rel); err != nil {
			return api.Reply{}, err
		}
		end, err := c.Second()
		if err != nil {
			return api.Reply{}, err
		}
		if !linkedTo(c, g, end, rel) {
			return api.Reply{}, api.NotFound(c.Related)
		}
		if rel == directory.RelationOwners && lastOwner(c, g, end) {
			return api.Reply{}, api.BadRequest(MessageLastOwner)
		}
		c.Commit(api.LagWrites, c.IDsOf(g, end), func(t *directory.Tenant) { t.UnlinkGroup(g.Index(), rel, end) })
		return api.Done(), nil
	}
}

// lastOwner is whether a user is the only one who owns a group.
func lastOwner(c *api.Call, g, owner directory.Ref) bool {
	if owner.Kind() != directory.KindUser {
		return false
	}
	for _, r := range c.Tenant.Groups[g.Index()].Owners {
		if r != owner && r.Kind() == directory.KindUser && c.Tenant.Live(r) {
			return false
		}
	}
	return true
}

// deleteGroup deletes a group. Only those of Microsoft 365 can be restored.
func deleteGroup(c *api.Call) (api.Reply, error) {
	g, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkGroup(c, g, directory.RelationNone); err != nil {
		return api.Reply{}, err
	}
	now, soft := c.Moment(), c.Tenant.Groups[g.Index()].Flags&directory.FlagUnified != 0
	c.Commit(api.LagWrites, c.IDsOf(g), func(t *directory.Tenant) {
		t.Remove(g)
		if soft {
			t.Written.Binned[g] = now
		}
	})
	return api.Done(), nil
}
