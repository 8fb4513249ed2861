package ask

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const (
	columnGap = "  "
	// widest is how much of a cell people see; CSV and JSON have all of it.
	widest = 96
)

// shortened is a cell as people see it.
func shortened(cell string) string {
	if utf8.RuneCountInString(cell) <= widest {
		return cell
	}
	return string([]rune(cell)[:widest-1]) + "…"
}

// readAt is when the tenant was read: the beginning of the sync, or its end where the
// snapshot does not tell the beginning.
func readAt(about *access.About) time.Time {
	if !about.ReadAt.IsZero() {
		return about.ReadAt.UTC()
	}
	return about.EndedAt
}

// headOf is what every answer says first: of which tenant, and of when.
func headOf(about *access.About) string {
	when := readAt(about).Format("2006-01-02 15:04 MST")
	if !about.Told {
		return "Read until " + when + ". The snapshot does not say of which tenant it is, nor what was read."
	}
	head := about.Tenant
	if len(about.Domains) > 0 && about.Domains[0] != about.Tenant {
		head += " (" + about.Domains[0] + ")"
	}
	return head + ", read " + when
}

// shown are the columns for people.
func (a *Answer) shown() []int {
	var shown []int
	for i, c := range a.Columns {
		if !c.Detail {
			shown = append(shown, i)
		}
	}
	return shown
}

// text is an answer for a terminal: a table where that fits, else a block a row.
func (a *Answer) text(about *access.About, width int) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(folded(terminal.Harmless(text), width) + "\n") }
	line(headOf(about))
	for _, gap := range a.Gaps {
		line("Not whole: " + gap + ".")
	}
	b.WriteString("\n")
	line(a.Headline)
	if len(a.Rows) > 0 {
		b.WriteString("\n")
		a.table(&b, width)
	}
	if len(a.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range a.Notes {
		line("Note: " + note + ".")
	}
	return b.String()
}

// table writes the rows under their titles. Columns in which no row has anything are
// left out.
func (a *Answer) table(b *strings.Builder, width int) {
	shown := slices.DeleteFunc(a.shown(), func(i int) bool {
		return !slices.ContainsFunc(a.Rows, func(row []string) bool { return row[i] != "" })
	})
	rows := make([][]string, 0, len(a.Rows)+1)
	titles := make([]string, 0, len(shown))
	for _, i := range shown {
		titles = append(titles, a.Columns[i].Title)
	}
	rows = append(rows, titles)
	for _, row := range a.Rows {
		cells := make([]string, 0, len(shown))
		for _, i := range shown {
			cell := terminal.Harmless(row[i])
			if !a.Columns[i].Long {
				cell = shortened(cell)
			}
			cells = append(cells, cell)
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(shown))
	total := -len(columnGap)
	for i := range shown {
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += widths[i] + len(columnGap)
	}
	long := slices.ContainsFunc(shown, func(i int) bool { return a.Columns[i].Long })
	if long || width > 0 && total > width {
		blocks(b, rows, width)
		return
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + columnGap)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// blocks writes each row as its first cell and, below it, the others under their
// titles.
func blocks(b *strings.Builder, rows [][]string, width int) {
	titles := rows[0]
	for _, row := range rows[1:] {
		b.WriteString(folded(row[0], width) + "\n")
		for i, cell := range row[1:] {
			if cell != "" {
				b.WriteString("  " + strings.ReplaceAll(folded(fmt.Sprintf("%s: %s", strings.ToLower(titles[i+1]), cell), width-4), "\n", "\n    ") + "\n")
			}
		}
	}
}

// folded breaks a line at spaces, so that it fits a width as far as its words do.
func folded(text string, width int) string {
	if width <= 0 || utf8.RuneCountInString(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	for i, word := range strings.Split(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n")
			used = 0
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}
