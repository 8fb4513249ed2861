package snapshotdiff

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

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

// WriteText writes a report for people: bounded, unless all of it is asked for.
func (d *Diff) WriteText(ctx context.Context, to io.Writer, all bool) error {
	p := &report{diff: d, all: all, to: bufio.NewWriterSize(to, 64<<10)}
	p.head()
	if d.Different() {
		for _, section := range []func(context.Context) error{p.privileged, p.privilegedConsents, p.resources, p.entitlements, p.access} {
			if err := section(ctx); err != nil {
				return err
			}
			if p.err != nil {
				break
			}
		}
	}
	if p.err == nil {
		p.err = p.to.Flush()
	}
	if p.err != nil {
		return fmt.Errorf("writing the comparison: %w", p.err)
	}
	return nil
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

type counted struct {
	n    int
	what string
}

func countWords(counts []counted) string {
	var words []string
	for _, c := range counts {
		if c.n > 0 {
			words = append(words, number(c.n)+" "+c.what)
		}
	}
	return strings.Join(words, ", ")
}

// number is a count with its thousands set apart.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// resources lists the objects that changed, type by type.
func (p *report) resources(ctx context.Context) error {
	section, shown := "", 0
	total := 0
	for row, err := range p.diff.resourceChanges(ctx) {
		if err != nil {
			return err
		}
		change, ok := row.(*ResourceChange)
		if !ok || change.ToldBy != "" || change.Privileged {
			continue
		}
		if change.Type != section {
			p.more("  ", total-shown, "")
			section, shown, total = change.Type, 0, p.diff.shown[change.Type]
			p.linef("\n%s", typeMany(section))
		}
		if limit := p.limit(rowsShown); limit > 0 && shown == limit {
			continue
		}
		shown++
		p.linef("  %s", resourceLine(change))
	}
	p.more("  ", total-shown, "")
	return nil
}

func resourceLine(c *ResourceChange) string {
	line := sign(c.Change) + " " + fullName(c.Object)
	switch {
	case c.Client != nil:
		line = sign(c.Change) + " " + fullName(*c.Client) + ": " + short(strings.TrimPrefix(cmp.Or(c.Name, c.ID), c.Client.Name+": "))
	case c.Parent != nil:
		line += " of " + fullName(*c.Parent)
	}
	return line + fieldWords(c.Fields)
}

func sign(change string) string {
	switch change {
	case kindAdded, accessGained:
		return "+"
	case kindRemoved, accessLost:
		return "-"
	default:
		return "~"
	}
}

func fieldWords(fields []FieldChange) string {
	var words []string
	for _, f := range fields {
		switch f.Field {
		case fieldName:
			words = append(words, `renamed, was "`+short(f.Old)+`"`)
		case fieldScope:
			words = append(words, scopeWords(f))
		case fieldLogin:
			words = append(words, "signs in as "+short(f.New)+", was "+short(f.Old))
		default:
			words = append(words, short(f.New)+", was "+short(f.Old))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + strings.Join(words, "; ")
}

// scopeWords tell which scopes a consent has now that it had not, and the other way round.
func scopeWords(f FieldChange) string {
	was, is := strings.Fields(f.Old), strings.Fields(f.New)
	var words []string
	for _, scope := range is {
		if !slices.Contains(was, scope) {
			words = append(words, "+"+short(scope))
		}
	}
	for _, scope := range was {
		if !slices.Contains(is, scope) {
			words = append(words, "-"+short(scope))
		}
	}
	return strings.Join(words, " ")
}

// entitlements lists the app roles and the like that changed.
func (p *report) entitlements(ctx context.Context) error {
	total, shown := p.diff.summary.Entitlements.total(), 0
	if total > 0 {
		p.linef("\nEntitlements")
	}
	for row, err := range p.diff.entitlementChanges(ctx) {
		if err != nil {
			return err
		}
		change, ok := row.(*EntitlementChange)
		if !ok {
			continue
		}
		if limit := p.limit(rowsShown); limit > 0 && shown == limit {
			break
		}
		shown++
		p.linef("  %s %s: %s%s", sign(change.Change), fullName(change.Resource), entitlementName(change.Entitlement), fieldWords(change.Fields))
	}
	p.more("  ", total-shown, "")
	return nil
}
