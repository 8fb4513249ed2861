package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// MarshalJSON leaves out the numbers that are not a cap's but the tenant's: the
// rows of a collection that ends on its first page, and those of a relation that
// is not cut short.
func (f *FormReport) MarshalJSON() ([]byte, error) {
	type plain FormReport
	shown := plain(*f)
	if shown.Page == CapUnknown || shown.Page == CapAbove {
		shown.Rows = 0
	}
	if shown.Relation != CapLower && shown.Relation != CapGraphs {
		shown.RelationRows = 0
	}
	return json.Marshal(&shown)
}

// WriteJSON writes the report for a program, and for other people.
func (r *FormsReport) WriteJSON(to io.Writer) error {
	return writeJSON(to, r)
}

// WriteText writes the report for a person.
func (r *FormsReport) WriteText(to io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "baton-azure-ad %s, forms of request on %s, cloud %s\n", r.Connector, r.Date, r.Cloud)
	for i := range r.Ladders {
		l := &r.Ladders[i]
		fmt.Fprintf(&b, "\n%s\n", l.title())
		for n := range l.Forms {
			fmt.Fprintf(&b, "  %s\n", strings.TrimRight(l.Forms[n].line(), " "))
		}
		fmt.Fprintf(&b, "  => %s\n", l.Sync)
	}
	fmt.Fprintf(&b, "\n%s\n", r.verdict())
	if _, err := io.WriteString(to, terminal.HarmlessLines(b.String())); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (l *LadderReport) title() string {
	if l.Variant == "" {
		return l.Reading
	}
	return l.Reading + " (" + l.Variant + ")"
}

// line is a form's row of the table.
func (f *FormReport) line() string {
	answer := ""
	if f.Status != 0 {
		answer = strings.TrimSpace(fmt.Sprintf("%d %s", f.Status, f.Code))
	}
	cost := ""
	if f.Outcome != outcomeSame {
		cost = fmt.Sprintf("%d units, %.1f s", f.Units, f.Seconds)
		if f.Slowest > 0 {
			cost += fmt.Sprintf(" (the slowest %.1f s)", f.Slowest)
		}
	}
	parts := []string{cost}
	if page := f.describePage(); page != "" {
		parts = append(parts, page)
	}
	if relation := f.describeRelation(); relation != "" {
		parts = append(parts, relation)
	}
	return fmt.Sprintf("%-13s  %-62s  %-28s  %s", f.Outcome, f.Form, answer, strings.Join(parts, "; "))
}

func (f *FormReport) describePage() string {
	switch f.Page {
	case CapNone:
		return rowsOf(f.Rows) + ", as asked for"
	case CapLower:
		return fmt.Sprintf("capped at %d of the %d rows asked for", f.Rows, f.Asked)
	case CapGraphs:
		return rowsOf(f.Rows) + ", which Graph chose"
	case CapAbove:
		return rowsOf(f.Rows) + " and no more: no cap at 100"
	case CapUnknown:
		return rowsOf(f.Rows) + ", not enough rows to tell"
	case CapMissing:
	}
	return ""
}

func (f *FormReport) describeRelation() string {
	switch f.Relation {
	case CapNone:
		return "relation of " + rowsOf(f.RelationRows) + ", not cut short"
	case CapLower:
		return "relation cut short at " + rowsOf(f.RelationRows)
	case CapGraphs:
		return "relation of " + rowsOf(f.RelationRows) + " on this page"
	case CapUnknown:
		return "relation of " + rowsOf(f.RelationRows) + " at most, not enough rows to tell"
	case CapMissing:
		return "the relation is not in the answer"
	case CapAbove:
	}
	return ""
}

func rowsOf(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// verdict sums up: what a sync would fail on and leave out.
func (r *FormsReport) verdict() string {
	if r.Whole {
		return "A sync finds a form that is answered for everything that could be tried."
	}
	var lines []string
	for _, kind := range []struct {
		verdict Verdict
		word    string
	}{{VerdictFails, "A sync would fail on: "}, {VerdictLeftOut, "A sync would leave out: "}} {
		var names []string
		for i := range r.Ladders {
			if r.Ladders[i].Verdict == kind.verdict {
				names = append(names, r.Ladders[i].title())
			}
		}
		if len(names) > 0 {
			lines = append(lines, kind.word+strings.Join(names, ", "))
		}
	}
	return strings.Join(lines, "\n")
}
