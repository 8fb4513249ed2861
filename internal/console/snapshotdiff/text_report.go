package snapshotdiff

import (
	"bufio"
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// How much of each section a report shows unless all of it is asked for.
// Privileged access is always shown whole.
const (
	rowsShown   = 20 // Of a resource type, or of entitlements.
	groupsShown = 20 // People, or resources, whose access changed.
	linesShown  = 8  // Changes of each of them.
)

// report writes text. It stops writing at the first error.
type report struct {
	diff *Diff
	all  bool
	to   *bufio.Writer
	err  error
	// begun says that something privileged was written.
	begun bool
}

func (p *report) linef(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.to, format+"\n", args...)
	}
}

// limit is n, or no limit where everything is to be shown.
func (p *report) limit(n int) int {
	if p.all {
		return 0
	}
	return n
}

// more says how much of a section is not shown.
func (p *report) more(indent string, n int, what string) {
	if n > 0 {
		p.linef("%s... and %s more%s", indent, number(n), what)
	}
}

// beginPrivileged writes the title of what is privileged, once.
func (p *report) beginPrivileged() {
	if !p.begun {
		p.linef("\nPrivileged access")
	}
	p.begun = true
}

// head says what is compared, and how much changed.
func (p *report) head() {
	d := p.diff
	p.linef("old: %s, %s", terminal.Harmless(d.old.Path), d.old.EndedAt().Format("2006-01-02 15:04 MST"))
	p.linef("new: %s, %s", terminal.Harmless(d.recent.Path), d.recent.EndedAt().Format("2006-01-02 15:04 MST"))
	p.linef("")
	blanks := d.blanks.told()
	for _, u := range d.uncompared {
		p.linef("%s are not compared: only the %s snapshot was made with them.", typeMany(u.Type), u.In)
	}
	for _, blank := range blanks {
		p.linef("%s", terminal.Harmless(blank.words()))
	}
	for _, warning := range d.warnings {
		p.linef("Beware: %s", terminal.Harmless(warning))
	}
	if len(d.uncompared)+len(d.warnings)+len(blanks) > 0 {
		p.linef("")
	}
	if !d.Different() {
		p.linef("No change.")
		return
	}
	types := slices.Collect(maps.Keys(d.summary.Resources))
	sortTypes(types)
	for _, t := range types {
		p.count(typeMany(t), d.summary.Resources[t].words())
	}
	if d.summary.Entitlements.total() > 0 {
		p.count("Entitlements", d.summary.Entitlements.words())
	}
	p.accessCounts()
}

// count writes how much of something changed.
func (p *report) count(what, words string) { p.linef("%-28s %s", what+":", words) }

func (p *report) accessCounts() {
	summary := &p.diff.summary
	counts := &summary.Access
	if p.diff.access.count > 0 {
		if !p.diff.options.DirectOnly {
			p.count("Access", counts.Effective.words())
		}
		p.count("Direct access", counts.Direct.words())
		if counts.Reassigned > 0 {
			p.count("Assignments", number(counts.Reassigned)+" of another kind, or ending at another time")
		}
		if counts.Activated != (AccessCounts{}) {
			p.count("Activated assignments", number(counts.Activated.Gained)+" now, "+number(counts.Activated.Lost)+" ended")
		}
	}
	gained, lost := counts.Privileged.Gained+summary.Consents.Gained, counts.Privileged.Lost+summary.Consents.Lost
	if p.diff.access.count == 0 && summary.Privileged == 0 {
		return
	}
	words := number(gained) + " gained, " + number(lost) + " lost"
	if otherwise := summary.Privileged - gained - lost; otherwise > 0 {
		words += ", " + number(otherwise) + " changed otherwise"
	}
	p.count("Privileged access", words)
}

func (c *Counts) words() string {
	return countWords([]counted{
		{c.Added, "added"}, {c.Removed, "removed"}, {c.Renamed, "renamed"}, {c.Enabled, "enabled"}, {c.Disabled, "disabled"},
		{max(0, c.Changed-c.Renamed-c.Enabled-c.Disabled), "changed otherwise"},
	})
}

func (c *AccessCounts) words() string {
	return number(c.Gained) + " gained, " + number(c.Lost) + " lost"
}
