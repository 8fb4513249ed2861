package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// What a task of the group type reads.
const (
	// doShard reads members and owners by delta queries (group_shards.go).
	doShard = "shard"
	// doMembers reads the members of the task's groups, each group by itself.
	doMembers = "members"
	// doOwners reads the owners of the task's groups, each group by itself.
	doOwners = "owners"
	// doServicePrincipals replays, for one page of the listed groups, the
	// memberships and ownerships that were read from the service principals'
	// side.
	doServicePrincipals = "service-principals"
	// doCycle begins the chain of tasks for one cycle of groups
	// (group_cycles.go).
	doCycle = "cycle"
	// doEligible reads who may become a member or an owner of the task's groups
	// (group_eligibility.go).
	doEligible = "eligible"
)

// GrantsForResourceType reads the members and owners of all groups. The first
// task plans: it walks the listed groups and enqueues tasks for a few hundred
// groups each, which the SDK's workers then run side by side.
func (s *groupSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	grants, res, err := s.carryOut(ctx, ix, t)
	if err != nil {
		return nil, nil, err
	}
	if err := s.decider.confirmHidden(ctx, ix); err != nil {
		return nil, nil, toStatus(err)
	}
	return grants, res, nil
}

func (s *groupSyncer) carryOut(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	switch t.Do {
	case doPlan:
		res, err := s.plan(ctx, ix, t)
		return nil, res, toStatus(err)
	case doShard:
		return s.readShard(ctx, ix, t)
	case doMembers:
		return finishAndSpawn(s.readRelation(ctx, ix, t, slugMember))
	case doOwners:
		return finishAndSpawn(s.readRelation(ctx, ix, t, slugOwner))
	case doServicePrincipals:
		return finishTask(s.replayServicePrincipals(ctx, ix, t))
	case doCycle, doCycleMembers, doCycleDirect, doCycleDirectApplications:
		return finishAndSpawn(s.readCycle(ctx, ix, t))
	case doEligible:
		return finishTask(s.readEligible(ctx, ix, t))
	case doThrough:
		return finishTask(readThrough(ctx, s.client, s.left, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

// plan enqueues the tasks for the next pages of the listed groups, and with the first
// page those for the groups that contain each other.
func (s *groupSyncer) plan(ctx context.Context, ix index, t task) (*rs.SyncOpResults, error) {
	var tasks []task
	cycles, err := cyclesOf(ctx, ix, t.Page == 0)
	if err != nil {
		return nil, err
	}
	if t.Page == 0 {
		for n := range cycles {
			tasks = append(tasks, task{Version: tokenVersion, Do: doCycle, Cycle: n})
		}
	}
	var groups []groupEntry
	page, more := t.Page, true
	for more && len(groups) < groupsPerPlan && page-t.Page < pagesPerPlan {
		var listed []groupEntry
		if listed, more, err = getPage[groupEntry](ctx, ix, keyGroups, page); err != nil {
			return nil, err
		}
		if len(listed) > 0 {
			tasks = append(tasks, task{Version: tokenVersion, Do: doServicePrincipals, Page: page})
		}
		groups = append(groups, listed...)
		page++
	}
	inCycle := cycles.members()
	var whole, cyclic []workItem
	for _, g := range groups {
		item := workItem{ID: g.ID, Traits: g.Traits}
		if inCycle[g.ID] {
			cyclic = append(cyclic, item) // The chain of the cycle reads members alone.
		} else {
			whole = append(whole, item)
		}
	}
	tasks = append(tasks, laneTasks(deltaLanes(whole))...)
	tasks = append(tasks, ownersOneByOne(cyclic)...)
	eligible, err := s.eligibleTasks(ctx, ix, groups)
	if err != nil {
		return nil, err
	}
	return planned(append(tasks, eligible...), page, more)
}

// A page of the index can be as small as a page of Graph's: batches fill only where
// a thousand groups are planned for together.
const (
	groupsPerPlan = 1000
	pagesPerPlan  = 20
)

// readRelation reads the next pages of members or owners of the task's groups
// and leaves in the task what is still to be read.
func (s *groupSyncer) readRelation(ctx context.Context, ix index, t task, slug string) ([]*v2.Grant, *task, []task, error) {
	first := func(w workItem) string { return graph.GroupMembersRef(w.ID, sending.MaxPageSize) }
	if slug == slugOwner {
		first = func(w workItem) string { return graph.GroupOwnersRef(w.ID) }
	}
	read, rest, err := readWork[graph.Reference](ctx, s.client, s.left, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	known, err := principalsOf(ctx, ix, read)
	if err != nil {
		return nil, nil, nil, err
	}
	grants, err := s.relationGrants(slug, read, known)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.Again {
		return grants, t.withWork(rest), nil, nil
	}
	return grants, t.withWork(rest), membersThrough(known, t.Work, pageOf(t.Work)), nil
}

// membersThrough are the tasks for memberships that people have through groups
// that are left out, in the groups that were read.
func membersThrough(known *principals, groups []workItem, page string) []task {
	if len(known.through) == 0 {
		return nil
	}
	traits := make(map[string]groupTraits, len(groups))
	for _, g := range groups {
		traits[g.ID] = g.Traits
	}
	return throughTasks(known.through, page, func(group string) task {
		return task{Version: tokenVersion, Do: doMembers, Work: []workItem{{ID: group, Traits: traits[group]}}}
	})
}

// relationGrants are the grants for rows of members or owners.
func (s *groupSyncer) relationGrants(slug string, read []workResult[graph.Reference], known *principals) ([]*v2.Grant, error) {
	var grants []*v2.Grant
	for _, r := range read {
		of := entitlementOf(typeGroup, r.item.ID, slug)
		for _, row := range r.rows {
			g, err := s.relationGrant(of, slug, r.item.Traits, row, known)
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
func (s *groupSyncer) relationGrant(of *v2.Entitlement, slug string, traits groupTraits, row graph.Reference, known *principals) (*v2.Grant, error) {
	id := objectID(row.ID)
	if slug == slugMember && known.skippedGroup(row.Kind(), id, of.GetId()) {
		return nil, nil
	}
	principalType, ok := known.typeOf(row.Kind(), id, s.left)
	if !ok {
		return nil, nil
	}
	g := newGrant(of, principalType, id)
	if principalType == typeGroup && slug == slugMember {
		if err := s.expand.nested(g, id); err != nil {
			return nil, err
		}
	}
	annotate(g, s.immutables[traits.fixedBecause(slug)])
	return g, nil
}

// replayServicePrincipals gives the memberships and ownerships of service
// principals in one page of the listed groups. v1.0 may leave them out of the
// groups' side, so they come from the service principals' own (application.go).
// Groups of a cycle get theirs with the cycle.
func (s *groupSyncer) replayServicePrincipals(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	groups, _, err := getPage[groupEntry](ctx, ix, keyGroups, t.Page)
	if err != nil {
		return nil, nil, err
	}
	cycles, err := cyclesOf(ctx, ix, false)
	if err != nil {
		return nil, nil, err
	}
	inCycle := cycles.members()
	var ids []string
	for _, g := range groups {
		ids = append(ids, g.ID)
	}
	members, err := ix.servicePrincipals(ctx, keySPMember, ids)
	if err != nil {
		return nil, nil, err
	}
	owners, err := ix.servicePrincipals(ctx, keySPOwner, ids)
	if err != nil {
		return nil, nil, err
	}
	replay := replayer{skip: t.Offset}
	for _, g := range groups {
		if !inCycle[g.ID] {
			replay.add(entitlementOf(typeGroup, g.ID, slugMember), members[g.ID], s.immutables[g.Traits.fixedBecause(slugMember)])
		}
		replay.add(entitlementOf(typeGroup, g.ID, slugOwner), owners[g.ID], s.immutables[g.Traits.fixedBecause(slugOwner)])
	}
	return replay.finish(t)
}
