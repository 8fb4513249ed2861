package paths

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// none is the place after the target.
const none = -1

// node is something to come to.
type node struct {
	access.Ref
	// deep says of a group that whoever is in a group inside it is in it as well. Directory
	// roles and eligibilities reach direct members only.
	deep bool
}

// visit is a node that leads to the target, and how.
type visit struct {
	node
	// next is the place of the node that it leads to.
	next, length int
	edge         Edge
	entitlement  string
	until        string
	// power is the permission that the step rests on.
	power      *powers.Permission
	activation bool
	// note says more of the step than its rule.
	note string
}

// search goes from the target backwards, breadth first: a node is found first by a
// shortest way. Rows of the snapshot are read where the search comes by, and not kept.
type search struct {
	*Finder
	visits []visit
	places map[node]int
	// spent are the permissions whose holders have all been found. Who reaches any
	// application reaches the first one on the shortest way, and no other matters.
	spent map[string]bool
	// nameless are the places of groups whose members the snapshot cannot name.
	nameless map[int]bool
	// unasked counts groups on the way that nobody asked Privileged Identity Management about.
	unasked int
	// open counts access packages on the way that not only named people may ask for, and
	// unmanaged those whose catalogue the snapshot does not have.
	open, unmanaged int
	// personal says that all that reaches people whoever they are has been found.
	personal bool
	cut      bool
}

// reach notes a node that leads to v.next, unless it was found before.
func (w *search) reach(n node, v visit) {
	if _, found := w.places[n]; found {
		return
	}
	v.node = n
	if v.next != none {
		v.length = w.visits[v.next].length + 1
	}
	w.places[n] = len(w.visits)
	w.visits = append(w.visits, v)
}

// held notes the principal of a row: a person, an application, or a group whose direct
// members have what it has.
func (w *search) held(h *access.Holding, place int, edge Edge, activation bool) {
	if !begins(h.Principal.Type) && h.Principal.Type != access.TypeGroup {
		return
	}
	w.reach(node{Ref: h.Principal}, visit{next: place, edge: edge, entitlement: h.Entitlement, until: h.Until, activation: activation})
}

// begins reports whether a path can begin with an object of a type.
func begins(resourceType string) bool {
	return resourceType == access.TypeUser || application(resourceType)
}

func application(resourceType string) bool {
	return resourceType == access.TypeApplication || resourceType == access.TypeManagedIdentity || resourceType == access.TypeAgentIdentity
}

// holders notes who holds something directly. Who holds it through a group is found
// from the group.
func (w *search) holders(ctx context.Context, entitlement string, place int, edge Edge, activation bool) error {
	for h, err := range w.snapshot.Holders(ctx, entitlement) {
		if err != nil {
			return err
		}
		if h.Direct {
			w.held(h, place, edge, activation)
		}
	}
	return nil
}

// role notes a directory role that lets its holders come to a place.
func (w *search) role(id string, place int, edge Edge) {
	if _, known := w.index.roles[id]; known {
		w.reach(node{Ref: access.Ref{Type: access.TypeRole, ID: id}}, visit{next: place, edge: edge})
	}
}

// roles notes the directory roles with an ability, held in the whole tenant.
func (w *search) roles(ability powers.Ability, place int, edge Edge) {
	for _, row := range powers.RolesWith(ability) {
		w.role(row.ID, place, edge)
	}
}

// permissions notes the applications that hold a permission with an ability, or could
// give themselves one.
func (w *search) permissions(ctx context.Context, ability powers.Ability, place int, edge Edge) error {
	allowing := powers.PermissionsWith(ability)
	if len(allowing) == 0 {
		return nil // No permission allows it, and so nobody can give themselves one.
	}
	for _, p := range append(allowing, powers.PermissionsWith(powers.GivesPermissions)...) {
		for _, entitlement := range w.index.permissions[p.Value] {
			if w.spent[entitlement] {
				continue
			}
			w.spent[entitlement] = true
			if err := w.permitted(ctx, &p, entitlement, place, edge); err != nil {
				return err
			}
		}
	}
	return nil
}

// permitted notes the applications that hold one permission.
func (w *search) permitted(ctx context.Context, p *powers.Permission, entitlement string, place int, edge Edge) error {
	for h, err := range w.snapshot.Holders(ctx, entitlement) {
		if err != nil {
			return err
		}
		if h.Direct && application(h.Principal.Type) {
			w.reach(node{Ref: h.Principal}, visit{next: place, edge: edge, entitlement: h.Entitlement, until: h.Until, power: p})
		}
	}
	return nil
}

// powerful notes the roles and the permissions with an ability.
func (w *search) powerful(ctx context.Context, ability powers.Ability, place int, edge Edge) error {
	w.roles(ability, place, edge)
	return w.permissions(ctx, ability, place, edge)
}

// intoRole finds who holds a directory role, who can activate it, and what gives it.
func (w *search) intoRole(ctx context.Context, place int) error {
	ref := w.visits[place].Ref
	if err := w.holders(ctx, access.EntitlementID(ref, access.SlugAssigned), place, EdgeHoldsRole, false); err != nil {
		return err
	}
	if err := w.holders(ctx, access.EntitlementID(ref, access.SlugEligible), place, EdgeEligibleRole, true); err != nil {
		return err
	}
	if ref.Type == access.TypeRole {
		if err := w.packagesGiving(ctx, ref, place, access.SlugAssigned, access.SlugEligible); err != nil {
			return err
		}
	}
	return w.powerful(ctx, powers.GivesRoles, place, EdgeGivesRole)
}
