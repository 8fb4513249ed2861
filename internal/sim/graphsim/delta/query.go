package delta

import (
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

const (
	OptDeltaToken  = "$deltatoken"
	MaxDeltaFilter = 50 // Ids in the $filter of groups/delta (group-delta).
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
func parseDelta(c *api.Call) (*deltaQuery, error) {
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return nil, err
	}
	pairs = slices.DeleteFunc(pairs, func(p odata.Pair) bool { return !strings.HasPrefix(p.Name, "$") })
	q := &deltaQuery{members: true, everyGroup: true, rows: c.Graph.Settings().DeltaRows, since: len(c.Tenant.Written.Log), issued: c.Graph.Now()}
	for _, p := range pairs {
		switch {
		case p.Name == odata.OptSelect:
			err = deltaSelect(c, q, p.Value)
		case p.Name == odata.OptFilter:
			q.everyGroup = false
			err = deltaFilter(c, q, p.Value)
		case p.Name == OptDeltaToken && p.Value == "": // What the Location of a 410 asks for: from the start.
		case p.Name == OptDeltaToken && strings.EqualFold(p.Value, latestToken):
			q.changes = true
		case (p.Name == odata.OptSkipToken || p.Name == OptDeltaToken) && len(pairs) == 1:
			return openDelta(c, p.Value, p.Name == OptDeltaToken)
		case p.Name == odata.OptSkipToken || p.Name == OptDeltaToken:
			err = api.BadRequest("No other query option may be used with '%s'.", p.Name)
		default:
			err = api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
		if err != nil {
			return nil, err
		}
	}
	return q, nil
}

// deltaSelect reads $select, which may name members and owners beside properties.
func deltaSelect(c *api.Call, q *deltaQuery, v string) error {
	q.selected, q.members, q.owners = []string{}, false, false
	for name := range strings.SplitSeq(v, ",") {
		switch name = strings.TrimSpace(name); name {
		case "":
			return api.BadRequest("Syntax error: empty term in $select.")
		case "members":
			q.members = true
		case "owners":
			q.owners = true
		default:
			if err := odata.Selectable(c, c.Tenant.Model.Of(directory.KindGroup), name); err != nil {
				return err
			}
			q.selected = append(q.selected, name)
		}
	}
	return nil
}

// deltaFilter reads $filter, which takes ids alone (group-delta). An id that names no group is passed over.
func deltaFilter(c *api.Call, q *deltaQuery, v string) error {
	tokens, err := odata.Tokenize(v)
	if err != nil {
		return err
	}
	refused := api.UnsupportedQuery("Unsupported Query: the only filter supported by delta is on 'id', with 'eq' and 'or'.")
	const clause = 4 // A property, an operator, a value, and the word between this clause and the next.
	if len(tokens)%clause != clause-1 {
		return refused
	}
	if n := (len(tokens) + 1) / clause; n > MaxDeltaFilter {
		return api.BadRequest("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", n, MaxDeltaFilter)
	}
	for i := 0; i < len(tokens); i += clause {
		if tokens[i].Text != "id" || tokens[i+1].Text != odata.OpEqual || tokens[i+2].Kind != odata.TokenString || i > 0 && tokens[i-1].Text != "or" {
			return refused
		}
		g, ok := directory.ParseGUID(tokens[i+2].Text)
		if !ok {
			return api.BadRequest("Invalid object identifier '%s'.", tokens[i+2].Text)
		}
		r, known := c.Tenant.RefOf(g)
		if !known || r.Kind() != directory.KindGroup || r.Index() >= len(c.Tenant.Groups) {
			continue
		}
		if index := int32(r.Index()); !slices.Contains(q.groups, index) { //nolint:gosec // Group indexes are small.
			q.groups = append(q.groups, index)
		}
	}
	return nil
}
