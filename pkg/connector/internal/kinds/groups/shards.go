package groups

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// laneTasks make tasks of lanes.
func laneTasks(lanes []walk.Lane) []walk.Task {
	var tasks []walk.Task
	for len(lanes) > 0 {
		n := min(len(lanes), walk.LanesPerTask)
		tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: doShard, Lanes: lanes[:n]})
		lanes = lanes[n:]
	}
	return tasks
}

// membersOneByOne are tasks that read the members of groups by themselves.
func membersOneByOne(groups []walk.WorkItem) []walk.Task {
	return walk.Split(DoMembers, groups, sending.MaxBatchSize)
}

// ownersOneByOne are tasks that read the owners of groups by themselves.
func ownersOneByOne(groups []walk.WorkItem) []walk.Task {
	return walk.Split(DoOwners, groups, sending.MaxBatchSize)
}

// stride is what one round trip does for the lanes of a task.
type stride struct {
	*Syncer
	// rows are the members and owners for this answer, and on the group of each.
	rows []walk.LaneRow
	on   []walk.WorkItem
	// ahead are the lanes that go on.
	ahead []walk.Lane
	// spawned are tasks for groups that have to be read in the other way.
	spawned []walk.Task
	// ownerless are the groups of delta queries that have ended without an owner.
	ownerless []walk.WorkItem
}

