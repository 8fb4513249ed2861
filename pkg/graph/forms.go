package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
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
}

// Step is one form of a request.
type Step struct {
	// Form says what the form is, for a person.
	Form string
	// ref is the form's first page; subject is the id of the object that the
	// request is about, where it is about one.
	ref func(subject string) string
}

// form is a form of a listing.
func form(name string, q query) Step {
	return Step{Form: name, ref: func(string) string { return q.String() }}
}

// formOf is a form of a relation of one object.
func formOf(name string, ref func(id string) string) Step { return Step{Form: name, ref: ref} }

// Forms are the steps that a sync has come down to. It is safe for concurrent
// use.
type Forms struct {
	mu    sync.Mutex
	steps map[string]int
	store func(ctx context.Context, steps map[string]int) error
}

// NewForms begins at the steps that are given; store, which may be nil, keeps
// them for other workers and processes whenever one is left.
func NewForms(steps map[string]int, store func(ctx context.Context, steps map[string]int) error) *Forms {
	f := &Forms{steps: map[string]int{}, store: store}
	for name, step := range steps {
		f.steps[name] = step
	}
	return f
}

type formsKey struct{}

// WithForms returns a context whose requests know which forms are refused.
// Without it each call finds out for itself.
func WithForms(ctx context.Context, f *Forms) context.Context {
	return context.WithValue(ctx, formsKey{}, f)
}

func formsOf(ctx context.Context) *Forms {
	f, _ := ctx.Value(formsKey{}).(*Forms)
	return f
}

// Step is the step to ask at.
func (l *Ladder) Step(ctx context.Context) int {
	f := formsOf(ctx)
	if f == nil {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return min(f.steps[l.Name], len(l.Steps)-1)
}

// Ref is the first page about a subject in the form of a step.
func (l *Ladder) Ref(step int, subject string) string { return l.Steps[step].ref(subject) }

// Leave goes down from a step that was refused with err, unless somebody has
// already, and returns the step to ask at now. ok is false where err is no refusal
// of a form or no step is left: then err stands.
func (l *Ladder) Leave(ctx context.Context, step int, err error) (next int, ok bool, failed error) {
	if !IsRefusedForm(err) || step+1 >= len(l.Steps) {
		return step, false, nil
	}
	f := formsOf(ctx)
	if f == nil {
		return step + 1, true, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.steps[l.Name]; now > step {
		return min(now, len(l.Steps)-1), true, nil
	}
	f.steps[l.Name] = step + 1
	ctxzap.Extract(ctx).Info("azure-ad: Microsoft Graph refuses a form of request; a plainer one is used from now on",
		zap.String("reading", l.Name), zap.String("refused", l.Steps[step].Form), zap.String("instead", l.Steps[step+1].Form), zap.Error(err))
	if f.store == nil {
		return step + 1, true, nil
	}
	if failed := f.store(ctx, f.steps); failed != nil {
		return step, false, failed
	}
	return step + 1, true, nil
}

// ErrBeginAgain is wrapped where a form was refused in the middle of a listing:
// it has to be begun again, in the form that is next.
var ErrBeginAgain = errors.New("the listing has to be begun again in a plainer form")

// readForm reads a page of what a ladder asks for: the one at next, or the first
// one in the richest form that is answered.
func readForm[T any](ctx context.Context, c *Client, l *Ladder, subject, next string) (*Page[T], error) {
	step := l.Step(ctx)
	if next != "" {
		page, err := getPage[T](ctx, c, next)
		if err == nil {
			return page, nil
		}
		return nil, l.midway(ctx, step, err)
	}
	for {
		page, err := getPage[T](ctx, c, l.Ref(step, subject))
		if err == nil {
			return page, nil
		}
		below, ok, failed := l.Leave(ctx, step, err)
		switch {
		case failed != nil:
			return nil, failed
		case !ok:
			return nil, err
		}
		step = below
	}
}

// midway is the error of a listing of which a further page gave err: it may have
// to be begun again.
func (l *Ladder) midway(ctx context.Context, step int, err error) error {
	_, ok, failed := l.Leave(ctx, step, err)
	switch {
	case failed != nil:
		return failed
	case ok:
		return fmt.Errorf("%w: %w", ErrBeginAgain, err)
	}
	return err
}

// ErrFormMisses is why a form is left that is answered, but not with what it asks
// for.
var ErrFormMisses = errors.New("the answers are not about the objects that were asked for")

// IsRefusedForm reports whether err says that Graph does not answer this form of
// a request, whoever asks: another form of the same may be answered. It is not
// one about permissions, licences, objects, load or page tokens.
func IsRefusedForm(err error) bool {
	if errors.Is(err, ErrFormMisses) {
		return true
	}
	var broken *ConnectionError
	if errors.As(err, &broken) {
		return broken.NotJSON
	}
	var e *Error
	if !errors.As(err, &e) || IsExpiredPageToken(e) || IsUnlicensed(e) {
		return false
	}
	switch e.StatusCode {
	case http.StatusBadRequest:
		return e.Code != CodeIdentityNotFound
	case http.StatusMethodNotAllowed, http.StatusRequestURITooLong, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return true
	case http.StatusNotFound: // A segment that is not there.
		return e.Code == codeNotAGraphError || e.Code == codeWrongAddress
	}
	return false
}
