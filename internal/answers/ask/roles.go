package ask

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var whoIs = &Question{
	Name: "who-is", Usage: "ROLE", Short: "Who holds a directory role now, in the tenant or in a part of it, and until when",
	Least: 1, Most: 1, ask: askWhoIs,
	needs: []need{
		{data: access.DataRoleTimes, lacking: "ends of assignments do not show, nor which of them are activations"},
		{data: access.DataHiddenMembers, lacking: "holders through groups with hidden membership do not show", gap: true},
	},
}

func askWhoIs(ctx context.Context, q *query) error {
	roles, err := q.role(ctx)
	if err != nil {
		return err
	}
	q.columns(columns(principalColumns, []Column{{Key: "where", Title: "Where"}}, wayColumns, principalDetails, []Column{entitlementDetail})...)
	everywhere, scoped := map[access.Ref]bool{}, map[access.Ref]bool{}
	for _, role := range roles {
		where, counted := "the tenant", everywhere
		if role.Type == access.TypeScopedRole {
			where, counted = role.Name, scoped
		}
		e := &access.Entitlement{ID: access.EntitlementID(role.Ref, access.SlugAssigned)}
		err := q.eachWay(ctx, e, func(o *access.Object, way *access.Way) error {
			if o.Type != access.TypeGroup {
				counted[o.Ref] = true
			}
			held, err := q.wayCells(ctx, way, "directly")
			if err != nil {
				return err
			}
			q.row(cells(whoCells(o), []string{where}, held, whoDetails(o), []string{e.ID})...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	q.sort(2, 1, 0)
	q.Headline = count(len(everywhere), "principal holds ", "principals hold ") + roles[0].Called() + " in the whole tenant"
	if len(scoped) > 0 {
		q.Headline += ", " + count(len(scoped), "in a part of it", "in parts of it")
	}
	q.Headline += "; groups that hold it are listed too."
	return nil
}

// role finds a role by its name, and with it the same role in parts of the tenant.
func (q *query) role(ctx context.Context) ([]*access.Object, error) {
	role, err := q.one(ctx, "directory role", q.args[0], roleTypes...)
	if err != nil {
		return nil, err
	}
	list := []*access.Object{role}
	if role.Type == access.TypeScopedRole {
		return list, nil
	}
	for o, err := range q.s.Objects(ctx, access.TypeScopedRole) {
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(o.ID, role.ID+"@") {
			list = append(list, o)
		}
	}
	return list, nil
}
