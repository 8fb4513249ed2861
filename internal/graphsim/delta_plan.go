package graphsim

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
func (c *call) planDelta(q *deltaQuery) [][]deltaPart {
	queue := make([]deltaPart, 0, len(q.groups)+8)
	for _, g := range c.scope(q) {
		members, owners := c.deltaCounts(q, int(g))
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
			pages, page, room = c.closeDeltaPage(pages, page), nil, q.rows
		}
	}
	if len(page) > 0 || len(pages) == 0 {
		pages = append(pages, page)
	}
	return pages
}

// closeDeltaPage adds a page, and now and then what clients must bear: repeated rows and empty pages.
func (c *call) closeDeltaPage(pages [][]deltaPart, page []deltaPart) [][]deltaPart {
	if n := len(pages); n%deltaRepeatStep == 2 && len(pages[n-1]) > 0 {
		again := pages[n-1][0]
		again.to = min(again.to, again.from+deltaRepeated)
		page = append([]deltaPart{again}, page...)
	}
	pages = append(pages, page)
	if len(pages) == 1 && page[0].group%deltaEmptyStep == 0 || len(pages)%emptyPageStep == 0 {
		pages = append(pages, nil)
	}
	return pages
}

// deltaCounts is how many members and owners of a group the caller may be shown.
func (c *call) deltaCounts(q *deltaQuery, g int) (int, int) {
	members, owners := 0, 0
	if q.members && !c.hiddenFrom(g) {
		members = len(c.tenant.groups[g].members)
	}
	if q.owners && c.tenant.groups[g].flags.ownersReadable() {
		owners = len(c.tenant.groups[g].owners)
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
