package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

const (
	// clockTolerance is what the sign-in service allows, both ways
	// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
	clockTolerance = 5 * time.Minute
	// clockNotice is when it is time to look at the clock.
	clockNotice = time.Minute
)

// contact checks the way to a host: name, route, certificate, clock. It reports
// whether the host answers.
func (e *examination) contact(ctx context.Context, id, name, root, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, contactLimit)
	defer cancel()
	found, err := network.Reach(ctx, e.client, url)
	check := Check{ID: id, Group: groupNetwork, Name: name + " (" + network.HostOf(root) + ")"}
	if err != nil {
		check.Status = StatusFailed
		check.Detail, check.Fix = explainContact(found, err)
		e.report.add(check)
		e.skip(id+".clock", groupNetwork, "clock, against "+name, "it did not answer")
		return false
	}
	check.Status, check.Detail = StatusOK, describeContact(found)
	if hint := interception(root, found); hint != "" {
		check.Status, check.Fix = StatusWarning, hint
	}
	e.report.add(check)
	e.report.add(checkClock(id, name, found))
	return true
}

// explainContact adds to the sentence of an error what was learned on the way.
func explainContact(found *network.Contact, err error) (string, string) {
	var broken *network.ConnectionError
	if !errors.As(err, &broken) {
		return err.Error(), ""
	}
	problem, fix := splitAdvice(broken.Explanation)
	if found == nil {
		return problem, fix
	}
	if len(found.Addresses) > 0 {
		problem += " (its name is known: " + strings.Join(found.Addresses, ", ") + ")"
	}
	if found.Proxy != "" {
		problem += " (through the proxy " + found.Proxy + ")"
	}
	if network.IsUntrusted(err) && len(found.Chain) > 0 {
		problem += "; the certificate shown is for " + found.Chain[0].Subject + ", issued by " + found.Chain[0].Issuer
	}
	return problem, fix
}

func describeContact(c *network.Contact) string {
	var parts []string
	if len(c.Addresses) > 0 {
		parts = append(parts, strings.Join(c.Addresses, ", "))
	}
	if c.Proxy != "" {
		parts = append(parts, "through the proxy "+c.Proxy)
	}
	if c.TLSVersion != "" {
		parts = append(parts, c.TLSVersion)
	}
	if len(c.Chain) > 0 {
		parts = append(parts, fmt.Sprintf("certificate issued by %s, valid until %s", c.Chain[0].Issuer, c.Chain[0].NotAfter.UTC().Format(time.DateOnly)))
	}
	return strings.Join(parts, "; ")
}

// microsoftIssuers are part of the names of those who issue certificates for
// Microsoft's hosts
// (https://learn.microsoft.com/azure/security/fundamentals/azure-certificate-authority-details).
var microsoftIssuers = []string{"microsoft", "digicert"}

// interception is a hint that somebody between here and Microsoft opens the
// connection: the certificate of one of Microsoft's hosts is trusted here, but
// not from where Microsoft has them.
func interception(root string, c *network.Contact) string {
	if !signin.IsMicrosoftHost(root) || len(c.Chain) == 0 {
		return ""
	}
	for _, organization := range c.Chain[0].Organizations {
		for _, known := range microsoftIssuers {
			if strings.Contains(strings.ToLower(organization), known) {
				return ""
			}
		}
	}
	return "this is not how Microsoft's certificates are issued: a proxy seems to open the connection, and sees tokens and data; exempt the host from TLS inspection if that is not intended"
}

// checkClock compares clocks. Nobody signs in with one that is far off.
func checkClock(id, name string, c *network.Contact) Check {
	check := Check{ID: id + ".clock", Group: groupNetwork, Name: "clock, against " + name, Status: StatusOK}
	if !c.KnowsTime {
		check.Status, check.Detail = StatusSkipped, "it did not tell the time"
		return check
	}
	off := c.Ahead.Abs()
	direction := "ahead"
	if c.Ahead < 0 {
		direction = "behind"
	}
	switch {
	case off < 2*time.Second:
		check.Detail = "right to within two seconds"
	default:
		check.Detail = fmt.Sprintf("this machine is %s %s", off.Round(time.Second), direction)
	}
	switch {
	case off >= clockTolerance:
		check.Status = StatusFailed
	case off >= clockNotice:
		check.Status = StatusWarning
	}
	if check.Status != StatusOK {
		check.Fix = "set this machine's clock, and keep it right with NTP"
	}
	return check
}
