package snapshotdiff

import (
	"cmp"
	"context"
	"maps"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// compareAccess finds the access that was gained, lost, or is held in another
// way. Resources and entitlements are walked along with the grants, whose order
// is theirs, for their names.
func (d *Diff) compareAccess(ctx context.Context) error {
	w := &accessWalk{
		ctx: ctx, diff: d,
		resources:    []*cursor[*v2.Resource]{d.recent.resources(ctx), d.old.resources(ctx)},
		entitlements: []*cursor[*v2.Entitlement]{d.recent.entitlements(ctx), d.old.entitlements(ctx)},
	}
	defer w.stop()
	if err := join(d.old.grants(ctx), d.recent.grants(ctx), w.visit); err != nil {
		return err
	}
	if (w.oldDerived == 0) != (w.newDerived == 0) {
		without := d.old
		if w.oldDerived > 0 {
			without = d.recent
		}
		d.warnings = append(d.warnings, without.Path+" holds no access through groups at all, and the other snapshot does: "+
			"it may have been made without working that out, as the service of the platform does. Direct access compares well all the same (--effective=false).")
	}
	return nil
}

// accessWalk is the walk over the grants of both snapshots. The cursors of the
// newer snapshot come first: its names win.
type accessWalk struct {
	ctx          context.Context //nolint:containedctx // It lives as long as one walk.
	diff         *Diff
	resources    []*cursor[*v2.Resource]
	entitlements []*cursor[*v2.Entitlement]

	oldDerived, newDerived int // Grants that come through groups alone.
}

func (w *accessWalk) stop() {
	for i := range w.resources {
		w.resources[i].stop()
		w.entitlements[i].stop()
	}
}

func (w *accessWalk) visit(old, recent *v2.Grant) error {
	d := w.diff
	before, after := d.stateOf(old), d.stateOf(recent)
	if before == StateDerived && workedOut(old) {
		w.oldDerived++
	}
	if after == StateDerived && workedOut(recent) {
		w.newDerived++
	}
	either := cmp.Or(recent, old)
	on, holder := either.GetEntitlement().GetResource().GetId(), either.GetPrincipal().GetId()
	onType, holderType := on.GetResourceType(), holder.GetResourceType()
	slug, _ := slugOf(either.GetEntitlement())
	data := dataOf(onType, slug)
	w.count(data, before, after)
	var assignment *Assignment
	var fields []FieldChange
	switch {
	case before == after && after != StateDirect:
		return nil
	case before == after:
		var err error
		if assignment, fields, err = reassigned(old, recent); err != nil || len(fields) == 0 {
			return err
		}
	}
	if !d.compared[onType] || !d.compared[holderType] || !d.wanted(onType, holderType) {
		return nil
	}
	change := &AccessChange{
		Change: accessKind(before, after), Old: before, New: after,
		Principal:   Object{Type: holderType, ID: holder.GetResource()},
		Entitlement: Entitlement{ID: either.GetEntitlement().GetId()},
		Resource:    Object{Type: onType, ID: on.GetResource()},
		Assignment:  assignment, Fields: fields, data: data, slug: slug,
	}
	if before == StateDerived || after == StateDerived {
		change.sources = sourcesOf(old, recent, after)
		if inherited(change.sources) {
			change.data = access.DataInherited
		}
	}
	if before != after {
		var err error
		if change.Assignment, err = assignmentOfChange(old, recent, before, after); err != nil {
			return err
		}
	}
	return w.judge(change, either.GetEntitlement())
}

// count notes rows of data sets of which one snapshot may not say whether they were read.
func (w *accessWalk) count(data string, before, after State) {
	if data == "" {
		return
	}
	if before != StateNone {
		w.diff.seen[[2]string{data, inOld}]++
	}
	if after != StateNone {
		w.diff.seen[[2]string{data, inNew}]++
	}
}

// assignmentOfChange is how access is assigned that is direct, or was before it was lost.
func assignmentOfChange(old, recent *v2.Grant, before, after State) (*Assignment, error) {
	switch {
	case after == StateDirect:
		return assignmentIn(metadataOf(recent))
	case before == StateDirect:
		return assignmentIn(metadataOf(old))
	default:
		return nil, nil //nolint:nilnil // What is derived is not assigned.
	}
}

// judge names a change, and lets it wait with how dangerous it is, unless it falls into
// what cannot be compared.
func (w *accessWalk) judge(change *AccessChange, e *v2.Entitlement) error {
	d := w.diff
	on, err := w.name(change, e)
	if err != nil {
		return err
	}
	known, row := d.newPowers, on[0]
	if change.New == StateNone {
		known, row = d.oldPowers, on[1]
	}
	if change.Old == StateNone || change.New == StateNone {
		blank, err := d.blankOfAccess(w.ctx, change, row)
		if err != nil {
			return err
		}
		if blank != nil && !blank.waits && blank.takes() {
			return nil
		}
	}
	if row == nil { // The resource is not in the snapshot; its id tells something still.
		row = e.GetResource()
	}
	change.danger = known.dangerOf(row, change.slug, change.Entitlement.Name)
	change.Privileged, change.Reason = change.rank().privileged(), change.danger.why
	if change.Resource.Type == typeConsent && (on[0] == nil) != (on[1] == nil) {
		change.tell(toldByConsent)
	}
	return d.wait(change)
}

// workedOut reports whether a derived grant is there only where access through
// groups was worked out. A licence through a group is in every snapshot.
func workedOut(g *v2.Grant) bool {
	return g.GetEntitlement().GetResource().GetId().GetResourceType() != typeLicense
}

// name finds what the resource and the entitlement are called, and the rows of the
// resource: the newer snapshot's, then the older one's; nil where it is not in one.
func (w *accessWalk) name(change *AccessChange, e *v2.Entitlement) ([2]*v2.Resource, error) {
	var rows [2]*v2.Resource
	key := entitlementKey(e)
	on := rowKey{key[0], key[1]}
	for i := range w.resources {
		resource, ok, err := w.resources[i].seek(&on)
		if err != nil {
			return rows, err
		}
		if ok {
			rows[i] = resource
			change.Resource.Name = cmp.Or(change.Resource.Name, resource.GetDisplayName())
		}
		entitlement, ok, err := w.entitlements[i].seek(&key)
		if err != nil {
			return rows, err
		}
		if ok {
			change.Entitlement.Name = cmp.Or(change.Entitlement.Name, entitlement.GetDisplayName())
		}
	}
	return rows, nil
}

// stateOf is how a grant is held. A grant with sources that lack its own
// entitlement is derived from them; its own entitlement among them says that it
// is held directly as well.
func (d *Diff) stateOf(g *v2.Grant) State {
	if g == nil {
		return StateNone
	}
	sources := g.GetSources().GetSources()
	if _, own := sources[g.GetEntitlement().GetId()]; own || len(sources) == 0 {
		return StateDirect
	}
	if d.options.DirectOnly {
		return StateNone
	}
	return StateDerived
}

// sourcesOf are the entitlements that the access is derived from now, or was
// where it is not any more.
func sourcesOf(old, recent *v2.Grant, after State) []string {
	g := recent
	if after != StateDerived {
		g = old
	}
	sources := maps.Clone(g.GetSources().GetSources())
	delete(sources, g.GetEntitlement().GetId())
	return slices.Sorted(maps.Keys(sources))
}
