package api

import (
	"sync"
	"time"
)

// Request is what the server saw of one request or batch item.
type Request struct {
	Time             time.Time
	Method           string
	Path             string // With /v1.0, for batch items too.
	Query            string // As sent.
	Host             string
	Status           int // Zero when the connection was broken on purpose.
	Authority        bool
	Batch            bool // An item of a batch.
	BatchItemID      string
	HasAuthorization bool
	UserAgent        string
	ClientRequestID  string
	Cmdlet           string // Of a request to Exchange.
	ConsistencyLevel string
	Priority         string // The header x-ms-throttle-priority.
	ResourceUnits    int
	Unmatched        bool // No endpoint has this path.
}

// Stats are the totals since the server started or was reset.
type Stats struct {
	Requests         int // HTTP requests to Graph, a batch counted once.
	TokenRequests    int // HTTP requests to the authority.
	BatchItems       int
	ResourceUnits    int
	Throttled        int     // Requests and batch items refused for the budget.
	ServiceThrottled int     // Refused for the limits of another service than the directory.
	MaxPercentage    float64 // The most of the budget that was used, 1 being all of it.
	BytesSent        int64   // Bodies, as compressed.
	MaxInFlight      int
	ByStatus         map[int]int // HTTP requests and batch items of Graph.
	Faults           map[string]int
	Unmatched        []string // Method and path of what no endpoint has.
}

// Write is a write that took effect.
type Write struct {
	Time   time.Time
	Method string
	Path   string   // With /v1.0.
	IDs    []string // The objects that changed, the one in the path first.
}

// Recorder counts and keeps what the server saw.
type Recorder struct {
	mu       sync.Mutex
	requests []Request
	stats    Stats
	writes   []Write
	inFlight int
}

// Add notes a request or a batch item that was answered.
func (r *Recorder) Add(req Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, req)
	switch {
	case req.Authority:
		r.stats.TokenRequests++
	case req.Batch:
		r.stats.BatchItems++
	default:
		r.stats.Requests++
	}
	if !req.Authority {
		if r.stats.ByStatus == nil {
			r.stats.ByStatus = map[int]int{}
		}
		r.stats.ByStatus[req.Status]++
	}
	r.stats.ResourceUnits += req.ResourceUnits
	if req.Unmatched {
		r.stats.Unmatched = append(r.stats.Unmatched, req.Method+" "+req.Path)
	}
}

// Enter notes that a request is under way.
func (r *Recorder) Enter() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight++
	r.stats.MaxInFlight = max(r.stats.MaxInFlight, r.inFlight)
}

// Leave notes that a request is not under way any more, and the bytes it was answered with.
func (r *Recorder) Leave(sent int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight--
	r.stats.BytesSent += sent
}

// Reset forgets everything but what is under way.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.stats, r.writes = nil, Stats{}, nil
}

// List are the requests so far.
func (r *Recorder) List() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Request(nil), r.requests...)
}

// ListWrites are the writes so far.
func (r *Recorder) ListWrites() []Write {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Write(nil), r.writes...)
}

func (r *Recorder) addWrite(w Write) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writes = append(r.writes, w)
}

// Totals are the totals so far.
func (r *Recorder) Totals() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.stats
	out.Unmatched = append([]string(nil), r.stats.Unmatched...)
	out.ByStatus = make(map[int]int, len(r.stats.ByStatus))
	for status, n := range r.stats.ByStatus {
		out.ByStatus[status] = n
	}
	return out
}

// Record starts the record of a call.
func (c *Call) Record() Request {
	return Request{
		Time: c.Graph.Now(), Method: c.Method, Path: "/v1.0/" + c.Path, Query: c.RawQuery, Host: c.Host,
		HasAuthorization: c.Header.Get("Authorization") != "", UserAgent: c.Header.Get("User-Agent"),
		ClientRequestID: c.Header.Get("client-request-id"), ConsistencyLevel: c.Header.Get("ConsistencyLevel"),
		Priority: c.Header.Get("x-ms-throttle-priority"),
	}
}
