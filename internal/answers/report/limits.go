package report

import (
	"strings"
	"unicode/utf8"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// Options shape a report.
type Options struct {
	// Snapshot is what the file is called in the questions that the page names.
	Snapshot string
	// Build is of the program that makes the report.
	Build  string
	Limits Limits
}

const mebi = 1 << 20

// Limits are what the page may take. The quotas are of bytes in the file.
type Limits struct {
	// Details are the facts of profiles, Held what principals hold, and Holding who has
	// something.
	Details, Held, Holding int
	// Holders is how many holders of one thing are listed, and Listed how many rows a
	// table of the summary has for one role, and the sections' tables at most have.
	Holders, Listed, Rows int
	// Memory is how many bytes of what people hold are kept while the page is made.
	Memory int
}

// DefaultLimits keep the page of a hundred thousand people below 40 MB.
func DefaultLimits() Limits {
	return Limits{Details: 9 * mebi, Held: 10 * mebi, Holding: 7 * mebi, Holders: 200, Listed: 300, Rows: 20_000, Memory: 64 * mebi}
}

// quota is how many bytes of the page a kind of data may still take.
type quota struct{ left int }

// take reports whether there was room for a block.
func (q *quota) take(b *block) bool {
	if b.size() > q.left {
		return false
	}
	q.left -= b.size()
	return true
}

// table is the first rows of a table, and how many it has more.
type table[T any] struct {
	Rows []T `json:"rows"`
	More int `json:"more,omitempty"`
}

func limited[T any](rows []T, most int) table[T] {
	kept := min(len(rows), most)
	return table[T]{Rows: append([]T{}, rows[:kept]...), More: len(rows) - kept}
}

// perTable is how much shorter a table of the summary is than one that is unpacked
// when somebody looks at it.
const perTable = 10

// longestName is how many characters of a name the page has. Microsoft Graph allows
// 256.
const longestName = 256

// longestValue is how many characters of a value of a profile the page has.
const longestValue = 500

// nameOf is a name as the page shows it: in one line, with what would hide or reorder
// characters spelled out.
func nameOf(name string) string {
	if utf8.RuneCountInString(name) > longestName {
		name = string([]rune(name)[:longestName-1]) + "…"
	}
	return terminal.Harmless(name)
}

// clean is a text of the snapshot that is no name.
func clean(text string, longest int) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest-1]) + "…"
	}
	return terminal.Harmless(text)
}
