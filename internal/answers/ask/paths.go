package ask

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/paths"
)

// pathNeeds are the data sets without which ways can be missing.
var pathNeeds = []need{
	{data: access.DataRoleEligibility, lacking: "who can activate roles does not show", gap: true},
	{data: access.DataGroupEligibility, lacking: "who can activate being in groups, or owning them, does not show", gap: true},
	{data: access.DataUnits, lacking: "what roles over administrative units reach does not show", gap: true},
	{data: access.DataHiddenMembers, lacking: "members of groups with hidden membership do not show", gap: true},
	{data: access.DataPackages, lacking: "ways through access packages do not show", gap: true},
	{data: access.DataCatalogs, lacking: "who manages access packages does not show", gap: true},
}

var (
	whoCanBecome = &Question{
		Name: "who-can-become", Usage: "ROLE", Short: "Who does not hold a directory role and can come to it: by activation, or by what they own or manage",
		Least: 1, Most: 1, ask: askWhoCanBecome, needs: pathNeeds,
	}
	pathsTo = &Question{
		Name: "paths-to", Usage: "ROLE|APPLICATION|GROUP", Short: "Every principal that can come to a role, an application or a group, and how, step by step",
		Least: 1, Most: 1, ask: askPathsTo, needs: pathNeeds,
	}
)

func pathColumns(extra ...Column) []Column {
	return columns(principalColumns, []Column{{Key: "steps", Title: "Steps"}, longHowColumn, {Key: "until", Title: "Until"}}, principalDetails, extra)
}

// askWhoCanBecome tells who may activate a role, in every way, and then, of those who
// neither hold it nor may activate it, who can come to it otherwise.
func askWhoCanBecome(ctx context.Context, q *query) error {
	role, err := q.one(ctx, "directory role", q.args[0], roleTypes...)
	if err != nil {
		return err
	}
	q.columns(pathColumns()...)
	left := map[access.Ref]bool{role.Ref: true}
	for h, err := range q.s.Holders(ctx, access.EntitlementID(role.Ref, access.SlugAssigned)) {
		if err != nil {
			return err
		}
		left[h.Principal] = true
	}
	activates := map[access.Ref]bool{}
	eligible := &access.Entitlement{ID: access.EntitlementID(role.Ref, access.SlugEligible)}
	err = q.eachWay(ctx, eligible, func(o *access.Object, way *access.Way) error {
		if o.Type == access.TypeGroup {
			return nil
		}
		activates[o.Ref], left[o.Ref] = true, true
		held, err := q.wayCells(ctx, way, "")
		if err != nil {
			return err
		}
		q.row(cells(whoCells(o), []string{"1", strings.TrimSuffix("may activate it, "+strings.TrimSpace(held[0]), ", "), held[2]}, whoDetails(o))...)
		return nil
	})
	if err != nil {
		return err
	}
	direct := len(q.Rows)
	others, err := q.pathRows(ctx, role.Ref, func(p *paths.Path) bool { return !left[p.Start] })
	if err != nil {
		return err
	}
	q.Headline = fmt.Sprintf("%s %s; %s come to it otherwise.", count(len(activates), "principal may activate", "principals may activate"), role.Called(), count(others, "more can", "more can"))
	sortRows(q.Rows[:direct], 0)
	q.Notes = append(q.Notes, "who holds it now is not listed: see who-is; every path, step by step, with its rules: paths-to")
	return nil
}

func askPathsTo(ctx context.Context, q *query) error {
	target, err := q.one(ctx, "role, application or group", q.args[0], targetTypes...)
	if err != nil {
		return err
	}
	q.columns(pathColumns(Column{Key: "pages", Detail: true})...)
	n, err := q.pathRows(ctx, target.Ref, func(*paths.Path) bool { return true })
	if err != nil {
		return err
	}
	q.Headline = fmt.Sprintf("%s come to %s, the shortest way of each first.", count(n, "principal can", "principals can"), target.Called())
	return nil
}

// pathRows adds a row for each path, the shortest first, and says what is not known.
func (q *query) pathRows(ctx context.Context, target access.Ref, wanted func(*paths.Path) bool) (int, error) {
	result, err := paths.To(ctx, q.s, target, paths.Options{})
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range result.Paths {
		p := &result.Paths[i]
		if !wanted(p) {
			continue
		}
		who, err := q.s.Object(ctx, p.Start)
		if err != nil {
			return 0, err
		}
		how, until, err := q.told(ctx, p)
		if err != nil {
			return 0, err
		}
		row := cells(whoCells(who), []string{strconv.Itoa(len(p.Steps)), how, until}, whoDetails(who))
		if len(row) < len(q.Columns) {
			row = append(row, pagesOf(p))
		}
		q.row(row...)
		n++
	}
	for _, unknown := range result.Unknown {
		q.Notes = append(q.Notes, "not known: "+unknown)
	}
	return n, nil
}

// told is a path in words, and the first end on it.
func (q *query) told(ctx context.Context, p *paths.Path) (string, string, error) {
	var parts []string
	until := ""
	for i := range p.Steps {
		step := &p.Steps[i]
		to, err := q.s.Object(ctx, step.To)
		if err != nil {
			return "", "", err
		}
		part := step.Why + ": " + to.Called()
		if step.Until != "" && (until == "" || step.Until < until) {
			until = step.Until
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " → "), day(until), nil
}

// pagesOf are the pages that the steps of a path rest on.
func pagesOf(p *paths.Path) string {
	var pages []string
	for i := range p.Steps {
		pages = append(pages, p.Steps[i].Page)
	}
	return strings.Join(pages, " ")
}
