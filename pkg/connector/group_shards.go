package connector

import (
	"context"
	"errors"
	"math/bits"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// splitSize is how many members of one group a shard reads before the group
// gets a task of its own, if the shard has not ended by then. The pages of a
// delta query come one after the other, so a large group would hold up all
// others of its shard; and a page of members is twice as large. Starting the
// shard over costs about one page, which pays from some 3,000 members on.
const splitSize = 1000

// shardState is where the delta query of a shard is.
type shardState struct {
	cursor
	// Seen has a bit for each of the shard's groups that a page has named.
	Seen uint64 `json:"b,omitempty"`
	// Sizes are the members seen so far of the groups that have many.
	Sizes map[int]int `json:"z,omitempty"`
	// Offset is the row of the page at which the answer goes on.
	Offset int `json:"o,omitempty"`
}

// noteworthySize is from when on a page's members of a group are added up.
const noteworthySize = 100

// readShard reads the next page of the delta query for the members of the
// task's groups.
func (s *groupSyncer) readShard(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	if len(t.Work) == 0 {
		return nil, nil, nil
	}
	state := shardState{cursor: cursor{Version: tokenVersion}}
	if t.Shard != nil {
		state = *t.Shard
	}
	place := make(map[string]int, len(t.Work))
	ids := make([]string, 0, len(t.Work))
	for i, item := range t.Work {
		place[item.ID] = i
		ids = append(ids, item.ID)
	}
	page, err := readPage(ctx, state.cursor, func(ctx context.Context, next string) (*graph.Page[graph.GroupDelta], error) {
		if next == "" {
			next = graph.GroupsDeltaRef(ids)
		}
		return s.client.ListGroupsDelta(ctx, next)
	})
	if unusable(err) {
		ctxzap.Extract(ctx).Info("azure-ad: the delta query cannot be used for these groups; they are read one by one",
			zap.Int("groups", len(t.Work)), zap.Error(err))
		res, err := enqueue(oneByOne(t.Work), nil)
		return nil, res, err
	}
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if page.restarted {
		return s.followShard(nil, t, &shardState{cursor: *page.next}, nil)
	}
	rows := state.take(t.Work, place, page.rows, s.left)
	if end := state.Offset + maxRowsPerAnswer; end < len(rows) {
		grants, err := s.shardGrants(ctx, ix, t.Work, rows[state.Offset:end])
		if err != nil {
			return nil, nil, toStatus(err)
		}
		state.Offset = end // The same page once more: it is larger than an answer.
		return s.followShard(grants, t, &state, nil)
	}
	grants, err := s.shardGrants(ctx, ix, t.Work, rows[min(state.Offset, len(rows)):])
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if page.next == nil {
		// A group that no page has named may be gone, or may have been passed
		// over: nothing documents that a delta query names each group.
		res, err := enqueue(oneByOne(state.unseen(t.Work)), nil)
		return grants, res, err
	}
	if large := state.large(t.Work); len(large) > 0 {
		t.Work = slices.DeleteFunc(slices.Clone(t.Work), func(w workItem) bool {
			return slices.ContainsFunc(large, func(l workItem) bool { return l.ID == w.ID })
		})
		return s.followShard(grants, t, nil, oneByOne(large))
	}
	state.cursor, state.Offset = *page.next, 0
	return s.followShard(grants, t, &state, nil)
}

// followShard goes on with the shard at state; nil begins it anew.
func (s *groupSyncer) followShard(grants []*v2.Grant, t task, state *shardState, spawned []task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t.Shard = state
	follow := &t
	if len(t.Work) == 0 {
		follow = nil
	}
	res, err := enqueue(spawned, follow)
	return grants, res, err
}

// unusable reports whether a shard has to be read in the other way: its delta
// query is refused, does not end, or keeps expiring.
func unusable(err error) bool {
	return errors.Is(err, graph.ErrDeltaUnusable) || graph.IsExpiredPageToken(err) || errors.Is(err, errCircle)
}

// oneByOne are tasks that read the members of groups by themselves.
func oneByOne(groups []workItem) []task {
	return split(doMembers, groups, graph.MaxBatchSize)
}

// shardRow is a member of a group of the shard.
type shardRow struct {
	group int
	ref   graph.Reference
}

// take notes which groups a page names and returns its rows. Groups that nobody
// asked for, and rows that are marked as removed, are passed over.
func (s *shardState) take(groups []workItem, place map[string]int, page []graph.GroupDelta, left *tally) []shardRow {
	var rows []shardRow
	for i := range page {
		at, asked := place[objectID(page[i].ID)]
		if !asked {
			continue
		}
		if s.Seen&(1<<at) == 0 && page[i].Removed != nil {
			left.add(leftVanished, 1)
		}
		s.Seen |= 1 << at
		if page[i].Removed != nil {
			continue
		}
		if n := len(page[i].Members); n >= noteworthySize && s.Offset == 0 {
			if s.Sizes == nil {
				s.Sizes = map[int]int{}
			}
			s.Sizes[at] += n
		}
		for j := range page[i].Members {
			if member := &page[i].Members[j]; member.Removed == nil {
				rows = append(rows, shardRow{group: at, ref: member.Reference})
			}
		}
	}
	return rows
}

// unseen are the groups that no page has named.
func (s *shardState) unseen(groups []workItem) []workItem {
	if bits.OnesCount64(s.Seen) == len(groups) {
		return nil
	}
	var missing []workItem
	for i, g := range groups {
		if s.Seen&(1<<i) == 0 {
			missing = append(missing, g)
		}
	}
	return missing
}

// large are the groups that are better read by themselves.
func (s *shardState) large(groups []workItem) []workItem {
	var found []workItem
	for i, g := range groups {
		if s.Sizes[i] >= splitSize {
			found = append(found, g)
		}
	}
	return found
}

func (s *groupSyncer) shardGrants(ctx context.Context, ix index, groups []workItem, rows []shardRow) ([]*v2.Grant, error) {
	refs := make([]graph.Reference, 0, len(rows))
	for i := range rows {
		refs = append(refs, rows[i].ref)
	}
	known, err := ix.principalsOf(ctx, []workResult[graph.Reference]{{rows: refs}})
	if err != nil {
		return nil, err
	}
	on := make([]*v2.Resource, len(groups))
	grants := make([]*v2.Grant, 0, len(rows))
	for i := range rows {
		n := rows[i].group
		if on[n] == nil {
			on[n] = resourceRef(typeGroup, groups[n].ID)
		}
		g, err := s.relationGrant(on[n], slugMember, groups[n].Traits, rows[i].ref, known)
		if err != nil {
			return nil, err
		}
		if g != nil {
			grants = append(grants, g)
		}
	}
	return grants, nil
}
