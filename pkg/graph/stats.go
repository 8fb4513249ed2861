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
	// contacted is whether Graph ever did what it was asked.
	contacted                                                       atomic.Bool
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
