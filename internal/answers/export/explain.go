package export

import (
	"errors"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/export/workbook"
)

// pageMark is the first line of the page in a folder of CSV files.
const pageMark = "<!-- " + mark + " -->\n"

// schemaPage explains a folder of CSV files.
func schemaPage() string {
	var b strings.Builder
	b.WriteString(pageMark)
	b.WriteString("# The tables of this folder\n\n")
	for _, line := range howToRead {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	b.WriteString("- The files are UTF-8 and begin with a byte order mark, as Excel wants it. A text that a spreadsheet would take for a formula has an apostrophe in front.\n")
	for _, t := range tables() {
		fmt.Fprintf(&b, "\n## %s%s\n\n%s\n\n| column | holds | meaning |\n|---|---|---|\n", t.name, csvSuffix, t.about)
		for _, c := range t.columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.name, c.kind, c.about)
		}
	}
	b.WriteString("\n## Questions\n\nFor a database that has read the files, each as a table of its name.\n")
	for _, e := range examples {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n```sql\n%s;\n```\n", e.name, e.question, e.sql)
	}
	return b.String()
}

// explain fills the first sheet.
func (s *xlsxSink) explain() error {
	rows, err := s.book.AddSheet(readMe, workbook.Layout{Widths: []float64{22, 24, 14, 120}})
	if err != nil {
		return err
	}
	line := func(bold bool, texts ...string) {
		cells := make([]any, len(texts))
		for i, text := range texts {
			if cells[i] = text; bold {
				cells[i] = workbook.Heading(text)
			}
		}
		err = errors.Join(err, rows.Row(cells...))
	}
	for _, text := range howToRead {
		line(false, text)
	}
	line(false, "A text that Excel would take for a formula has an apostrophe in front. Tables longer than a sheet go on in a further one.")
	line(true)
	line(true, "sheet", "column", "holds", "meaning")
	for _, t := range tables() {
		line(true, t.name, "", "", t.about)
		for _, c := range t.columns {
			line(false, t.name, c.name, c.kind.String(), c.about)
		}
	}
	line(true)
	line(true, "question", "", "", `in SQL, for an export with "--format sqlite"`)
	for _, e := range examples {
		line(false, e.question, "", "", strings.ReplaceAll(e.sql, "\n", " "))
	}
	return errors.Join(err, rows.End(""))
}
