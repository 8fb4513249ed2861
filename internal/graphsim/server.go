package graphsim

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Options are how a server starts.
type Options struct {
	Addr string       // The address to listen on; 127.0.0.1:0 when empty.
	Log  *slog.Logger // Gets one line per request; never a secret. Nil for none.
	Now  func() time.Time
}

// settings are what may be switched while the server runs.
type settings struct {
	permissions              []string
	includeServicePrincipals bool
	pageTokenLifetime        time.Duration
	tokenLifetime            time.Duration
	tokenAudience            string // Of another resource; empty for this one.
	refused                  refusedTokens
	tokenValidity            time.Duration // How long tokens are really good for; zero for as long as they say.
	latency, itemLatency     time.Duration
	jitter                   time.Duration
	deltaRows                int
	credential               CredentialState
	federated                FederatedExpansion
	caps                     expandCaps
	missing                  []string // Path segments that are not there.
	privileged               bool     // Users who hold directory roles are out of reach of a permission alone.
}

// Server is a tenant on the wire: login authority and Microsoft Graph at one address.
type Server struct {
	tenant   *Tenant
	log      *slog.Logger
	now      func() time.Time
	routes   []route
	url      string
	caPEM    []byte
	tls      *tls.Config
	wire     wire
	ctx      context.Context //nolint:containedctx // Ends stalled answers when the server closes.
	cancel   context.CancelFunc
	tokenKey []byte // Seals access tokens and page tokens.
	auth     *authority
	rules    ruleSet
	recorder recorder
	bucket   bucket
	writes   bucket // Counts writes, not units.
	limits   serviceLimits
	shown    atomic.Pointer[replica]
	reports  atomic.Int64 // Requests for reports that could be refused for want of a plan.

	mu  sync.RWMutex
	set settings
}

const defaultTokenLifetime = time.Hour

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
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", opts.Addr, err)
	}
	s := &Server{
		tenant: t, log: opts.Log, now: opts.Now, routes: append(newRoutes(), newWriteRoutes()...), caPEM: caPEM, tokenKey: key,
		url: "https://" + listener.Addr().String(), tls: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
		set: settings{permissions: DefaultPermissions(), tokenLifetime: defaultTokenLifetime, deltaRows: defaultDeltaRows, privileged: true,
			caps: expandCaps{defaultExpandRows, expandLimit}},
	}
	s.auth = newAuthority(s)
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
func (s *Server) URL() string { return s.url }

// CACertPEM is the certificate of the authority that signed the server's own.
func (s *Server) CACertPEM() []byte { return append([]byte(nil), s.caPEM...) }

// Tenant is the directory behind the server.
func (s *Server) Tenant() *Tenant { return s.tenant }

func (s *Server) settings() settings {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.set
}

func (s *Server) change(edit func(*settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.set)
}

// SetPermissions says which application permissions the next tokens carry.
func (s *Server) SetPermissions(names ...string) {
	s.change(func(set *settings) { set.permissions = append([]string(nil), names...) })
}

// SetIncludeServicePrincipals makes members and owners list service principals, which v1.0 is documented not to, and
// groups/delta too, of which it is not documented.
func (s *Server) SetIncludeServicePrincipals(on bool) {
	s.change(func(set *settings) { set.includeServicePrincipals = on })
}

// SetPageTokenLifetime says how long a $skiptoken is good for; zero for ever.
func (s *Server) SetPageTokenLifetime(d time.Duration) {
	s.change(func(set *settings) { set.pageTokenLifetime = d })
}

// SetDeltaPageRows says how many members and owners a page of groups/delta holds.
func (s *Server) SetDeltaPageRows(n int) {
	s.change(func(set *settings) { set.deltaRows = max(1, n) })
}

// SetTokenLifetime says how long the next access tokens are good for.
func (s *Server) SetTokenLifetime(d time.Duration) {
	s.change(func(set *settings) { set.tokenLifetime = d })
}

// SetTokenAudience makes the next access tokens good for another resource than this Graph; empty for this one.
func (s *Server) SetTokenAudience(audience string) {
	s.change(func(set *settings) { set.tokenAudience = audience })
}

// SetTokenValidity says how long access tokens are good for whatever they say themselves, as when access is revoked;
// zero for as long as they say.
func (s *Server) SetTokenValidity(d time.Duration) {
	s.change(func(set *settings) { set.tokenValidity = d })
}

// SetLatency delays every answer of Graph, batch items included.
func (s *Server) SetLatency(d time.Duration) {
	s.change(func(set *settings) { set.latency = d })
}

// SetJitter delays every answer of Graph, batch items included, by a random time up to this, so that answers overtake
// each other.
func (s *Server) SetJitter(most time.Duration) {
	s.change(func(set *settings) { set.jitter = most })
}

// delay is how long an answer waits.
func (s *Server) delay() time.Duration {
	set := s.settings()
	if set.jitter <= 0 {
		return set.latency
	}
	return set.latency + mathrand.N(set.jitter) //nolint:gosec // Nobody is kept from guessing it.
}

// SetItemLatency delays every answer of Graph by so much for each of its rows. The items of a batch are answered side
// by side, so a batch takes as long as its slowest item.
func (s *Server) SetItemLatency(d time.Duration) {
	s.change(func(set *settings) { set.itemLatency = d })
}

// Fault puts a rule in force until remove is called.
func (s *Server) Fault(rule Rule) func() { return s.rules.add(rule) }

// Requests lists every request and batch item since the start or the last Reset.
func (s *Server) Requests() []Request { return s.recorder.list() }

// Stats are the totals since the start or the last Reset.
func (s *Server) Stats() Stats {
	out := s.recorder.totals()
	out.Faults = s.rules.counts()
	out.Throttled, out.MaxPercentage = s.bucket.totals(false)
	out.ServiceThrottled = s.limits.totals(false)
	return out
}

// Reset forgets the requests, the writes and the totals; rules, switches and what was written stay.
func (s *Server) Reset() {
	s.recorder.reset()
	s.rules.resetCounts()
	s.bucket.totals(true)
	s.limits.totals(true)
}

func (s *Server) newRequestID() string {
	var g guid
	if _, err := rand.Read(g[:]); err != nil {
		return defaultAppRoleID
	}
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g.String()
}
