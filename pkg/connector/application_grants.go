package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doAssignments is the task of the application type that reads who is assigned
// to the task's applications; the others are the same as for groups.
const doAssignments = "assignments"

// Grants has nothing to add to GrantsForResourceType.
func (s *applicationSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType reads the assignments and owners of all applications.
// The first task plans, as for groups.
func (s *applicationSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	switch t.Do {
	case doPlan:
		res, err := s.owners.plan(ctx, ix, t, func(ids []string) ([]task, error) {
			items := make([]workItem, 0, len(ids))
			for _, id := range ids {
				items = append(items, workItem{ID: id})
			}
			return split(doAssignments, items, sending.MaxBatchSize), nil
		})
		return nil, res, toStatus(err)
	case doAssignments:
		return finishAndSpawn(s.readAssignments(ctx, ix, t))
	case doThrough:
		return finishTask(readThrough(ctx, s.client, s.left, ix, t))
	default:
		return s.owners.do(ctx, ix, t)
	}
}

// readAssignments reads the next pages of who is assigned to the task's
// applications.
func (s *applicationSyncer) readAssignments(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, []task, error) {
	first := func(w workItem) string { return graph.AppRoleAssignedToRef(w.ID) }
	read, rest, err := readWork[graph.AppRoleAssignment](ctx, s.client, s.left, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	var groupIDs, servicePrincipals, applications []string
	for _, r := range read {
		applications = append(applications, r.item.ID)
		for i := range r.rows {
			switch r.rows[i].Kind() {
			case graph.KindGroup:
				groupIDs = append(groupIDs, objectID(r.rows[i].PrincipalID))
			case graph.KindServicePrincipal:
				servicePrincipals = append(servicePrincipals, objectID(r.rows[i].PrincipalID))
			default:
			}
		}
	}
	known, err := lookUpPrincipals(ctx, ix, groupIDs, servicePrincipals)
	if err != nil {
		return nil, nil, nil, err
	}
	roles, err := get[[]string](ctx, ix, keyRoles, applications)
	if err != nil {
		return nil, nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for i := range r.rows {
			g, err := s.assignmentGrant(r.item.ID, &r.rows[i], roles[r.item.ID], known)
			if err != nil {
				return nil, nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	if t.Again || len(known.through) == 0 {
		return grants, t.withWork(rest), nil, nil
	}
	return grants, t.withWork(rest), throughTasks(known.through, pageOf(t.Work), func(application string) task {
		return task{Version: tokenVersion, Do: doAssignments, Work: []workItem{{ID: application}}}
	}), nil
}

// assignmentGrant is the grant for one assignment; nil if the principal is not
// in the snapshot or the application no longer defines the role.
func (s *applicationSyncer) assignmentGrant(application string, a *graph.AppRoleAssignment, roles []string, known *principals) (*v2.Grant, error) {
	slug := appRoleSlug(a.AppRoleID)
	if slug != slugDefaultAccess && !slices.Contains(roles, slug) {
		s.left.add(leftUnknownAppRole, 1)
		return nil, nil
	}
	id := objectID(a.PrincipalID)
	of := entitlementOf(typeApplication, application, slug)
	if known.skippedGroup(a.Kind(), id, of.GetId()) {
		return nil, nil
	}
	principalType, ok := known.typeOf(a.Kind(), id, s.left)
	if !ok {
		return nil, nil
	}
	g := newGrant(of, principalType, id)
	if principalType == typeGroup {
		if err := s.expand.toPeople(g, id); err != nil {
			return nil, err
		}
	}
	return g, nil
}
