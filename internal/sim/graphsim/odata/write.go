package odata

import (
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

const NextLinkName = "@odata.nextLink"

// pageWriter renders the rows of one answer.
type pageWriter struct {
	call  *api.Call
	query *query
	mixed bool // Rows are directoryObjects of any type.
	buf   []byte
	rows  int
	link  string
}

func (w *pageWriter) open(set string) {
	w.buf = append(w.buf, `{"@odata.context":`...)
	w.buf = encode.String(w.buf, contextOf(w.call, set, w.query))
}

func (w *pageWriter) count(n int) {
	w.buf = append(w.buf, `,"@odata.count":`...)
	w.buf = strconv.AppendInt(w.buf, int64(n), 10)
}

func (w *pageWriter) nextLink(link string) { w.link = link }

func (w *pageWriter) row(r directory.Ref) {
	if w.rows == 0 {
		w.buf = append(w.buf, `,"value":[`...)
	} else {
		w.buf = append(w.buf, ',')
	}
	w.rows++
	w.call.Rows++
	w.buf = append(w.buf, '{')
	w.buf = AppendObject(w.call, w.buf, r, w.query.selected, w.mixed, w.query.expand)
	w.buf = append(w.buf, '}')
}

func (w *pageWriter) close() []byte {
	if w.rows == 0 {
		w.buf = append(w.buf, `,"value":[`...)
	}
	w.buf = append(w.buf, ']')
	if w.link != "" {
		w.buf = append(w.buf, `,"`+NextLinkName+`":`...)
		w.buf = encode.String(w.buf, w.link)
	}
	return append(w.buf, '}')
}

// contextOf is the @odata.context of an answer.
func contextOf(c *api.Call, set string, q *query) string {
	out := c.Graph.URL + "/v1.0/$metadata#" + set
	fields := append([]string{}, q.selected...)
	if q.expand != nil && !q.expand.hidden {
		fields = append(fields, q.expand.nav.Name+"("+strings.Join(q.expand.selected, ",")+")")
	}
	if len(fields) > 0 {
		out += "(" + strings.Join(fields, ",") + ")"
	}
	if c.Single {
		out += "/$entity"
	}
	return out
}

// Entity answers one object.
func Entity(c *api.Call, set string, r directory.Ref, mixed bool, allowed Options) (api.Reply, error) {
	entity := c.Tenant.Model.Of(r.Kind())
	if mixed {
		entity = nil
	}
	q, err := ParseQuery(c, entity, allowed)
	if err != nil {
		return api.Reply{}, err
	}
	buf := append([]byte(nil), `{"@odata.context":`...)
	buf = encode.String(buf, contextOf(c, set, q))
	buf = append(buf, ',')
	buf = AppendObject(c, buf, r, q.selected, mixed, q.expand)
	return broken(c, api.NewReply(200, append(buf, '}'))), nil
}

// AppendObject writes the members of one object, without braces.
func AppendObject(c *api.Call, buf []byte, r directory.Ref, selected []string, typed bool, expand *expansion) []byte {
	model := c.Tenant.Model
	e := model.Of(r.Kind())
	if typed || model.DerivedType(c.Tenant, r) != "" {
		buf = append(buf, `"@odata.type":`...)
		buf = encode.String(buf, model.ODataType(c.Tenant, r))
		buf = append(buf, ',')
	}
	buf = append(buf, `"id":`...)
	buf = encode.String(buf, c.Tenant.IDOf(r))
	hidden := typed && !permissions.MayRead(c, r.Kind())
	if selected == nil {
		for _, p := range e.Props {
			if p.Traits&directory.InDefault != 0 && (p.Traits&directory.DerivedOnly == 0 || c.Tenant.SPs[r.Index()].Kind == directory.SPAgentIdentity) {
				buf = appendProperty(c, buf, p, r, hidden)
			}
		}
	}
	for _, name := range selected {
		if p, ok := e.Property(name); ok {
			buf = appendProperty(c, buf, p, r, hidden)
		}
	}
	breakOff(c, buf, r)
	if expand != nil {
		buf = appendExpansion(c, buf, r, expand)
	}
	return buf
}

// appendProperty writes one property; hidden ones of a type the app may not read are null.
func appendProperty(c *api.Call, buf []byte, p directory.Property, r directory.Ref, hidden bool) []byte {
	if p.Name == "id" {
		return buf
	}
	buf = append(buf, ',')
	buf = encode.String(buf, p.Name)
	buf = append(buf, ':')
	if hidden || c.BasicOnly && p.Traits&directory.Basic == 0 && r.Kind() == c.Route.Kind || p.Name == schema.LeaveDate && !permissions.MayReadLeaveDates(c) ||
		p.Name == schema.SecurityAttributes && !permissions.MayReadSecurityAttributes(c) {
		return append(buf, "null"...)
	}
	return encode.Value(buf, p.Value(c.Tenant, r.Index()))
}

// appendExpansion writes a relationship. Collections stop at a cap and carry no nextLink (query-parameters). A missing
// manager is absent, while a principal that is gone is null.
func appendExpansion(c *api.Call, buf []byte, r directory.Ref, x *expansion) []byte {
	if x.hidden {
		return buf
	}
	related := x.nav.Follow(c, r)
	if x.nav.Single && len(related) == 0 && r.Kind() == directory.KindUser {
		return buf
	}
	buf = append(buf, ',')
	buf = encode.String(buf, x.nav.Name)
	buf = append(buf, ':')
	object := func(target directory.Ref) {
		buf = append(buf, '{')
		buf = AppendObject(c, buf, target, x.selected, x.target == nil, nil)
		buf = append(buf, '}')
	}
	switch {
	case x.nav.Single && len(related) == 0:
		return append(buf, "null"...)
	case x.nav.Single:
		object(related[0])
		return buf
	}
	buf = append(buf, '[')
	for i, target := range related[:min(len(related), c.Graph.Settings().Caps.Related)] {
		if i > 0 {
			buf = append(buf, ',')
		}
		object(target)
	}
	return append(buf, ']')
}
