package odata

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
)

// RowType is what Graph declares of rows that are no objects of the directory, and that a service of its own has.
type RowType struct {
	Name       string // In the namespace microsoft.graph.
	Properties []string
	Relations  map[string]*RowType
	Filters    []string // What $filter can compare, through relations too.
}

// Row is a row with all that it has, relations too. A relation may be a func() Row, for one that few requests look at.
type Row map[string]any

// Rows are the rows of a list, made when they are looked at: a list may be long, and a page short.
type Rows struct {
	Len int
	At  func(i int) Row
}

// All makes every row.
func (r Rows) All() []Row {
	all := make([]Row, 0, r.Len)
	for i := range r.Len {
		all = append(all, r.At(i))
	}
	return all
}

// These are the rows of a list that are there.
func These(rows []Row) Rows {
	return Rows{Len: len(rows), At: func(i int) Row { return rows[i] }}
}

// rowShape is what a query wants of rows.
type rowShape struct {
	of       *RowType
	selected []string
	expanded []rowExpansion
}

type rowExpansion struct {
	name  string
	shape *rowShape
}

// ListRows answers one page of rows.
func ListRows(c *api.Call, set string, of *RowType, rows Rows, size int) (api.Reply, error) {
	pairs, err := ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	q, shape := &query{pairs: pairs}, &rowShape{of: of}
	for _, p := range pairs {
		switch p.Name {
		case OptSkipToken:
			q.token = p.Value
		case OptFilter:
			var kept []Row
			kept, err = filteredRows(of, rows.All(), p.Value)
			rows = These(kept)
		default:
			err = shape.option(p)
		}
		if err != nil {
			return api.Reply{}, err
		}
	}
	token, err := openToken(c, q)
	if err != nil {
		return api.Reply{}, err
	}
	page, next := []Row{}, token.offset
	if !c.Effects.EmptyPage {
		next = min(token.offset+size, rows.Len)
		for i := token.offset; i < next; i++ {
			page = append(page, shape.of.render(shape, rows.At(i)))
			c.Rows++
		}
	}
	body := map[string]any{"@odata.context": c.Graph.URL + "/v1.0/$metadata#" + set, "value": page}
	switch {
	case c.Effects.DropLinks:
	case token.looped:
		body[NextLinkName] = link(c, q, pageToken{offset: token.partner, partner: token.offset, looped: true, issued: token.issued})
	case next < rows.Len || c.Effects.ForceNextLink():
		if c.Effects.DuplicateRows && next > token.offset+1 {
			next -= (next - token.offset) / 2
		}
		body[NextLinkName] = link(c, q, pageToken{offset: next, partner: token.offset, looped: c.Effects.LinkLoop, issued: c.Graph.Now(), emptied: c.Effects.EmptyPage})
	}
	return api.NewReply(http.StatusOK, encode.JSON(nil, body)), nil
}

// OneRow answers a single row.
func OneRow(c *api.Call, set string, of *RowType, row Row) (api.Reply, error) {
	pairs, err := ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	shape := &rowShape{of: of}
	for _, p := range pairs {
		if err := shape.option(p); err != nil {
			return api.Reply{}, err
		}
	}
	return PlainObject(c, set+"/$entity", of.render(shape, row))
}

// option reads $select and $expand.
func (s *rowShape) option(p Pair) error {
	switch p.Name {
	case OptSelect:
		for name := range strings.SplitSeq(p.Value, ",") {
			if !slices.Contains(s.of.Properties, name) {
				return api.BadRequest("Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, s.of.Name)
			}
			s.selected = append(s.selected, name)
		}
	case OptExpand:
		for _, one := range splitOutside(p.Value, ',') {
			name, inner, nested := strings.Cut(one, "(")
			of, known := s.of.Relations[name]
			if !known {
				return api.BadRequest("Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, s.of.Name)
			}
			shape := &rowShape{of: of}
			if nested {
				for _, option := range splitOutside(strings.TrimSuffix(inner, ")"), ';') {
					key, value, _ := strings.Cut(option, "=")
					if err := shape.option(Pair{key, value}); err != nil {
						return err
					}
				}
			}
			s.expanded = append(s.expanded, rowExpansion{name, shape})
		}
	default:
		if strings.HasPrefix(p.Name, "$") {
			return api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
	}
	return nil
}

// splitOutside splits a text at a sign that is in no brackets.
func splitOutside(text string, sign byte) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(text) {
		switch ch := text[i]; {
		case ch == '(':
			depth++
		case ch == ')':
			depth--
		case ch == sign && depth == 0:
			out, from = append(out, text[from:i]), i+1
		}
	}
	return append(out, text[from:])
}

// render is a row as it is asked for.
func (t *RowType) render(shape *rowShape, row Row) Row {
	out := Row{}
	for _, name := range t.Properties {
		if shape.selected == nil || name == "id" || slices.Contains(shape.selected, name) {
			out[name] = row[name]
		}
	}
	if kind, typed := row["@odata.type"]; typed {
		out["@odata.type"] = kind
	}
	for _, e := range shape.expanded {
		switch related := related(row[e.name]).(type) {
		case Row:
			out[e.name] = e.shape.of.render(e.shape, related)
		case []Row:
			list := make([]Row, 0, len(related))
			for _, one := range related {
				list = append(list, e.shape.of.render(e.shape, one))
			}
			out[e.name] = list
		default:
			out[e.name] = nil
		}
	}
	return out
}

// related is what a relation leads to.
func related(value any) any {
	if later, isLater := value.(func() Row); isLater {
		return later()
	}
	return value
}

// filteredRows keeps the rows that meet comparisons, all of them. This service takes no others.
func filteredRows(of *RowType, rows []Row, text string) ([]Row, error) {
	tokens, err := Tokenize(text)
	if err != nil {
		return nil, err
	}
	refused := api.UnsupportedQuery("The query specified in the URI is not valid: this filter is not supported.")
	for i := 0; ; i += 4 {
		if i+3 > len(tokens) || tokens[i].Kind == TokenString || tokens[i+1].Text != OpEqual || tokens[i+2].Kind != TokenString {
			return nil, refused
		}
		path := tokens[i].Text
		if !slices.ContainsFunc(of.Filters, func(f string) bool { return strings.EqualFold(f, path) }) {
			return nil, refused
		}
		rows = slices.DeleteFunc(rows, func(row Row) bool { return !strings.EqualFold(row.Text(path), tokens[i+2].Text) })
		if i+3 == len(tokens) {
			return rows, nil
		}
		if tokens[i+3].Text != "and" {
			return nil, refused
		}
	}
}

// Text is the value at a path; empty for none.
func (r Row) Text(path string) string {
	name, rest, deeper := strings.Cut(path, "/")
	for key, value := range r {
		if !strings.EqualFold(key, name) {
			continue
		}
		if inner, isRow := related(value).(Row); deeper && isRow {
			return inner.Text(rest)
		}
		s, _ := value.(string)
		return s
	}
	return ""
}
