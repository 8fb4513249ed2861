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
	compared    map[string]bool
	uncompared  []Uncompared
	warnings    []string
	summary     Summary

	resources    *sorter // Of ResourceChange, by type.
	entitlements *sorter // Of EntitlementChange, by resource.
	access       *sorter // Of AccessChange, by resource, the privileged first.
	names        *namer
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
		names: &namer{old: old, recent: recent},
	}
	d.resources, d.entitlements, d.access = d.newSorter(), d.newSorter(), d.newSorter()
	if err := d.chooseTypes(); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{d.compareResources, d.compareEntitlements, d.compareAccess} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	d.summary.Different = d.resources.count+d.entitlements.count+d.access.count+len(d.uncompared) > 0
	return d, nil
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

// Summary is how much changed.
func (d *Diff) Summary() Summary { return d.summary }

// Close removes the changes that were kept on disk.
func (d *Diff) Close() error {
	return errors.Join(d.resources.remove(), d.entitlements.remove(), d.access.remove())
}
