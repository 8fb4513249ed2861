package roles

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// identify tells what the rows' principals are. Those that are in nothing that was
// listed are asked for where they have a row.
func (r *RoleReader) identify(ctx context.Context, ix walk.Index, rows []roleRow) (*kinds.Identified, error) {
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
	return kinds.Identify(ctx, ix, r.Client, ids, kinds.SayRoles, func(id string) []string {
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
func (r *RoleReader) held(ctx context.Context, ix walk.Index, rows []roleRow) ([]roleRow, error) {
	scoped := slices.DeleteFunc(slices.Clone(rows), func(row roleRow) bool { return row.Scope == "" })
	if len(scoped) == 0 {
		return rows, nil
	}
	known, err := r.identify(ctx, ix, scoped)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(row roleRow) bool {
		gone := row.Scope != "" && known.Gone(row.ID)
		if gone {
			r.Left.Add(walk.LeftOrphaned, 1)
		}
		return gone
	}), nil
}

// grants are the grants for rows on the resource of a type that each is about; rows
// with none are passed over.
func (r *RoleReader) grants(ctx context.Context, ix walk.Index, resourceType string, rows []roleRow, on func(*roleRow) string) ([]*v2.Grant, error) {
	about := slices.DeleteFunc(slices.Clone(rows), func(row roleRow) bool { return on(&row) == "" })
	known, err := r.identify(ctx, ix, about)
	if err != nil {
		return nil, err
	}
	if err := known.Sure(); err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	var others []roleRow
	for i := range about {
		row := &about[i]
		principalType, kind, ok := known.Holder(row.ID, r.Left)
		if kind == graph.KindOtherTenant && !ok {
			others = append(others, *row)
		}
		if !ok {
			continue
		}
		g, err := row.grant(model.ResourceID(resourceType, on(row)), principalType, &r.Expand)
		if err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, putOtherTenants(ctx, ix, resourceType, others)
}

func (r *roleRow) grant(on *v2.ResourceId, principalType string, expand *kinds.Expander) (*v2.Grant, error) {
	slug := model.SlugAssigned
	if r.Eligible {
		slug = model.SlugEligible
	}
	g := model.NewGrant(model.EntitlementOf(on.GetResourceType(), on.GetResource(), slug), principalType, r.ID)
	if principalType == model.TypeGroup {
		if err := expand.Direct(g, r.ID); err != nil {
			return nil, err
		}
	}
	if principalType == model.TypePartnerPrincipal {
		if err := model.ImmutableBecause(g, partnerReason); err != nil {
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
	return g, model.WithMetadata(g, map[string]any{
		"assignmentType": kind, model.FieldStart: model.Timestamp(r.Times.Start), model.FieldEnd: model.Timestamp(r.Times.End),
	})
}
