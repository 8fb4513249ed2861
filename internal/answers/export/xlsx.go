package export

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const (
	// readMe is the first sheet.
	readMe = "Read me first"
	// cellUnits is a little less than what a cell may hold, counted as Excel counts.
	cellUnits = excelize.TotalCellChars - 100
	// cutHere ends what was longer.
	cutHere = " ... (cut: a cell of Excel holds no more)"
)

// The widths of columns, by what they hold.
var widths = map[kind]float64{text: 30, number: 12, moment: 19, flag: 10}

// xlsxSink is a workbook with a sheet for each table, and further ones where a table is
// longer than a sheet.
type xlsxSink struct {
	path   string
	book   *excelize.File
	sheets map[*table]*sheet
	// most is how many rows a sheet may have.
	most            int
	heading, moment int // Styles.
	tables          int
	cells           []any
}

// sheet is the sheet that a table's rows go to.
type sheet struct {
	rows    *excelize.StreamWriter
	number  int // Of the table's sheets.
	written int
}

func newXLSX(path, scratch string, most int) (*xlsxSink, error) {
	if most == 0 {
		most = excelize.TotalRows
	}
	s := &xlsxSink{path: path, book: excelize.NewFile(excelize.Options{TmpDir: scratch}), sheets: map[*table]*sheet{}, most: most}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.discard())
	}
	return s, nil
}

func (s *xlsxSink) begin() error {
	var err error
	if s.heading, err = s.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	form := "yyyy-mm-dd hh:mm:ss"
	if s.moment, err = s.book.NewStyle(&excelize.Style{CustomNumFmt: &form}); err != nil {
		return err
	}
	if err := s.book.SetSheetName("Sheet1", readMe); err != nil {
		return err
	}
	if err := s.explain(); err != nil {
		return err
	}
	for _, t := range tables() {
		if err := s.open(t, 1); err != nil {
			return err
		}
	}
	return s.book.SetDocProps(&excelize.DocProperties{Creator: mark, LastModifiedBy: mark, Title: "A tenant of Microsoft Entra ID"})
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

// open begins a sheet of a table, with its heading.
func (s *xlsxSink) open(t *table, number int) error {
	name := t.name
	if number > 1 {
		name += " " + strconv.Itoa(number)
	}
	if _, err := s.book.NewSheet(name); err != nil {
		return err
	}
	rows, err := s.book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	heading := make([]any, 0, len(t.columns))
	for i, c := range t.columns {
		if err := rows.SetColWidth(i+1, i+1, widths[c.kind]); err != nil {
			return err
		}
		heading = append(heading, excelize.Cell{StyleID: s.heading, Value: c.name})
	}
	s.sheets[t] = &sheet{rows: rows, number: number, written: 1}
	return rows.SetRow("A1", heading)
}

func (s *xlsxSink) row(t *table, values []any) error {
	at := s.sheets[t]
	if at.written == s.most {
		if err := s.close(t); err != nil {
			return err
		}
		if err := s.open(t, at.number+1); err != nil {
			return err
		}
		at = s.sheets[t]
	}
	at.written++
	s.cells = s.cells[:0]
	for _, value := range values {
		s.cells = append(s.cells, s.cell(value))
	}
	return at.rows.SetRow("A"+strconv.Itoa(at.written), s.cells)
}

func (s *xlsxSink) cell(value any) any {
	switch v := value.(type) {
	case string:
		return cut(harmlessCell(v))
	case time.Time:
		if v.Year() < 1900 || v.Year() > 9999 {
			return textOf(v) // Excel knows no such date.
		}
		return excelize.Cell{StyleID: s.moment, Value: v}
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
	at := s.sheets[t]
	if at.written > 1 {
		last, err := excelize.CoordinatesToCellName(len(t.columns), at.written)
		if err != nil {
			return err
		}
		s.tables++
		plain := false
		if err := at.rows.AddTable(&excelize.Table{Range: "A1:" + last, Name: fmt.Sprintf("table_%s_%d", t.name, at.number), ShowRowStripes: &plain}); err != nil {
			return err
		}
	}
	return at.rows.Flush()
}

// finish writes the workbook. The library would pack it in memory first, so it is given
// a packer of its own that packs into the file.
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
	s.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(&interruptible{ctx: ctx, to: file}) })
	_, err = s.book.WriteTo(io.Discard)
	return errors.Join(err, file.Sync(), file.Close())
}

func (s *xlsxSink) discard() error { return s.book.Close() }

// interruptible stops writing when its context ends.
type interruptible struct {
	ctx context.Context //nolint:containedctx // The library takes none.
	to  io.Writer
}

func (w *interruptible) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(p)
}
