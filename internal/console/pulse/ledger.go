// Package pulse is what a service tells of itself at an address of its own: whether
// the platform was reached, how its syncs ended and what they cost, for a prober and
// for Prometheus. The process that talks to the platform keeps the book; the one that
// reads Graph tells its totals in a file (progress.Totals).
package pulse

import (
	"maps"
	"sync"
	"time"
)

// The ways in which a sync ends.
const (
	OutcomeUploaded = "uploaded"
	OutcomeFailed   = "failed"
)

// Ledger is what has happened to a service since it began. It is safe for concurrent
// use.
type Ledger struct {
	now func() time.Time
	mu  sync.Mutex
	facts
}

// facts are a page of the ledger. A time that is zero has not come yet.
type facts struct {
	// began is when the service did.
	began time.Time
	// reached is when the platform last answered as it should.
	reached time.Time
	// ended is when a sync last did, and how that was; good is when one last ended with
	// its snapshot uploaded.
	ended, good time.Time
	last        Kind
	uploaded    int
	failed      map[Kind]int
}

// NewLedger begins a ledger.
func NewLedger() *Ledger { return newLedger(time.Now) }

func newLedger(now func() time.Time) *Ledger {
	return &Ledger{now: now, facts: facts{began: now(), failed: map[Kind]int{}}}
}

// Reached notes that the platform answered.
func (l *Ledger) Reached() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reached = l.now()
}

// Ended notes the end of a sync: why it failed, or None if its snapshot is uploaded.
func (l *Ledger) Ended(why Kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended, l.last = l.now(), why
	if why == None {
		l.good = l.ended
		l.uploaded++
		return
	}
	l.failed[why]++
}

// read is the ledger as it stands.
func (l *Ledger) read() facts {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.facts
	f.failed = maps.Clone(f.failed)
	return f
}

// failures are all syncs that failed.
func (f *facts) failures() int {
	all := 0
	for _, n := range f.failed {
		all += n
	}
	return all
}