// readShard takes the task's lanes forward by a page each.
func (s *Syncer) readShard(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	st := &stride{Syncer: s}
	n := min(len(t.Lanes), walk.LanesPerTask)
	lanes := make([]walk.Lane, 0, n)
	refs := make([]string, 0, n)
	for _, l := range t.Lanes[:n] {
		if st.begin(ctx, &l) {
			lanes, refs = append(lanes, l), append(refs, l.Ref())
		}
	}
	page := strings.Join(refs, " ")
	pages, err := sending.BatchPages[graph.GroupDelta](ctx, s.Client.Sender, refs)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	for i, p := range pages {
		if err := st.take(ctx, lanes[i], p.Page, p.Err); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	if err := st.checkOwners(ctx, ix); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	grants, err := st.grants(ctx, ix, page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	t.Lanes = append(st.ahead, t.Lanes[n:]...)
	follow := &t
	if len(t.Lanes) == 0 {
		follow = nil
	}
	res, err := walk.Enqueue(st.spawned, follow)
	return grants, res, err
}

// begin lets a lane that is at its beginning ask in the form that is answered. It
// reports whether there is a delta query to make.
func (st *stride) begin(ctx context.Context, l *walk.Lane) bool {
	if l.Alone || l.Next != "" || l.Offset > 0 {
		return true
	}
	return st.at(l, graph.GroupMemberships.Step(ctx))
}

// at takes a lane down to a form, and leaves what that does not give to tasks of
// its own. It reports whether there is a delta query to make.
func (st *stride) at(l *walk.Lane, form int) bool {
	if l.Form < graph.OwnersByGroup && form >= graph.OwnersByGroup {
		st.spawned = append(st.spawned, ownersOneByOne(l.Groups)...)
	}
	if l.Form < graph.MembersByGroup && form >= graph.MembersByGroup {
		st.spawned = append(st.spawned, membersOneByOne(l.Groups)...)
	}
	l.Form = max(l.Form, form)
	return l.Form < graph.MembersByGroup
}

// take deals with the page of one lane: its rows go into the answer, and what
// is still to be read goes ahead.
func (st *stride) take(ctx context.Context, l walk.Lane, page *sending.Page[graph.GroupDelta], err error) error {
	if !l.Alone && l.Next == "" && err != nil {
		form, left, failed := graph.GroupMemberships.Leave(ctx, l.Form, err)
		switch {
		case failed != nil:
			return failed
		case left:
			if again := l.Restart(l.Groups); st.at(&again, form) {
				st.ahead = append(st.ahead, again)
			}
			return nil
		}
	}
	if !l.Alone {
		page, err = graph.CheckDelta(page, err)
	}
	switch {
	case walk.BeginsAgain(err) && l.Next != "" && l.MayRestart():
		ctxzap.Extract(ctx).Info("azure-ad: the memberships are read again", zap.Error(err), zap.Int("groups", len(l.Groups)), zap.Int("restart", l.Restarts+1))
		again := l.Restart(l.Groups)
		again.Restarts++
		st.ahead = append(st.ahead, again)
		return nil
	case l.Alone && failure.IsNotFound(err):
		st.Left.Add(walk.LeftVanished, 1)
		return nil
	case !l.Alone && walk.Unusable(err):
		st.giveUp(ctx, l, err)
		return nil
	case err != nil:
		return err
	}
	before := l
	rows := l.Rows(page.Items)
	rows = rows[min(l.Offset, len(rows)):]
	if len(st.rows) > 0 && len(st.rows)+len(rows) > walk.MaxRowsPerAnswer {
		st.ahead = append(st.ahead, before) // There is no room left in this answer.
		return nil
	}
	if len(rows) > walk.MaxRowsPerAnswer {
		st.add(l, rows[:walk.MaxRowsPerAnswer])
		l.Offset += walk.MaxRowsPerAnswer // The same page once more: it is larger than an answer.
		st.ahead = append(st.ahead, l)
		return nil
	}
	st.add(l, rows)
	l.Offset = 0
	if page.Next == "" {
		// A group that no page has named may be gone, or may have been passed
		// over: nothing documents that a delta query names each group.
		passedOver := l.Unseen()
		st.spawned = append(st.spawned, membersOneByOne(passedOver)...)
		if l.Alone || l.Form >= graph.OwnersByGroup { // Owners have tasks of their own.
			return nil
		}
		st.spawned = append(st.spawned, ownersOneByOne(passedOver)...)
		if !l.Owned {
			st.ownerless = append(st.ownerless, l.Named()...)
		}
		return nil
	}
	if lanes := l.SplitLarge(); len(lanes) > 0 {
		st.ahead = append(lanes, st.ahead...) // The longest walks go first.
		for i := range lanes {
			if lanes[i].Alone && l.Form < graph.OwnersByGroup {
				st.spawned = append(st.spawned, ownersOneByOne(lanes[i].Groups)...)
			}
		}
		return nil
	}
	if err := l.Advance(len(page.Items), page.Next); err != nil {
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
func (st *stride) giveUp(ctx context.Context, l walk.Lane, err error) {
	ctxzap.Extract(ctx).Info("azure-ad: the delta query cannot be used for these groups; they are read one by one",
		zap.Int("groups", len(l.Groups)), zap.Error(err))
	st.at(&l, graph.MembersByGroup)
}

// keyDeltaOwners says that a delta query of this sync has given an owner.
const keyDeltaOwners = "deltaowners"

// checkOwners makes sure that delta queries without owners are about groups that
// have none. One that ignores what it was asked for looks the same: until one has
// given an owner, the owners of such groups are read group by group.
func (st *stride) checkOwners(ctx context.Context, ix walk.Index) error {
	given := slices.ContainsFunc(st.rows, func(r walk.LaneRow) bool { return r.Owner })
	if !given && len(st.ownerless) == 0 {
		return nil
	}
	_, noted, err := walk.GetValue[bool](ctx, ix, keyDeltaOwners)
	switch {
	case err != nil || noted:
		return err
	case given:
		return walk.PutValue(ctx, ix, keyDeltaOwners, true)
	}
	st.spawned = append(st.spawned, ownersOneByOne(st.ownerless)...)
	return nil
}

// add puts rows of a lane into the answer.
func (st *stride) add(l walk.Lane, rows []walk.LaneRow) {
	for i := range rows {
		st.rows = append(st.rows, rows[i])
		st.on = append(st.on, l.Groups[rows[i].Group])
	}
}

// grants are the grants for the rows of the answer.
func (st *stride) grants(ctx context.Context, ix walk.Index, page string) ([]*v2.Grant, error) {
	refs := make([]graph.Reference, 0, len(st.rows))
	for i := range st.rows {
		refs = append(refs, st.rows[i].Ref)
	}
	known, err := kinds.PrincipalsAmong(ctx, ix, refs)
	if err != nil {
		return nil, err
	}
	grants := make([]*v2.Grant, 0, len(st.rows))
	var of *v2.Entitlement
	slug := ""
	for i := range st.rows {
		was := slug
		if slug = model.SlugMember; st.rows[i].Owner {
			slug = model.SlugOwner
		}
		if group := st.on[i].ID; slug != was || of.GetResource().GetId().GetResource() != group {
			of = model.EntitlementOf(model.TypeGroup, group, slug)
		}
		g, err := st.relationGrant(of, slug, st.on[i].Traits, st.rows[i].Ref, known)
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
