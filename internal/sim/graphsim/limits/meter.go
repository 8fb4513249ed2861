// Package limits counts what calls cost and refuses those that ask too much: resource units, writes, and the services
// with limits of their own (throttling-limits). It does not know what a call answers.
package limits

import (
	"net/http"
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// WriteQuota is how many writes Graph takes from one application in one tenant (throttling-limits); it is in force
// unless SetWriteQuota says otherwise.
var WriteQuota = Budget{Units: 3000, Per: 150 * time.Second}

// Meter counts what calls cost, each against the limits of the service it belongs to.
type Meter struct {
	Now      func() time.Time
	Units    Bucket
	Writes   Bucket // Counts writes, not units.
	Services ServiceLimits
}

// Charge takes what a call cost, and refuses it where the budget is spent.
func (m *Meter) Charge(c *api.Call, out api.Reply) api.Reply {
	used, wait := m.Units.charge(m.Now(), c.Units)
	if wait > 0 {
		out = c.ErrorReply(&api.Error{Status: http.StatusTooManyRequests, Code: "TooManyRequests", Message: "Too many requests."})
		out.Header.Set("Retry-After", strconv.Itoa(wait))
		out.Header.Set("x-ms-throttle-scope", "Tenant_Application/"+readOrWrite(c.Method)+"/"+c.Claims.AppID+"/"+c.Tenant.TenantID())
		out.Header.Set("x-ms-throttle-information", "ResourceUnitLimitExceeded")
		c.Rows = 0
	}
	if used >= warnFrom {
		out.Header.Set("x-ms-throttle-limit-percentage", strconv.FormatFloat(used, 'f', 2, 64))
	}
	return out
}

func readOrWrite(method string) string {
	if method == http.MethodGet {
		return "Read"
	}
	return "ReadWrite"
}

// ChargeWrite charges a call before it runs.
func (m *Meter) ChargeWrite(c *api.Call) (api.Reply, bool) {
	c.Metered, c.Units = true, max(1, c.Route.Cost)
	if out := m.Charge(c, api.NewReply(http.StatusOK, nil)); out.Status != http.StatusOK {
		return out, false
	}
	_, wait := m.Writes.charge(m.Now(), 1)
	if wait == 0 {
		return api.Reply{}, true
	}
	out := c.ErrorReply(&api.Error{
		Status: http.StatusTooManyRequests, Code: "TooManyRequests", Message: "Too many requests.", RetryAfter: strconv.Itoa(wait),
	})
	out.Header.Set("x-ms-throttle-scope", "Tenant_Application/Write/"+c.Claims.AppID+"/"+c.Tenant.TenantID())
	out.Header.Set("x-ms-throttle-information", "WriteLimitExceeded")
	return out, false
}
