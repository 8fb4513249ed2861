package graphsim

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	optSelect    = "$select"
	optExpand    = "$expand"
	optFilter    = "$filter"
	optTop       = "$top"
	optCount     = "$count"
	optSearch    = "$search"
	optOrderBy   = "$orderby"
	optSkipToken = "$skiptoken"

	maxTop     = 999
	defaultTop = 100
)

// options are the query options an endpoint takes; the rest are refused.
type options struct {
	names          []string
	advancedFilter bool // $filter needs the advanced query headers, whatever the property.
	report         bool // Not a directory collection: there are no advanced queries.
}

func optionSet(names ...string) options { return options{names: names} }

// query is a request's parsed options.
type query struct {
	pairs    []pair
	selected []string // Nil without $select.
	expand   *expansion
	filter   predicate
	order    *ordering
	top      int
	hasTop   bool
	count    bool
	search   string
	token    string
	eventual bool // The request has the header ConsistencyLevel: eventual.
}

// pair keeps a query option in its place, so that a nextLink repeats the query as it was sent.
type pair struct{ name, value string }

type expansion struct {
	nav      navigation
	target   *entityType // Nil for directoryObject.
	selected []string
	hidden   bool // Left out of the rows, as if it had not been asked for.
}

type ordering struct {
	prop       property
	descending bool
}

func parsePairs(raw string) ([]pair, error) {
	var out []pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, badRequest("Invalid query string.")
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, badRequest("Invalid query string.")
		}
		if slices.ContainsFunc(out, func(p pair) bool { return p.name == n && strings.HasPrefix(n, "$") }) {
			return nil, badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", n)
		}
		out = append(out, pair{n, v})
	}
	return out, nil
}

// parseQuery reads and checks the query options of a request for rows of a type; a nil type stands for the mixed
// collections of directoryObject.
func (c *call) parseQuery(e *entityType, allowed options) (*query, error) {
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return nil, err
	}
	q := &query{pairs: pairs, top: defaultTop, eventual: strings.EqualFold(c.header.Get("ConsistencyLevel"), "eventual")}
	for _, p := range pairs {
		if !strings.HasPrefix(p.name, "$") {
			continue
		}
		if !slices.Contains(allowed.names, p.name) {
			return nil, badRequest("'%s' is not supported by the service.", p.name)
		}
		if err := c.parseOption(q, e, p); err != nil {
			return nil, err
		}
	}
	return q, c.checkAdvanced(q, e, allowed)
}

func (c *call) parseOption(q *query, e *entityType, p pair) error {
	var err error
	switch p.name {
	case optSelect:
		q.selected, err = c.parseSelect(e, p.value)
	case optExpand:
		q.expand, err = c.parseExpand(e, p.value)
	case optFilter:
		q.filter, err = c.parseFilter(e, p.value)
	case optOrderBy:
		q.order, err = parseOrderBy(e, p.value)
	case optTop:
		q.hasTop = true
		q.top, err = parseTop(p.value)
	case optCount:
		q.count = p.value == "true"
		if !q.count && p.value != "false" {
			err = badRequest("Invalid value '%s' for $count query option found. Valid values are 'true' and 'false'.", p.value)
		}
	case optSearch:
		q.search, err = parseSearch(p.value)
	case optSkipToken:
		q.token = p.value
	}
	return err
}

func parseTop(v string) (int, error) {
	n, err := strconv.Atoi(v)
	switch {
	case err != nil || n < 1:
		return 0, badRequest("Invalid value '%s' for $top query option found. The $top query option requires a positive integer value.", v)
	case n > maxTop:
		return 0, badRequest("Invalid page size specified: '%d'. Must be between 1 and 999 inclusive.", n)
	}
	return n, nil
}

// parseSearch takes the form "property:text" in double quotes.
func parseSearch(v string) (string, error) {
	inner, ok := strings.CutPrefix(v, `"displayName:`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return "", badRequest("Syntax error: character '%s' is not valid in '%s'.", v[:min(1, len(v))], v)
	}
	return strings.TrimSuffix(inner, `"`), nil
}

func parseOrderBy(e *entityType, v string) (*ordering, error) {
	name, direction, _ := strings.Cut(strings.TrimSpace(v), " ")
	if e == nil || strings.Contains(v, ",") {
		return nil, unsupportedQuery("Sorting not supported for current query.")
	}
	p, ok := e.property(name)
	switch {
	case !ok:
		return nil, noProperty(name, e)
	case p.traits&sortable == 0:
		return nil, unsupportedQuery("Unsupported sort property '%s' for '%s'.", name, e.name)
	case direction != "" && direction != "asc" && direction != "desc":
		return nil, badRequest("Syntax error in $orderby.")
	}
	return &ordering{prop: p, descending: direction == "desc"}, nil
}

// checkAdvanced applies the rules of advanced queries on directory objects (aad-advanced-queries): some options
// need the header and $count=true together, on every page, and none goes with $expand.
func (c *call) checkAdvanced(q *query, e *entityType, allowed options) error {
	needs := ""
	switch {
	case c.cast != 0:
		needs = "OData cast"
	case q.search != "":
		needs = optSearch
	case q.order != nil && q.filter.match != nil && !allowed.report:
		needs = "$orderby with $filter"
	case q.filter.advanced, q.filter.match != nil && (allowed.advancedFilter || e == nil):
		needs = optFilter
	}
	if q.count && !q.eventual {
		return unsupportedQuery("$count is not currently supported without the header ConsistencyLevel: eventual.")
	}
	isAdvanced := q.eventual && q.count
	if needs != "" && !isAdvanced {
		return unsupportedQuery("Unsupported Query: %s needs the header ConsistencyLevel: eventual and $count=true.", needs)
	}
	if q.expand != nil && isAdvanced {
		return unsupportedQuery("$expand is not supported with advanced query capabilities.")
	}
	if q.filter.longString && !isAdvanced {
		return badRequest("Invalid filter clause: a string literal is longer than 120 characters.")
	}
	return nil
}
