package graphsim

// deltaWriter renders a page of groups/delta.
type deltaWriter struct {
	call    *call
	query   *deltaQuery
	entity  *entityType
	buf     []byte
	started bool
}

const (
	deltaRowBytes   = 90 // A member, with some room.
	deltaGroupBytes = 700
)

func (w *deltaWriter) open(groups int) {
	size := 1024
	if groups > 0 {
		size += w.query.rows*deltaRowBytes + groups*deltaGroupBytes
	}
	w.buf = append(make([]byte, 0, size), `{"@odata.context":`...)
	w.buf = appendString(w.buf, w.call.graph.url+"/v1.0/$metadata#groups")
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
	w.buf = w.call.tenant.guidOf(groupRef(g)).append(w.buf)
	w.buf = append(w.buf, `"}`...)
	w.call.rows++
}

// part is the row of a group with some of its members and owners.
func (w *deltaWriter) part(p deltaPart) {
	c := w.call
	if !c.tenant.live(groupRef(p.group)) {
		w.removed(p.group)
		return
	}
	w.separate()
	c.rows++
	w.buf = append(w.buf, '{')
	w.buf = c.appendObject(w.buf, groupRef(p.group), w.query.selected, false, nil)
	members, _ := c.deltaCounts(w.query, p.group)
	g := &c.tenant.groups[p.group]
	if from, to := min(p.from, members), min(p.to, members); w.query.members {
		w.relation(`,"members@delta":[`, c.disturbed(g.members[from:to], p.from), p.group)
	}
	if from, to := max(p.from-members, 0), max(p.to-members, 0); w.query.owners {
		w.relation(`,"owners@delta":[`, c.disturbed(g.owners[from:to], p.from), p.group)
	}
	w.buf = append(w.buf, '}')
}

// relation writes members or owners. Nobody documents whether service principals are among them, so that a switch
// decides; a group without any has either no annotation or an empty one.
func (w *deltaWriter) relation(name string, list []Ref, group int) {
	c := w.call
	apps := c.graph.settings().includeServicePrincipals
	start := len(w.buf)
	w.buf = append(w.buf, name...)
	empty := len(w.buf)
	if r := c.removedEnd(list, group); r != 0 {
		w.buf = append(w.buf, `{"@odata.type":"#microsoft.graph.user","id":"`...)
		w.buf = c.tenant.guidOf(r).append(w.buf)
		w.buf = append(w.buf, `","@removed":{"reason":"deleted"}}`...)
		c.rows++
	}
	for _, r := range list {
		if !c.tenant.shows(r) || r.Kind() == KindServicePrincipal && !apps {
			continue
		}
		if len(w.buf) > empty {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, `{"@odata.type":"`...)
		w.buf = append(w.buf, c.tenant.model.odataType(c.tenant, r)...)
		w.buf = append(w.buf, `","id":"`...)
		w.buf = c.tenant.guidOf(r).append(w.buf)
		w.buf = append(w.buf, `"}`...)
		c.rows++
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
		w.buf = appendString(w.buf, link)
	}
	return append(w.buf, '}')
}
