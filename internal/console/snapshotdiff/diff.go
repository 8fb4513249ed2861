package snapshotdiff

import (
	"errors"
	"slices"
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

func (d *Diff) newSorter() *sorter { return newSorter(d.scratch, d.options.runBytes) }

// wanted reports whether any of the types was asked for.
func (d *Diff) wanted(types ...string) bool {
	return len(d.options.Types) == 0 || slices.ContainsFunc(types, func(t string) bool {
		return slices.Contains(d.options.Types, t)
	})
}

func (d *Diff) having(side string) *Snapshot {
	if side == inOld {
		return d.old
	}
	return d.recent
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
