package delta

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// deltaWriter renders a page of groups/delta.
type deltaWriter struct {
	call    *api.Call
	query   *deltaQuery
	entity  *directory.EntityType
	buf     []byte
	started bool
}

const (
	DeltaRowBytes   = 90 // A member, with some room.
	DeltaGroupBytes = 700
)

func (w *deltaWriter) open(groups int) {
	size := 1024
	if groups > 0 {
		size += w.query.rows*DeltaRowBytes + groups*DeltaGroupBytes
	}
	w.buf = append(make([]byte, 0, size), `{"@odata.context":`...)
	w.buf = encode.String(w.buf, w.call.Graph.URL+"/v1.0/$metadata#groups")
	w.buf = append(w.buf, `,"value":[`...)
}

func (w *deltaWriter) separate() {
	if w.started {
		w.buf = append(w.buf, ',')
	}
	w.started = true
}

// removed is the row of a soft-deleted group.
func (w *deltaWriter) removed(g int) {
	w.separate()
	w.buf = append(w.buf, `{"@removed":{"reason":"changed"},"id":"`...)
	w.buf = w.call.Tenant.GUIDOf(directory.GroupRef(g)).Append(w.buf)
	w.buf = append(w.buf, `"}`...)
	w.call.Rows++
}

// part is the row of a group with some of its members and owners.
func (w *deltaWriter) part(p deltaPart) {
	c := w.call
	if !c.Tenant.Live(directory.GroupRef(p.group)) {
		w.removed(p.group)
		return
	}
	w.separate()
	c.Rows++
	w.buf = append(w.buf, '{')
	w.buf = odata.AppendObject(c, w.buf, directory.GroupRef(p.group), w.query.selected, false, nil)
	members, _ := deltaCounts(c, w.query, p.group)
	g := &c.Tenant.Groups[p.group]
	if from, to := min(p.from, members), min(p.to, members); w.query.members {
		w.relation(`,"members@delta":[`, endsDisturbed(c, g.Members[from:to], p.from), p.group)
	}
	if from, to := max(p.from-members, 0), max(p.to-members, 0); w.query.owners {
		w.relation(`,"owners@delta":[`, endsDisturbed(c, g.Owners[from:to], p.from), p.group)
	}
	w.buf = append(w.buf, '}')
}

// relation writes members or owners. Nobody documents whether service principals are among them, so that a switch
// decides; a group without any has either no annotation or an empty one.
func (w *deltaWriter) relation(name string, list []directory.Ref, group int) {
	c := w.call
	apps := c.Graph.Settings().IncludeServicePrincipals
	start := len(w.buf)
	w.buf = append(w.buf, name...)
	empty := len(w.buf)
	if r := removedEnd(c, list, group); r != 0 {
		w.buf = append(w.buf, `{"@odata.type":"#microsoft.graph.user","id":"`...)
		w.buf = c.Tenant.GUIDOf(r).Append(w.buf)
		w.buf = append(w.buf, `","@removed":{"reason":"deleted"}}`...)
		c.Rows++
	}
	for _, r := range list {
		if !c.Tenant.Shows(r) || r.Kind() == directory.KindServicePrincipal && !apps {
			continue
		}
		if len(w.buf) > empty {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, `{"@odata.type":"`...)
		w.buf = append(w.buf, c.Tenant.Model.ODataType(c.Tenant, r)...)
		w.buf = append(w.buf, `","id":"`...)
		w.buf = c.Tenant.GUIDOf(r).Append(w.buf)
		w.buf = append(w.buf, `"}`...)
		c.Rows++
	}
	if len(w.buf) == empty && group%2 == 0 {
		w.buf = w.buf[:start]
		return
	}
	w.buf = append(w.buf, ']')
}

// close ends the page with a link, or with none when the name is empty.
func (w *deltaWriter) close(name, link string) []byte {
	w.buf = append(w.buf, ']')
	if name != "" {
		w.buf = append(w.buf, ',', '"')
		w.buf = append(w.buf, name...)
		w.buf = append(w.buf, '"', ':')
		w.buf = encode.String(w.buf, link)
	}
	return append(w.buf, '}')
}
