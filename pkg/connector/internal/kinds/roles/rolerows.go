package roles

import (
	"context"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// roleRow says that a principal holds a directory role, or may activate it. What
// the principal is, no row tells: it is found when grants are made, when all that
// there is has been listed.
type roleRow struct {
	Role string `json:"r"`
	// Scope is the directoryScopeId; empty for the whole tenant.
	Scope string `json:"s,omitempty"`
	ID    string `json:"i"`
	// Eligible means that the role has to be activated first.
	Eligible bool      `json:"e,omitempty"`
	Times    roleTimes `json:"t,omitzero"`
}

// roleTimes is what Privileged Identity Management knows of a row.
type roleTimes struct {
	// Assignment is "Assigned" or "Activated".
	Assignment string     `json:"a,omitempty"`
	Start      *time.Time `json:"s,omitempty"`
	End        *time.Time `json:"e,omitempty"`
}

// assignmentActivated is the type of an assignment that somebody has activated.
const assignmentActivated = "Activated"

// key tells active rows apart.
func (r *roleRow) key() string { return r.Role + "@" + r.Scope + ":" + r.ID }

// The listings that role rows come from, in this order: the assignments need
// to know the times.
const (
	phaseRoleTimes    = "times"
	phaseAssignments  = "assignments"
	phaseEligibilites = "eligibilities"
)

const (
	// keyRoleTimes leads to an active row that PIM's listing has given.
	keyRoleTimes = "roletimes/"
	// keyActivated leads to the times of a role that was activated by somebody who
	// may through a group. PIM's row of it counts for the group; that the person
	// holds the role is in the plain listing, which has no times.
	keyActivated = "roleactivated/"
)

// RoleReader reads the tenant's role assignments and eligibilities at every
// scope. An active row is in the plain listing, in PIM's, or in both: Microsoft
// documents for neither that it has all, so the union counts.
type RoleReader struct {
	kinds.Kit

	// Marking means that only the principals of the rows matter: nothing is
	// looked up and nothing left behind.
	Marking bool

	// partners are added the principals of other tenants that rows of the plain
	// listing name; nil where nobody wants them.
	partners *[]*graph.RolePrincipal
}

// Read gives the rows of the next page, and the cursor that follows; nil after
// the last.
func (r *RoleReader) Read(ctx context.Context, ix walk.Index, c walk.Cursor) ([]roleRow, *walk.Cursor, error) {
	made, err := r.Decider.Of(ctx, ix)
	if err != nil {
		return nil, nil, err
	}
	if c.Phase == "" {
		c.Phase = phaseAssignments
		if made.Has(model.DataRoleSchedules) {
			c.Phase = phaseRoleTimes
		}
	}
	switch c.Phase {
	case phaseRoleTimes:
		rows, through, next, err := r.readSchedules(ctx, ix, c, r.Client.ListRoleAssignmentSchedules, phaseAssignments)
		if err != nil && c.Beginning() {
			return nil, &walk.Cursor{Version: walk.TokenVersion, Phase: phaseAssignments, Stored: c.Stored}, r.without(ctx, model.DataRoleSchedules, err)
		}
		if err != nil || r.Marking {
			return rows, next, err
		}
		return rows, next, rememberTimes(ctx, ix, rows, through)
	case phaseAssignments:
		follow := ""
		if made.Has(model.DataRoleEligibility) {
			follow = phaseEligibilites
		}
		return r.readAssignments(ctx, ix, c, follow)
	default:
		rows, _, next, err := r.readSchedules(ctx, ix, c, r.Client.ListRoleEligibilitySchedules, "")
		if err != nil && c.Beginning() {
			return nil, nil, r.without(ctx, model.DataRoleEligibility, err)
		}
		for i := range rows {
			rows[i].Eligible, rows[i].Times.Assignment = true, ""
		}
		return rows, next, err
	}
}

// without leaves a data set out, or only passes it over where nobody but the marking
// is concerned: the roles' own reading, which may be under way, may have given some
// of it, and leaves it out by itself where it cannot be read.
func (r *RoleReader) without(ctx context.Context, data model.DataSet, err error) error {
	if r.Marking && decide.CanBeLeftOut(data, err) {
		return nil
	}
	return decide.LeaveOut(ctx, data, err)
}

// readSchedules reads a page of PIM's rows. What was activated through a group is
// apart, in the second list; what else comes through one, expansion gives.
func (r *RoleReader) readSchedules(
	ctx context.Context, ix walk.Index, c walk.Cursor, list func(context.Context, string) (*sending.Page[graph.RoleScheduleInstance], error), follow string,
) ([]roleRow, []roleRow, *walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, list)
	if err != nil {
		return nil, nil, nil, err
	}
	var rows, through []roleRow
	uncounted := *r
	uncounted.Left = &walk.Tally{} // Of what comes through a group, the group's row counts.
	for i := range page.Rows {
		instance := &page.Rows[i]
		reader, to := r, &rows
		if !instance.Direct() {
			if instance.AssignmentType != assignmentActivated {
				continue
			}
			reader, to = &uncounted, &through
		}
		if row, ok := reader.row(&instance.RoleAssignment); ok {
			row.Times = roleTimes{Assignment: instance.AssignmentType, Start: instance.StartDateTime.Time, End: instance.EndDateTime.Time}
			*to = append(*to, row)
		}
	}
	if !r.Marking {
		if rows, err = r.resolve(ctx, ix, rows); err != nil {
			return nil, nil, nil, err
		}
		if through, err = uncounted.resolve(ctx, ix, through); err != nil {
			return nil, nil, nil, err
		}
	}
	return rows, through, walk.Following(page, c, follow), nil
}

