package graphsim

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"time"
)

// Options are how a server starts.
type Options struct {
	Addr string       // The address to listen on; 127.0.0.1:0 when empty.
	Log  *slog.Logger // Gets one line per request; never a secret. Nil for none.
	Now  func() time.Time
}

// Server is a tenant on the wire: login authority and Microsoft Graph at one address.
type Server struct {
	*Authority

	tenant *Tenant
	graph  *Graph
	meter  meter
	rules  ruleSet
	routes []route
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
	certificate, caPEM, err := newCertificates()
	if err != nil {
		return nil, err
	}
	graph, err := newGraph(t, opts.Now)
	if err != nil {
		return nil, err
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", opts.Addr, err)
	}
	graph.url = "https://" + listener.Addr().String()
	s := &Server{
		Authority: newAuthority(graph), tenant: t, graph: graph, meter: meter{now: opts.Now}, log: opts.Log,
		routes: append(newRoutes(), newWriteRoutes()...), caPEM: caPEM,
		tls: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
	}
	s.SetWriteQuota(WriteQuota)
	t.startLogs(opts.Now)
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
func (s *Server) URL() string { return s.graph.url }

// CACertPEM is the certificate of the authority that signed the server's own.
func (s *Server) CACertPEM() []byte { return append([]byte(nil), s.caPEM...) }

// Tenant is the directory behind the server.
func (s *Server) Tenant() *Tenant { return s.tenant }

// SetIncludeServicePrincipals makes members and owners list service principals, which v1.0 is documented not to, and
// groups/delta too, of which it is not documented.
func (s *Server) SetIncludeServicePrincipals(on bool) {
	s.graph.change(func(set *settings) { set.includeServicePrincipals = on })
}

// SetPageTokenLifetime says how long a $skiptoken is good for; zero for ever.
func (s *Server) SetPageTokenLifetime(d time.Duration) {
	s.graph.change(func(set *settings) { set.pageTokenLifetime = d })
}

// SetDeltaPageRows says how many members and owners a page of groups/delta holds.
func (s *Server) SetDeltaPageRows(n int) {
	s.graph.change(func(set *settings) { set.deltaRows = max(1, n) })
}

// SetLatency delays every answer of Graph, batch items included.
func (s *Server) SetLatency(d time.Duration) {
	s.graph.change(func(set *settings) { set.latency = d })
}

// SetJitter delays every answer of Graph, batch items included, by a random time up to this, so that answers overtake
// each other.
func (s *Server) SetJitter(most time.Duration) {
	s.graph.change(func(set *settings) { set.jitter = most })
}

// delay is how long an answer waits.
func (s *Server) delay() time.Duration {
	set := s.graph.settings()
	if set.jitter <= 0 {
		return set.latency
	}
	return set.latency + mathrand.N(set.jitter) //nolint:gosec // Nobody is kept from guessing it.
}

// SetItemLatency delays every answer of Graph by so much for each of its rows. The items of a batch are answered side
// by side, so a batch takes as long as its slowest item.
func (s *Server) SetItemLatency(d time.Duration) {
	s.graph.change(func(set *settings) { set.itemLatency = d })
}

// SetBudget limits the resource units that may be spent; the zero Budget limits nothing.
func (s *Server) SetBudget(b Budget) { s.meter.units.set(b, s.graph.now()) }

// SetWriteQuota limits the writes that may be made, refused ones included; the zero Budget limits nothing.
func (s *Server) SetWriteQuota(b Budget) { s.meter.writes.set(b, s.graph.now()) }

// SetServiceLimits puts the limits of reports and Identity Protection in force; a Budget does so as well. The limit of
// Outlook, which is on requests at the same time and costs a careful client nothing, is always in force.
func (s *Server) SetServiceLimits(on bool) {
	s.meter.services.switchOn(on)
}

// SetReplicationLag says how long the next writes take to show in what clients read: changes of what there is, and new
// objects. Until then reads answer as before, and a new object is not found: neither by reads nor by writes that refer
// to it. Whether a write is refused as one too many is decided by the directory itself, without a lag.
func (s *Server) SetReplicationLag(writes, objects time.Duration) { s.graph.setLag(writes, objects) }

// Fault puts a rule in force until remove is called.
func (s *Server) Fault(rule Rule) func() { return s.rules.add(rule) }

// Requests lists every request and batch item since the start or the last Reset.
func (s *Server) Requests() []Request { return s.graph.recorder.list() }

// Writes lists the writes that took effect since the start or the last Reset, in their order, whether or not the
// client was told.
func (s *Server) Writes() []Write { return s.graph.recorder.listWrites() }

// Stats are the totals since the start or the last Reset.
func (s *Server) Stats() Stats {
	out := s.graph.recorder.totals()
	out.Faults = s.rules.counts()
	out.Throttled, out.MaxPercentage = s.meter.units.totals(false)
	out.ServiceThrottled = s.meter.services.totals(false)
	return out
}

// Reset forgets the requests, the writes and the totals; rules, switches and what was written stay.
func (s *Server) Reset() {
	s.graph.recorder.reset()
	s.rules.resetCounts()
	s.meter.units.totals(true)
	s.meter.services.totals(true)
}
