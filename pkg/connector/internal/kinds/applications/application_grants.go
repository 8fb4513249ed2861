package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/groups"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doAssignments is the task of the application type that reads who is assigned
// to the task's applications; the others are the same as for groups.
const doAssignments = "assignments"

// GrantsForResourceType reads the assignments and owners of all applications.
// The first task plans, as for groups.
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	switch t.Do {
	case walk.DoPlan:
		res, err := s.owners.plan(ctx, ix, t, func(ids []string) ([]walk.Task, error) {
			items := make([]walk.WorkItem, 0, len(ids))
			for _, id := range ids {
				items = append(items, walk.WorkItem{ID: id})
			}
			return walk.Split(doAssignments, items, sending.MaxBatchSize), nil
		})
		return nil, res, model.ToStatus(err)
	case doAssignments:
		return walk.FinishAndSpawn(s.readAssignments(ctx, ix, t))
	case groups.DoThrough:
		return walk.FinishTask(groups.ReadThrough(ctx, s.Client, s.Left, ix, t))
	default:
		return s.owners.do(ctx, ix, t)
	}
}

// readAssignments reads the next pages of who is assigned to the task's
// applications.
func (s *Syncer) readAssignments(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, []walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.AppRoleAssignedToRef(w.ID) }
	read, rest, err := walk.ReadWork[graph.AppRoleAssignment](ctx, s.Client, s.Left, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	var groupIDs, servicePrincipals, applications []string
	for _, r := range read {
		applications = append(applications, r.Item.ID)
		for i := range r.Rows {
			switch r.Rows[i].Kind() {
			case graph.KindGroup:
				groupIDs = append(groupIDs, model.ObjectID(r.Rows[i].PrincipalID))
			case graph.KindServicePrincipal:
				servicePrincipals = append(servicePrincipals, model.ObjectID(r.Rows[i].PrincipalID))
			default:
			}
		}
	}
	known, err := kinds.LookUpPrincipals(ctx, ix, groupIDs, servicePrincipals)
	if err != nil {
		return nil, nil, nil, err
	}
	roles, err := walk.Get[[]string](ctx, ix, walk.KeyRoles, applications)
	if err != nil {
		return nil, nil, nil, err
	}
	passes, err := inheritance(ctx, &s.Kit, ix, known.Of(model.TypeAgentIdentity))
	if err != nil {
		return nil, nil, nil, err
	}
	appIDs, err := appIDsOf(ctx, ix, passes, applications)
	if err != nil {
		return nil, nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for i := range r.Rows {
			g, err := s.assignmentGrant(r.Item.ID, &r.Rows[i], roles[r.Item.ID], known)
			if err != nil {
				return nil, nil, nil, err
			}
			by := model.ObjectID(r.Rows[i].PrincipalID)
			// Default access is no app role, and no token has it.
			if g != nil && model.AppRoleSlug(r.Rows[i].AppRoleID) != model.SlugDefaultAccess && passes[by][appIDs[r.Item.ID]].Roles {
				if err := s.Expand.ToAgents(g, by); err != nil {
					return nil, nil, nil, err
				}
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	if t.Again || len(known.Through) == 0 {
		return grants, t.WithWork(rest), nil, nil
	}
	return grants, t.WithWork(rest), groups.ThroughTasks(known.Through, walk.PageOf(t.Work), func(application string) walk.Task {
		return walk.Task{Version: walk.TokenVersion, Do: doAssignments, Work: []walk.WorkItem{{ID: application}}}
	}), nil
}

// assignmentGrant is the grant for one assignment; nil if the principal is not
// in the snapshot or the application no longer defines the role.
func (s *Syncer) assignmentGrant(application string, a *graph.AppRoleAssignment, roles []string, known *kinds.Principals) (*v2.Grant, error) {
	slug := model.AppRoleSlug(a.AppRoleID)
	if slug != model.SlugDefaultAccess && !slices.Contains(roles, slug) {
		s.Left.Add(walk.LeftUnknownAppRole, 1)
		return nil, nil
	}
	id := model.ObjectID(a.PrincipalID)
	of := model.EntitlementOf(model.TypeApplication, application, slug)
	if known.SkippedGroup(a.Kind(), id, of.GetId()) {
		return nil, nil
	}
	principalType, ok := known.TypeOf(a.Kind(), id, s.Left)
	if !ok {
		return nil, nil
	}
	g := model.NewGrant(of, principalType, id)
	if principalType == model.TypeGroup {
		if err := s.Expand.ToPeople(g, id); err != nil {
			return nil, err
		}
	}
	return g, nil
}