// rememberTimes notes the rows that need not come again from the plain listing, and
// the times of those that have to.
func rememberTimes(ctx context.Context, ix walk.Index, rows, through []roleRow) error {
	seen := make(map[string]bool, len(rows))
	for i := range rows {
		seen[rows[i].key()] = true
	}
	activated := make(map[string]roleTimes, len(through))
	for i := range through {
		activated[through[i].key()] = through[i].Times
	}
	if err := walk.Put(ctx, ix, keyActivated, activated); err != nil {
		return err
	}
	return walk.Put(ctx, ix, keyRoleTimes, seen)
}

// readAssignments reads a page of the plain listing, without the rows that PIM's
// has given already.
func (r *RoleReader) readAssignments(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) ([]roleRow, *walk.Cursor, error) {
	list := r.Client.ListRoleAssignments
	if r.partners != nil {
		list = r.Client.ListRoleAssignmentsAndPrincipals
	}
	page, err := walk.ReadPage(ctx, c, list)
	if err != nil {
		return nil, nil, err
	}
	rows := make([]roleRow, 0, len(page.Rows))
	for i := range page.Rows {
		if row, ok := r.row(&page.Rows[i]); ok {
			rows = append(rows, row)
			r.notePartner(page.Rows[i].Principal)
		}
	}
	if r.Marking {
		return rows, walk.Following(page, c, follow), nil
	}
	if rows, err = r.resolve(ctx, ix, rows); err != nil {
		return nil, nil, err
	}
	keys := make([]string, 0, len(rows))
	for i := range rows {
		keys = append(keys, rows[i].key())
	}
	given, err := walk.Get[bool](ctx, ix, keyRoleTimes, slices.Clone(keys))
	if err != nil {
		return nil, nil, err
	}
	activated, err := walk.Get[roleTimes](ctx, ix, keyActivated, keys)
	if err != nil {
		return nil, nil, err
	}
	fresh := rows[:0]
	for _, row := range rows {
		if key := row.key(); !given[key] {
			row.Times = activated[key]
			fresh = append(fresh, row)
		}
	}
	return fresh, walk.Following(page, c, follow), nil
}

// isScope reports whether a directoryScopeId names a directory object or an attribute
// set.
func isScope(directoryScopeID string) bool {
	id := graph.ScopeObjectID(directoryScopeID)
	if graph.AttributeSetScope(directoryScopeID) != "" {
		return model.AttributeSetForm.MatchString(id)
	}
	return model.ObjectIDForm.MatchString(id)
}

// row is the row of an assignment; none where it is at no scope that is synced.
func (r *RoleReader) row(a *graph.RoleAssignment) (roleRow, bool) {
	if a.PrincipalID == "" {
		r.Left.Add(walk.LeftOrphaned, 1)
		return roleRow{}, false
	}
	if a.DirectoryScopeID == "" {
		r.Left.Add(walk.LeftAppScope, 1)
		return roleRow{}, false
	}
	if a.DirectoryScopeID != graph.TenantScope && !isScope(a.DirectoryScopeID) {
		r.Left.Add(walk.LeftOtherScope, 1)
		return roleRow{}, false
	}
	row := roleRow{Role: model.ObjectID(a.RoleDefinitionID), ID: model.ObjectID(a.PrincipalID)}
	if a.DirectoryScopeID != graph.TenantScope {
		row.Scope = a.DirectoryScopeID
	}
	return row, true
}
