package ask

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

var privileged = &Question{
	Name: "privileged", Short: "People, guests and applications with privileged access, the whole tenant's first", ask: askPrivileged,
	needs: []need{
		{data: access.DataRoleEligibility, lacking: "who may activate a role does not show", gap: true},
		{data: access.DataRoleTimes, lacking: "ends of assignments do not show"},
	},
}

func askPrivileged(ctx context.Context, q *query) error {
	q.columns(columns([]Column{{Key: "tier", Title: "Tier"}}, principalColumns, []Column{whatColumn}, wayColumns, principalDetails, []Column{entitlementDetail})...)
	counted := map[access.Ref]int{}
	add := func(tier int, o *access.Object, what string, way []string, entitlement string) {
		if best, ok := counted[o.Ref]; !ok || tier < best {
			counted[o.Ref] = tier
		}
		q.row(cells([]string{strconv.Itoa(tier)}, whoCells(o), []string{what}, way, whoDetails(o), []string{entitlement})...)
	}
	if err := q.eachPrivilegedRole(ctx, add); err != nil {
		return err
	}
	err := q.eachPermission(ctx, func(p *powers.Permission) bool { return p.Takeover }, func(g *grantedPermission) error {
		if !g.delegated() {
			add(0, g.client, g.permission.Value+" on "+g.api.Name, []string{"application permission: " + g.permission.Why, "", "", "", ""}, g.entitlement)
		}
		return nil
	})
	if err != nil {
		return err
	}
	q.sort(0, 3, 1)
	var tiers [2]int
	for ref, tier := range counted {
		if ref.Type != access.TypeGroup {
			tiers[tier]++
		}
	}
	q.Headline = fmt.Sprintf("%s can come to the whole tenant (tier 0), and %s more privileged access (tier 1).",
		count(tiers[0], "principal", "principals"), count(tiers[1], "principal has", "principals have"))
	q.Notes = append(q.Notes, "who can come to a role by owning, resetting or managing something: see who-can-become and paths-to")
	return nil
}

// eachPrivilegedRole visits who holds or may activate privileged roles, in the tenant
// and in parts of it.
func (q *query) eachPrivilegedRole(ctx context.Context, add func(tier int, o *access.Object, what string, way []string, entitlement string)) error {
	for role, err := range q.s.Objects(ctx, roleTypes...) {
		if err != nil {
			return err
		}
		definition, _, scoped := strings.Cut(role.ID, "@")
		known, _, ok := powers.PrivilegedRoleOf(definition)
		if !ok {
			continue
		}
		tier := known.Tier
		if scoped { // A part of the tenant is not the whole of it.
			tier = 1
		}
		for _, slug := range []string{access.SlugAssigned, access.SlugEligible} {
			e := &access.Entitlement{ID: access.EntitlementID(role.Ref, slug)}
			err := q.eachWay(ctx, e, func(o *access.Object, way *access.Way) error {
				held, err := q.wayCells(ctx, way, "holds it")
				if err != nil {
					return err
				}
				if slug == access.SlugEligible {
					held[0] = strings.Replace("may activate it, "+held[0], ", holds it", "", 1)
				}
				add(tier, o, role.Called(), held, e.ID)
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
