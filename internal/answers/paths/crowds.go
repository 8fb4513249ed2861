package paths

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// crowd is how many people a finder asks for one by one. Beyond it reads who is in the
// administrative units that matter, which is less than asking tens of thousands of
// members of one group where they are.
const crowd = 1000

// exhausted reports whether nothing that reaches a person is left to be found. The
// roles and permissions that reach people in general are found with the first few.
func (w *search) exhausted(ctx context.Context, ref access.Ref) (bool, error) {
	if !w.personal {
		w.personal = w.everyRole() && w.everyPermission(powers.ResetsAnybody, powers.TrustsAuthorities, powers.FederatesDomains)
	}
	if !w.personal {
		return false, nil
	}
	if w.unitsOfPeople == nil {
		if len(w.people) < crowd {
			return false, nil
		}
		if err := w.readUnits(ctx); err != nil {
			return false, err
		}
	}
	for _, scope := range append(slices.Clip(w.unitsOfPeople[ref.ID]), ref.ID) {
		if w.index.restricted[scope] && !w.everyGiver() || slices.ContainsFunc(w.index.scoped[scope], w.resetterUnfound) {
			return false, nil
		}
	}
	return true, nil
}

// readUnits reads who is in the units that are restricted, or that somebody who resets
// people has a role over.
func (f *Finder) readUnits(ctx context.Context) error {
	f.unitsOfPeople = map[string][]string{}
	for unit := range f.index.watched {
		entitlement := access.EntitlementID(access.Ref{Type: access.TypeUnit, ID: unit}, access.SlugMember)
		for h, err := range f.snapshot.Holders(ctx, entitlement) {
			if err != nil {
				return err
			}
			if h.Principal.Type == access.TypeUser {
				f.unitsOfPeople[h.Principal.ID] = append(f.unitsOfPeople[h.Principal.ID], unit)
			}
		}
	}
	return nil
}

// resetterUnfound reports whether a role at a scope resets people and has not been found.
func (w *search) resetterUnfound(s scopedRole) bool {
	_, found := w.places[node{Ref: s.Ref}]
	return !found && powers.ResetterOf(s.role) != nil
}

func (w *search) roleUnfound(id string) bool {
	_, known := w.index.roles[id]
	_, found := w.places[node{Ref: access.Ref{Type: access.TypeRole, ID: id}}]
	return known && !found
}

func (w *search) everyRole() bool {
	if slices.ContainsFunc(powers.Resetters(), func(r powers.Resetter) bool { return w.roleUnfound(r.ID) }) {
		return false
	}
	return w.everyRoleWith(powers.SynchronizesPeople) && w.everyRoleWith(powers.FederatesDomains)
}

func (w *search) everyRoleWith(ability powers.Ability) bool {
	return !slices.ContainsFunc(powers.RolesWith(ability), func(r powers.RolePower) bool { return w.roleUnfound(r.ID) })
}

// everyGiver reports whether all that lifts a restriction has been found.
func (w *search) everyGiver() bool {
	return w.everyRoleWith(powers.GivesRoles) && w.everyPermission(powers.GivesRoles)
}

// everyPermission reports whether the holders of all permissions with some abilities,
// and of those that give any permission, have been found.
func (w *search) everyPermission(abilities ...powers.Ability) bool {
	for _, ability := range append(abilities, powers.GivesPermissions) {
		for _, p := range powers.PermissionsWith(ability) {
			if slices.ContainsFunc(w.index.permissions[p.Value], func(entitlement string) bool { return !w.spent[entitlement] }) {
				return false
			}
		}
	}
	return true
}
