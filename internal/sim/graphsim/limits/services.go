package limits

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	reportsWindow      = 10 * time.Second
	ReportsPerWindow   = 5 // For one application in one tenant.
	protectionWindow   = time.Second
	protectionRequests = 1 // For all applications of a tenant together.
	OutlookAtOnce      = 4
	teamsWindow        = time.Second
	teamsPerWindow     = 30 // What is not named otherwise, for one application in one tenant.
	onDemandWindow     = 10 * time.Second
	onDemandPerWindow  = 5 // Of provisionOnDemand, says its page.
	outlookRetryAfter  = "1"
)

// ServiceLimits counts what other services than the directory have been asked.
type ServiceLimits struct {
	mu       sync.Mutex
	on       bool
	accepted map[string][]time.Time // By service and who shares its limit: the latest requests.
	outlook  int                    // Requests under way.
	refused  int
}

// serviceOf is whose limits a call counts against: sign-in activity is read from the reports.
func serviceOf(c *api.Call) api.Service {
	if strings.Contains(c.RawQuery, directory.SignInProperty) {
		return api.ServiceReports
	}
	return c.Route.Service
}

// LimitService refuses a call of a service that was asked too much.
func (m *Meter) LimitService(c *api.Call) error {
	switch serviceOf(c) {
	case api.ServiceOutlook:
		if c.Crowded {
			m.Services.refuse()
			return tooMany(outlookRetryAfter)
		}
	case api.ServiceReports:
		if wait := m.admit("reports/"+c.Claims.AppID, ReportsPerWindow, reportsWindow); wait > 0 {
			return tooMany(strconv.Itoa(int((wait + time.Second - 1) / time.Second)))
		}
	case api.ServiceProvisioning:
		if wait := m.admit("provisionOnDemand/"+c.Claims.AppID, onDemandPerWindow, onDemandWindow); wait > 0 {
			return tooMany(strconv.Itoa(int((wait + time.Second - 1) / time.Second)))
		}
	case api.ServiceTeams:
		if wait := m.admit("teams/"+c.Claims.AppID, teamsPerWindow, teamsWindow); wait > 0 {
			return tooMany(strconv.Itoa(int((wait + time.Second - 1) / time.Second)))
		}
	case api.ServiceDirectory: // Metered by what an answer cost.
	case api.ServiceIdentityProtection:
		if wait := m.admit("identityProtection", protectionRequests, protectionWindow); wait > 0 {
			return tooMany("")
		}
	}
	return nil
}

// admit counts a request, or says how long the next one has to wait.
func (m *Meter) admit(key string, most int, window time.Duration) time.Duration {
	budgeted := m.Units.limited()
	l, now := &m.Services, m.Now()
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

// SwitchOn puts the limits in force, or not.
func (l *ServiceLimits) SwitchOn(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = on
}

func (l *ServiceLimits) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
}

// Totals gives the refusals since the last time, for Stats.
func (l *ServiceLimits) Totals(reset bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	refused := l.refused
	if reset {
		l.refused = 0
	}
	return refused
}

func tooMany(retryAfter string) error {
	return &api.Error{Status: http.StatusTooManyRequests, Code: "TooManyRequests", Message: "Too many requests.", RetryAfter: retryAfter}
}

// VisitMailbox counts a request to Outlook as under way until leave is called, and notes where there are too many.
func (m *Meter) VisitMailbox(c *api.Call) func() {
	if !strings.Contains(strings.ToLower(c.Path), "/mailboxsettings") {
		return func() {}
	}
	l := &m.Services
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outlook++
	c.Crowded = l.outlook > OutlookAtOnce
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.outlook--
	}
}

// MailboxTurn waits for an item's turn: a batch runs four items of Outlook at a time.
func MailboxTurn(ctx context.Context, c *api.Call, url string) func() {
	if !strings.Contains(strings.ToLower(url), "/mailboxsettings") {
		return func() {}
	}
	select {
	case c.MailboxTurns <- struct{}{}:
		return func() { <-c.MailboxTurns }
	case <-ctx.Done():
		return func() {}
	}
}
