package pulse

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// Bounds for whoever asks: they are programs nearby, and what they get is small.
const (
	headerTimeout  = 10 * time.Second
	answerTimeout  = 30 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 8 << 10
	atOnce         = 4
)

// Options are what a server tells of.
type Options struct {
	Ledger *Ledger
	// Within is how long ago the platform may have been reached for the service to be
	// ready.
	Within time.Duration
	// Totals is the file that progress.KeepTotals writes.
	Totals string
	// Version is the build's.
	Version string
}

// NewServer makes a server of /ready and /metrics.
func NewServer(o Options) *http.Server {
	told := prometheus.NewRegistry()
	told.MustRegister(
		&collector{ledger: o.Ledger, within: o.Within, version: o.Version, totals: newest(o.Totals)},
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(told, promhttp.HandlerOpts{MaxRequestsInFlight: atOnce}))
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		f := o.Ledger.read()
		answer := f.ready(o.Ledger.now(), o.Within)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if answer.Status != statusReady {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(answer) // Whoever asked is gone.
	})
	return &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       headerTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}

// newest reads totals, or gives what it read last where they cannot be read: a counter
// that went back would be taken for a service that has begun again.
func newest(file string) func() *progress.Totals {
	var mu sync.Mutex
	last := &progress.Totals{}
	return func() *progress.Totals {
		mu.Lock()
		defer mu.Unlock()
		if t, err := progress.ReadTotals(file); err == nil {
			last = t
		}
		return last
	}
}
