package ask

import (
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// dayOf is the day of a time; empty for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// lastSignIn is when a person last signed in, in words where the snapshot has no time.
func (q *query) lastSignIn(o *access.Object) string {
	if !o.LastSignIn.IsZero() {
		return dayOf(o.LastSignIn)
	}
	if knowledge, _ := q.s.About().Knows(access.DataSignIns); knowledge == access.Known && !o.SignInUnknown() {
		return "never"
	}
	return "not known"
}

// ends reports when something ends, and whether that is within the question's days
// from its moment; what has ended already is not.
func (q *query) ends(text string) (time.Time, bool) {
	end, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, false
	}
	return end, !end.Before(q.o.At) && end.Before(q.o.At.AddDate(0, 0, q.o.Days))
}
