package graphsim

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// service is a part of Graph with limits of its own (throttling-limits).
type service uint8

const (
	serviceDirectory service = iota // Metered in resource units: see Budget.
	serviceReports
	serviceIdentityProtection
	serviceOutlook
)

const (
	reportsWindow      = 10 * time.Second
	reportsPerWindow   = 5 // For one application in one tenant.
	protectionWindow   = time.Second
	protectionRequests = 1 // For all applications of a tenant together.
	outlookAtOnce      = 4
	outlookRetryAfter  = "1"
	signInProperty     = "signInActivity"
)

// serviceLimits counts what other services than the directory have been asked.
type serviceLimits struct {
	mu       sync.Mutex
	on       bool
	accepted map[string][]time.Time // By service and who shares its limit: the latest requests.
	outlook  int                    // Requests under way.
	refused  int
}

// serviceOf is whose limits a call counts against: sign-in activity is read from the reports.
func serviceOf(c *call) service {
	if strings.Contains(c.rawQuery, signInProperty) {
		return serviceReports
	}
	return c.route.service
}

// checkSignInActivity applies what the reports ask of who reads sign-in activity: a permission, a plan, and no sign-in
// name in the place of an id.
func (c *call) checkSignInActivity() error {
	if !c.holds("AuditLog.Read.All") {
		return denied()
	}
	if _, isGUID := parseGUID(c.id); c.single && !isGUID {
		return badRequest("Get By Key only supports UserId and the key has to be a valid Guid.")
	}
	if err := c.requireReportsPlan(planP1); err != nil {
		return err
	}
	return c.checkFlicker()
}

// limitService refuses a call of a service that was asked too much.
func (m *meter) limitService(c *call) error {
	switch serviceOf(c) {
	case serviceOutlook:
		if c.crowded {
			m.services.refuse()
			return tooMany(outlookRetryAfter)
		}
	case serviceReports:
		if wait := m.admit("reports/"+c.claims.AppID, reportsPerWindow, reportsWindow); wait > 0 {
			return tooMany(strconv.Itoa(int((wait + time.Second - 1) / time.Second)))
		}
	case serviceDirectory: // Metered by what an answer cost.
	case serviceIdentityProtection:
		if wait := m.admit("identityProtection", protectionRequests, protectionWindow); wait > 0 {
			return tooMany("")
		}
	}
	return nil
}

// admit counts a request, or says how long the next one has to wait.
func (m *meter) admit(key string, most int, window time.Duration) time.Duration {
	budgeted := m.units.limited()
	l, now := &m.services, m.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.on && !budgeted {
		return 0
	}
	recent := slices.DeleteFunc(l.accepted[key], func(at time.Time) bool { return now.Sub(at) >= window })
	if len(recent) >= most {
		l.accepted[key] = recent
		l.refused++
		return window - now.Sub(recent[0])
	}
	if l.accepted == nil {
		l.accepted = map[string][]time.Time{}
	}
	l.accepted[key] = append(recent, now)
	return 0
}

func (l *serviceLimits) switchOn(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = on
}

func (l *serviceLimits) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
}

// totals gives the refusals since the last time, for Stats.
func (l *serviceLimits) totals(reset bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	refused := l.refused
	if reset {
		l.refused = 0
	}
	return refused
}

func tooMany(retryAfter string) error {
	return &graphError{status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests.", retryAfter: retryAfter}
}

// visitMailbox counts a request to Outlook as under way until leave is called, and notes where there are too many.
func (m *meter) visitMailbox(c *call) func() {
	if !strings.Contains(strings.ToLower(c.path), "/mailboxsettings") {
		return func() {}
	}
	l := &m.services
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outlook++
	c.crowded = l.outlook > outlookAtOnce
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.outlook--
	}
}

// mailboxTurn waits for an item's turn: a batch runs four items of Outlook at a time.
func mailboxTurn(ctx context.Context, c *call, url string) func() {
	if !strings.Contains(strings.ToLower(url), "/mailboxsettings") {
		return func() {}
	}
	select {
	case c.mailboxTurns <- struct{}{}:
		return func() { <-c.mailboxTurns }
	case <-ctx.Done():
		return func() {}
	}
}
