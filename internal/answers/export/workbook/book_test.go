package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

var moment = time.Date(2026, 11, 1, 7, 0, 1, 0, time.UTC)

// example is a book with a sheet of each sort.
func example(t *testing.T, texts ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	book := New(dir)
	first, err := book.AddSheet("Read & me", Layout{Widths: []float64{22.5}})
	require.NoError(t, err)
	second, err := book.AddSheet("rows", Layout{Widths: []float64{12, 19}, FreezeFirst: true})
	require.NoError(t, err)
	empty, err := book.AddSheet("none", Layout{})
	require.NoError(t, err)
	require.NoError(t, second.Row(Heading("number"), Heading("a <moment>")))
	require.NoError(t, first.Row(Heading("how to read")))
	require.NoError(t, second.Row(int64(-42), moment))
	for _, text := range texts {
		require.NoError(t, first.Row(nil, text))
	}
	require.NoError(t, empty.Row(Heading("alone")))
	require.NoError(t, first.End(""))
	require.NoError(t, second.End("table_rows", "number", "a <moment>"))
	require.NoError(t, empty.End("table_none", "alone"))
	var written bytes.Buffer
	require.NoError(t, book.Write(&written, "somebody", "A title"))
	require.NoError(t, book.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	return written.Bytes()
}

func TestBookIsReadAsItWasWritten(t *testing.T) {
	texts := []string{" a ", "a\nb", "<&>\"'", "_x0041_x0042_", "_x005F_", "_x_", "ü😀", strings.Repeat("x", MaxUnits)}
	file, err := excelize.OpenReader(bytes.NewReader(example(t, texts...)))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.Equal(t, []string{"Read & me", "rows", "none"}, file.GetSheetList())
	for i, want := range texts {
		cell, err := excelize.CoordinatesToCellName(2, i+2)
		require.NoError(t, err)
		got, err := file.GetCellValue("Read & me", cell)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	rows, err := file.GetRows("rows")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"number", "a <moment>"}, {"-42", "2026-11-01 07:00:01"}}, rows)
	kind, err := file.GetCellType("rows", "A2")
	require.NoError(t, err)
	require.Equal(t, excelize.CellTypeUnset, kind, "a number, which is what a cell without a type holds")
	made, err := file.GetTables("rows")
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.Equal(t, "A1:B2", made[0].Range)
	made, err = file.GetTables("none")
	require.NoError(t, err)
	require.Empty(t, made, "Excel repairs a book with a table that has no row")
	width, err := file.GetColWidth("rows", "B")
	require.NoError(t, err)
	require.InDelta(t, 19, width, 0)
	panes, err := file.GetPanes("rows")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	properties, err := file.GetDocProps()
	require.NoError(t, err)
	require.Equal(t, []string{"somebody", "somebody", "A title"}, []string{properties.Creator, properties.LastModifiedBy, properties.Title})
}

// Excel offers to repair a book with a part that nothing declares, or that is not there.
func TestEveryPartIsXMLAndDeclaredAndReferredTo(t *testing.T) {
	written := example(t, "\x00\x1b\xff")
	packed, err := zip.NewReader(bytes.NewReader(written), int64(len(written)))
	require.NoError(t, err)
	parts := map[string]string{}
	for _, f := range packed.File {
		part, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(part)
		require.NoError(t, err)
		parts[f.Name] = string(content)
		for decoder := xml.NewDecoder(bytes.NewReader(content)); ; {
			if _, err = decoder.Token(); err != nil {
				break
			}
		}
		require.ErrorIs(t, err, io.EOF, f.Name)
	}
	require.Len(t, parts, 11)
	for name := range parts {
		short := name[strings.LastIndex(name, "/")+1:]
		switch {
		case name == "[Content_Types].xml" || strings.HasSuffix(name, ".rels"):
			continue
		default:
			require.Contains(t, parts["[Content_Types].xml"], `PartName="/`+name+`"`)
		}
		referred := false
		for other, content := range parts {
			referred = referred || strings.HasSuffix(other, ".rels") && strings.Contains(content, short+`"`)
		}
		require.True(t, referred, name)
	}
}

func TestColumnsHaveTheNamesOfExcel(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16_383: "XFD"} {
		require.Equal(t, want, columnName(i))
	}
}

func TestMomentsAreCountedAsExcelCounts(t *testing.T) {
	require.InDelta(t, 46327.29167824, serial(moment), 1e-8)
	require.InDelta(t, 61, serial(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)), 0)
	require.False(t, IsMoment(time.Date(1900, 2, 28, 0, 0, 0, 0, time.UTC)))
	require.False(t, IsMoment(time.Time{}))
	require.False(t, IsMoment(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)))
}

func TestWhatNoCellHoldsAndFullDisksAreErrors(t *testing.T) {
	book := New(t.TempDir())
	sheet, err := book.AddSheet("rows", Layout{})
	require.NoError(t, err)
	require.ErrorContains(t, sheet.Row([]string{"a"}), "a cell cannot hold a []string")
	require.NoError(t, sheet.End(""))
	require.Error(t, book.Write(fullDisk{}, "", ""))
	require.NoError(t, book.Close())
	_, err = New("/nowhere/at/all").AddSheet("rows", Layout{})
	require.Error(t, err)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }
