package ask

import (
	"context"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

var whoHas = &Question{
	Name: "who-has", Usage: "RESOURCE [ENTITLEMENT]", Short: "Who holds something: a group, a role, an application, a licence",
	Least: 1, Most: 2, ask: askWhoHas,
	needs: []need{
		{data: access.DataGroupEligibility, lacking: "who may become a member or an owner does not show"},
		{data: access.DataRoleEligibility, lacking: "who may activate a role does not show"},
		{data: access.DataRoleTimes, lacking: "ends of role assignments do not show"},
		{data: access.DataHiddenMembers, lacking: "members of groups with hidden membership do not show"},
		{data: access.DataPackages, lacking: "by which access package something is held does not show"},
	},
}

func askWhoHas(ctx context.Context, q *query) error {
	q.columns(columns([]Column{whatColumn}, principalColumns, wayColumns, principalDetails, []Column{entitlementDetail})...)
	entitlements, err := q.entitlements(ctx)
	if err != nil {
		return err
	}
	people := map[access.Ref]bool{}
	for _, e := range entitlements {
		if err := q.holders(ctx, e, people); err != nil {
			return err
		}
	}
	q.sort(0, 2, 1)
	called := q.args[0]
	if len(entitlements) > 0 {
		on, err := q.s.Object(ctx, entitlements[0].On)
		if err != nil {
			return err
		}
		called = on.Called()
	}
	q.Headline = count(len(people), "principal holds ", "principals hold ") + called + "."
	if len(q.args) == 2 && len(entitlements) > 0 {
		q.Headline = fmt.Sprintf("%s %s of %s.", count(len(people), "principal holds", "principals hold"), entitlements[0].Name, called)
	}
	return nil
}

// entitlements are those that the arguments name: one by its id, or those of a
// resource, of which the second argument names one.
func (q *query) entitlements(ctx context.Context) ([]*access.Entitlement, error) {
	if on, slug := access.SplitEntitlement(q.args[0]); slug != "" && on.ID != "" && len(q.args) == 1 {
		e, err := q.s.Entitlement(ctx, q.args[0])
		if err != nil {
			return nil, err
		}
		if e != nil {
			return []*access.Entitlement{e}, nil
		}
	}
	on, err := q.one(ctx, "group, role, application or the like", q.args[0], resourceTypes...)
	if err != nil {
		return nil, err
	}
	var all, named []*access.Entitlement
	var names []string
	for e, err := range q.s.EntitlementsOf(ctx, on.Ref) {
		if err != nil {
			return nil, err
		}
		all, names = append(all, e), append(names, e.Name)
		if len(q.args) == 2 && (strings.EqualFold(e.Slug, q.args[1]) || strings.EqualFold(e.Name, q.args[1]) || strings.EqualFold(powers.ValueIn(e.Name), q.args[1])) {
			named = append(named, e)
		}
	}
	switch {
	case len(q.args) == 1:
		return all, nil
	case len(named) == 0:
		return nil, fmt.Errorf("%s has nothing called %q; it has: %s", on.Called(), q.args[1], strings.Join(names, ", "))
	default:
		return named, nil
	}
}

// holders adds a row for each way in which somebody holds an entitlement.
func (q *query) holders(ctx context.Context, e *access.Entitlement, people map[access.Ref]bool) error {
	return q.eachWay(ctx, e, func(o *access.Object, way *access.Way) error {
		people[o.Ref] = true
		cellsOfWay, err := q.wayCells(ctx, way, "directly")
		if err != nil {
			return err
		}
		q.row(cells([]string{e.Name}, whoCells(o), cellsOfWay, whoDetails(o), []string{e.ID})...)
		return nil
	})
}

// eachWay visits every way in which anybody holds an entitlement.
func (q *query) eachWay(ctx context.Context, e *access.Entitlement, visit func(o *access.Object, way *access.Way) error) error {
	ways := q.s.WaysTo(e.ID)
	for h, err := range q.s.Holders(ctx, e.ID) {
		if err != nil {
			return err
		}
		o, err := q.s.Object(ctx, h.Principal)
		if err != nil {
			return err
		}
		list, err := ways.Of(ctx, h)
		if err != nil {
			return err
		}
		for i := range list {
			if err := visit(o, &list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
