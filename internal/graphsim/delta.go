package graphsim

import (
	"net/http"
	"time"
)

const (
	defaultDeltaRows  = 500 // Members and owners on a page of groups/delta (msgraph-sdk-dotnet issue 574).
	maxDeltaGroups    = 200
	deltaLifetime     = 7 * 24 * time.Hour // delta-query-overview: tokens of directory objects.
	codeStateNotFound = "syncStateNotFound"
	codeResync        = "resyncRequired"
)

// listGroupsDelta answers one page of groups/delta (group-delta).
func (c *call) listGroupsDelta() (reply, error) {
	q, err := c.parseDelta()
	if err != nil {
		return reply{}, err
	}
	w := deltaWriter{call: c, query: q, entity: c.tenant.model.of(KindGroup)}
	if q.changes {
		w.open(0)
		c.writeChanges(&w)
		q.since = len(c.tenant.written.log)
		return newReply(http.StatusOK, w.close("@odata.deltaLink", c.deltaLink(q))), nil
	}
	pages := c.planDelta(q)
	var parts []deltaPart
	if q.page < len(pages) && !c.effects.emptyPage {
		parts = pages[q.page]
		if q.repeats {
			parts = append(secondHalf(pages[q.page-1]), parts...)
		}
	}
	w.open(len(parts))
	for _, p := range parts {
		w.part(p)
	}
	name, link := c.deltaNext(q, q.page+1 < len(pages))
	return newReply(http.StatusOK, w.close(name, link)), nil
}

// scope is the groups a delta query is about, by index.
func (c *call) scope(q *deltaQuery) []int32 {
	if !q.everyGroup {
		return q.groups
	}
	out := make([]int32, len(c.tenant.groups))
	for g := range out {
		out[g] = int32(g)
	}
	return out
}

// deltaNext is the link a page ends with, and its name.
func (c *call) deltaNext(q *deltaQuery, more bool) (string, string) {
	next := *q
	next.page, next.repeats, next.issued = q.page+1, false, c.graph.now()
	switch {
	case c.effects.dropLinks:
		return "", ""
	case c.effects.repeatLink:
		return nextLinkName, c.ownLink()
	case q.looped: // The moment stays, so that the links are the same in every round.
		next.page, next.partner, next.issued = q.partner, q.page, q.issued
	case c.effects.linkLoop:
		next.looped, next.partner = true, q.page
		if !more {
			next.page = 0
		}
	case c.effects.emptyPage:
		next.page, next.repeats = q.page, q.repeats
	case !more && c.effects.foreignHost == "":
		next.changes = true
		return "@odata.deltaLink", c.deltaLink(&next)
	default:
		next.repeats = more && c.effects.duplicateRows
	}
	return nextLinkName, c.base() + c.path + "?" + optSkipToken + "=" + c.sealDelta(&next)
}

// deltaLink reads what changed since the chain began.
func (c *call) deltaLink(q *deltaQuery) string {
	next := *q
	next.page, next.changes, next.issued = 0, true, c.graph.now()
	return c.base() + c.path + "?" + optDeltaToken + "=" + c.sealDelta(&next)
}

// ownLink is the address this request was made to.
func (c *call) ownLink() string { return c.base() + c.path + "?" + c.rawQuery }

// base is the root that links begin with.
func (c *call) base() string {
	if c.effects.foreignHost != "" {
		return "https://" + c.effects.foreignHost + graphPrefix
	}
	return c.graph.url + graphPrefix
}
