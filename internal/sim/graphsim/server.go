package graphsim

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/certificates"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/entitlements"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/login"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/teamwork"
)

// Options are how a server starts.
type Options struct {
	Addr string       // The address to listen on; 127.0.0.1:0 when empty.
	Log  *slog.Logger // Gets one line per request; never a secret. Nil for none.
	Now  func() time.Time
}

// Server is a tenant on the wire: login authority and Microsoft Graph at one address.
type Server struct {
	*login.Authority

	tenant *Tenant
	graph  *api.Graph
	meter  limits.Meter
	mail   exchange.Service
	rules  faults.RuleSet
	routes []api.Route
	log    *slog.Logger
	caPEM  []byte
	tls    *tls.Config
	wire   wire
	ctx    context.Context //nolint:containedctx // Ends stalled answers when the server closes.
	cancel context.CancelFunc
}

// Start serves a tenant. The server is ready when Start returns.
func Start(t *Tenant, opts Options) (*Server, error) {
	if opts.Addr == "" {
		opts.Addr = "127.0.0.1:0"
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	certificate, caPEM, err := certificates.New("graphsim")
	if err != nil {
		return nil, err
	}
	graph, err := api.NewGraph(t.Tenant, opts.Now)
	if err != nil {
		return nil, err
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", opts.Addr, err)
	}
	graph.URL = "https://" + listener.Addr().String()
	s := &Server{
		Authority: login.New(graph), tenant: t, graph: graph, meter: limits.Meter{Now: opts.Now}, log: opts.Log,
		routes: slices.Concat(nouns.Routes(), nouns.WriteRoutes(), entitlements.Routes(), teamwork.Routes()), caPEM: caPEM,
		tls: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
	}
	s.meter.Writes.Set(limits.WriteQuota, graph.Now())
	t.StartLogs(opts.Now)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.serve(listener)
	return s, nil
}

// Close ends the server and every connection to it.
func (s *Server) Close() error {
	s.cancel()
	s.wire.mu.Lock()
	defer s.wire.mu.Unlock()
	return s.hangUp()
}

// URL is both the authority host and the Graph root.
func (s *Server) URL() string { return s.graph.URL }

// CACertPEM is the certificate of the authority that signed the server's own.
func (s *Server) CACertPEM() []byte { return append([]byte(nil), s.caPEM...) }

// Tenant is the directory behind the server.
func (s *Server) Tenant() *Tenant { return s.tenant }

// delay is how long an answer waits.
func (s *Server) delay() time.Duration {
	set := s.graph.Settings()
	if set.Jitter <= 0 {
		return set.Latency
	}
	return set.Latency + mathrand.N(set.Jitter) //nolint:gosec // Nobody is kept from guessing it.
}

// Fault puts a rule in force until remove is called.
func (s *Server) Fault(rule faults.Rule) func() { return s.rules.Add(rule) }

// Requests lists every request and batch item since the start or the last Reset.
func (s *Server) Requests() []api.Request { return s.graph.Recorder.List() }

// Writes lists the writes that took effect since the start or the last Reset, in their order, whether or not the
// client was told.
func (s *Server) Writes() []api.Write { return s.graph.Recorder.ListWrites() }

// Stats are the totals since the start or the last Reset.
func (s *Server) Stats() api.Stats {
	out := s.graph.Recorder.Totals()
	out.Faults = s.rules.Counts()
	out.Throttled, out.MaxPercentage = s.meter.Units.Totals(false)
	out.ServiceThrottled = s.meter.Services.Totals(false)
	return out
}

// Reset forgets the requests, the writes and the totals; rules, switches and what was written stay.
func (s *Server) Reset() {
	s.graph.Recorder.Reset()
	s.rules.ResetCounts()
	s.meter.Units.Totals(true)
	s.meter.Services.Totals(true)
}
