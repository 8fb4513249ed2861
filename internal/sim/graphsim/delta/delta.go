// Package delta answers groups/delta: pages of groups with their members and owners, the tokens that lead from page to
// page, and what changed since a token (group-delta, delta-query-overview). It shares nothing with lists but the
// options, since its tokens freeze them.
package delta

import (
	"net/http"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

const (
	maxDeltaGroups    = 200
	DeltaLifetime     = 7 * 24 * time.Hour // delta-query-overview: tokens of directory objects.
	CodeStateNotFound = "syncStateNotFound"
	CodeResync        = "resyncRequired"
)

// Groups answers one page of groups/delta (group-delta).
func Groups(c *api.Call) (api.Reply, error) {
	q, err := parseDelta(c)
	if err != nil {
		return api.Reply{}, err
	}
	w := deltaWriter{call: c, query: q, entity: c.Tenant.Model.Of(directory.KindGroup)}
	if q.changes {
		w.open(0)
		writeChanges(c, &w)
		q.since = len(c.Tenant.Written.Log)
		return api.NewReply(http.StatusOK, w.close("@odata.deltaLink", deltaLink(c, q))), nil
	}
	pages := planDelta(c, q)
	var parts []deltaPart
	if q.page < len(pages) && !c.Effects.EmptyPage {
		parts = pages[q.page]
		if q.repeats {
			parts = append(secondHalf(pages[q.page-1]), parts...)
		}
	}
	w.open(len(parts))
	for _, p := range parts {
		w.part(p)
	}
	name, link := deltaNext(c, q, q.page+1 < len(pages))
	return api.NewReply(http.StatusOK, w.close(name, link)), nil
}

// scope is the groups a delta query is about, by index.
func scope(c *api.Call, q *deltaQuery) []int32 {
	if !q.everyGroup {
		return q.groups
	}
	out := make([]int32, len(c.Tenant.Groups))
	for g := range out {
		out[g] = int32(g)
	}
	return out
}

// deltaNext is the link a page ends with, and its name.
func deltaNext(c *api.Call, q *deltaQuery, more bool) (string, string) {
	next := *q
	next.page, next.repeats, next.issued = q.page+1, false, c.Graph.Now()
	switch {
	case c.Effects.DropLinks:
		return "", ""
	case c.Effects.RepeatLink:
		return odata.NextLinkName, ownLink(c)
	case q.looped: // The moment stays, so that the links are the same in every round.
		next.page, next.partner, next.issued = q.partner, q.page, q.issued
	case c.Effects.LinkLoop:
		next.looped, next.partner = true, q.page
		if !more {
			next.page = 0
		}
	case c.Effects.EmptyPage:
		next.page, next.repeats = q.page, q.repeats
	case !more && c.Effects.ForeignHost == "":
		next.changes = true
		return "@odata.deltaLink", deltaLink(c, &next)
	default:
		next.repeats = more && c.Effects.DuplicateRows
	}
	return odata.NextLinkName, c.Base() + c.Path + "?" + odata.OptSkipToken + "=" + sealDelta(c, &next)
}

// deltaLink reads what changed since the chain began.
func deltaLink(c *api.Call, q *deltaQuery) string {
	next := *q
	next.page, next.changes, next.issued = 0, true, c.Graph.Now()
	return c.Base() + c.Path + "?" + OptDeltaToken + "=" + sealDelta(c, &next)
}

// ownLink is the address this request was made to.
func ownLink(c *api.Call) string { return c.Base() + c.Path + "?" + c.RawQuery }
