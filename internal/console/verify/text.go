package verify

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// WriteJSON writes the report for programs. It has names and ids of the tenant.
func (r *Report) WriteJSON(to io.Writer) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err = to.Write(append(terminal.HarmlessJSON(raw), '\n'))
	return err
}

// WriteText writes the report for a person.
func (r *Report) WriteText(to io.Writer) error {
	tenant := r.Tenant
	if tenant == "" {
		tenant = "the tenant"
	}
	fmt.Fprintf(to, "%s, as read %s, against the tenant at %s\n\n", terminal.Harmless(tenant), r.ReadAt.Format(time.RFC3339), r.StartedAt.Format(time.RFC3339))
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tasked\tagreed\tchanged\twrong\tuntold\t95 % sure: wrong at most")
	for _, l := range r.Lines {
		if l.Skipped != "" {
			fmt.Fprintf(table, "%s\t-\t\t\t\t\t%s\n", l.Name, l.Skipped)
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", l.Name, l.Asked, l.Agreed, l.Changed, l.Wrong, l.Untold, l.sure())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, d := range r.Differences {
		if i == 0 {
			fmt.Fprintln(to)
		}
		about := d.Subject.Name
		if about != "" {
			about += ": "
		}
		fmt.Fprintf(to, "%s: %s%s\n", d.Verdict, terminal.Harmless(about), terminal.Harmless(d.What))
	}
	_, err := fmt.Fprintf(to, "\n%s\nSeed %s; %d requests, %d resource units, %d refused for load, %.0f s.\n", r.Sentence(), r.Seed, r.Requests, r.Units, r.Refused, r.Took)
	return err
}

// sure is the bound, and what keeps the line from being whole.
func (l *Line) sure() string {
	text := ""
	if l.AtMost != nil {
		text = fmt.Sprintf("%.2f %% of %d", *l.AtMost*100, l.Of)
		if l.drawn >= l.Of {
			text = "all were asked about"
		}
	}
	if l.Short != "" {
		if text != "" {
			text += "; "
		}
		text += l.Short
	}
	return text
}

// Sentence is what it comes to.
func (r *Report) Sentence() string {
	asked := r.asked()
	switch wrong, untold := r.Count(VerdictWrong), r.Count(VerdictUntold); {
	case wrong > 0:
		return fmt.Sprintf("The snapshot is wrong about %d of %d objects that were asked about.", wrong, asked)
	case untold > 0:
		return fmt.Sprintf("The snapshot differs in %d of %d objects that were asked about: %s.", untold, asked, r.Untold)
	case asked == 0:
		return "Nothing could be asked about."
	case r.Count(VerdictChanged) > 0:
		return fmt.Sprintf("The snapshot agrees with the tenant about all %d objects that were asked about, but for %d that have changed since.", asked, r.Count(VerdictChanged))
	default:
		return fmt.Sprintf("The snapshot agrees with the tenant about all %d objects that were asked about.", asked)
	}
}

// Right reports whether something was asked about, nothing of it was wrong, and
// everything that differs could be told.
func (r *Report) Right() bool {
	return r.asked() > 0 && r.Count(VerdictWrong)+r.Count(VerdictUntold) == 0
}

func (r *Report) asked() int {
	sum := 0
	for _, l := range r.Lines {
		sum += l.Asked
	}
	return sum
}
