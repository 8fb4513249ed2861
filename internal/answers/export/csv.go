package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const (
	// byteOrderMark tells Excel that a file is UTF-8. Without it Excel takes names with
	// accents apart; databases and most libraries leave it out by themselves.
	byteOrderMark = "\ufeff"
	csvSuffix     = ".csv"
	// explanation is the page that explains the files, and by which a folder is known to
	// be an export.
	explanation = "SCHEMA.md"
	// pageMark is its first line.
	pageMark    = "<!-- " + mark + " -->\n"
	bufferBytes = 1 << 16
)

// csvSink is a folder with a file for each table.
type csvSink struct {
	dir    string
	files  map[*table]*csvFile
	fields []string
}

type csvFile struct {
	file   *os.File
	buffer *bufio.Writer
	rows   *csv.Writer
}

func newCSV(dir string) (*csvSink, error) {
	s := &csvSink{dir: dir, files: map[*table]*csvFile{}}
	for _, t := range tables() {
		if err := s.begin(t); err != nil {
			return nil, errors.Join(err, s.discard())
		}
	}
	return s, nil
}

func (s *csvSink) begin(t *table) error {
	file, err := os.OpenFile(filepath.Join(s.dir, t.name+csvSuffix), os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	f := &csvFile{file: file, buffer: bufio.NewWriterSize(file, bufferBytes)}
	f.rows = csv.NewWriter(f.buffer)
	s.files[t] = f
	if _, err := f.buffer.WriteString(byteOrderMark); err != nil {
		return err
	}
	s.fields = s.fields[:0]
	for _, c := range t.columns {
		s.fields = append(s.fields, c.name)
	}
	return f.rows.Write(s.fields)
}

func (s *csvSink) row(t *table, values []any) error {
	s.fields = s.fields[:0]
	for _, value := range values {
		if v, isText := value.(string); isText {
			s.fields = append(s.fields, terminal.HarmlessField(v))
			continue
		}
		s.fields = append(s.fields, textOf(value))
	}
	return s.files[t].rows.Write(s.fields)
}

func (s *csvSink) finish(context.Context) error {
	for _, f := range s.files {
		f.rows.Flush()
		if err := errors.Join(f.rows.Error(), f.buffer.Flush(), f.file.Sync()); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(s.dir, explanation), []byte(schemaPage()), fileMode)
}

func (s *csvSink) discard() error {
	var err error
	for t, f := range s.files {
		err = errors.Join(err, f.file.Close())
		delete(s.files, t)
	}
	return err
}

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
