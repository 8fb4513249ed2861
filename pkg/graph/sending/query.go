package sending

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Query is how a collection is asked for.
type Query struct {
	Path   string
	Fields []string
	// Filter is plain text; it is escaped.
	Filter string
	Expand string
	// Order is a property to sort by.
	Order string
	Top   int
}

// String is the reference of the first page, as it is sent.
func (q Query) String() string {
	var options []string
	if len(q.Fields) > 0 {
		options = append(options, "$select="+strings.Join(q.Fields, ","))
	}
	if q.Filter != "" {
		options = append(options, "$filter="+strings.ReplaceAll(url.QueryEscape(q.Filter), "+", "%20"))
	}
	if q.Expand != "" {
		options = append(options, "$expand="+q.Expand)
	}
	if q.Order != "" {
		options = append(options, "$orderby="+q.Order)
	}
	if q.Top > 0 {
		options = append(options, "$top="+strconv.Itoa(q.Top))
	}
	if len(options) == 0 {
		return q.Path
	}
	return q.Path + "?" + strings.Join(options, "&")
}

// One is a single object of a listing, with the listing's own properties.
func (q Query) One(id string) string {
	return Query{Path: q.Path + "/" + url.PathEscape(id), Fields: q.Fields}.String()
}

// ObjectPath is the path of a relation of one object. The id is escaped: ids
// come from Graph, but a path must not be steered by data.
func ObjectPath(collection, id, relation string) string {
	path := "/" + collection + "/" + url.PathEscape(id)
	if relation != "" {
		path += "/" + relation
	}
	return path
}

// OrFirst is next, or the first page's reference where next is empty.
func OrFirst(next string, first Query) string {
	if next != "" {
		return next
	}
	return first.String()
}

// MaxFilterItems is how many values an "in" filter takes
// (https://learn.microsoft.com/graph/filter-query-parameter).
const MaxFilterItems = 15

// InRefs are the listings that find objects by a property, each with as many
// values as a filter takes.
func InRefs(path, property string, fields, values []string) []string {
	var refs []string
	for part := range slices.Chunk(values, MaxFilterItems) {
		refs = append(refs, Query{Path: path, Fields: fields, Filter: InFilter(property, part)}.String())
	}
	return refs
}

// InFilter is the filter for objects whose property has one of the values.
func InFilter(property string, values []string) string {
	literals := make([]string, 0, len(values))
	for _, v := range values {
		literals = append(literals, Literal(v))
	}
	return property + " in (" + strings.Join(literals, ",") + ")"
}

// AnyOf is the filter for one of some values.
func AnyOf(property string, values ...string) string {
	terms := make([]string, 0, len(values))
	for _, v := range values {
		terms = append(terms, property+" eq "+Literal(v))
	}
	return strings.Join(terms, " or ")
}

// Literal is a string in a filter.
func Literal(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }

// All reads a whole collection. It is for those that belong to one object.
func All[T any](ctx context.Context, s *Sender, first Query) ([]T, error) {
	var found []T
	var trail Trail
	for next := first.String(); next != ""; {
		if err := trail.Follow(next); err != nil {
			return nil, fmt.Errorf("GET %s: %w", first.Path, err)
		}
		page, err := GetPage[T](ctx, s, next)
		if err != nil {
			return nil, err
		}
		found = append(found, page.Items...)
		next = page.Next
	}
	return found, nil
}

// AllWhere is All, but for the rows that are not to be kept.
func AllWhere[T any](ctx context.Context, s *Sender, keep func(*T) bool, first Query) ([]T, error) {
	var found []T
	rows, err := All[T](ctx, s, first)
	for i := range rows {
		if keep(&rows[i]) {
			found = append(found, rows[i])
		}
	}
	return found, err
}
