package graphsim

import "net/http"

// checkOwned refuses an application that may change only what it owns, and does not own this.
func (c *call) checkOwned(r Ref) error {
	if c.holds("Application.ReadWrite.All") || c.holds("Directory.ReadWrite.All") {
		return nil
	}
	g, _ := parseGUID(c.claims.ObjectID)
	if self, ok := c.tenant.refOf(g); ok && c.tenant.isOwner(r, self) {
		return nil
	}
	return denied()
}

// ownersOf is the list of owners of an application or a service principal.
func (t *Tenant) ownersOf(r Ref) *[]Ref {
	if r.Kind() == KindApplication {
		return &t.registrations[r.index()].owners
	}
	return &t.sps[r.index()].owners
}

// changeOwner makes somebody an owner of an application or a service principal, or no longer one.
func (c *call) changeOwner() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	if err := c.checkOwned(r); err != nil {
		return reply{}, err
	}
	if c.method == http.MethodDelete {
		return c.removeOwner(r)
	}
	owner, err := c.reference()
	switch {
	case err != nil:
		return reply{}, err
	case owner.Kind() != KindUser && owner.Kind() != KindServicePrincipal:
		return reply{}, badRequest("Invalid object type '%s' for the property 'owners'.", c.tenant.model.of(owner.Kind()).name)
	case c.tenant.isOwner(r, owner):
		return reply{}, alreadyLinked(relationOwners)
	}
	c.commit(lagWrites, c.idsOf(r, owner), func(t *Tenant) {
		list := t.ownersOf(r)
		*list = linked(*list, owner)
		with(t.owned, owner, r)
	})
	return done(), nil
}

func (c *call) removeOwner(r Ref) (reply, error) {
	owner, err := c.second()
	if err != nil {
		return reply{}, err
	}
	if !c.tenant.isOwner(r, owner) {
		return reply{}, notFound(c.related)
	}
	c.commit(lagWrites, c.idsOf(r, owner), func(t *Tenant) {
		list := t.ownersOf(r)
		*list = unlinked(*list, owner)
		without(t.owned, owner, r)
	})
	return done(), nil
}
