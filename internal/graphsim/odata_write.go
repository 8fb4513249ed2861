package graphsim

import (
	"encoding/json"
	"strconv"
	"strings"
)

// pageWriter renders the rows of one answer.
type pageWriter struct {
	call  *call
	query *query
	mixed bool // Rows are directoryObjects of any type.
	buf   []byte
	rows  int
	link  string
}

func (w *pageWriter) open(set string) {
	w.buf = append(w.buf, `{"@odata.context":`...)
	w.buf = appendString(w.buf, w.call.context(set, w.query))
}

func (w *pageWriter) count(n int) {
	w.buf = append(w.buf, `,"@odata.count":`...)
	w.buf = strconv.AppendInt(w.buf, int64(n), 10)
}

func (w *pageWriter) nextLink(link string) { w.link = link }

func (w *pageWriter) row(r Ref) {
	if w.rows == 0 {
		w.buf = append(w.buf, `,"value":[`...)
	} else {
		w.buf = append(w.buf, ',')
	}
	w.rows++
	w.call.rows++
	w.buf = append(w.buf, '{')
	w.buf = w.call.appendObject(w.buf, r, w.query.selected, w.mixed, w.query.expand)
	w.buf = append(w.buf, '}')
}

func (w *pageWriter) close() []byte {
	if w.rows == 0 {
		w.buf = append(w.buf, `,"value":[`...)
	}
	w.buf = append(w.buf, ']')
	if w.link != "" {
		w.buf = append(w.buf, `,"`+nextLinkName+`":`...)
		w.buf = appendString(w.buf, w.link)
	}
	return append(w.buf, '}')
}

// context is the @odata.context of an answer.
func (c *call) context(set string, q *query) string {
	out := c.graph.url + "/v1.0/$metadata#" + set
	fields := append([]string{}, q.selected...)
	if q.expand != nil && !q.expand.hidden {
		fields = append(fields, q.expand.nav.name+"("+strings.Join(q.expand.selected, ",")+")")
	}
	if len(fields) > 0 {
		out += "(" + strings.Join(fields, ",") + ")"
	}
	if c.single {
		out += "/$entity"
	}
	return out
}

// entity answers one object.
func (c *call) entity(set string, r Ref, mixed bool, allowed options) (reply, error) {
	entity := c.tenant.model.of(r.Kind())
	if mixed {
		entity = nil
	}
	q, err := c.parseQuery(entity, allowed)
	if err != nil {
		return reply{}, err
	}
	buf := append([]byte(nil), `{"@odata.context":`...)
	buf = appendString(buf, c.context(set, q))
	buf = append(buf, ',')
	buf = c.appendObject(buf, r, q.selected, mixed, q.expand)
	return c.broken(newReply(200, append(buf, '}'))), nil
}

// appendObject writes the members of one object, without braces.
func (c *call) appendObject(buf []byte, r Ref, selected []string, typed bool, expand *expansion) []byte {
	model := c.tenant.model
	e := model.of(r.Kind())
	if typed || model.derivedType(c.tenant, r) != "" {
		buf = append(buf, `"@odata.type":`...)
		buf = appendString(buf, model.odataType(c.tenant, r))
		buf = append(buf, ',')
	}
	buf = append(buf, `"id":`...)
	buf = appendString(buf, c.tenant.id(r))
	hidden := typed && !c.mayRead(r.Kind())
	if selected == nil {
		for _, p := range e.props {
			if p.traits&inDefault != 0 && (p.traits&derivedOnly == 0 || c.tenant.sps[r.index()].kind == spAgentIdentity) {
				buf = c.appendProperty(buf, p, r, hidden)
			}
		}
	}
	for _, name := range selected {
		if p, ok := e.property(name); ok {
			buf = c.appendProperty(buf, p, r, hidden)
		}
	}
	c.breakOff(buf, r)
	if expand != nil {
		buf = c.appendExpansion(buf, r, expand)
	}
	return buf
}

// appendProperty writes one property; hidden ones of a type the app may not read are null.
func (c *call) appendProperty(buf []byte, p property, r Ref, hidden bool) []byte {
	if p.name == "id" {
		return buf
	}
	buf = append(buf, ',')
	buf = appendString(buf, p.name)
	buf = append(buf, ':')
	if hidden || c.basicOnly && p.traits&basic == 0 && r.Kind() == c.route.kind {
		return append(buf, "null"...)
	}
	return appendValue(buf, p.value(c.tenant, r.index()))
}

// appendExpansion writes a relationship. Collections stop at a cap and carry no nextLink (query-parameters). A missing
// manager is absent, while a principal that is gone is null.
func (c *call) appendExpansion(buf []byte, r Ref, x *expansion) []byte {
	if x.hidden {
		return buf
	}
	related := x.nav.follow(c, r)
	if x.nav.single && len(related) == 0 && r.Kind() == KindUser {
		return buf
	}
	buf = append(buf, ',')
	buf = appendString(buf, x.nav.name)
	buf = append(buf, ':')
	object := func(target Ref) {
		buf = append(buf, '{')
		buf = c.appendObject(buf, target, x.selected, x.target == nil, nil)
		buf = append(buf, '}')
	}
	switch {
	case x.nav.single && len(related) == 0:
		return append(buf, "null"...)
	case x.nav.single:
		object(related[0])
		return buf
	}
	buf = append(buf, '[')
	for i, target := range related[:min(len(related), c.graph.settings().caps.related)] {
		if i > 0 {
			buf = append(buf, ',')
		}
		object(target)
	}
	return append(buf, ']')
}

func appendValue(buf []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(buf, "null"...)
	case string:
		return appendString(buf, v)
	case bool:
		return strconv.AppendBool(buf, v)
	case []string:
		buf = append(buf, '[')
		for i, s := range v {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = appendString(buf, s)
		}
		return append(buf, ']')
	case interface{ appendTo(buf []byte) []byte }:
		return v.appendTo(buf)
	default:
		return appendJSON(buf, v)
	}
}

func appendJSON(buf []byte, v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return append(buf, "null"...)
	}
	return append(buf, raw...)
}

// appendString writes a JSON string; only strings with something to escape take the slow way.
func appendString(buf []byte, s string) []byte {
	for i := range len(s) {
		if ch := s[i]; ch < 0x20 || ch == '"' || ch == '\\' {
			return appendJSON(buf, s)
		}
	}
	buf = append(buf, '"')
	buf = append(buf, s...)
	return append(buf, '"')
}
