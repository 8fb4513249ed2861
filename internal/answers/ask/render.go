package ask

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// The forms in which an answer can be written.
const (
	FormatText     = "text"
	FormatCSV      = "csv"
	FormatJSON     = "json"
	FormatMarkdown = "md"
)

// Formats are all of them.
func Formats() []string { return []string{FormatText, FormatCSV, FormatJSON, FormatMarkdown} }

// Write writes an answer in a format. Width is that of the terminal, and 0 for no
// limit; only text for people heeds it.
func (a *Answer) Write(to io.Writer, about *access.About, format string, width int) error {
	var err error
	switch format {
	case FormatCSV:
		err = a.writeCSV(to)
	case FormatJSON:
		err = a.writeJSON(to, about)
	case FormatMarkdown:
		_, err = io.WriteString(to, a.markdown(about))
	default:
		_, err = io.WriteString(to, a.text(about, width))
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// writeCSV writes the rows for a spreadsheet.
func (a *Answer) writeCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	keys := make([]string, 0, len(a.Columns))
	for _, c := range a.Columns {
		keys = append(keys, c.Key)
	}
	if err := w.Write(keys); err != nil {
		return err
	}
	for _, row := range a.Rows {
		cells := make([]string, 0, len(row))
		for _, cell := range row {
			cells = append(cells, terminal.HarmlessField(cell))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// written is an answer in JSON.
type written struct {
	Question  string              `json:"question"`
	Arguments []string            `json:"arguments"`
	Snapshot  snapshotFacts       `json:"snapshot"`
	Answer    string              `json:"answer"`
	Whole     bool                `json:"whole"`
	Gaps      []string            `json:"gaps"`
	Notes     []string            `json:"notes"`
	Rows      []map[string]string `json:"rows"`
}

// snapshotFacts are what the snapshot says of itself.
type snapshotFacts struct {
	Told     bool              `json:"told"`
	Tenant   string            `json:"tenant,omitempty"`
	TenantID string            `json:"tenantId,omitempty"`
	ReadAt   string            `json:"readAt"`
	Build    string            `json:"build,omitempty"`
	LeftOut  map[string]string `json:"leftOut"`
}

func (a *Answer) writeJSON(to io.Writer, about *access.About) error {
	out := written{
		Question: a.Question, Arguments: append([]string{}, a.Arguments...), Answer: a.Headline, Whole: a.Whole(),
		Gaps: append([]string{}, a.Gaps...), Notes: append([]string{}, a.Notes...), Rows: make([]map[string]string, 0, len(a.Rows)),
		Snapshot: snapshotFacts{
			Told: about.Told, Tenant: about.Tenant, TenantID: about.TenantID, ReadAt: readAt(about).Format("2006-01-02T15:04:05Z"), Build: about.Build, LeftOut: about.LeftOut,
		},
	}
	for _, row := range a.Rows {
		cells := make(map[string]string, len(row))
		for i, cell := range row {
			cells[a.Columns[i].Key] = cell
		}
		out.Rows = append(out.Rows, cells)
	}
	raw, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = to.Write(append(terminal.HarmlessJSON(raw), '\n'))
	return err
}

// markdown is an answer as a document.
func (a *Answer) markdown(about *access.About) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n**%s**\n\n", markdownCell(strings.Join(append([]string{a.Question}, a.Arguments...), " ")), markdownCell(headOf(about)), markdownCell(a.Headline))
	for _, gap := range a.Gaps {
		fmt.Fprintf(&b, "> **Not whole:** %s\n\n", markdownCell(gap))
	}
	if shown := a.shown(); len(a.Rows) > 0 {
		var titles, rules []string
		for _, i := range shown {
			titles, rules = append(titles, a.Columns[i].Title), append(rules, "---")
		}
		fmt.Fprintf(&b, "| %s |\n| %s |\n", strings.Join(titles, " | "), strings.Join(rules, " | "))
		for _, row := range a.Rows {
			cells := make([]string, 0, len(shown))
			for _, i := range shown {
				cells = append(cells, markdownCell(row[i]))
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		}
		b.WriteString("\n")
	}
	for _, note := range a.Notes {
		fmt.Fprintf(&b, "- %s\n", markdownCell(note))
	}
	return b.String()
}

// markdownCell is text of which nothing is taken for Markdown or HTML.
func markdownCell(text string) string {
	return markdownMeaning.Replace(terminal.Harmless(text))
}

var markdownMeaning = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "!", `\!`, `\`, `\\`, "#", `\#`,
)
