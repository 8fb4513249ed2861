package workbook

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Layout is how a sheet looks.
type Layout struct {
	// Widths are the columns' in characters.
	Widths []float64
	// FreezeFirst keeps the first row in sight.
	FreezeFirst bool
}

// Heading is a text in bold.
type Heading string

// Sheet is a sheet of a book.
type Sheet struct {
	name string
	book *Book
	file *os.File
	to   *bufio.Writer
	rows int
	// table is the part that makes a table of the rows, and its number in the book;
	// zero without one.
	table       string
	tableNumber int
}

// AddSheet begins a sheet behind the others.
func (b *Book) AddSheet(name string, l Layout) (*Sheet, error) {
	file, err := os.CreateTemp(b.scratch, "sheet")
	if err != nil {
		return nil, fmt.Errorf("making a file for a sheet: %w", err)
	}
	s := &Sheet{name: name, book: b, file: file, to: bufio.NewWriter(file)}
	b.sheets = append(b.sheets, s)
	return s, s.write(declaration, `<worksheet xmlns="`, spreadsheet, `" xmlns:r="`, relationships, `">`, l.view(len(b.sheets) == 1), l.columns(), `<sheetData>`)
}

func (l Layout) view(first bool) string {
	attributes, pane := "", ""
	if first {
		attributes = ` tabSelected="1"`
	}
	if l.FreezeFirst {
		pane = `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>`
	}
	return `<sheetViews><sheetView` + attributes + ` workbookViewId="0">` + pane + `</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`
}

func (l Layout) columns() string {
	if len(l.Widths) == 0 {
		return ""
	}
	var b strings.Builder
	for i, width := range l.Widths {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, width)
	}
	return `<cols>` + b.String() + `</cols>`
}

func (s *Sheet) write(texts ...string) error {
	for _, text := range texts {
		if _, err := s.to.WriteString(text); err != nil {
			return fmt.Errorf("writing a sheet: %w", err)
		}
	}
	return nil
}

// Rows is how many rows were written.
func (s *Sheet) Rows() int { return s.rows }

// Row writes the next row, of strings, Headings, int64, moments in time, and nil for
// nothing.
func (s *Sheet) Row(values ...any) error {
	s.rows++
	number := strconv.Itoa(s.rows)
	err := s.write(`<row r="`, number, `">`)
	for i, value := range values {
		err = errors.Join(err, s.cell(columnName(i)+number, value))
	}
	return errors.Join(err, s.write(`</row>`))
}

func (s *Sheet) cell(at string, value any) error {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return s.text(at, plainStyle, v)
	case Heading:
		return s.text(at, headingStyle, string(v))
	case int64:
		return s.write(`<c r="`, at, `"><v>`, strconv.FormatInt(v, 10), `</v></c>`)
	case time.Time:
		return s.write(`<c r="`, at, `" s="`, momentStyle, `"><v>`, strconv.FormatFloat(serial(v), 'f', -1, 64), `</v></c>`)
	default:
		return fmt.Errorf("a cell cannot hold a %T", value)
	}
}

func (s *Sheet) text(at, style, text string) error {
	if text == "" {
		return nil
	}
	return s.write(`<c r="`, at, `" s="`, style, `" t="inlineStr"><is><t xml:space="preserve">`, escaped(text), `</t></is></c>`)
}

// serial is a moment as Excel counts: days since the last but one day of 1899. Before
// March of 1900 Excel counts a day that never was.
func serial(t time.Time) float64 {
	const day = 24 * time.Hour
	began := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	since := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC).Unix() - began.Unix()
	return float64(since) / day.Seconds()
}

// IsMoment reports whether Excel knows the moment.
func IsMoment(t time.Time) bool {
	return !t.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, t.Location())) && t.Year() <= 9999
}

// End ends the sheet. With headings, its rows become a table of that name, whose first
// row they are and which has a filter in each; a table needs a second row.
func (s *Sheet) End(table string, headings ...string) error {
	end := `</sheetData>`
	if len(headings) > 0 && s.rows > 1 {
		s.book.tables++
		s.tableNumber = s.book.tables
		s.table = tablePart(s.tableNumber, table, "A1:"+columnName(len(headings)-1)+strconv.Itoa(s.rows), headings)
		end += `<tableParts count="1"><tablePart r:id="rId1"/></tableParts>`
	}
	if err := s.write(end, `</worksheet>`); err != nil {
		return err
	}
	if err := s.to.Flush(); err != nil {
		return fmt.Errorf("writing a sheet: %w", err)
	}
	return nil
}

// pack packs the sheet, which is the book's so manieth.
func (s *Sheet) pack(packed *zip.Writer, number int) error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading a sheet: %w", err)
	}
	if err := pack(packed, fmt.Sprintf("xl/worksheets/sheet%d.xml", number), s.file); err != nil || s.table == "" {
		return err
	}
	table := fmt.Sprintf("table%d.xml", s.tableNumber)
	related := relations(relation{"table", "../tables/" + table})
	err := pack(packed, fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", number), strings.NewReader(declaration+related))
	return errors.Join(err, pack(packed, "xl/tables/"+table, strings.NewReader(declaration+s.table)))
}

func (s *Sheet) close() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }

// columnName is the name of a column, of which the first is 0: A to Z, AA and so on.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
