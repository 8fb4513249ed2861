// Package pacing decides when a request may be sent: the governor keeps all callers
// inside the tenant's budgets, the retry policy says how long to wait after a
// refusal, and streaks how long refusals have lasted
// (https://learn.microsoft.com/graph/throttling).
//
// It sees paths, status codes and headers. It sends nothing, and knows neither
// tokens nor bodies.
package pacing

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Governor keeps one client inside a tenant's request budgets: it spends
// resource units at a rate that Graph has not objected to, slows all callers
// together when Graph signals that the limit is near, and stops them together
// when Graph refuses (https://learn.microsoft.com/graph/throttling-limits).
//
// It starts with the smallest documented budget, so that it need not know the
// tenant's size, and takes more only while Graph stays silent.
type Governor struct {
	mu       sync.Mutex
	now      func() time.Time
	services map[service]*budget
	// costs are the resource units last charged for a request of a shape.
	costs map[string]float64
}

// service is a part of Graph with a budget of its own.
type service string

const (
	serviceDirectory          service = "directory"
	serviceReports            service = "reports"
	serviceIdentityProtection service = "identity protection"
	serviceOutlook            service = "outlook"
	serviceTeams              service = "teams"
)

// serviceOf tells which budget a request counts against.
func serviceOf(ref string) service {
	switch {
	case strings.HasPrefix(ref, "/auditLogs/"), strings.HasPrefix(ref, "/reports/"), strings.Contains(ref, "signInActivity"):
		return serviceReports
	case strings.HasPrefix(ref, "/identityProtection/"):
		return serviceIdentityProtection
	case strings.HasPrefix(ref, "/teams/"):
		return serviceTeams
	case strings.Contains(ref, "/mailboxSettings"):
		return serviceOutlook
	default:
		return serviceDirectory
	}
}

// assumedCost is charged for a request whose like was never answered.
const assumedCost = 2

// reportsPerWindow is what Microsoft documents for the reports service
// (https://learn.microsoft.com/graph/throttling-limits).
const reportsPerWindow = 5

// NewGovernor begins with what is documented. reports is how many requests in 10 s
// the reports service may be sent; zero for the documented number.
func NewGovernor(now func() time.Time, reports int) *Governor {
	if reports == 0 {
		reports = reportsPerWindow
	}
	return &Governor{
		now: now,
		services: map[service]*budget{
			// 3,500 resource units in 10 s is the smallest tenant's budget,
			// 8,000 the largest's.
			serviceDirectory: newBudget(now(), 3500, 8000),
			// These two count requests: reports usually 5 in 10 s, identity
			// protection 1 in a second for all applications of the tenant.
			serviceReports:            newWholeBudget(now(), float64(reports)),
			serviceIdentityProtection: newBudget(now(), 5, 5),
			// Teams counts requests too, 30 in a second.
			serviceTeams: newBudget(now(), 300, 300),
			// Four requests at a time, which is what a batch does by itself.
			serviceOutlook: newSerialBudget(now()),
		},
		costs: map[string]float64{},
	}
}

// noticeable is a wait that a person who watches wants to know of.
const noticeable = time.Second

// HeldBack are the services whose budgets hold requests back at the moment, in
// the order of their names.
func (g *Governor) HeldBack() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var services []string
	for name, b := range g.services {
		if b.heldBack > 0 && b.inFlight < b.slots {
			services = append(services, string(name))
		}
	}
	slices.Sort(services)
	return services
}

// PausedFor is how long Graph still wants no requests, of any of its services.
func (g *Governor) PausedFor() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	var longest time.Duration
	for _, b := range g.services {
		longest = max(longest, b.pausedUntil.Sub(g.now()))
	}
	return longest
}

// Permit is the right to send one request.
type Permit struct {
	governor *Governor
	service  service
	shapes   []string
	cost     float64
	// Waited is how long it took to get.
	Waited time.Duration
}

// PausedError says that Graph has refused requests for longer than the caller
// waits.
type PausedError struct{ Left time.Duration }

