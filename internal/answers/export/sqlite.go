package export

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // The driver "sqlite", which the SDK links.
)

// applicationID says in the head of a database that it is an export: SQLite keeps it for
// that, and never changes it.
const applicationID = 0x62616164 // "baad": Baton, Azure AD.

// Where a database's head has the id.
const (
	sqliteMagic   = "SQLite format 3\x00"
	applicationAt = 68
)

func isSQLiteExport(head []byte) bool {
	return len(head) >= applicationAt+4 && strings.HasPrefix(string(head), sqliteMagic) &&
		binary.BigEndian.Uint32(head[applicationAt:]) == applicationID
}

// loading are the settings of a database that nobody reads until it is complete: no
// journal beside it, no waiting for the disk, 32 MiB of pages in memory.
var loading = []string{
	"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA cache_size = -32768",
	fmt.Sprintf("PRAGMA application_id = %d", applicationID),
}

// indexes are what joins and look-ups of one object use.
var indexes = []string{
	"CREATE INDEX principals_by_id ON principals (id)",
	"CREATE INDEX resources_by_id ON resources (id)",
	"CREATE INDEX entitlements_by_id ON entitlements (id)",
	"CREATE INDEX access_by_principal ON access (principal_id)",
	"CREATE INDEX access_by_resource ON access (resource_id)",
}

// sqliteSink is a SQLite database.
type sqliteSink struct {
	db      *sql.DB
	tx      *sql.Tx
	inserts map[*table]*sql.Stmt
	args    []any
}

func newSQLite(ctx context.Context, path string) (*sqliteSink, error) {
	db, err := sql.Open("sqlite", sqliteURI(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // The settings are the connection's.
	s := &sqliteSink{db: db, inserts: map[*table]*sql.Stmt{}}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.discard())
	}
	return s, nil
}

// sqliteURI names a file whose path may have characters that mean something in a URI.
func sqliteURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // A drive letter of Windows.
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String()
}

func (s *sqliteSink) begin(ctx context.Context) error {
	for _, setting := range loading {
		if _, err := s.db.ExecContext(ctx, setting); err != nil {
			return err
		}
	}
	// The driver would start a goroutine for each row to watch for the end; the rows
	// themselves end with ctx.
	patient := context.WithoutCancel(ctx)
	var err error
	if s.tx, err = s.db.BeginTx(patient, nil); err != nil {
		return err
	}
	for _, t := range tables() {
		if _, err := s.tx.ExecContext(ctx, createTable(t)); err != nil {
			return err
		}
		insert := "INSERT INTO " + t.name + " VALUES (?" + strings.Repeat(", ?", len(t.columns)-1) + ")" //nolint:gosec // The names are ours.
		if s.inserts[t], err = s.tx.PrepareContext(patient, insert); err != nil {
			return err
		}
	}
	return nil
}

// createTable keeps the meaning of the columns in the statement, where
// "SELECT sql FROM sqlite_schema" and every tool that shows a table's definition has it.
func createTable(t *table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s ( -- %s\n", t.name, t.about)
	for i, c := range t.columns {
		kind, comma := "TEXT", ","
		if c.kind == number {
			kind = "INTEGER"
		}
		if i == len(t.columns)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "  %s %s%s -- %s\n", c.name, kind, comma, c.about)
	}
	b.WriteString(")")
	return b.String()
}

func (s *sqliteSink) row(t *table, values []any) error {
	s.args = s.args[:0]
	for _, value := range values {
		switch value.(type) {
		case nil, string, int64:
			s.args = append(s.args, value)
		default:
			s.args = append(s.args, textOf(value))
		}
	}
	_, err := s.inserts[t].ExecContext(context.Background(), s.args...)
	return err
}

func (s *sqliteSink) finish(ctx context.Context) error {
	if err := s.explain(ctx); err != nil {
		return err
	}
	for _, index := range indexes {
		if _, err := s.tx.ExecContext(ctx, index); err != nil {
			return err
		}
	}
	if err := s.tx.Commit(); err != nil {
		return err
	}
	s.tx = nil
	return s.discard()
}

// explain writes what explains the tables: their columns, and questions to begin with.
func (s *sqliteSink) explain(ctx context.Context) error {
	var err error
	run := func(statement string, args ...any) {
		if err == nil {
			_, err = s.tx.ExecContext(ctx, statement, args...)
		}
	}
	run("CREATE TABLE schema (table_name TEXT, column_name TEXT, holds TEXT, meaning TEXT)")
	for _, line := range howToRead {
		run("INSERT INTO schema (meaning) VALUES (?)", line)
	}
	for _, t := range tables() {
		run("INSERT INTO schema (table_name, meaning) VALUES (?, ?)", t.name, t.about)
		for _, c := range t.columns {
			run("INSERT INTO schema VALUES (?, ?, ?, ?)", t.name, c.name, c.kind.String(), c.about)
		}
	}
	run("CREATE TABLE examples (name TEXT, question TEXT, sql TEXT)")
	for _, e := range examples {
		run("INSERT INTO examples VALUES (?, ?, ?)", e.name, e.question, e.sql)
		run("CREATE VIEW " + e.name + " AS " + e.sql)
	}
	return err
}

func (s *sqliteSink) discard() error {
	var err error
	if s.tx != nil {
		err = s.tx.Rollback()
		s.tx = nil
	}
	return errors.Join(err, s.db.Close())
}
