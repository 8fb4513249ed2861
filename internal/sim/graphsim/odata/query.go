// Package odata reads the query options of a call and writes its answer: filters, order, pages with their tokens,
// $select and $expand (query-parameters, aad-advanced-queries). It does not know which endpoints there are.
package odata

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
)

const (
	OptSelect    = "$select"
	OptExpand    = "$expand"
	OptFilter    = "$filter"
	OptTop       = "$top"
	OptCount     = "$count"
	OptSearch    = "$search"
	OptOrderBy   = "$orderby"
	OptSkipToken = "$skiptoken"

	MaxTop     = 999
	DefaultTop = 100
)

// Options are the query options an endpoint takes; the rest are refused.
type Options struct {
	Names          []string
	AdvancedFilter bool // $filter needs the advanced query headers, whatever the property.
	Report         bool // Not a directory collection: there are no advanced queries.
}

// OptionSet are options by their names.
func OptionSet(names ...string) Options { return Options{Names: names} }

// query is a request's parsed options.
type query struct {
	pairs    []Pair
	selected []string // Nil without $select.
	expand   *expansion
	filter   predicate
	order    *ordering
	Top      int
	hasTop   bool
	count    bool
	search   string
	token    string
	eventual bool // The request has the header ConsistencyLevel: eventual.
}

// Pair keeps a query option in its place, so that a nextLink repeats the query as it was sent.
type Pair struct{ Name, Value string }

type expansion struct {
	nav      relations.Navigation
	target   *directory.EntityType // Nil for directoryObject.
	selected []string
	hidden   bool // Left out of the rows, as if it had not been asked for.
}

type ordering struct {
	prop       directory.Property
	descending bool
}

// ParsePairs splits a query into its options.
func ParsePairs(raw string) ([]Pair, error) {
	var out []Pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, api.BadRequest("Invalid query string.")
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, api.BadRequest("Invalid query string.")
		}
		if slices.ContainsFunc(out, func(p Pair) bool { return p.Name == n && strings.HasPrefix(n, "$") }) {
			return nil, api.BadRequest("Query option '%s' was specified more than once, but it must be specified at most once.", n)
		}
		out = append(out, Pair{n, v})
	}
	return out, nil
}

// ParseQuery reads and checks the query options of a request for rows of a type; a nil type stands for the mixed
// collections of directoryObject.
func ParseQuery(c *api.Call, e *directory.EntityType, allowed Options) (*query, error) {
	pairs, err := ParsePairs(c.RawQuery)
	if err != nil {
		return nil, err
	}
	q := &query{pairs: pairs, Top: DefaultTop, eventual: strings.EqualFold(c.Header.Get("ConsistencyLevel"), "eventual")}
	for _, p := range pairs {
		if !strings.HasPrefix(p.Name, "$") {
			continue
		}
		if !slices.Contains(allowed.Names, p.Name) {
			return nil, api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
		if err := parseOption(c, q, e, p); err != nil {
			return nil, err
		}
	}
	return q, checkAdvanced(c, q, e, allowed)
}

func parseOption(c *api.Call, q *query, e *directory.EntityType, p Pair) error {
	var err error
	switch p.Name {
	case OptSelect:
		q.selected, err = parseSelect(c, e, p.Value)
	case OptExpand:
		q.expand, err = parseExpand(c, e, p.Value)
	case OptFilter:
		q.filter, err = parseFilter(c, e, p.Value)
	case OptOrderBy:
		q.order, err = parseOrderBy(e, p.Value)
	case OptTop:
		q.hasTop = true
		q.Top, err = parseTop(p.Value)
	case OptCount:
		q.count = p.Value == "true"
		if !q.count && p.Value != "false" {
			err = api.BadRequest("Invalid value '%s' for $count query option found. Valid values are 'true' and 'false'.", p.Value)
		}
	case OptSearch:
		q.search, err = parseSearch(p.Value)
	case OptSkipToken:
		q.token = p.Value
	}
	return err
}

func parseTop(v string) (int, error) {
	n, err := strconv.Atoi(v)
	switch {
	case err != nil || n < 1:
		return 0, api.BadRequest("Invalid value '%s' for $top query option found. The $top query option requires a positive integer value.", v)
	case n > MaxTop:
		return 0, api.BadRequest("Invalid page size specified: '%d'. Must be between 1 and 999 inclusive.", n)
	}
	return n, nil
}

// parseSearch takes the form "property:text" in double quotes.
func parseSearch(v string) (string, error) {
	inner, ok := strings.CutPrefix(v, `"displayName:`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return "", api.BadRequest("Syntax error: character '%s' is not valid in '%s'.", v[:min(1, len(v))], v)
	}
	return strings.TrimSuffix(inner, `"`), nil
}

func parseOrderBy(e *directory.EntityType, v string) (*ordering, error) {
	name, direction, _ := strings.Cut(strings.TrimSpace(v), " ")
	if e == nil || strings.Contains(v, ",") {
		return nil, api.UnsupportedQuery("Sorting not supported for current query.")
	}
	p, ok := e.Property(name)
	switch {
	case !ok:
		return nil, noProperty(name, e)
	case p.Traits&directory.Sortable == 0:
		return nil, api.UnsupportedQuery("Unsupported sort property '%s' for '%s'.", name, e.Name)
	case direction != "" && direction != "asc" && direction != "desc":
		return nil, api.BadRequest("Syntax error in $orderby.")
	}
	return &ordering{prop: p, descending: direction == "desc"}, nil
}

// checkAdvanced applies the rules of advanced queries on directory objects (aad-advanced-queries): some options
// need the header and $count=true together, on every page, and none goes with $expand.
func checkAdvanced(c *api.Call, q *query, e *directory.EntityType, allowed Options) error {
	needs := ""
	switch {
	case c.Cast != 0:
		needs = "OData cast"
	case q.search != "":
		needs = OptSearch
	case q.order != nil && q.filter.match != nil && !allowed.Report:
		needs = "$orderby with $filter"
	case q.filter.advanced, q.filter.match != nil && (allowed.AdvancedFilter || e == nil):
		needs = OptFilter
	}
	if q.count && !q.eventual {
		return api.UnsupportedQuery("$count is not currently supported without the header ConsistencyLevel: eventual.")
	}
	isAdvanced := q.eventual && q.count
	if needs != "" && !isAdvanced {
		return api.UnsupportedQuery("Unsupported Query: %s needs the header ConsistencyLevel: eventual and $count=true.", needs)
	}
	if q.expand != nil && isAdvanced {
		return api.UnsupportedQuery("$expand is not supported with advanced query capabilities.")
	}
	if q.filter.longString && !isAdvanced {
		return api.BadRequest("Invalid filter clause: a string literal is longer than 120 characters.")
	}
	return nil
}
