package sending

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// Outcome is what came of trying a form.
type Outcome string

// The outcomes.
const (
	// OutcomeAnswered is an answer that a sync could read.
	OutcomeAnswered Outcome = "answered"
	// OutcomeRefused is a refusal of the form (forms.IsRefused).
	OutcomeRefused Outcome = "refused"
	// OutcomeUnreadable is an answer that is not what was asked for, on every
	// attempt.
	OutcomeUnreadable Outcome = "unreadable"
	// OutcomeNoPermission and OutcomeNoLicence say nothing about the form.
	OutcomeNoPermission Outcome = "no permission"
	OutcomeNoLicence    Outcome = "no licence"
	// OutcomeAbsent is an answer about an object that has nothing of the kind.
	OutcomeAbsent Outcome = "nothing there"
	// OutcomeFailed is everything else, after all attempts.
	OutcomeFailed Outcome = "failed"
)

// Trial is what one form of a request met with. It holds nothing of the tenant but
// numbers.
type Trial struct {
	Outcome Outcome
	// Status and Code are Graph's answer; zero where none came, and where what came
	// is not in the form of one.
	Status int
	Code   string
	// Rows are those of the page, of Asked; Asked is zero where Graph chooses.
	Rows, Asked int
	// More means that a next page follows.
	More bool
	// Listing means that the answer is a page, and not one object.
	Listing bool
	// Expands means that a relation was asked for with the rows, Related that some
	// row has it, and Relation is the largest number of its rows.
	Expands, Related bool
	Relation         int
	// Units are the resource units that Graph charged.
	Units int64
	// Took is the time from beginning to end without the waits for budgets, and
	// Slowest that of the longest of several requests sent one after the other.
	Took, Slowest time.Duration
}

// Try sends the example's request in the form of one step, and in no other. It is
// tried again where a sync would, under load say, and not where the form is
// refused. The units are right as long as nothing else is sent. The error is the
// context's.
func (e *Example) Try(ctx context.Context, s *Sender, step int, about Subject) (Trial, error) {
	refs := e.Refs(step, about)
	units, waited, start := s.stats.resourceUnits.Load(), s.stats.waited.Load(), time.Now()
	var t Trial
	switch {
	case e.Ladder != Batches:
		t = e.tryOne(ctx, s, refs[0])
	case step == 0:
		t = tryTogether(ctx, s, refs)
	default:
		t = tryApart(ctx, s, refs)
	}
	t.Took = time.Since(start) - time.Duration(s.stats.waited.Load()-waited)
	t.Units = s.stats.resourceUnits.Load() - units
	return t, ctx.Err()
}

// tryOne sends a request of its own.
func (e *Example) tryOne(ctx context.Context, s *Sender, ref string) Trial {
	r := forms.Parse(ref)
	asked, _ := strconv.Atoi(r.Value("$top"))
	var seen pageSeen
	err := s.read(ctx, ref, func(body io.Reader) error {
		raw, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		if err := e.Check(s, ref, raw); err != nil {
			return err
		}
		seen, err = look(raw, relationOf(r))
		return err
	})
	t := outcomeOf(err)
	if err == nil {
		t.Rows, t.More, t.Listing, t.Relation, t.Related = seen.rows, seen.more, seen.listing, seen.relation, seen.related
	}
	t.Asked, t.Expands = asked, relationOf(r) != ""
	return t
}

// tryTogether sends requests in one batch. What comes of the last counts: the
// others are asked for to fill the batch.
func tryTogether(ctx context.Context, s *Sender, refs []string) Trial {
	climbs := make([]*forms.Climb, len(refs))
	pending := make([]int, len(refs))
	for i, ref := range refs {
		climbs[i], pending[i] = forms.Fixed(ref), i
	}
	for attempt := 1; ; attempt++ {
		answers, _, err := sendBatch[struct{}](ctx, s, climbs, pending, 0, 0)
		if err != nil {
			return outcomeOf(err)
		}
		_, err = answers[len(refs)-1].result()
		wait, again := s.retryItem(err, false, attempt)
		if !again {
			return outcomeOf(err)
		}
		s.waited(ctx, wait)
		if err := pacing.Sleep(ctx, wait); err != nil {
			return outcomeOf(err)
		}
	}
}

// tryApart sends the same requests one by one.
func tryApart(ctx context.Context, s *Sender, refs []string) Trial {
	t := Trial{Outcome: OutcomeAnswered}
	for _, ref := range refs {
		start := time.Now()
		slowest := t.Slowest
		t = outcomeOf(askAlone[struct{}](ctx, s, ref).failed)
		if t.Slowest = max(slowest, time.Since(start)); t.Outcome != OutcomeAnswered {
			break
		}
	}
	return t
}

// plainCode is a code that can be shown to anybody: a word.
var plainCode = regexp.MustCompile(`^[A-Za-z][A-Za-z_]{0,79}$`)

func outcomeOf(err error) Trial {
	var refusal *failure.Error
	var t Trial
	switch {
	case err == nil:
		t.Status = http.StatusOK
	case errors.As(err, &refusal):
		t.Status = refusal.StatusCode
		if plainCode.MatchString(refusal.Code) {
			t.Code = refusal.Code
		}
	}
	switch {
	case err == nil:
		t.Outcome = OutcomeAnswered
	case failure.IsUnlicensed(err):
		t.Outcome = OutcomeNoLicence
	case failure.IsAccessDenied(err):
		t.Outcome = OutcomeNoPermission
	case isUnreadable(err):
		t.Outcome = OutcomeUnreadable
	case forms.IsRefused(err):
		t.Outcome = OutcomeRefused
	case failure.IsNotFound(err), failure.IsAbsent(err):
		t.Outcome = OutcomeAbsent
	default:
		t.Outcome = OutcomeFailed
	}
	return t
}

// CheckPage reads an answer as a page of rows of type T.
func CheckPage[T any](s *Sender, ref string, body []byte) error {
	_, err := decodePage[T](s, ref, bytes.NewReader(body))
	return err
}

// CheckObject reads an answer as one object of type T.
func CheckObject[T any](_ *Sender, _ string, body []byte) error {
	_, err := decodeObject[T](bytes.NewReader(body))
	return err
}

// pageSeen is what can be counted on a page.
type pageSeen struct {
	rows, relation         int
	more, listing, related bool
}

// look counts the rows of a page and of the relation that came with them. In a
// delta query the relations are those that are named so.
func look(body []byte, relation string) (pageSeen, error) {
	var page struct {
		Value    *[]map[string]jsontext.Value `json:"value"`
		NextLink string                       `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(body, &page, decodeOptions); err != nil || page.Value == nil {
		return pageSeen{}, err
	}
	seen := pageSeen{rows: len(*page.Value), more: page.NextLink != "", listing: true}
	for _, row := range *page.Value {
		for name, value := range row {
			if name != relation && name != "members@delta" && name != "owners@delta" {
				continue
			}
			seen.related = true
			rows := make([]jsontext.Value, 1) // A relation of one row is an object.
			if value.Kind() == '[' {
				if err := json.Unmarshal(value, &rows); err != nil {
					return pageSeen{}, err
				}
			}
			seen.relation = max(seen.relation, len(rows))
		}
	}
	return seen, nil
}
