package connector

import (
	"context"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// gonePatience is how long Graph has to keep saying that an object is not there
// before that is believed. What this process has made itself is waited for
// longer: Graph may not know it yet.
const gonePatience = 3 * time.Second

// restorePatience is how long a user has to be missing from the recycle bin
// before that is believed: another process may have put it there a moment ago.
const restorePatience = 20 * time.Second

// recent are the objects that this process has made or restored a moment ago, and
// has not deleted since.
type recent struct {
	mu   sync.Mutex
	when map[string]time.Time
}

func (r *recent) add(id string) {
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

func (r *recent) drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.when, id)
}

func (r *recent) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.when[id]
	return ok && time.Since(at) <= createPatience
}

// never is for writes that cannot be one too many.
func never(error) bool { return false }

// apply makes a change that can be made any number of times, and waits for an
// object that is new.
func (p *provisioner) apply(ctx context.Context, do func(context.Context) error) error {
	_, err := p.settle(ctx, do, never)
	return err
}

// erase takes away an object that stands for itself. One that is not there is
// unchanged, once that is sure.
func (p *provisioner) erase(ctx context.Context, id string, do func(context.Context) error) (changeOutcome, error) {
	patience := min(gonePatience, p.bound())
	if p.touched.has(id) {
		patience = p.bound()
	}
	outcome, err := eraseWithin(ctx, patience, do)
	if err == nil {
		p.touched.drop(id)
	}
	return outcome, err
}

// eraseWithin is erase with a bound of its own.
func eraseWithin(ctx context.Context, patience time.Duration, do func(context.Context) error) (changeOutcome, error) {
	doubtful := false
	outcome, err := settleWithin(ctx, patience, func(ctx context.Context) error {
		err := do(ctx)
		doubtful = doubtful || failure.IsOutcomeUnknown(err)
		return err
	}, func(err error) bool { return doubtful && failure.IsAlreadyGone(err) }, failure.IsAlreadyGone)
	if failure.IsAlreadyGone(err) {
		return unchanged, nil
	}
	return outcome, err
}
