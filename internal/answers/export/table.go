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
