package sending

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
