package snapshotdiff

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
)

// compareAccess finds the access that was gained, lost, or is held in another
// way. Resources and entitlements are walked along with the grants, whose order
// is theirs, for their names.
func (d *Diff) compareAccess(ctx context.Context) error {
	w := &accessWalk{
		diff:         d,
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
	if before == after {
		return nil
	}
	either := cmp.Or(recent, old)
	on, holder := either.GetEntitlement().GetResource().GetId(), either.GetPrincipal().GetId()
	onType, holderType := on.GetResourceType(), holder.GetResourceType()
	if !d.compared[onType] || !d.compared[holderType] || !d.wanted(onType, holderType) {
		return nil
	}
	change := &AccessChange{
		Change: accessKind(before, after), Old: before, New: after,
		Privileged:  rankOf(onType, on.GetResource()).privileged(),
		Principal:   Object{Type: holderType, ID: holder.GetResource()},
		Entitlement: Entitlement{ID: either.GetEntitlement().GetId()},
		Resource:    Object{Type: onType, ID: on.GetResource()},
	}
	if before == StateDerived || after == StateDerived {
		change.sources = sourcesOf(old, recent, after)
	}
	if err := w.name(change, either.GetEntitlement()); err != nil {
		return err
	}
	slug, _ := slugOf(either.GetEntitlement())
	return d.keepAccess(change, slug)
}

// workedOut reports whether a derived grant is there only where access through
// groups was worked out. A licence through a group is in every snapshot.
func workedOut(g *v2.Grant) bool {
	return g.GetEntitlement().GetResource().GetId().GetResourceType() != typeLicense
}

// name finds what the resource and the entitlement are called.
func (w *accessWalk) name(change *AccessChange, e *v2.Entitlement) error {
	key := entitlementKey(e)
	on := rowKey{key[0], key[1]}
	for i := range w.resources {
		resource, ok, err := w.resources[i].seek(&on)
		if err != nil {
			return err
		}
		if ok && change.Resource.Name == "" {
			change.Resource.Name = resource.GetDisplayName()
		}
		entitlement, ok, err := w.entitlements[i].seek(&key)
		if err != nil {
			return err
		}
		if ok && change.Entitlement.Name == "" {
			change.Entitlement.Name = entitlement.GetDisplayName()
		}
	}
	return nil
}

func (d *Diff) keepAccess(change *AccessChange, slug string) error {
	d.summary.Access.count(change)
	r := change.rank()
	on, holder := &change.Resource, &change.Principal
	// Direct access comes first: what is derived is its consequence.
	order := byte('1')
	if change.New == StateDirect || change.Old == StateDirect {
		order = '0'
	}
	return d.access.add(sortKey(
		string([]byte{r.class, r.place}), string(typeOrder(on.Type)), strings.ToLower(on.Name), on.ID,
		string(slugOrder(slug)), change.Entitlement.ID, string(order), changeOrder(change.Change),
		string(typeOrder(holder.Type)), holder.ID,
	), change.encode())
}

// changeOrder puts what was gained before what was lost.
func changeOrder(change string) string {
	switch change {
	case accessGained:
		return "0"
	case accessLost:
		return "2"
	default:
		return "1"
	}
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
