package export

import "time"

// kind is what a column holds.
type kind int

const (
	text kind = iota
	number
	moment
	// flag columns hold yes or no: words that a filter of a spreadsheet shows, and the
	// same in every format.
	flag
)

// What several tables have.
const (
	columnName        = "name"
	columnKind        = "kind"
	columnDetails     = "details"
	columnDescription = "description"
	aboutName         = "The display name."
	aboutDescription  = "The description."
)

// What a flag column holds. Nothing means that the snapshot does not tell.
const (
	yes = "yes"
	no  = "no"
)

// momentForm is how times are written: always UTC, in the form that SQLite's own
// functions give, so that they compare as texts, and that spreadsheets read as dates.
const momentForm = "2006-01-02 15:04:05"

func (k kind) String() string {
	switch k {
	case number:
		return "number"
	case moment:
		return "time (UTC)"
	case flag:
		return "yes/no"
	default:
		return "text"
	}
}

// column is a column of a table, with what it means.
type column struct {
	name  string
	kind  kind
	about string
}

// table is a table of the export.
type table struct {
	name    string
	about   string
	columns []column
}

// field is a column together with where its value comes from, so that no value can
// land under another column's name.
type field[T any] struct {
	name  string
	kind  kind
	about string
	of    func(T) any
}

// tableOf is a table whose rows are made of values of one type.
type tableOf[T any] struct {
	table
	fields []field[T]
}

func newTable[T any](name, about string, fields ...field[T]) *tableOf[T] {
	t := &tableOf[T]{table: table{name: name, about: about}, fields: fields}
	for _, f := range fields {
		t.columns = append(t.columns, column{name: f.name, kind: f.kind, about: f.about})
	}
	return t
}

// values fills a row. What is empty is nil.
func (t *tableOf[T]) values(from T, into []any) []any {
	into = into[:0]
	for i := range t.fields {
		value := t.fields[i].of(from)
		switch v := value.(type) {
		case string:
			if v == "" {
				value = nil
			}
		case time.Time:
			if v.IsZero() {
				value = nil
			}
		case bool:
			value = no
			if v {
				value = yes
			}
		}
		into = append(into, value)
	}
	return into
}

// momentOf is a time of the snapshot's own texts; one that is none stays a text.
func momentOf(s string) any {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC()
	}
	return s
}

// tables are all tables in the order of the export. The longest is the last, so that
// the sheets that it goes on in come after it.
func tables() []*table {
	return []*table{
		&aboutTable.table, &principalsTable.table, &resourcesTable.table, &entitlementsTable.table, &credentialsTable.table, &accessTable.table,
	}
}

// How the tables hang together, for the pages that explain them.
var howToRead = []string{
	"Every id is the one of Microsoft Entra ID, and the same in each export of the tenant.",
	"Who can hold something is in principals. What can be held on is in resources, and in principals too: a group has members, an application has roles.",
	"entitlements is what there is to hold, and access who holds it. A row of access says who holds what, itself (direct = yes), " +
		"through groups (through), or both. Without rows whose principal_type is group it is who has access in the end.",
	"Times are UTC. yes/no columns are empty where the snapshot does not tell. about says what the snapshot was made of, and what it leaves out: what was not read looks here as if nobody had it.",
}
