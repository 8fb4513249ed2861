package graphsim

import (
	"net/http"
	"strconv"
	"time"
)

// WriteQuota is how many writes Graph takes from one application in one tenant (throttling-limits); it is in force
// unless SetWriteQuota says otherwise.
var WriteQuota = Budget{Units: 3000, Per: 150 * time.Second}

// meter counts what calls cost, each against the limits of the service it belongs to.
type meter struct {
	now      func() time.Time
	units    bucket
	writes   bucket // Counts writes, not units.
	services serviceLimits
}

// charge takes what a call cost, and refuses it where the budget is spent.
func (m *meter) charge(c *call, out reply) reply {
	used, wait := m.units.charge(m.now(), c.units)
	if wait > 0 {
		out = c.errorReply(&graphError{status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests."})
		out.header.Set("Retry-After", strconv.Itoa(wait))
		out.header.Set("x-ms-throttle-scope", "Tenant_Application/"+readOrWrite(c.method)+"/"+c.claims.AppID+"/"+c.tenant.TenantID())
		out.header.Set("x-ms-throttle-information", "ResourceUnitLimitExceeded")
		c.rows = 0
	}
	if used >= warnFrom {
		out.header.Set("x-ms-throttle-limit-percentage", strconv.FormatFloat(used, 'f', 2, 64))
	}
	return out
}

func readOrWrite(method string) string {
	if method == http.MethodGet {
		return "Read"
	}
	return "ReadWrite"
}

// chargeWrite charges a call before it runs.
func (m *meter) chargeWrite(c *call) (reply, bool) {
	c.metered, c.units = true, max(1, c.route.cost)
	if out := m.charge(c, newReply(http.StatusOK, nil)); out.status != http.StatusOK {
		return out, false
	}
	_, wait := m.writes.charge(m.now(), 1)
	if wait == 0 {
		return reply{}, true
	}
	out := c.errorReply(&graphError{
		status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests.", retryAfter: strconv.Itoa(wait),
	})
	out.header.Set("x-ms-throttle-scope", "Tenant_Application/Write/"+c.claims.AppID+"/"+c.tenant.TenantID())
	out.header.Set("x-ms-throttle-information", "WriteLimitExceeded")
	return out, false
}
