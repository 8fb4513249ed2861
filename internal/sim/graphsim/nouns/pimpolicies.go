package nouns

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/policies"
)

const day = 24 * time.Hour

// schedule is the scheduleInfo of a request.
type schedule struct {
	Start      *string     `json:"startDateTime"`
	Expiration *expiration `json:"expiration"`
	Recurrence any         `json:"recurrence"`
	Type       string      `json:"@odata.type,omitempty"`
}

type expiration struct {
	Type     string  `json:"type"`
	End      *string `json:"endDateTime"`
	Duration *string `json:"duration"`
	OData    string  `json:"@odata.type,omitempty"`
}

// checkPolicy applies a policy to a request and gives the period it asks for.
func checkPolicy(p policies.Policy, c *api.Call, r scheduleRequest, eligible bool) (directory.Period, error) {
	start, end, err := r.period(c.Graph.Now().UTC())
	if err != nil {
		return directory.Period{}, err
	}
	longest := p.Longest
	if eligible {
		longest = p.LongestEligible
	}
	var failed []string
	if longest > 0 && (end.IsZero() || end.Sub(start) > longest) {
		failed = append(failed, "ExpirationRule")
	}
	if p.Justified && !eligible && (r.Justification == nil || strings.TrimSpace(*r.Justification) == "") {
		failed = append(failed, "JustificationRule")
	}
	if len(failed) > 0 {
		return directory.Period{}, pimError(CodePolicyFailed, fmt.Sprintf(`The following policy rules failed: ["%s"]`, strings.Join(failed, `","`)))
	}
	out := directory.Period{Start: start.Format(time.RFC3339)}
	if !end.IsZero() {
		out.End = end.Format(time.RFC3339)
	}
	return out, nil
}

// startSlack is how far ahead a start may lie: what begins later is not simulated.
const startSlack = 5 * time.Minute

// period reads from when to when a request asks something; a zero end means for good.
func (r scheduleRequest) period(now time.Time) (time.Time, time.Time, error) {
	start, end := now, time.Time{}
	if r.Schedule == nil {
		return start, end, pimError(codeInvalidAction, "The request needs a scheduleInfo.")
	}
	var err error
	if r.Schedule.Start != nil {
		if start, err = time.Parse(time.RFC3339, *r.Schedule.Start); err != nil || start.After(now.Add(startSlack)) {
			return start, end, pimError(codeInvalidAction, "The startDateTime is not valid.")
		}
	}
	x := r.Schedule.Expiration
	switch {
	case x == nil || x.Type == "":
		return start, end, pimError(codeInvalidAction, "The expiration is missing.")
	case x.Type == "noExpiration":
		return start, end, nil
	case x.Type == "afterDateTime" && x.End != nil:
		end, err = time.Parse(time.RFC3339, *x.End)
	case x.Type == "afterDuration" && x.Duration != nil:
		var length time.Duration
		length, err = parseDuration(*x.Duration)
		end = start.Add(length)
	default:
		return start, end, pimError(codeInvalidAction, "The expiration is not valid.")
	}
	if err != nil || !end.After(start) || !end.After(now) {
		return start, end, pimError(codeInvalidAction, "The expiration is not valid.")
	}
	return start, end, nil
}

var durationForm = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)

// parseDuration reads the ISO 8601 durations Graph uses.
func parseDuration(s string) (time.Duration, error) {
	parts := durationForm.FindStringSubmatch(s)
	if parts == nil {
		return 0, fmt.Errorf("%q is not an ISO 8601 duration", s)
	}
	var out time.Duration
	for i, unit := range []time.Duration{day, time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(parts[i+1]); err == nil {
			out += time.Duration(n) * unit
		}
	}
	return out, nil
}

// isoDuration writes a number of days; 180 of them where there is no limit, as policies that do not ask for an end do.
func isoDuration(d time.Duration) string {
	if d == 0 {
		d = 180 * day
	}
	switch { // As the portal's list of lengths is stored.
	case d == 365*day:
		return "P1Y"
	case d%(30*day) == 0:
		return fmt.Sprintf("P%dM", int(d/(30*day)))
	}
	return fmt.Sprintf("P%dD", int(d/day))
}
