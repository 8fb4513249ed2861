package graph

import (
	"sync/atomic"
	"time"
)

// Stats are totals since the client was made. They are for logs and
// benchmarks; nothing is decided on them.
type Stats struct {
	// Requests is how many HTTP requests were sent to Graph, retries included.
	Requests int64
	// BatchItems is how many requests travelled inside $batch envelopes.
	BatchItems int64
	// ResourceUnits is the sum of x-ms-resource-unit.
	ResourceUnits int64
	// Throttled counts 429 and 509 answers, inside batches too.
	Throttled int64
	// Waited is the time that calls spent waiting for budgets, all workers
	// added up.
	Waited time.Duration
	// Retried counts requests and batch items that were sent again.
	Retried int64
}

type counters struct {
	// lastSuccess is when Graph last did what it was asked, in Unix
	// nanoseconds; zero if it never did.
	lastSuccess                                                     atomic.Int64
	requests, batchItems, resourceUnits, throttled, retried, waited atomic.Int64
}

// Stats returns the totals so far.
func (c *Client) Stats() Stats {
	return Stats{
		Requests:      c.stats.requests.Load(),
		BatchItems:    c.stats.batchItems.Load(),
		ResourceUnits: c.stats.resourceUnits.Load(),
		Throttled:     c.stats.throttled.Load(),
		Waited:        time.Duration(c.stats.waited.Load()),
		Retried:       c.stats.retried.Load(),
	}
}

// PausedFor is how long Graph still asks to be left alone; zero if it does not.
func (c *Client) PausedFor() time.Duration { return c.governor.pausedFor() }

// HeldBack names the services of Graph whose budgets hold requests back at the
// moment ("reports").
func (c *Client) HeldBack() []string { return c.governor.heldBack() }

func (s *counters) succeeded() { s.lastSuccess.Store(time.Now().UnixNano()) }

func (s *counters) contacted() bool { return s.lastSuccess.Load() != 0 }

// fruitlessFor is how long no request has succeeded; zero if none ever did.
func (s *counters) fruitlessFor() time.Duration {
	last := s.lastSuccess.Load()
	if last == 0 {
		return 0
	}
	return time.Since(time.Unix(0, last))
}
