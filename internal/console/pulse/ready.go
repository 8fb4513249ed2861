package pulse

import (
	"fmt"
	"time"
)

// readiness is whether a service is ready for tasks, and what a prober may want to
// know besides.
type readiness struct {
	Status string `json:"status"`
	Reason string `json:"reason"`
	// Reached, and the times below, are left out before they come.
	Reached  *time.Time `json:"platform_last_reached,omitempty"`
	LastSync *lastSync  `json:"last_sync,omitempty"`
	Good     *time.Time `json:"last_good_snapshot,omitempty"`
}

type lastSync struct {
	Ended   time.Time `json:"ended"`
	Outcome string    `json:"outcome"`
	Kind    Kind      `json:"kind,omitempty"`
}

const (
	statusReady    = "ready"
	statusNotReady = "not_ready"
)

// ready tells whether a service is ready: the platform was reached within a bound.
// What Microsoft Graph is like has no part in it: the platform hears that from the
// tasks, and starting again mends nothing.
func (f *facts) ready(now time.Time, within time.Duration) readiness {
	r := readiness{Status: statusNotReady, Reached: said(f.reached), Good: said(f.good)}
	if ended := said(f.ended); ended != nil {
		r.LastSync = &lastSync{Ended: *ended, Outcome: OutcomeUploaded, Kind: f.last}
		if f.last != None {
			r.LastSync.Outcome = OutcomeFailed
		}
	}
	switch ago := now.Sub(f.reached); {
	case f.reached.IsZero():
		r.Reason = fmt.Sprintf("the platform has not been reached in the %s since the service began", rounded(now.Sub(f.began)))
	case ago > within:
		r.Reason = fmt.Sprintf("the platform was last reached %s ago, and ready means within %s", rounded(ago), within)
	default:
		r.Status = statusReady
		r.Reason = fmt.Sprintf("the platform was reached %s ago", rounded(ago))
	}
	return r
}

// said is a time as it is told; nil if it has not come.
func said(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC().Truncate(time.Second)
	return &at
}

func rounded(d time.Duration) time.Duration { return max(d, 0).Round(time.Second) }
