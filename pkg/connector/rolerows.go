package connector

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// roleRow says that a principal holds a directory role, or may activate it.
type roleRow struct {
	Role string `json:"r"`
	// Scope is the directoryScopeId; empty for the whole tenant.
	Scope string           `json:"s,omitempty"`
	Kind  graph.ObjectKind `json:"k"`
	ID    string           `json:"i"`
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

// key tells active rows apart.
func (r *roleRow) key() string { return r.Role + "@" + r.Scope + ":" + r.ID }

// The listings that role rows come from, in this order: the assignments need
// to know the times.
const (
	phaseRoleTimes    = "times"
	phaseAssignments  = "assignments"
	phaseEligibilites = "eligibilities"
)

// keyRoleTimes leads to an active row that PIM's listing has given.
const keyRoleTimes = "roletimes/"

// roleReader reads the tenant's role assignments and eligibilities at every
// scope. An active row is in the plain listing, in PIM's, or in both: Microsoft
// documents for neither that it has all, so the union counts.
type roleReader struct {
	client  *graph.Client
	left    *tally
	decider *decider
	expand  expander
}

// read gives the rows of the next page, and the cursor that follows; nil after
// the last.
func (r *roleReader) read(ctx context.Context, ix index, c cursor) ([]roleRow, *cursor, error) {
	made, err := r.decider.of(ctx, ix)
	if err != nil {
		return nil, nil, err
	}
	if c.Phase == "" {
		c.Phase = phaseAssignments
		if made.reads(dataRoleSchedules) {
			c.Phase = phaseRoleTimes
		}
	}
	switch c.Phase {
	case phaseRoleTimes:
		rows, next, err := r.readSchedules(ctx, c, r.client.ListRoleAssignmentSchedules, phaseAssignments)
		if err != nil {
			return nil, nil, err
		}
		return rows, next, rememberTimes(ctx, ix, rows)
	case phaseAssignments:
		follow := ""
		if made.reads(dataRoleEligibility) {
			follow = phaseEligibilites
		}
		return r.readAssignments(ctx, ix, c, follow)
	default:
		rows, next, err := r.readSchedules(ctx, c, r.client.ListRoleEligibilitySchedules, "")
		for i := range rows {
			rows[i].Eligible, rows[i].Times.Assignment = true, ""
		}
		return rows, next, err
	}
}

// following is the cursor after a page: the listing's next one, or the listing
// after it; nil if there is neither.
func following[T any](page *listed[T], c cursor, phase string) *cursor {
	if page.next != nil || phase == "" {
		return page.next
	}
	return &cursor{Version: tokenVersion, Phase: phase, Stored: c.Stored}
}

func (r *roleReader) readSchedules(
	ctx context.Context, c cursor, list func(context.Context, string) (*graph.Page[graph.RoleScheduleInstance], error), follow string,
) ([]roleRow, *cursor, error) {
	page, err := readPage(ctx, c, list)
	if err != nil {
		return nil, nil, err
	}
	var rows []roleRow
	for i := range page.rows {
		instance := &page.rows[i]
		if !instance.Direct() {
			continue // Expansion gives what comes through a group.
		}
		row, ok, err := r.row(&instance.RoleAssignment)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			row.Times = roleTimes{Assignment: instance.AssignmentType, Start: instance.StartDateTime.Time, End: instance.EndDateTime.Time}
			rows = append(rows, row)
		}
	}
	return rows, following(page, c, follow), nil
}

func rememberTimes(ctx context.Context, ix index, rows []roleRow) error {
	seen := make(map[string]bool, len(rows))
	for i := range rows {
		seen[rows[i].key()] = true
	}
	return put(ctx, ix, keyRoleTimes, seen)
}

// readAssignments reads a page of the plain listing, without the rows that PIM's
// has given already.
func (r *roleReader) readAssignments(ctx context.Context, ix index, c cursor, follow string) ([]roleRow, *cursor, error) {
	page, err := readPage(ctx, c, r.client.ListRoleAssignments)
	if err != nil {
		return nil, nil, err
	}
	rows := make([]roleRow, 0, len(page.rows))
	keys := make([]string, 0, len(page.rows))
	for i := range page.rows {
		row, ok, err := r.row(&page.rows[i])
		if err != nil {
			return nil, nil, err
		}
		if ok {
			rows = append(rows, row)
			keys = append(keys, row.key())
		}
	}
	given, err := get[bool](ctx, ix, keyRoleTimes, keys)
	if err != nil {
		return nil, nil, err
	}
	fresh := rows[:0]
	for i := range rows {
		if !given[rows[i].key()] {
			fresh = append(fresh, rows[i])
		}
	}
	return fresh, following(page, c, follow), nil
}

// row is the row of an assignment; none for a principal that is gone.
func (r *roleReader) row(a *graph.RoleAssignment) (roleRow, bool, error) {
	if a.Principal == nil || a.Principal.ID == "" {
		r.left.add(leftOrphaned, 1)
		return roleRow{}, false, nil
	}
	if a.DirectoryScopeID == "" {
		r.left.add(leftAppScope, 1)
		return roleRow{}, false, nil
	}
	if a.DirectoryScopeID != graph.TenantScope && !objectIDForm.MatchString(graph.ScopeObjectID(a.DirectoryScopeID)) {
		r.left.add(leftOtherScope, 1)
		return roleRow{}, false, nil
	}
	if err := graph.Typed([]graph.Reference{*a.Principal}); err != nil {
		return roleRow{}, false, err
	}
	row := roleRow{Role: objectID(a.RoleDefinitionID), Kind: a.Principal.Kind(), ID: objectID(a.Principal.ID)}
	if a.DirectoryScopeID != graph.TenantScope {
		row.Scope = a.DirectoryScopeID
	}
	return row, true, nil
}

// grants are the grants for rows on the resource that each is about; rows with
// none are passed over.
func (r *roleReader) grants(ctx context.Context, ix index, rows []roleRow, on func(*roleRow) *v2.ResourceId) ([]*v2.Grant, error) {
	var groups, objects []string
	for i := range rows {
		switch rows[i].Kind {
		case graph.KindGroup:
			groups = append(groups, rows[i].ID)
		case graph.KindServicePrincipal, graph.KindDevice:
			objects = append(objects, rows[i].ID)
		default:
		}
	}
	known, err := ix.principals(ctx, groups, objects)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for i := range rows {
		row := &rows[i]
		resource := on(row)
		if resource == nil {
			continue
		}
		principalType, ok := known.typeOf(row.Kind, row.ID, r.left)
		if !ok {
			continue
		}
		g, err := row.grant(resource, principalType, &r.expand)
		if err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func (r *roleRow) grant(on *v2.ResourceId, principalType string, expand *expander) (*v2.Grant, error) {
	slug := slugAssigned
	if r.Eligible {
		slug = slugEligible
	}
	g := newGrant(entitlementOf(on.GetResourceType(), on.GetResource(), slug), principalType, r.ID)
	if principalType == typeGroup {
		if err := expand.direct(g, r.ID); err != nil {
			return nil, err
		}
	}
	kind := ""
	switch {
	case r.Times.Assignment == "Activated":
		kind = "activated"
	case r.Times.End != nil:
		kind = "time-bound"
	case r.Times.Start != nil || r.Times.Assignment != "":
		kind = "permanent"
	}
	return g, withMetadata(g, map[string]any{
		"assignmentType": kind, fieldStart: timestamp(r.Times.Start), fieldEnd: timestamp(r.Times.End),
	})
}
