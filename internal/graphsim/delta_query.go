package graphsim

import (
	"slices"
	"strings"
	"time"
)

const (
	optDeltaToken  = "$deltatoken"
	nextLinkName   = "@odata.nextLink"
	maxDeltaFilter = 50 // Ids in the $filter of groups/delta (group-delta).
	latestToken    = "latest"
)

// deltaQuery is what a chain of groups/delta pages is about and where in it a page stands. Its tokens hold all of
// it: the options of the first request are frozen in them (delta-query-overview).
type deltaQuery struct {
	selected   []string // Properties; nil without $select.
	members    bool
	owners     bool
	everyGroup bool // No $filter.
	groups     []int32
	rows       int // Relationship rows on a page.

	page    int
	partner int  // The other page of a loop of two links.
	looped  bool // The links of this page are such a loop.
	repeats bool // The page begins with the second half of the one before.
	changes bool // From a deltaLink: only what changed.
	since   int  // How many changes of groups there were when the chain began.
	issued  time.Time
}

// parseDelta reads the options of the first request of a chain, or the token that stands for them.
func (c *call) parseDelta() (*deltaQuery, error) {
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return nil, err
	}
	pairs = slices.DeleteFunc(pairs, func(p pair) bool { return !strings.HasPrefix(p.name, "$") })
	q := &deltaQuery{members: true, everyGroup: true, rows: c.graph.settings().deltaRows, since: len(c.tenant.written.log), issued: c.graph.now()}
	for _, p := range pairs {
		switch {
		case p.name == optSelect:
			err = c.deltaSelect(q, p.value)
		case p.name == optFilter:
			q.everyGroup = false
			err = c.deltaFilter(q, p.value)
		case p.name == optDeltaToken && p.value == "": // What the Location of a 410 asks for: from the start.
		case p.name == optDeltaToken && strings.EqualFold(p.value, latestToken):
			q.changes = true
		case (p.name == optSkipToken || p.name == optDeltaToken) && len(pairs) == 1:
			return c.openDelta(p.value, p.name == optDeltaToken)
		case p.name == optSkipToken || p.name == optDeltaToken:
			err = badRequest("No other query option may be used with '%s'.", p.name)
		default:
			err = badRequest("'%s' is not supported by the service.", p.name)
		}
		if err != nil {
			return nil, err
		}
	}
	return q, nil
}

// deltaSelect reads $select, which may name members and owners beside properties.
func (c *call) deltaSelect(q *deltaQuery, v string) error {
	q.selected, q.members, q.owners = []string{}, false, false
	for name := range strings.SplitSeq(v, ",") {
		switch name = strings.TrimSpace(name); name {
		case "":
			return badRequest("Syntax error: empty term in $select.")
		case "members":
			q.members = true
		case "owners":
			q.owners = true
		default:
			if err := c.selectable(c.tenant.model.of(KindGroup), name); err != nil {
				return err
			}
			q.selected = append(q.selected, name)
		}
	}
	return nil
}

// deltaFilter reads $filter, which takes ids alone (group-delta). An id that names no group is passed over.
func (c *call) deltaFilter(q *deltaQuery, v string) error {
	tokens, err := tokenize(v)
	if err != nil {
		return err
	}
	refused := unsupportedQuery("Unsupported Query: the only filter supported by delta is on 'id', with 'eq' and 'or'.")
	const clause = 4 // A property, an operator, a value, and the word between this clause and the next.
	if len(tokens)%clause != clause-1 {
		return refused
	}
	if n := (len(tokens) + 1) / clause; n > maxDeltaFilter {
		return badRequest("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", n, maxDeltaFilter)
	}
	for i := 0; i < len(tokens); i += clause {
		if tokens[i].text != "id" || tokens[i+1].text != opEqual || tokens[i+2].kind != tokenString || i > 0 && tokens[i-1].text != "or" {
			return refused
		}
		g, ok := parseGUID(tokens[i+2].text)
		if !ok {
			return badRequest("Invalid object identifier '%s'.", tokens[i+2].text)
		}
		r, known := c.tenant.refOf(g)
		if !known || r.Kind() != KindGroup || r.index() >= len(c.tenant.groups) {
			continue
		}
		if index := int32(r.index()); !slices.Contains(q.groups, index) { //nolint:gosec // Group indexes are small.
			q.groups = append(q.groups, index)
		}
	}
	return nil
}
