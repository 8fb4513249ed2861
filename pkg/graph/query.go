package graph

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// query builds the reference of a collection's first page.
type query struct {
	path   string
	fields []string
	// filter is plain text; it is escaped.
	filter string
	expand string
	// order is a property to sort by.
	order string
	top   int
}

func (q query) String() string {
	var options []string
	if len(q.fields) > 0 {
		options = append(options, "$select="+strings.Join(q.fields, ","))
	}
	if q.filter != "" {
		options = append(options, "$filter="+strings.ReplaceAll(url.QueryEscape(q.filter), "+", "%20"))
	}
	if q.expand != "" {
		options = append(options, "$expand="+q.expand)
	}
	if q.order != "" {
		options = append(options, "$orderby="+q.order)
	}
	if q.top > 0 {
		options = append(options, "$top="+strconv.Itoa(q.top))
	}
	if len(options) == 0 {
		return q.path
	}
	return q.path + "?" + strings.Join(options, "&")
}

// one is a single object of a listing, with the listing's own properties.
func (q query) one(id string) string {
	return query{path: q.path + "/" + url.PathEscape(id), fields: q.fields}.String()
}

// objectPath is the path of a relation of one object. The id is escaped: ids
// come from Graph, but a path must not be steered by data.
func objectPath(collection, id, relation string) string {
	path := "/" + collection + "/" + url.PathEscape(id)
	if relation != "" {
		path += "/" + relation
	}
	return path
}

// orFirst is next, or the first page's reference where next is empty.
func orFirst(next string, first query) string {
	if next != "" {
		return next
	}
	return first.String()
}

// MaxFilterItems is how many values an "in" filter takes
// (https://learn.microsoft.com/graph/filter-query-parameter).
const MaxFilterItems = 15

// inRefs are the listings that find objects by a property, each with as many
// values as a filter takes.
func inRefs(path, property string, fields, values []string) []string {
	var refs []string
	for part := range slices.Chunk(values, MaxFilterItems) {
		refs = append(refs, query{path: path, fields: fields, filter: inFilter(property, part)}.String())
	}
	return refs
}

// inFilter is the filter for objects whose property has one of the values.
func inFilter(property string, values []string) string {
	literals := make([]string, 0, len(values))
	for _, v := range values {
		literals = append(literals, literal(v))
	}
	return property + " in (" + strings.Join(literals, ",") + ")"
}

// anyOf is the filter for one of some values.
func anyOf(property string, values ...string) string {
	terms := make([]string, 0, len(values))
	for _, v := range values {
		terms = append(terms, property+" eq "+literal(v))
	}
	return strings.Join(terms, " or ")
}

// literal is a string in a filter.
func literal(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }

// all reads a whole collection. It is for those that belong to one object.
func all[T any](ctx context.Context, s *sending.Sender, first query) ([]T, error) {
	var found []T
	var trail sending.Trail
	for next := first.String(); next != ""; {
		if err := trail.Follow(next); err != nil {
			return nil, fmt.Errorf("GET %s: %w", first.path, err)
		}
		page, err := sending.GetPage[T](ctx, s, next)
		if err != nil {
			return nil, err
		}
		found = append(found, page.Items...)
		next = page.Next
	}
	return found, nil
}

// allWhere is all, but for the rows that are not to be kept.
func allWhere[T any](ctx context.Context, s *sending.Sender, keep func(*T) bool, first query) ([]T, error) {
	var found []T
	rows, err := all[T](ctx, s, first)
	for i := range rows {
		if keep(&rows[i]) {
			found = append(found, rows[i])
		}
	}
	return found, err
}
