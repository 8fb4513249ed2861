package snapshotdiff

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Compare finds what changed from old to recent. Changes are kept below scratch
// as far as they do not fit into a few megabytes.
func Compare(ctx context.Context, old, recent *Snapshot, scratch string, options Options) (*Diff, error) {
	if options.runBytes == 0 {
		options.runBytes = runBytes
	}
	d := &Diff{
		old: old, recent: recent, options: options, scratch: scratch,
		compared: map[string]bool{}, summary: Summary{Resources: map[string]*Counts{}},
		names: &namer{old: old, recent: recent}, seen: map[[2]string]int{}, shown: map[string]int{},
	}
	d.resources, d.entitlements, d.waiting, d.access, d.consents = d.newSorter(), d.newSorter(), d.newSorter(), d.newSorter(), d.newSorter()
	if err := d.chooseTypes(); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{d.findPowers, d.findBlanks, d.compareResources, d.compareEntitlements, d.compareAccess, d.settle} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	if err := d.waiting.remove(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.warnings = append(d.warnings, d.blanks.doubts(d.old.Path)...)
	d.summary.Different = d.resources.count+d.entitlements.count+d.access.count+len(d.uncompared)+len(d.blanks.told()) > 0
	return d, nil
}

// findPowers reads who holds what is privileged, in both snapshots.
func (d *Diff) findPowers(ctx context.Context) error {
	for _, side := range []struct {
		of    *Snapshot
		power **powerful
	}{{d.old, &d.oldPowers}, {d.recent, &d.newPowers}} {
		var err error
		if side.of.seen, err = side.of.lookOver(ctx); err != nil {
			return err
		}
		if *side.power, err = readPowerful(ctx, side.of.facts, side.of.seen); err != nil {
			return err
		}
	}
	return nil
}

// chooseTypes finds the types that both snapshots were made with.
func (d *Diff) chooseTypes() error {
	all := map[string]bool{}
	maps.Copy(all, d.old.Types())
	maps.Copy(all, d.recent.Types())
	known := slices.Collect(maps.Keys(all))
	sortTypes(known)
	for _, t := range d.options.Types {
		if !all[t] {
			return fmt.Errorf("there is no resource type %q in these snapshots; they have %s", t, strings.Join(known, ", "))
		}
	}
	for _, t := range known {
		switch {
		case t == typeTenant: // Builds of before do not have it, and it is compared in its own way.
			d.compared[t] = true
		case d.old.Types()[t] && d.recent.Types()[t]:
			d.compared[t] = true
		case d.old.Types()[t]: // Wanted or not: those that are wanted can hold access to it.
			d.uncompared = append(d.uncompared, Uncompared{Type: t, In: "old"})
		default:
			d.uncompared = append(d.uncompared, Uncompared{Type: t, In: "new"})
		}
	}
	return nil
}
