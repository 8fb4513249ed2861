package nouns

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
)

// checkOwned refuses an application that may change only what it owns, and does not own this.
func checkOwned(c *api.Call, r directory.Ref) error {
	if c.Holds("Application.ReadWrite.All") || c.Holds("Directory.ReadWrite.All") {
		return nil
	}
	g, _ := directory.ParseGUID(c.Claims.ObjectID)
	if self, ok := c.Tenant.RefOf(g); ok && c.Tenant.IsOwner(r, self) {
		return nil
	}
	return api.Denied()
}

// changeOwner makes somebody an owner of an application or a service principal, or no longer one.
func changeOwner(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkOwned(c, r); err != nil {
		return api.Reply{}, err
	}
	if c.Method == http.MethodDelete {
		return removeOwner(c, r)
	}
	owner, err := c.Reference()
	switch {
	case err != nil:
		return api.Reply{}, err
	case owner.Kind() != directory.KindUser && owner.Kind() != directory.KindServicePrincipal:
		return api.Reply{}, api.BadRequest("Invalid object type '%s' for the property 'owners'.", c.Tenant.Model.Of(owner.Kind()).Name)
	case c.Tenant.IsOwner(r, owner):
		return api.Reply{}, alreadyLinked(directory.RelationOwners)
	}
	c.Commit(api.LagWrites, c.IDsOf(r, owner), func(t *directory.Tenant) {
		list := t.OwnersOf(r)
		*list = directory.Linked(*list, owner)
		directory.AddTo(t.Owned, owner, r)
	})
	return api.Done(), nil
}

func removeOwner(c *api.Call, r directory.Ref) (api.Reply, error) {
	owner, err := c.Second()
	if err != nil {
		return api.Reply{}, err
	}
	if !c.Tenant.IsOwner(r, owner) {
		return api.Reply{}, api.NotFound(c.Related)
	}
	c.Commit(api.LagWrites, c.IDsOf(r, owner), func(t *directory.Tenant) {
		list := t.OwnersOf(r)
		*list = directory.Unlinked(*list, owner)
		directory.TakeFrom(t.Owned, owner, r)
	})
	return api.Done(), nil
}

// sponsors lists the sponsors of an agent, whose path may be cast to its type. What is no agent has none to list.
func sponsors(cast string) func(c *api.Call) (api.Reply, error) {
	list := related(relations.SponsorsOf)
	return func(c *api.Call) (api.Reply, error) {
		r, err := c.Target()
		if err != nil {
			return api.Reply{}, err
		}
		switch own := c.Tenant.Model.DerivedType(c.Tenant, r); {
		case own == "" && cast == "":
			return api.Reply{}, api.NoSegment("sponsors")
		case cast != "" && own != cast:
			return api.Reply{}, api.NotFound(c.ID)
		default:
			return list(c)
		}
	}
}
