package export

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
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
	rows, err := s.book.NewStreamWriter(readMe)
	if err != nil {
		return err
	}
	for i, width := range []float64{22, 24, 14, 120} {
		if err := rows.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	at := 0
	line := func(style int, texts ...string) {
		at++
		cells := make([]any, len(texts))
		for i := range texts {
			cells[i] = excelize.Cell{StyleID: style, Value: texts[i]}
		}
		if err == nil {
			err = rows.SetRow(fmt.Sprintf("A%d", at), cells)
		}
	}
	for _, text := range howToRead {
		line(0, text)
	}
	line(0, "A text that Excel would take for a formula has an apostrophe in front. Tables longer than a sheet go on in a further one.")
	line(s.heading)
	line(s.heading, "sheet", "column", "holds", "meaning")
	for _, t := range tables() {
		line(s.heading, t.name, "", "", t.about)
		for _, c := range t.columns {
			line(0, t.name, c.name, c.kind.String(), c.about)
		}
	}
	line(s.heading)
	line(s.heading, "question", "", "", `in SQL, for an export with "--format sqlite"`)
	for _, e := range examples {
		line(0, e.question, "", "", strings.ReplaceAll(e.sql, "\n", " "))
	}
	if err != nil {
		return err
	}
	return rows.Flush()
}
