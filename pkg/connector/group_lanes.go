package connector

import (
	"errors"
	"math/bits"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// A lane is one walk over memberships: a delta query for the members and owners of
// up to fifty groups, or the members of one group. The pages of a walk come one after the other; a task
// takes several lanes forward by a page each in one round trip.
type lane struct {
	cursor
	Groups []workItem `json:"g"`
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

func (l *lane) sound() bool {
	groups := len(l.Groups)
	return l.cursor.sound() && countsAreSound(l.Form) && groups > 0 && groups <= graph.MaxDeltaGroups && (groups == 1 || !l.Alone) && l.Seen>>groups == 0
}

const (
	// lanesPerTask keeps an answer under maxRowsPerAnswer when every lane gives
	// the largest page.
	lanesPerTask = maxRowsPerAnswer / sending.MaxPageSize
	// aloneSize is how many members of one group a delta query reads before the
	// group gets a lane of its own, if the query has not ended by then. A large
	// group would hold up all others of its query, and a page of members is
	// twice as large. The query starts over without it, which costs about one
	// page and pays from some 3,000 members on.
	aloneSize = 1000
	// noteworthySize is from when on a page's members of a group are added up.
	noteworthySize = 10
)

// deltaLanes make one lane for every fifty groups.
func deltaLanes(groups []workItem) []lane {
	var lanes []lane
	for part := range slices.Chunk(groups, graph.MaxDeltaGroups) {
		lanes = append(lanes, lane{cursor: cursor{Version: tokenVersion}, Groups: part})
	}
	return lanes
}

// ref is the page that the lane is at.
func (l *lane) ref() string {
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

// restart is the lane at its beginning.
func (l *lane) restart(groups []workItem) lane {
	return lane{cursor: cursor{Version: tokenVersion, Restarts: l.Restarts}, Groups: groups, Alone: l.Alone, Form: l.Form}
}

// mayRestart reports whether the lane may begin again once more.
func (l *lane) mayRestart() bool {
	return l.Restarts < maxDeltaRestarts || l.Alone && l.Restarts < maxRestarts
}

// unusable reports whether a delta query has to be given up: it is refused, does
// not end, or keeps expiring.
func unusable(err error) bool {
	return errors.Is(err, graph.ErrDeltaUnusable) || failure.IsExpiredPageToken(err) || errors.Is(err, errCircle)
}

// laneRow is a member of a group of the lane, or an owner.
type laneRow struct {
	group int
	owner bool
	ref   graph.Reference
}

// rows are a page's members and owners, with the group that each is in. Of a delta query,
// groups that nobody asked for and what is marked as removed are passed over,
// and the lane notes which groups the page names.
func (l *lane) rows(page []graph.GroupDelta) []laneRow {
	var rows []laneRow
	if l.Alone {
		for i := range page {
			rows = append(rows, laneRow{ref: page[i].Reference})
		}
		return rows
	}
	place := make(map[string]int, len(l.Groups))
	for i, g := range l.Groups {
		place[g.ID] = i
	}
	for i := range page {
		listed := &page[i]
		at, asked := place[objectID(listed.ID)]
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
				rows = append(rows, laneRow{group: at, ref: member.Reference})
			}
		}
		owners := listed.Owners
		for j := range owners {
			if owner := &owners[j]; owner.Removed == nil {
				rows = append(rows, laneRow{group: at, owner: true, ref: owner.Reference})
				l.Owned = true
			}
		}
	}
	return rows
}

func (l *lane) addSize(group, members int) {
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

// named are the groups that pages of the delta query have named.
func (l *lane) named() []workItem {
	var named []workItem
	for i, g := range l.Groups {
		if l.Seen&(1<<i) != 0 {
			named = append(named, g)
		}
	}
	return named
}

// unseen are the groups that no page of the delta query has named.
func (l *lane) unseen() []workItem {
	if l.Alone || bits.OnesCount64(l.Seen) == len(l.Groups) {
		return nil
	}
	var missing []workItem
	for i, g := range l.Groups {
		if l.Seen&(1<<i) == 0 {
			missing = append(missing, g)
		}
	}
	return missing
}

// splitLarge gives groups with many members lanes of their own, and starts the
// delta query over without them. It returns nothing where there are none.
func (l *lane) splitLarge() []lane {
	var split []lane
	var rest []workItem
	for i, g := range l.Groups {
		if !l.Alone && l.Sizes[i] >= aloneSize {
			split = append(split, lane{cursor: cursor{Version: tokenVersion}, Groups: []workItem{g}, Alone: true})
		} else {
			rest = append(rest, g)
		}
	}
	if len(split) > 0 && len(rest) > 0 {
		split = append(split, l.restart(rest))
	}
	return split
}
