// Package workbook writes workbooks for Excel: sheets of texts, numbers and times, with
// headings that filter. It knows of Office Open XML (ECMA-376, part 1,
// https://ecma-international.org/publications-and-standards/standards/ecma-376/) what
// that takes and nothing else; the libraries that know the rest make the program a
// third larger. Rows go to a file of their own sheet, so that long sheets take no
// memory and several can be written in turn.
package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What Excel allows
// (https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3).
const (
	// MaxRows is how many rows a sheet has.
	MaxRows = 1_048_576
	// MaxUnits is how many UTF-16 units a cell holds.
	MaxUnits = 32_767
)

// Book is a workbook in the making.
type Book struct {
	scratch string
	sheets  []*Sheet
	tables  int
}

// New returns a book without sheets, whose rows wait in files of the folder scratch.
func New(scratch string) *Book { return &Book{scratch: scratch} }

// Write writes the book, whose sheets have ended.
func (b *Book) Write(to io.Writer, author, title string) error {
	packed := zip.NewWriter(to)
	for _, p := range b.parts(author, title) {
		if err := pack(packed, p.name, strings.NewReader(declaration+p.content)); err != nil {
			return err
		}
	}
	for i, s := range b.sheets {
		if err := s.pack(packed, i+1); err != nil {
			return err
		}
	}
	return packed.Close()
}

// Close removes what waits in files.
func (b *Book) Close() error {
	var errs []error
	for _, s := range b.sheets {
		errs = append(errs, s.close())
	}
	b.sheets = nil
	return errors.Join(errs...)
}

func pack(packed *zip.Writer, name string, content io.Reader) error {
	part, err := packed.Create(name)
	if err != nil {
		return fmt.Errorf("packing %s: %w", name, err)
	}
	if _, err := io.Copy(part, content); err != nil {
		return fmt.Errorf("packing %s: %w", name, err)
	}
	return nil
}
