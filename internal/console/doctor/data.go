package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// examineData checks each data set of the table.
func (e *examination) examineData(ctx context.Context, claims *signin.Claims, plans []string) {
	ctx, cancel := context.WithTimeout(ctx, dataLimit)
	defer cancel()
	states, err := e.connector.Examine(ctx, claims, plans)
	if err != nil {
		check := Check{ID: "data", Group: groupData, Name: "data sets", Status: StatusFailed}
		check.Detail, check.Fix = explain(err)
		e.report.add(check)
		return
	}
	for i := range states {
		e.report.add(checkData(&states[i], claims != nil))
	}
}

// checkData turns a state into a line. What the settings ask for by name, or
// cannot do without, is a failure if it cannot be read.
func checkData(s *connector.DataState, readable bool) Check {
	check := Check{ID: "data." + slug(s.Use.Name), Group: groupData, Name: s.Use.Name}
	missing := StatusWarning
	if s.Named || s.Use.Need == connector.NeedRequired {
		missing = StatusFailed
	}
	switch {
	case !s.Wanted:
		check.Status, check.Detail = StatusNotAsked, s.Use.Purpose
	case s.Lacks == connector.LacksPermission:
		check.lacksPermission(missing, s)
	case s.Lacks == connector.LacksLicense:
		check.lacksLicense(missing, s)
	case failure.IsUnlicensed(s.Err):
		check.lacksLicense(StatusFailed, s)
	case failure.IsAccessDenied(s.Err):
		check.lacksPermission(StatusFailed, s)
	case s.Err != nil:
		check.Status = StatusFailed
		check.Detail, check.Fix = explain(s.Err)
	case !s.Tried && !readable:
		check.Status, check.Detail = StatusSkipped, "only a sync would tell: the token cannot be read"
	default:
		check.Status, check.Detail = StatusOK, describeReadable(&check, s)
	}
	return check
}

func (c *Check) lacksPermission(status Status, s *connector.DataState) {
	c.Status, c.Permissions = status, []string{s.Permission}
	c.Detail = fmt.Sprintf("missing permission %s (%s)", s.Permission, s.Use.Purpose)
	if s.Err != nil {
		c.Detail += ", though the token does not show that: " + s.Err.Error()
	}
	c.Fix = addPermission(s.Permission) + orWithout(s)
}

func (c *Check) lacksLicense(status Status, s *connector.DataState) {
	c.Status, c.License = status, s.Use.License
	c.Detail = fmt.Sprintf("missing licence %s (%s)", s.Use.License, s.Use.Purpose)
	c.Fix = "get the tenant " + s.Use.License + orWithout(s)
}

// orWithout is the other way out.
func orWithout(s *connector.DataState) string {
	switch {
	case s.Named:
		return "; or leave out " + s.Use.Setting
	case s.Use.Need == connector.NeedRequired:
		return ""
	}
	return "; or go without: a sync is whole but for this"
}

func describeReadable(check *Check, s *connector.DataState) string {
	switch {
	case !s.Tried:
		return "readable, going by the token"
	case len(s.Counts) == 0:
		return "readable"
	}
	check.Counts = map[string]int64{}
	parts := make([]string, 0, len(s.Counts))
	for _, c := range s.Counts {
		check.Counts[c.Collection] = c.Rows
		parts = append(parts, fmt.Sprintf("%d %s", c.Rows, c.Collection))
	}
	return "readable: " + strings.Join(parts, ", ")
}

// examineChanges compares the token with what changes take.
func (e *examination) examineChanges(ctx context.Context, claims *signin.Claims) {
	if claims == nil {
		e.skip("provisioning", groupChanges, "changes", "only a change would tell: the token cannot be read")
		return
	}
	for _, s := range e.connector.ExamineChanges(ctx, claims) {
		check := Check{ID: "provisioning." + s.Use.Name, Group: groupChanges, Name: s.Use.Purpose, Status: StatusOK}
		if len(s.Missing) > 0 {
			check.Status, check.Permissions = StatusWarning, s.Missing
			check.Detail = "missing permission " + strings.Join(s.Missing, ", ")
			check.Fix = addPermission(s.Missing...) + ", if this is wanted"
		} else if s.Err != nil {
			check.Status, check.Detail = StatusWarning, s.Err.Error()
			check.Fix = "give the application " + s.Use.Remark
		}
		e.report.add(check)
	}
}

func slug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
