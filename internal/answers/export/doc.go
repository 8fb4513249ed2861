// Package export writes a snapshot as tables for the tools that people have: a SQLite
// database, a workbook for Excel, or a folder of CSV files. The tables explain
// themselves: each column's meaning is in the export, and so are questions to begin
// with. Rows go from the snapshot to the file one by one, so memory does not grow with
// the memberships; of the objects only names are held.
package export

import (
	"context"
	"path/filepath"
	"strings"
)

// Format is what an export is written as.
type Format string

// The formats.
const (
	SQLite Format = "sqlite"
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
)

// Formats are all formats.
func Formats() []Format { return []Format{SQLite, CSV, XLSX} }

// mark is how an export says that it is one, in the form that each format has for it.
const mark = "baton-azure-ad export"

// fileMode is that of everything written: the directory is not for other users of the
// machine.
const fileMode = 0o600

// DefaultPath is where an export of a snapshot goes if nothing else is said: beside it.
func DefaultPath(snapshot string, format Format) string {
	base := strings.TrimSuffix(snapshot, filepath.Ext(snapshot))
	if format == CSV {
		return base + "-csv"
	}
	return base + "." + string(format)
}

// Options say what is written where.
type Options struct {
	Format Format
	// Out is the file or, for CSV, the folder. It appears when it is complete. What is
	// there and is no export is not replaced.
	Out string
	// Scratch is a folder for temporary files; the system's if it is empty.
	Scratch string
	// Build is the version of this program, which the export names.
	Build string
	// SheetRows is how many rows a sheet may have, its heading included; 0 is what Excel
	// allows.
	SheetRows int
}

// Count is how many rows a table has.
type Count struct {
	Table string
	Rows  int64
}

// Result is what was written.
type Result struct {
	Path   string
	Counts []Count
}

// sink is an export while it is written.
type sink interface {
	// row adds a row to a table. The values are those of its columns: nil, a text, a
	// whole number or a time.
	row(t *table, values []any) error
	// finish makes the export complete on disk.
	finish(ctx context.Context) error
	// discard gives up what is open. It may be called after finish, too.
	discard() error
}
