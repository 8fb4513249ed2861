package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// What a task of the group type reads.
const (
	// doShard reads members and owners by delta queries (shards.go).
	doShard = "shard"
	// DoMembers reads the members of the task's groups, each group by itself.
	DoMembers = "members"
	// DoOwners reads the owners of the task's groups, each group by itself.
	DoOwners = "owners"
	// DoServicePrincipals replays, for one page of the listed groups, the
	// memberships and ownerships that were read from the service principals'
	// side.
	DoServicePrincipals = "service-principals"
	// doCycle begins the chain of tasks for one cycle of groups
	// (cycles.go).
	doCycle = "cycle"
	// doEligible reads who may become a member or an owner of the task's groups
	// (eligibility.go).
	doEligible = "eligible"
)

// GrantsForResourceType reads the members and owners of all groups. The first
// task plans: it walks the listed groups and enqueues tasks for a few hundred
// groups each, which the SDK's workers then run side by side.
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	grants, res, err := s.carryOut(ctx, ix, t)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Decider.ConfirmHidden(ctx, ix); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return grants, res, nil
}

func (s *Syncer) carryOut(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	switch t.Do {
	case walk.DoPlan:
		res, err := s.plan(ctx, ix, t)
		return nil, res, model.ToStatus(err)
	case doShard:
		return s.readShard(ctx, ix, t)
	case DoMembers:
		return walk.FinishAndSpawn(s.readRelation(ctx, ix, t, model.SlugMember))
	case DoOwners:
		return walk.FinishAndSpawn(s.readRelation(ctx, ix, t, model.SlugOwner))
	case DoServicePrincipals:
		return walk.FinishTask(s.replayServicePrincipals(ctx, ix, t))
	case doCycle, doCycleMembers, doCycleDirect, doCycleDirectApplications:
		return walk.FinishAndSpawn(s.readCycle(ctx, ix, t))
	case doConsented:
		return walk.FinishTask(s.replayConsents(ctx, ix, t))
	case doEligible:
		return walk.FinishTask(s.readEligible(ctx, ix, t))
	case DoThrough:
		return walk.FinishTask(ReadThrough(ctx, s.Client, s.Left, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

// plan enqueues the tasks for the next pages of the listed groups, and with the first
// page those for the groups that contain each other.
func (s *Syncer) plan(ctx context.Context, ix walk.Index, t walk.Task) (*rs.SyncOpResults, error) {
	var tasks []walk.Task
	cycles, err := kinds.CyclesOf(ctx, ix, t.Page == 0)
	if err != nil {
		return nil, err
	}
	if t.Page == 0 {
		for n := range cycles {
			tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: doCycle, Cycle: n})
		}
	}
	groups, page, more, err := nextGroups(ctx, ix, t.Page)
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return walk.Planned(tasks, page, more)
	}
	made, err := s.Decider.Of(ctx, ix)
	if err != nil {
		return nil, err
	}
	for n := t.Page; n < page; n++ {
		tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: DoServicePrincipals, Page: n})
		if s.readsConsents(made) {
			tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: doConsented, Page: n})
		}
	}
	inCycle := cycles.Members()
	var whole, cyclic []walk.WorkItem
	for _, g := range groups {
		item := walk.WorkItem{ID: g.ID, Traits: g.Traits}
		if inCycle[g.ID] {
			cyclic = append(cyclic, item) // The chain of the cycle reads members alone.
		} else {
			whole = append(whole, item)
		}
	}
	tasks = append(tasks, laneTasks(walk.DeltaLanes(whole))...)
	tasks = append(tasks, ownersOneByOne(cyclic)...)
	eligible, err := s.eligibleTasks(ctx, ix, groups)
	if err != nil {
		return nil, err
	}
	return walk.Planned(append(tasks, eligible...), page, more)
}

// A page of the index can be as small as a page of Graph's: batches fill only where
// a thousand groups are planned for together.
const (
	groupsPerPlan = 1000
	pagesPerPlan  = 20
)

// nextGroups are the groups that are planned for together: those of one page of the
// index and of some after it. It gives the page that follows, and whether there is one.
func nextGroups(ctx context.Context, ix walk.Index, first int) ([]walk.GroupEntry, int, bool, error) {
	var groups []walk.GroupEntry
	page, more := first, true
	for more && len(groups) < groupsPerPlan && page-first < pagesPerPlan {
		listed, further, err := walk.GetPage[walk.GroupEntry](ctx, ix, walk.KeyGroups, page)
		if err != nil {
			return nil, 0, false, err
		}
		groups, more = append(groups, listed...), further
		page++
	}
	return groups, page, more, nil
}

