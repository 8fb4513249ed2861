package delta

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
)

// deltaPart is a row of a delta page: a group with a range of its relationship rows, members first, then owners.
type deltaPart struct{ group, from, to int }

const (
	deltaRepeatStep = 6  // One page in so many begins with rows of the page before, the third first.
	deltaRepeated   = 5  // How many rows it repeats.
	deltaEmptyStep  = 24 // One first group in so many has an empty page after the first of its chain.
)

// planDelta spreads groups over pages. What does not fit on a page waits behind the groups that have not begun, so
// that a big group reappears between others (delta-query-overview). The plan does not depend on deletions: a chain
// that was begun keeps its pages. It looks at the groups of the query only.
func planDelta(c *api.Call, q *deltaQuery) [][]deltaPart {
	queue := make([]deltaPart, 0, len(q.groups)+8)
	for _, g := range scope(c, q) {
		members, owners := deltaCounts(c, q, int(g))
		queue = append(queue, deltaPart{group: int(g), to: members + owners})
	}
	var pages [][]deltaPart
	var page []deltaPart
	room := q.rows
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		taken := min(room, next.to-next.from)
		page = append(page, deltaPart{group: next.group, from: next.from, to: next.from + taken})
		room -= taken
		if rest := next.from + taken; rest < next.to {
			queue = append(queue, deltaPart{group: next.group, from: rest, to: next.to})
		}
		if room == 0 || len(page) == maxDeltaGroups {
			pages, page, room = closeDeltaPage(c, pages, page), nil, q.rows
		}
	}
	if len(page) > 0 || len(pages) == 0 {
		pages = append(pages, page)
	}
	return pages
}

// closeDeltaPage adds a page, and now and then what clients must bear: repeated rows and empty pages.
func closeDeltaPage(c *api.Call, pages [][]deltaPart, page []deltaPart) [][]deltaPart {
	if n := len(pages); n%deltaRepeatStep == 2 && len(pages[n-1]) > 0 {
		again := pages[n-1][0]
		again.to = min(again.to, again.from+deltaRepeated)
		page = append([]deltaPart{again}, page...)
	}
	pages = append(pages, page)
	if len(pages) == 1 && page[0].group%deltaEmptyStep == 0 || len(pages)%odata.EmptyPageStep == 0 {
		pages = append(pages, nil)
	}
	return pages
}

// deltaCounts is how many members and owners of a group the caller may be shown.
func deltaCounts(c *api.Call, q *deltaQuery, g int) (int, int) {
	members, owners := 0, 0
	if q.members && !relations.HiddenFrom(c, g) {
		members = len(c.Tenant.Groups[g].Members)
	}
	if q.owners && c.Tenant.Groups[g].Flags.OwnersReadable() {
		owners = len(c.Tenant.Groups[g].Owners)
	}
	return members, owners
}

// secondHalf is the parts of a page after half of its rows.
func secondHalf(page []deltaPart) []deltaPart {
	rows := 0
	for _, p := range page {
		rows += p.to - p.from
	}
	skip := rows / 2
	var out []deltaPart
	for _, p := range page {
		n := min(skip, p.to-p.from)
		skip -= n
		p.from += n
		if p.from < p.to {
			out = append(out, p)
		}
	}
	return out
}

// removedStep is how many groups there are to one whose first answer has an end that was removed, and to one that
// repeats an end.
const removedStep = 3

// endsDisturbed is a range of ends with its first one again at its end, now and then.
func endsDisturbed(c *api.Call, ends []directory.Ref, from int) []directory.Ref {
	if len(ends) == 0 || from%removedStep != 0 || !c.Unkind(directory.QuirkDeltaRemoved) {
		return ends
	}
	return append(slices.Clip(ends), ends[0])
}

// removedEnd is somebody who left a group before a delta query of it began, whom its first answer has all the same; zero
// for nobody.
func removedEnd(c *api.Call, ends []directory.Ref, group int) directory.Ref {
	if len(ends) == 0 || group%removedStep != 1 || !c.Unkind(directory.QuirkDeltaRemoved) {
		return 0
	}
	r := c.Tenant.Users(group*31+7, 1)[0]
	if c.Tenant.IsMember(group, r) || c.Tenant.IsOwner(directory.GroupRef(group), r) {
		return 0
	}
	return r
}
