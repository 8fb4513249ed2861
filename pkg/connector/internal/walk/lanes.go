package walk

import (
	"errors"
	"math/bits"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// A lane is one walk over memberships: a delta query for the members and owners of
// up to fifty groups, or the members of one group. The pages of a walk come one after the other; a task
// takes several lanes forward by a page each in one round trip.
type Lane struct {
	Cursor
	Groups []WorkItem `json:"g"`
	// Alone means that the lane reads the members of its one group.
	Alone bool `json:"a,omitempty"`
	// Form is the form of the delta query (graph.GroupMemberships). Where it does
	// not give owners, they have tasks of their own.
	Form int `json:"q,omitempty"`
	// Owned means that the delta query has given an owner.
	Owned bool `json:"w,omitempty"`
	// Seen has a bit for each group that a page of the delta query has named.
	Seen uint64 `json:"b,omitempty"`
	// Sizes are the members seen so far of the groups that have many.
	Sizes map[int]int `json:"z,omitempty"`
}

func (l *Lane) sound() bool {
	groups := len(l.Groups)
	return l.Cursor.sound() && CountsAreSound(l.Form) && groups > 0 && groups <= graph.MaxDeltaGroups && (groups == 1 || !l.Alone) && l.Seen>>groups == 0
}

const (
	// LanesPerTask keeps an answer under MaxRowsPerAnswer when every lane gives
	// the largest page.
	LanesPerTask = MaxRowsPerAnswer / sending.MaxPageSize
	// AloneSize is how many members of one group a delta query reads before the
	// group gets a lane of its own, if the query has not ended by then. A large
	// group would hold up all others of its query, and a page of members is
	// twice as large. The query starts over without it, which costs about one
	// page and pays from some 3,000 members on.
	AloneSize = 1000
	// noteworthySize is from when on a page's members of a group are added up.
	noteworthySize = 10
)

// DeltaLanes make one lane for every fifty groups.
func DeltaLanes(groups []WorkItem) []Lane {
	var lanes []Lane
	for part := range slices.Chunk(groups, graph.MaxDeltaGroups) {
		lanes = append(lanes, Lane{Cursor: Cursor{Version: TokenVersion}, Groups: part})
	}
	return lanes
}

// Ref is the page that the lane is at.
func (l *Lane) Ref() string {
	switch {
	case l.Next != "":
		return l.Next
	case l.Alone:
		return graph.GroupMembersRef(l.Groups[0].ID, sending.MaxPageSize)
	}
	ids := make([]string, 0, len(l.Groups))
	for _, g := range l.Groups {
		ids = append(ids, g.ID)
	}
	return graph.GroupMemberships.Ref(min(l.Form, graph.OwnersByGroup), graph.DeltaSubject(ids))
}

// Restart is the lane at its beginning.
func (l *Lane) Restart(groups []WorkItem) Lane {
	return Lane{Cursor: Cursor{Version: TokenVersion, Restarts: l.Restarts}, Groups: groups, Alone: l.Alone, Form: l.Form}
}

// MayRestart reports whether the lane may begin again once more.
func (l *Lane) MayRestart() bool {
	return l.Restarts < maxDeltaRestarts || l.Alone && l.Restarts < MaxRestarts
}

// Unusable reports whether a delta query has to be given up: it is refused, does
// not end, or keeps expiring.
func Unusable(err error) bool {
	return errors.Is(err, graph.ErrDeltaUnusable) || failure.IsExpiredPageToken(err) || errors.Is(err, ErrCircle)
}

// LaneRow is a member of a group of the lane, or an owner.
type LaneRow struct {
	Group int
	Owner bool
	Ref   graph.Reference
}

// Rows are a page's members and owners, with the group that each is in. Of a delta query,
// groups that nobody asked for and what is marked as removed are passed over,
// and the lane notes which groups the page names.
func (l *Lane) Rows(page []graph.GroupDelta) []LaneRow {
	var rows []LaneRow
	if l.Alone {
		for i := range page {
			rows = append(rows, LaneRow{Ref: page[i].Reference})
		}
		return rows
	}
	place := make(map[string]int, len(l.Groups))
	for i, g := range l.Groups {
		place[g.ID] = i
	}
	for i := range page {
		listed := &page[i]
		at, asked := place[model.ObjectID(listed.ID)]
		if !asked {
			continue
		}
		if listed.Removed != nil {
			continue // Listed a moment ago: what it is now shows when it is read by itself.
		}
		l.Seen |= 1 << at
		l.addSize(at, len(listed.Members))
		members := listed.Members
		for j := range members {
			if member := &members[j]; member.Removed == nil {
				rows = append(rows, LaneRow{Group: at, Ref: member.Reference})
			}
		}
		owners := listed.Owners
		for j := range owners {
			if owner := &owners[j]; owner.Removed == nil {
				rows = append(rows, LaneRow{Group: at, Owner: true, Ref: owner.Reference})
				l.Owned = true
			}
		}
	}
	return rows
}

func (l *Lane) addSize(group, members int) {
	if members < noteworthySize || l.Offset > 0 {
		return
	}
	sizes := map[int]int{group: l.Sizes[group] + members}
	for g, n := range l.Sizes {
		if g != group {
			sizes[g] = n
		}
	}
	l.Sizes = sizes
}

// Named are the groups that pages of the delta query have named.
func (l *Lane) Named() []WorkItem {
	var named []WorkItem
	for i, g := range l.Groups {
		if l.Seen&(1<<i) != 0 {
			named = append(named, g)
		}
	}
	return named
}

// Unseen are the groups that no page of the delta query has named.
func (l *Lane) Unseen() []WorkItem {
	if l.Alone || bits.OnesCount64(l.Seen) == len(l.Groups) {
		return nil
	}
	var missing []WorkItem
	for i, g := range l.Groups {
		if l.Seen&(1<<i) == 0 {
			missing = append(missing, g)
		}
	}
	return missing
}

// SplitLarge gives groups with many members lanes of their own, and starts the
// delta query over without them. It returns nothing where there are none.
func (l *Lane) SplitLarge() []Lane {
	var split []Lane
	var rest []WorkItem
	for i, g := range l.Groups {
		if !l.Alone && l.Sizes[i] >= AloneSize {
			split = append(split, Lane{Cursor: Cursor{Version: TokenVersion}, Groups: []WorkItem{g}, Alone: true})
		} else {
			rest = append(rest, g)
		}
	}
	if len(split) > 0 && len(rest) > 0 {
		split = append(split, l.Restart(rest))
	}
	return split
}
