package paths

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// unitsOf are the administrative units that an object is in itself. A group's members
// are not in its unit.
func (w *search) unitsOf(ctx context.Context, ref access.Ref) ([]string, error) {
	var units []string
	for h, err := range w.snapshot.HeldBy(ctx, ref) {
		if err != nil {
			return nil, err
		}
		if h.On.Type == access.TypeUnit && h.Slug == access.SlugMember && h.Direct {
			units = append(units, h.On.ID)
		}
	}
	return units, nil
}

// restrictedAmong are those of some units that keep all but their own administrators out.
func (w *search) restrictedAmong(units []string) []string {
	var restricted []string
	for _, unit := range units {
		if w.index.restricted[unit] {
			restricted = append(restricted, unit)
		}
	}
	return restricted
}

// atScopes notes the roles with an ability that are held over a unit or over one object.
func (w *search) atScopes(scopes []string, ability powers.Ability, place int, edge Edge) {
	if ability == powers.ManagesRoleAssignableGroups {
		return // The two roles that have it are not given at a scope.
	}
	for _, scope := range scopes {
		for _, ref := range w.index.over(scope, ability) {
			w.reach(node{Ref: ref}, visit{next: place, edge: edge})
		}
	}
}
