package delta

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
)

// endChange is what became of one end of a relation in the end.
type endChange struct {
	end     directory.Ref
	removed bool
}

// groupChanges is what changed of a group, each end once.
type groupChanges struct {
	members, owners []endChange
}

// writeChanges writes the groups of a query that changed since its chain began: those that are gone as removed, the
// others with the members and owners that came and went.
func writeChanges(c *api.Call, w *deltaWriter) {
	inScope := map[int32]bool{}
	for _, g := range scope(c, w.query) {
		inScope[g] = true
	}
	var order []int32
	changed := map[int32]*groupChanges{}
	for _, one := range c.Tenant.Written.Log[min(w.query.since, len(c.Tenant.Written.Log)):] {
		if !inScope[one.Group] {
			continue
		}
		if changed[one.Group] == nil {
			changed[one.Group] = &groupChanges{}
			order = append(order, one.Group)
		}
		changed[one.Group].note(one)
	}
	for _, g := range order {
		w.changed(int(g), changed[g])
	}
}

func (g *groupChanges) note(one directory.GroupChange) {
	list := &g.members
	switch one.Relation {
	case directory.RelationNone:
		return
	case directory.RelationOwners:
		list = &g.owners
	default:
	}
	for i := range *list {
		if (*list)[i].end == one.End {
			(*list)[i].removed = one.Removed
			return
		}
	}
	*list = append(*list, endChange{one.End, one.Removed})
}

// changed is the row of a group with what came and what went.
func (w *deltaWriter) changed(g int, changes *groupChanges) {
	c := w.call
	if !c.Tenant.Live(directory.GroupRef(g)) {
		w.removed(g)
		return
	}
	w.separate()
	c.Rows++
	w.buf = append(w.buf, '{')
	w.buf = odata.AppendObject(c, w.buf, directory.GroupRef(g), w.query.selected, false, nil)
	if w.query.members && !relations.HiddenFrom(c, g) {
		w.ends(`,"members@delta":[`, changes.members)
	}
	if w.query.owners && c.Tenant.Groups[g].Flags.OwnersReadable() {
		w.ends(`,"owners@delta":[`, changes.owners)
	}
	w.buf = append(w.buf, '}')
}

// ends writes the changes of one relation, or nothing where there are none.
func (w *deltaWriter) ends(name string, list []endChange) {
	c := w.call
	apps := c.Graph.Settings().IncludeServicePrincipals
	start := len(w.buf)
	w.buf = append(w.buf, name...)
	empty := len(w.buf)
	for _, one := range list {
		if one.end.Kind() == directory.KindServicePrincipal && !apps || !one.removed && !c.Tenant.Live(one.end) {
			continue
		}
		if len(w.buf) > empty {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, `{"@odata.type":`...)
		w.buf = encode.String(w.buf, c.Tenant.Model.ODataType(c.Tenant, one.end))
		w.buf = append(w.buf, `,"id":`...)
		w.buf = encode.String(w.buf, c.Tenant.IDOf(one.end))
		if one.removed {
			w.buf = append(w.buf, `,"@removed":{"reason":"deleted"}`...)
		}
		w.buf = append(w.buf, '}')
		c.Rows++
	}
	if len(w.buf) == empty {
		w.buf = w.buf[:start]
		return
	}
	w.buf = append(w.buf, ']')
}
