package connector

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// laneTasks make tasks of lanes.
func laneTasks(lanes []lane) []task {
	var tasks []task
	for len(lanes) > 0 {
		n := min(len(lanes), lanesPerTask)
		tasks = append(tasks, task{Version: tokenVersion, Do: doShard, Lanes: lanes[:n]})
		lanes = lanes[n:]
	}
	return tasks
}

// oneByOne are tasks that read the members of groups by themselves.
func oneByOne(groups []workItem) []task {
	return split(doMembers, groups, graph.MaxBatchSize)
}

// stride is what one round trip does for the lanes of a task.
type stride struct {
	*groupSyncer
	// rows are the members for this answer, and on the group that each is in.
	rows []laneRow
	on   []workItem
	// ahead are the lanes that go on.
	ahead []lane
	// spawned are tasks for groups that have to be read in the other way.
	spawned []task
}

// readShard takes the task's lanes forward by a page each.
func (s *groupSyncer) readShard(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	n := min(len(t.Lanes), lanesPerTask)
	refs := make([]string, 0, n)
	for i := range t.Lanes[:n] {
		refs = append(refs, t.Lanes[i].ref())
	}
	page := strings.Join(refs, " ")
	pages, err := graph.BatchPages[graph.GroupDelta](ctx, s.client, refs)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	st := &stride{groupSyncer: s}
	for i, p := range pages {
		if err := st.take(ctx, t.Lanes[i], p.Page, p.Err); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	grants, err := st.grants(ctx, ix, page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	t.Lanes = append(st.ahead, t.Lanes[n:]...)
	follow := &t
	if len(t.Lanes) == 0 {
		follow = nil
	}
	res, err := enqueue(st.spawned, follow)
	return grants, res, err
}

// take deals with the page of one lane: its rows go into the answer, and what
// is still to be read goes ahead.
func (st *stride) take(ctx context.Context, l lane, page *graph.Page[graph.GroupDelta], err error) error {
	if !l.Alone {
		page, err = graph.CheckDelta(page, err)
	}
	switch {
	case graph.IsExpiredPageToken(err) && l.Next != "" && l.mayRestart():
		ctxzap.Extract(ctx).Info("azure-ad: Graph's page token expired; the memberships are read again", zap.Int("groups", len(l.Groups)), zap.Int("restart", l.Restarts+1))
		again := l.restart(l.Groups)
		again.Restarts++
		st.ahead = append(st.ahead, again)
		return nil
	case l.Alone && graph.IsNotFound(err):
		st.left.add(leftVanished, 1)
		return nil
	case !l.Alone && unusable(err):
		st.giveUp(ctx, l, err)
		return nil
	case err != nil:
		return err
	}
	before := l
	rows := l.rows(page.Items)
	rows = rows[min(l.Offset, len(rows)):]
	if len(st.rows) > 0 && len(st.rows)+len(rows) > maxRowsPerAnswer {
		st.ahead = append(st.ahead, before) // There is no room left in this answer.
		return nil
	}
	if len(rows) > maxRowsPerAnswer {
		st.add(l, rows[:maxRowsPerAnswer])
		l.Offset += maxRowsPerAnswer // The same page once more: it is larger than an answer.
		st.ahead = append(st.ahead, l)
		return nil
	}
	st.add(l, rows)
	l.Offset = 0
	if page.Next == "" {
		// A group that no page has named may be gone, or may have been passed
		// over: nothing documents that a delta query names each group.
		st.spawned = append(st.spawned, oneByOne(l.unseen())...)
		return nil
	}
	if lanes := l.splitLarge(); len(lanes) > 0 {
		st.ahead = append(lanes, st.ahead...) // The longest walks go first.
		return nil
	}
	if err := l.advance(len(page.Items), page.Next); err != nil {
		if l.Alone {
			return err
		}
		st.giveUp(ctx, l, err)
		return nil
	}
	st.ahead = append(st.ahead, l)
	return nil
}

// giveUp leaves a lane's groups to the way that needs no delta query.
func (st *stride) giveUp(ctx context.Context, l lane, err error) {
	ctxzap.Extract(ctx).Info("azure-ad: the delta query cannot be used for these groups; they are read one by one",
		zap.Int("groups", len(l.Groups)), zap.Error(err))
	st.spawned = append(st.spawned, oneByOne(l.Groups)...)
}

// add puts rows of a lane into the answer.
func (st *stride) add(l lane, rows []laneRow) {
	for i := range rows {
		st.rows = append(st.rows, rows[i])
		st.on = append(st.on, l.Groups[rows[i].group])
	}
}

// grants are the grants for the rows of the answer.
func (st *stride) grants(ctx context.Context, ix index, page string) ([]*v2.Grant, error) {
	refs := make([]graph.Reference, 0, len(st.rows))
	for i := range st.rows {
		refs = append(refs, st.rows[i].ref)
	}
	known, err := ix.principalsAmong(ctx, refs)
	if err != nil {
		return nil, err
	}
	grants := make([]*v2.Grant, 0, len(st.rows))
	var of *v2.Entitlement
	for i := range st.rows {
		if group := st.on[i].ID; of.GetResource().GetId().GetResource() != group {
			of = entitlementOf(typeGroup, group, slugMember)
		}
		g, err := st.relationGrant(of, slugMember, st.on[i].Traits, st.rows[i].ref, known)
		if err != nil {
			return nil, err
		}
		if g != nil {
			grants = append(grants, g)
		}
	}
	st.spawned = append(st.spawned, membersThrough(known, st.on, page)...)
	return grants, nil
}
