package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
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
		res, err := s.plan(ctx, ix, t)
		return nil, res, toStatus(err)
	case doAssignments:
		return finishTask(s.readAssignments(ctx, ix, t))
	case doListOwners:
		return s.listOwners(ctx, ix, t)
	case doOwners:
		return finishTask(s.readOwners(ctx, ix, t))
	case doServicePrincipals:
		return finishTask(s.replayOwners(ctx, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

func (s *applicationSyncer) plan(ctx context.Context, ix index, t task) (*rs.SyncOpResults, error) {
	applications, more, err := getPage[string](ctx, ix, keyApps, t.Page)
	if err != nil {
		return nil, err
	}
	var tasks []task
	if len(applications) > 0 {
		tasks = append(tasks, task{Version: tokenVersion, Do: doServicePrincipals, Page: t.Page})
	}
	items := make([]workItem, 0, len(applications))
	for _, id := range applications {
		items = append(items, workItem{ID: id})
	}
	tasks = append(tasks, split(doAssignments, items, graph.MaxBatchSize)...)
	if t.Page == 0 {
		tasks = append(tasks, task{Version: tokenVersion, Do: doListOwners})
	}
	return planned(tasks, t.Page+1, more)
}

// readAssignments reads the next pages of who is assigned to the task's
// applications.
func (s *applicationSyncer) readAssignments(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	first := func(w workItem) string { return graph.AppRoleAssignedToRef(w.ID) }
	read, rest, err := readWork[graph.AppRoleAssignment](ctx, s.client, s.left, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	var groups, servicePrincipals, applications []string
	for _, r := range read {
		applications = append(applications, r.item.ID)
		for i := range r.rows {
			switch r.rows[i].Kind() {
			case graph.KindGroup:
				groups = append(groups, objectID(r.rows[i].PrincipalID))
			case graph.KindServicePrincipal:
				servicePrincipals = append(servicePrincipals, objectID(r.rows[i].PrincipalID))
			default:
			}
		}
	}
	known, err := ix.principals(ctx, groups, servicePrincipals)
	if err != nil {
		return nil, nil, err
	}
	roles, err := get[[]string](ctx, ix, keyRoles, applications)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for i := range r.rows {
			g, err := s.assignmentGrant(r.item.ID, &r.rows[i], roles[r.item.ID], known)
			if err != nil {
				return nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	return grants, t.withWork(rest), nil
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
	principalType, ok := known.typeOf(a.Kind(), id, s.left)
	if !ok {
		return nil, nil
	}
	g := newGrant(entitlementOf(typeApplication, application, slug), principalType, id)
	if principalType == typeGroup {
		if err := expandDirect(g, id); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// listOwners reads one page of applications with their owners.
func (s *applicationSyncer) listOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	page, err := readPage(ctx, t.cursor(), s.client.ListServicePrincipalOwners)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var read []workResult[graph.Reference]
	var cut []workItem
	for i := range page.rows {
		item := workItem{ID: objectID(page.rows[i].ID)}
		if page.rows[i].Owners.MaybeCut() {
			cut = append(cut, item)
		} else if len(page.rows[i].Owners) > 0 {
			read = append(read, workResult[graph.Reference]{item: item, rows: page.rows[i].Owners})
		}
	}
	grants, err := s.ownerGrants(ctx, ix, read)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := enqueue(split(doOwners, cut, graph.MaxBatchSize), t.at(page.next))
	return grants, res, err
}

// readOwners reads the next pages of the owners of the task's applications.
func (s *applicationSyncer) readOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	first := func(w workItem) string { return graph.ServicePrincipalOwnersRef(w.ID) }
	read, rest, err := readWork[graph.Reference](ctx, s.client, s.left, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	grants, err := s.ownerGrants(ctx, ix, read)
	return grants, t.withWork(rest), err
}

// ownerGrants are the grants for owners of applications. Owners of service
// principals of other kinds are passed over.
func (s *applicationSyncer) ownerGrants(ctx context.Context, ix index, read []workResult[graph.Reference]) ([]*v2.Grant, error) {
	var ids []string
	for _, r := range read {
		ids = append(ids, r.item.ID)
	}
	kinds, err := get[graph.ServicePrincipalKind](ctx, ix, keySP, ids)
	if err != nil {
		return nil, err
	}
	known, err := ix.principalsOf(ctx, read)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		if kinds[r.item.ID] != graph.ServicePrincipalApplication {
			continue
		}
		of := entitlementOf(typeApplication, r.item.ID, slugOwner)
		for _, row := range r.rows {
			id := objectID(row.ID)
			if principalType, ok := known.typeOf(row.Kind(), id, s.left); ok {
				grants = append(grants, newGrant(of, principalType, id))
			}
		}
	}
	return grants, nil
}

// replayOwners gives the applications that own applications, as read from the
// owners' side.
func (s *applicationSyncer) replayOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	applications, _, err := getPage[string](ctx, ix, keyApps, t.Page)
	if err != nil {
		return nil, nil, err
	}
	owners, err := get[[]string](ctx, ix, keySPAppOwner, slices.Clone(applications))
	if err != nil {
		return nil, nil, err
	}
	replay := replayer{skip: t.Offset}
	for _, id := range applications {
		replay.add(entitlementOf(typeApplication, id, slugOwner), owners[id], nil)
	}
	return replay.finish(t)
}
