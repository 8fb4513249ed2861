// Package forms knows that a thing can be asked for in several forms, and which of
// them a sync still asks in: a ladder for each thing, the step that was come down
// to, and the ways to make a request plainer.
//
// It sends nothing. The ladders themselves are the nouns' (forms_table.go in
// pkg/graph).
package forms

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// Ladder is the forms in which one thing can be asked for, from the richest to
// the plainest that Microsoft documents. Tenants, clouds and days differ in what
// they answer: a form that is refused as a form is left for the next one, for the
// rest of the sync.
type Ladder struct {
	// Name says what is asked for ("groups").
	Name string
	// Steps are the forms, the richest first.
	Steps []Step

	// Path is the path of the requests, with {id} for ids, and Has a word that
	// tells them apart from others with the same path. A ladder without a path has
	// forms of its own (Step.Ref).
	Path, Has string
}

// Table is all ladders that requests can be on. The first whose path and word fit
// a request is the request's.
type Table []*Ladder

// Named is the ladder of a name; nil if there is none.
func (t Table) Named(name string) *Ladder {
	for _, l := range t {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// Step is one form of a request.
type Step struct {
	// Form says what the form is, for a person.
	Form string
	// Lacks says what it does not give and nothing else gives either; empty for
	// nothing.
	Lacks string
	// Plainer makes this form of the one above it.
	Plainer func(Request) Request
	// Ref makes the form for a subject, where a ladder's forms have nothing to do
	// with each other.
	Ref func(subject string) string
}

// Ref is the first page about a subject in a form of its own.
func (l *Ladder) Ref(step int, subject string) string { return l.Steps[step].Ref(subject) }

// Refused is what a sync knows of the forms that are refused: the steps that it has
// come down to. It is safe for concurrent use.
type Refused struct {
	mu    sync.Mutex
	steps map[string]int
	store func(ctx context.Context, steps map[string]int) error
}

// NewRefused begins at the steps that are given, by the names of ladders. store
// keeps them for other workers and processes whenever a form is left; it may be
// nil.
func NewRefused(steps map[string]int, store func(ctx context.Context, steps map[string]int) error) *Refused {
	r := &Refused{steps: map[string]int{}, store: store}
	maps.Copy(r.steps, steps)
	return r
}

type refusedKey struct{}

// WithRefused returns a context whose requests know which forms are refused.
// Without it each call finds out for itself.
func WithRefused(ctx context.Context, r *Refused) context.Context {
	return context.WithValue(ctx, refusedKey{}, r)
}

func refusedOf(ctx context.Context) *Refused {
	r, _ := ctx.Value(refusedKey{}).(*Refused)
	return r
}

// Step is the step to ask at.
func (l *Ladder) Step(ctx context.Context) int {
	r := refusedOf(ctx)
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return min(r.steps[l.Name], len(l.Steps)-1)
}

// Leave goes down from a step that was refused with err, unless somebody has
// already, and returns the step to ask at now. It reports false where err is no
// refusal of a form, or where no step is left: then err stands. The error is that
// of keeping the step for others.
func (l *Ladder) Leave(ctx context.Context, step int, err error) (int, bool, error) {
	if !IsRefused(err) || step+1 >= len(l.Steps) {
		return step, false, nil
	}
	r := refusedOf(ctx)
	if r == nil {
		return step + 1, true, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.steps[l.Name]; now > step {
		return min(now, len(l.Steps)-1), true, nil
	}
	below := l.Steps[step+1]
	ctxzap.Extract(ctx).Info("azure-ad: Microsoft Graph refuses a form of request; a plainer one is used for the rest of the sync",
		zap.String("reading", l.Name), zap.String("refused", l.Steps[step].Form), zap.String("instead", below.Form),
		zap.String("lacks", below.Lacks), zap.Error(err))
	r.steps[l.Name] = step + 1
	if r.store != nil {
		if failed := r.store(ctx, maps.Clone(r.steps)); failed != nil {
			return step, false, failed
		}
	}
	return step + 1, true, nil
}

// refusedMidway notes that a further page of a listing was refused, and reports
// whether that happened before in its form.
func (r *Refused) refusedMidway(ctx context.Context, name string) (bool, error) {
	if r == nil {
		return false, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	mark := name + " midway"
	before := r.steps[mark] > r.steps[name]
	r.steps[mark] = r.steps[name] + 1
	if before || r.store == nil {
		return before, nil
	}
	return false, r.store(ctx, maps.Clone(r.steps))
}

// Descent says that a sync asks for something in a plainer form than it would.
type Descent struct {
	// Reading is the ladder's name.
	Reading string
	// Form is the form in use, and Lacks what it does not give.
	Form, Lacks string
}

// Descents are what the sync has come down to on the ladders of a table, by name.
func (r *Refused) Descents(t Table) []Descent {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []Descent
	for _, name := range slices.Sorted(maps.Keys(r.steps)) {
		l := t.Named(name)
		if l == nil || r.steps[name] == 0 {
			continue
		}
		step := l.Steps[min(r.steps[name], len(l.Steps)-1)]
		found = append(found, Descent{Reading: name, Form: step.Form, Lacks: step.Lacks})
	}
	return found
}

// ErrBeginAgain is wrapped where a form was refused in the middle of a listing:
// it has to be begun again, and will be in the form that is next.
var ErrBeginAgain = errors.New("the listing has to be begun again in a plainer form")

// ErrMisses is why a form is left that is answered, but not with what it asks
// for.
var ErrMisses = errors.New("the answers are not about the objects that were asked for")

// IsRefused reports whether err says that Graph does not answer this form of
// a request, whoever asks: another form of the same may be answered. Refusals for
// lack of a permission or a licence, of an object or a page token, and for load
// are none.
func IsRefused(err error) bool {
	if errors.Is(err, ErrMisses) {
		return true
	}
	var broken *network.ConnectionError
	if errors.As(err, &broken) {
		return broken.Unreadable
	}
	var e *failure.Error
	if !errors.As(err, &e) || failure.IsExpiredPageToken(e) || failure.IsUnlicensed(e) || errors.Is(err, ErrBeginAgain) {
		return false
	}
	switch e.StatusCode {
	case http.StatusBadRequest:
		return e.Code != failure.CodeIdentityNotFound
	case http.StatusMethodNotAllowed, http.StatusRequestURITooLong, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return true
	case http.StatusNotFound: // A segment that is not there.
		return e.Code == failure.CodeNotAGraphError || e.Code == failure.CodeWrongAddress
	}
	return false
}
