package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/conductorone/baton-azure-ad/internal/answers/export/workbook"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const (
	// readMe is the first sheet.
	readMe = "Read me first"
	// cellUnits is a little less than what a cell may hold, counted as Excel counts.
	cellUnits = workbook.MaxUnits - 100
	// cutHere ends what was longer.
	cutHere = " ... (cut: a cell of Excel holds no more)"
)

// The widths of columns, by what they hold.
var widths = map[kind]float64{text: 30, number: 12, moment: 19, flag: 10}

// xlsxSink is a workbook with a sheet for each table, and further ones where a table is
// longer than a sheet.
type xlsxSink struct {
	path   string
	book   *workbook.Book
	sheets map[*table]*sheet
	// most is how many rows a sheet may have.
	most  int
	cells []any
}

// sheet is the sheet that a table's rows go to.
type sheet struct {
	*workbook.Sheet
	number int // Of the table's sheets.
}

func newXLSX(path, scratch string, most int) (*xlsxSink, error) {
	if most == 0 {
		most = workbook.MaxRows
	}
	s := &xlsxSink{path: path, book: workbook.New(scratch), sheets: map[*table]*sheet{}, most: most}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.discard())
	}
	return s, nil
}

func (s *xlsxSink) begin() error {
	if err := s.explain(); err != nil {
		return err
	}
	for _, t := range tables() {
		if err := s.open(t, 1); err != nil {
			return err
		}
	}
	return nil
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

// open begins a sheet of a table, with its heading.
func (s *xlsxSink) open(t *table, number int) error {
	name := t.name
	if number > 1 {
		name += " " + strconv.Itoa(number)
	}
	layout := workbook.Layout{FreezeFirst: true}
	heading := make([]any, 0, len(t.columns))
	for _, c := range t.columns {
		layout.Widths = append(layout.Widths, widths[c.kind])
		heading = append(heading, workbook.Heading(c.name))
	}
	rows, err := s.book.AddSheet(name, layout)
	if err != nil {
		return err
	}
	s.sheets[t] = &sheet{rows, number}
	return rows.Row(heading...)
}

func (s *xlsxSink) row(t *table, values []any) error {
	if at := s.sheets[t]; at.Rows() == s.most {
		if err := s.close(t); err != nil {
			return err
		}
		if err := s.open(t, at.number+1); err != nil {
			return err
		}
	}
	s.cells = s.cells[:0]
	for _, value := range values {
		s.cells = append(s.cells, cellOf(value))
	}
	return s.sheets[t].Row(s.cells...)
}

func cellOf(value any) any {
	switch v := value.(type) {
	case string:
		return cut(terminal.HarmlessCell(v))
	case time.Time:
		if !workbook.IsMoment(v) {
			return textOf(v)
		}
		return v
	default:
		return value
	}
}

// cut shortens what no cell can hold.
func cut(s string) string {
	if len(s) <= cellUnits {
		return s
	}
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > cellUnits-len(cutHere) {
			return s[:i] + cutHere
		}
	}
	return s
}

// close ends a sheet: its rows become a table of Excel's, with a filter in each heading.
func (s *xlsxSink) close(t *table) error {
	headings := make([]string, 0, len(t.columns))
	for _, c := range t.columns {
		headings = append(headings, c.name)
	}
	at := s.sheets[t]
	return at.End(fmt.Sprintf("table_%s_%d", t.name, at.number), headings...)
}

// finish writes the workbook.
func (s *xlsxSink) finish(ctx context.Context) error {
	for _, t := range tables() {
		if err := s.close(t); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(s.path, os.O_WRONLY|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	err = s.book.Write(&interruptible{ctx: ctx, to: file}, mark, "A tenant of Microsoft Entra ID")
	return errors.Join(err, file.Sync(), file.Close())
}

func (s *xlsxSink) discard() error { return s.book.Close() }

// interruptible stops writing when its context ends.
type interruptible struct {
	ctx context.Context //nolint:containedctx // A writer is given none.
	to  io.Writer
}

func (w *interruptible) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(p)
}