// Error says how long it still is.
func (e *PausedError) Error() string {
	return "Microsoft Graph asked for no requests for another " + e.Left.Round(time.Second).String()
}

// Admit waits until a request may be sent. refs are the request's own reference,
// or those of the items of a batch. The wait ends at once with the context, and
// with a *PausedError where Graph has asked for a pause longer than longest: as
// with a refusal of the request's own, such a wait is the caller's decision.
func (g *Governor) Admit(ctx context.Context, refs []string, longest time.Duration) (*Permit, error) {
	p := &Permit{governor: g, service: serviceOf(refs[0])}
	for _, ref := range refs {
		p.shapes = append(p.shapes, shapeOf(ref))
	}
	start := g.now()
	for {
		g.mu.Lock()
		b := g.services[p.service]
		p.cost = g.costOf(p)
		wait := b.admit(g.now(), p.cost)
		pause, changed := b.pausedUntil.Sub(g.now()), b.changed
		tooLong := pause > max(longest, unnamedPause)
		if wait >= noticeable && !tooLong {
			b.heldBack++
		}
		g.mu.Unlock()
		if tooLong {
			return nil, &PausedError{Left: pause}
		}
		if wait == 0 {
			break
		}
		err := await(ctx, changed, wait)
		if wait >= noticeable {
			g.mu.Lock()
			b.heldBack--
			g.mu.Unlock()
		}
		if err != nil {
			return nil, err
		}
	}
	p.Waited = g.now().Sub(start)
	return p, nil
}

// costOf is what a request will probably be charged.
func (g *Governor) costOf(p *Permit) float64 {
	if p.service != serviceDirectory {
		return float64(len(p.shapes))
	}
	cost := 0.0
	for _, shape := range p.shapes {
		if known, ok := g.costs[shape]; ok {
			cost += known
		} else {
			cost += assumedCost
		}
	}
	return cost
}

// Learn takes what Graph says of a request, or of one item of a batch.
func (p *Permit) Learn(ctx context.Context, item int, status int, header func(string) string) {
	g := p.governor
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.services[p.service]
	if p.service == serviceDirectory {
		if units, err := strconv.ParseFloat(header("x-ms-resource-unit"), 64); err == nil {
			b.correct(units - g.charged(p.shapes[item]))
			g.costs[p.shapes[item]] = units
		}
	}
	if percentage, err := strconv.ParseFloat(header("x-ms-throttle-limit-percentage"), 64); err == nil && b.near(g.now(), percentage) {
		ctxzap.Extract(ctx).Debug("graph: near the limit, slowing down",
			zap.String("service", string(p.service)), zap.Float64("percentage", percentage), zap.Float64("units_per_second", b.rate))
	}
	if status == http.StatusTooManyRequests || status == failure.StatusBandwidthLimitExceeded {
		b.refused(g.now(), ParseRetryAfter(header("Retry-After"), g.now()))
		ctxzap.Extract(ctx).Debug("graph: throttled, pausing",
			zap.String("service", string(p.service)), zap.Time("until", b.pausedUntil), zap.Float64("units_per_second", b.rate), zap.Int("concurrency", b.slots))
	}
}

func (g *Governor) charged(shape string) float64 {
	if known, ok := g.costs[shape]; ok {
		return known
	}
	return assumedCost
}

// Done gives the permit back.
func (p *Permit) Done() {
	p.governor.mu.Lock()
	defer p.governor.mu.Unlock()
	p.governor.services[p.service].release()
}

// guidLength is that of an object id as text.
const guidLength = 36

// shapeOf is a request without its ids: requests of a shape cost the same.
func shapeOf(ref string) string {
	path, options, _ := strings.Cut(ref, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if len(part) == guidLength && strings.Count(part, "-") == 4 {
			parts[i] = "*"
		}
	}
	shape := strings.Join(parts, "/")
	if strings.Contains(options, "$expand=") {
		shape += "+"
	}
	return shape
}

// await waits for d, for the budget to change, or for the context to end.
func await(ctx context.Context, changed <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