// readRelation reads the next pages of members or owners of the task's groups
// and leaves in the task what is still to be read.
func (s *Syncer) readRelation(ctx context.Context, ix walk.Index, t walk.Task, slug string) ([]*v2.Grant, *walk.Task, []walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.GroupMembersRef(w.ID, sending.MaxPageSize) }
	if slug == model.SlugOwner {
		first = func(w walk.WorkItem) string { return graph.GroupOwnersRef(w.ID) }
	}
	read, rest, err := walk.ReadWork[graph.Reference](ctx, s.Client, s.Left, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	known, err := kinds.PrincipalsOf(ctx, ix, read)
	if err != nil {
		return nil, nil, nil, err
	}
	grants, err := s.relationGrants(slug, read, known)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.Again {
		return grants, t.WithWork(rest), nil, nil
	}
	return grants, t.WithWork(rest), membersThrough(known, t.Work, walk.PageOf(t.Work)), nil
}

// membersThrough are the tasks for memberships that people have through groups
// that are left out, in the groups that were read.
func membersThrough(known *kinds.Principals, groups []walk.WorkItem, page string) []walk.Task {
	if len(known.Through) == 0 {
		return nil
	}
	traits := make(map[string]model.GroupTraits, len(groups))
	for _, g := range groups {
		traits[g.ID] = g.Traits
	}
	return ThroughTasks(known.Through, page, func(group string) walk.Task {
		return walk.Task{Version: walk.TokenVersion, Do: DoMembers, Work: []walk.WorkItem{{ID: group, Traits: traits[group]}}}
	})
}

// relationGrants are the grants for rows of members or owners.
func (s *Syncer) relationGrants(slug string, read []walk.WorkResult[graph.Reference], known *kinds.Principals) ([]*v2.Grant, error) {
	var grants []*v2.Grant
	for _, r := range read {
		of := model.EntitlementOf(model.TypeGroup, r.Item.ID, slug)
		for _, row := range r.Rows {
			g, err := s.relationGrant(of, slug, r.Item.Traits, row, known)
			if err != nil {
				return nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	return grants, nil
}

// relationGrant is the grant for one row of members or owners; nil for a
// principal that is not in the snapshot.
func (s *Syncer) relationGrant(of *v2.Entitlement, slug string, traits model.GroupTraits, row graph.Reference, known *kinds.Principals) (*v2.Grant, error) {
	id := model.ObjectID(row.ID)
	if slug == model.SlugMember && known.SkippedGroup(row.Kind(), id, of.GetId()) {
		return nil, nil
	}
	principalType, ok := known.TypeOf(row.Kind(), id, s.Left)
	if !ok {
		return nil, nil
	}
	g := model.NewGrant(of, principalType, id)
	if principalType == model.TypeGroup && slug == model.SlugMember {
		if err := s.Expand.Nested(g, id); err != nil {
			return nil, err
		}
	}
	model.Annotate(g, s.Immutables[traits.FixedBecause(slug, s.Filter.Exchange)])
	return g, nil
}

// replayServicePrincipals gives the memberships and ownerships of service
// principals in one page of the listed groups. v1.0 may leave them out of the
// groups' side, so they come from the service principals' own (applications/application.go).
// Groups of a cycle get theirs with the cycle.
func (s *Syncer) replayServicePrincipals(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	groups, _, err := walk.GetPage[walk.GroupEntry](ctx, ix, walk.KeyGroups, t.Page)
	if err != nil {
		return nil, nil, err
	}
	cycles, err := kinds.CyclesOf(ctx, ix, false)
	if err != nil {
		return nil, nil, err
	}
	inCycle := cycles.Members()
	var ids []string
	for _, g := range groups {
		ids = append(ids, g.ID)
	}
	members, err := ix.ServicePrincipals(ctx, walk.KeySPMember, ids)
	if err != nil {
		return nil, nil, err
	}
	owners, err := ix.ServicePrincipals(ctx, walk.KeySPOwner, ids)
	if err != nil {
		return nil, nil, err
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, g := range groups {
		if !inCycle[g.ID] {
			replay.Add(model.EntitlementOf(model.TypeGroup, g.ID, model.SlugMember), members[g.ID], s.Immutables[g.Traits.FixedBecause(model.SlugMember, s.Filter.Exchange)])
		}
		replay.Add(model.EntitlementOf(model.TypeGroup, g.ID, model.SlugOwner), owners[g.ID], s.Immutables[g.Traits.FixedBecause(model.SlugOwner, s.Filter.Exchange)])
	}
	return replay.Finish(t)
}
