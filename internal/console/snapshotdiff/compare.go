package snapshotdiff

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Options say what to compare.
type Options struct {
	// DirectOnly leaves out access that is held through groups alone.
	DirectOnly bool
	// Types, if any, limit the comparison to resources of these types, to access
	// to them, and to access that they hold.
	Types []string

	runBytes int // How much each sorter keeps in memory.
}

// Uncompared is a resource type that only one of the snapshots was made with.
// To compare its rows would take what was not read for what is not there.
type Uncompared struct {
	Type string `json:"type"`
	// In is "old" or "new": the snapshot that has the type.
	In string `json:"in"`
}

// Diff is what changed between two snapshots.
type Diff struct {
	old, recent *Snapshot
	options     Options
	scratch     string
	// oldPowers and newPowers are who holds what is privileged.
	oldPowers, newPowers *powerful
	// blanks are what cannot be compared; seen counts rows of data sets, by name and side.
	blanks     *blanks
	seen       map[[2]string]int
	compared   map[string]bool
	uncompared []Uncompared
	warnings   []string
	summary    Summary

	resources    *sorter // Of ResourceChange, by type.
	entitlements *sorter // Of EntitlementChange, by resource.
	waiting      *sorter // Of AccessChange, by holder, until settle.
	access       *sorter // Of AccessChange, by resource, the privileged first.
	consents     *sorter // Of ResourceChange, those that are privileged, the worst first.
	// shown are how many resource changes of a type nothing else tells.
	shown map[string]int
	names *namer
}

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

func (d *Diff) newSorter() *sorter { return newSorter(d.scratch, d.options.runBytes) }

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

// wanted reports whether any of the types was asked for.
func (d *Diff) wanted(types ...string) bool {
	return len(d.options.Types) == 0 || slices.ContainsFunc(types, func(t string) bool {
		return slices.Contains(d.options.Types, t)
	})
}

// Different reports whether anything changed.
func (d *Diff) Different() bool { return d.summary.Different }

// Privileged reports whether anything privileged changed.
func (d *Diff) Privileged() bool { return d.summary.Privileged > 0 }

// Unseen names the data sets without which privileged changes may have been missed.
func (d *Diff) Unseen() []string {
	var names []string
	for _, b := range d.blanks.told() {
		if slices.Contains(privilegedData, b.Data) {
			names = append(names, b.Data)
		}
	}
	return names
}

// Summary is how much changed.
func (d *Diff) Summary() Summary { return d.summary }

// Close removes the changes that were kept on disk.
func (d *Diff) Close() error {
	return errors.Join(d.resources.remove(), d.entitlements.remove(), d.waiting.remove(), d.access.remove(), d.consents.remove())
}
