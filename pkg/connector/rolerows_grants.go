package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// identify tells what the rows' principals are. Those that are in nothing that was
// listed are asked for where they have a row.
func (r *roleReader) identify(ctx context.Context, ix index, rows []roleRow) (*identified, error) {
	ids := make([]string, 0, len(rows))
	active, eligible := map[string]bool{}, map[string]bool{}
	for i := range rows {
		ids = append(ids, rows[i].ID)
		if rows[i].Eligible {
			eligible[rows[i].ID] = true
		} else {
			active[rows[i].ID] = true
		}
	}
	return identify(ctx, ix, r.client, ids, sayRoles, func(id string) []string {
		return rolePrincipalRefs(id, active[id], eligible[id])
	})
}

func rolePrincipalRefs(id string, active, eligible bool) []string {
	var refs []string
	if active {
		refs = append(refs, graph.RoleAssignmentPrincipalRef(id), graph.RoleSchedulePrincipalRef(id))
	}
	if eligible {
		refs = append(refs, graph.RoleEligibilityPrincipalRef(id))
	}
	return refs
}

// held are the rows without those in a part of the directory whose principal no
// longer exists: nobody holds the role there.
func (r *roleReader) held(ctx context.Context, ix index, rows []roleRow) ([]roleRow, error) {
	scoped := slices.DeleteFunc(slices.Clone(rows), func(row roleRow) bool { return row.Scope == "" })
	if len(scoped) == 0 {
		return rows, nil
	}
	known, err := r.identify(ctx, ix, scoped)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(row roleRow) bool {
		gone := row.Scope != "" && known.gone(row.ID)
		if gone {
			r.left.add(leftOrphaned, 1)
		}
		return gone
	}), nil
}

// grants are the grants for rows on the resource of a type that each is about; rows
// with none are passed over.
func (r *roleReader) grants(ctx context.Context, ix index, resourceType string, rows []roleRow, on func(*roleRow) string) ([]*v2.Grant, error) {
	about := slices.DeleteFunc(slices.Clone(rows), func(row roleRow) bool { return on(&row) == "" })
	known, err := r.identify(ctx, ix, about)
	if err != nil {
		return nil, err
	}
	if err := known.sure(); err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	var others []roleRow
	for i := range about {
		row := &about[i]
		principalType, kind, ok := known.holder(row.ID, r.left)
		if kind == graph.KindOtherTenant {
			others = append(others, *row)
		}
		if !ok {
			continue
		}
		g, err := row.grant(resourceID(resourceType, on(row)), principalType, &r.expand)
		if err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, putOtherTenants(ctx, ix, resourceType, others)
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
	case r.Times.Assignment == assignmentActivated:
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
