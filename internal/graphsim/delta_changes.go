package graphsim

// endChange is what became of one end of a relation in the end.
type endChange struct {
	end     Ref
	removed bool
}

// groupChanges is what changed of a group, each end once.
type groupChanges struct {
	members, owners []endChange
}

// writeChanges writes the groups of a query that changed since its chain began: those that are gone as removed, the
// others with the members and owners that came and went.
func (c *call) writeChanges(w *deltaWriter) {
	inScope := map[int32]bool{}
	for _, g := range c.scope(w.query) {
		inScope[g] = true
	}
	var order []int32
	changed := map[int32]*groupChanges{}
	for _, one := range c.tenant.written.log[min(w.query.since, len(c.tenant.written.log)):] {
		if !inScope[one.group] {
			continue
		}
		if changed[one.group] == nil {
			changed[one.group] = &groupChanges{}
			order = append(order, one.group)
		}
		changed[one.group].note(one)
	}
	for _, g := range order {
		w.changed(int(g), changed[g])
	}
}

func (g *groupChanges) note(one groupChange) {
	list := &g.members
	switch one.relation {
	case relationNone:
		return
	case relationOwners:
		list = &g.owners
	default:
	}
	for i := range *list {
		if (*list)[i].end == one.end {
			(*list)[i].removed = one.removed
			return
		}
	}
	*list = append(*list, endChange{one.end, one.removed})
}

// changed is the row of a group with what came and what went.
func (w *deltaWriter) changed(g int, changes *groupChanges) {
	c := w.call
	if !c.tenant.live(groupRef(g)) {
		w.removed(g)
		return
	}
	w.separate()
	c.rows++
	w.buf = append(w.buf, '{')
	w.buf = c.appendObject(w.buf, groupRef(g), w.query.selected, false, nil)
	if w.query.members && !c.hiddenFrom(g) {
		w.ends(`,"members@delta":[`, changes.members)
	}
	if w.query.owners && c.tenant.groups[g].flags.ownersReadable() {
		w.ends(`,"owners@delta":[`, changes.owners)
	}
	w.buf = append(w.buf, '}')
}

// ends writes the changes of one relation, or nothing where there are none.
func (w *deltaWriter) ends(name string, list []endChange) {
	c := w.call
	apps := c.graph.settings().includeServicePrincipals
	start := len(w.buf)
	w.buf = append(w.buf, name...)
	empty := len(w.buf)
	for _, one := range list {
		if one.end.Kind() == KindServicePrincipal && !apps || !one.removed && !c.tenant.live(one.end) {
			continue
		}
		if len(w.buf) > empty {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, `{"@odata.type":`...)
		w.buf = appendString(w.buf, c.tenant.model.odataType(c.tenant, one.end))
		w.buf = append(w.buf, `,"id":`...)
		w.buf = appendString(w.buf, c.tenant.id(one.end))
		if one.removed {
			w.buf = append(w.buf, `,"@removed":{"reason":"deleted"}`...)
		}
		w.buf = append(w.buf, '}')
		c.rows++
	}
	if len(w.buf) == empty {
		w.buf = w.buf[:start]
		return
	}
	w.buf = append(w.buf, ']')
}
