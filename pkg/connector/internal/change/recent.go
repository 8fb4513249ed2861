package change

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// GonePatience is how long Graph has to keep saying that an object is not there
// before that is believed. What this process has made itself is waited for
// longer: Graph may not know it yet.
const GonePatience = 3 * time.Second

// RestorePatience is how long a user has to be missing from the recycle bin
// before that is believed: another process may have put it there a moment ago.
const RestorePatience = 20 * time.Second

// EdgePatience is the same for an edge that this process has not touched: another one
// may have added it a moment ago.
const EdgePatience = 20 * time.Second

// recent are the objects that this process has made or restored a moment ago, and
// has not deleted since.
type recent struct {
	mu   sync.Mutex
	when map[string]time.Time
}

func (r *recent) Add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.when == nil {
		r.when = map[string]time.Time{}
	}
	now := time.Now()
	for other, at := range r.when {
		if now.Sub(at) > createPatience {
			delete(r.when, other)
		}
	}
	r.when[id] = now
}

func (r *recent) Drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.when, id)
}

func (r *recent) Has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.when[id]
	return ok && time.Since(at) <= createPatience
}

// With are the ends of the names that begin with a text.
func (r *recent) With(beginning string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ends []string
	for name, at := range r.when {
		if end, found := strings.CutPrefix(name, beginning); found && time.Since(at) <= createPatience {
			ends = append(ends, end)
		}
	}
	slices.Sort(ends)
	return ends
}

// GivenLately are the ends of the edges that this process has added a moment ago, of
// those whose name begins with a text: a read may not show them yet.
func (p *Provisioner) GivenLately(beginning string) []string {
	return p.Touched.With(given + beginning)
}

// TakenLately reports whether this process has taken an edge away a moment ago: a read
// may still show it.
func (p *Provisioner) TakenLately(edge string) bool { return p.Touched.Has(taken + edge) }

// Never is for writes that cannot be one too many.
func Never(error) bool { return false }

// Apply makes a change that can be made any number of times, and waits for an
// object that is new.
func (p *Provisioner) Apply(ctx context.Context, do func(context.Context) error) error {
	_, err := p.Settle(ctx, do, Never)
	return err
}

// Erase takes away an object that stands for itself. One that is not there is
// unchanged, once that is sure.
func (p *Provisioner) Erase(ctx context.Context, id string, do func(context.Context) error) (Outcome, error) {
	patience := min(GonePatience, p.Bound())
	if p.Touched.Has(id) {
		patience = p.Bound()
	}
	outcome, err := EraseWithin(ctx, patience, do)
	if err == nil {
		p.Touched.Drop(id)
	}
	return outcome, err
}

// EraseWithin is erase with a bound of its own.
func EraseWithin(ctx context.Context, patience time.Duration, do func(context.Context) error) (Outcome, error) {
	doubtful := false
	outcome, err := SettleWithin(ctx, patience, func(ctx context.Context) error {
		err := do(ctx)
		doubtful = doubtful || failure.IsOutcomeUnknown(err)
		return err
	}, func(err error) bool { return doubtful && failure.IsAlreadyGone(err) }, failure.IsAlreadyGone)
	if failure.IsAlreadyGone(err) {
		return Unchanged, nil
	}
	return outcome, err
}
