// Package ask answers people's questions about a snapshot: who has what, who can come
// to have it, what is privileged, stale, ownerless or about to end. Each question is a
// file of its own; what a snapshot cannot know is said with the answer, and never looks
// like nobody.
package ask

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Column is a column of an answer.
type Column struct {
	// Key names the column in CSV and JSON.
	Key string
	// Title is its heading for people.
	Title string
	// Detail says that only programs want it: ids and the like.
	Detail bool
	// Long says that people want to read all of it, however long.
	Long bool
}

// Answer is a table with a sentence.
type Answer struct {
	Question  string
	Arguments []string
	// Headline is the answer in one sentence.
	Headline string
	Columns  []Column
	Rows     [][]string
	// Notes say what limits the answer without making it wrong.
	Notes []string
	// Gaps say what the snapshot does not have and the answer would need: with any, it
	// is not whole.
	Gaps []string
}

// Whole reports whether the answer is all there is to say.
func (a *Answer) Whole() bool { return len(a.Gaps) == 0 }

// Options are what a question is asked with.
type Options struct {
	// Days is the reach of questions about time.
	Days int
	// At is the moment that "expired" and "within N days" are reckoned from.
	At time.Time
}

// Question is a question that can be asked.
type Question struct {
	Name string
	// Usage are its arguments, as help shows them.
	Usage string
	Short string
	// Arguments is how many it takes, at least and at most.
	Least, Most int
	// Days is the usual reach of a question about time; 0 for others.
	Days int

	needs []need
	ask   func(ctx context.Context, q *query) error
}

// need is a data set that a question rests on.
type need struct {
	data string
	// lacking says what is missing from the answer without it; gap tells whether the
	// answer is not whole then.
	lacking string
	gap     bool
}

// query is a question under way.
type query struct {
	*Answer
	s    *access.Snapshot
	args []string
	o    Options
}

// Ask answers a question. A question that asks for something the snapshot does not hold
// gives an *UnknownError.
func Ask(ctx context.Context, s *access.Snapshot, question *Question, args []string, o Options) (*Answer, error) {
	if len(args) < question.Least || len(args) > question.Most {
		return nil, fmt.Errorf("%s takes %s", question.Name, cmp.Or(question.Usage, "no arguments"))
	}
	q := &query{Answer: &Answer{Question: question.Name, Arguments: args}, s: s, args: args, o: o}
	if q.o.Days == 0 {
		q.o.Days = question.Days
	}
	if q.o.At.IsZero() {
		q.o.At = time.Now().UTC()
	}
	if err := question.ask(ctx, q); err != nil {
		return nil, err
	}
	q.judgeBy(s.About(), question.needs)
	return q.Answer, nil
}

// judgeBy adds what the snapshot does not know to the answer.
func (q *query) judgeBy(about *access.About, needs []need) {
	var untold []string
	for _, n := range needs {
		knowledge, why := about.Knows(n.data)
		switch knowledge {
		case access.Known:
			if at, earlier := about.Earlier[n.data]; earlier {
				q.Notes = append(q.Notes, n.data+" was read earlier than the rest, on "+at.UTC().Format("2006-01-02 15:04 MST"))
			}
		case access.Unknown:
			if n.gap {
				untold = append(untold, n.data)
			}
		default:
			line := n.data + " were not read"
			if why != "" {
				line += " (" + why + ")"
			}
			line += ": " + n.lacking
			if n.gap {
				q.Gaps = append(q.Gaps, line)
			} else {
				q.Notes = append(q.Notes, line)
			}
		}
	}
	if len(untold) == 0 {
		return
	}
	line := "the snapshot does not say whether " + strings.Join(untold, ", ") + " were read: it is of an older build, or of a sync limited to some types"
	if len(q.Rows) == 0 {
		q.Gaps = append(q.Gaps, line)
	} else {
		q.Notes = append(q.Notes, line)
	}
}

// columns sets the answer's columns: those of people, then those of programs.
func (q *query) columns(columns ...Column) { q.Columns = columns }

func (q *query) row(cells ...string) { q.Rows = append(q.Rows, cells) }

// sort orders the rows by some columns, and then by all.
func (q *query) sort(by ...int) { sortRows(q.Rows, by...) }

func sortRows(rows [][]string, by ...int) {
	slices.SortFunc(rows, func(a, b []string) int {
		for _, i := range by {
			if order := cmp.Compare(strings.ToLower(a[i]), strings.ToLower(b[i])); order != 0 {
				return order
			}
		}
		return slices.Compare(a, b)
	})
}
