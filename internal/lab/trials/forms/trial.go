// Package forms tries whole syncs of a simulated tenant that refuses forms of
// request, caps what it gives, or holds odd values, each alone and all at once, and
// judges what comes of it.
package forms

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// bound is how long a sync may take.
const bound = 3 * time.Minute

// Row is one state of a tenant that a sync is tried on.
type Row struct {
	// Name says what is wrong; docs/reliability.md has it.
	Name string
	// How says in which ways the tenant refuses; empty where it does not.
	How string
	// Good are the ends that are good ones.
	Good []attempt.Outcome
	// Without are the data sets that may be left out for it.
	Without []string

	options []graphsim.Option
	arm     func(*scene)
	// settings are asked for besides everything that can be.
	settings func(*config.AzureAd)
	workers  int
}

// scene is the tenant of a trial.
type scene struct {
	server *graphsim.Server
	// armed are the names that it counts strikes under.
	armed []string
}

// Result is one trial and what came of it.
type Result struct {
	Row     *Row
	Outcome attempt.Outcome
	// Allowed is whether the outcome is a good one for this row, and everything
	// that was armed struck.
	Allowed bool
	// Why says what is wrong, and Failure how the sync failed, if it did.
	Why     []string
	Failure error
	// Left are the data sets that were left out by name.
	Left    []string
	Seconds float64
	// Idle are the refusals that never struck.
	Idle []string
}

// ask asks for all that a sync can read, so that it sends requests of every form.
func (r *Row) ask(cfg *config.AzureAd) {
	cfg.MailboxPurpose, cfg.SyncDeletedUsers, cfg.SyncDevices, cfg.SyncUserRisk = true, true, true, true
	cfg.PimGroups, cfg.GuestSponsors, cfg.ResourceSpecificConsents, cfg.CustomSecurityAttributes, cfg.SyncChannels = config.PimGroupsAll, true, true, true, true
	if r.settings != nil {
		r.settings(cfg)
	}
}

// String is one line.
func (r *Result) String() string {
	line := fmt.Sprintf("%s: %s", r.Row.Name, r.Outcome)
	if len(r.Left) > 0 {
		line += ", without " + strings.Join(r.Left, ", ")
	}
	if len(r.Why) > 0 {
		line += ": " + strings.Join(r.Why, "; ")
	}
	if r.Failure != nil {
		line += fmt.Sprintf(" (%v)", r.Failure)
	}
	return line
}

// Run tries one row. The error says that the trial itself could not be carried
// out.
func Run(ctx context.Context, row *Row) (*Result, error) {
	server, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 1, row.options...), graphsim.Options{})
	if err != nil {
		return nil, err
	}
	s := &scene{server: server}
	if row.arm != nil {
		row.arm(s)
	}
	r := &Result{Row: row}
	start := time.Now()
	got, err := attempt.Run(ctx, &attempt.Plan{
		Label: row.Name, Server: server, Retry: attempt.Impatient(), Bound: bound, Workers: row.workers, Settings: row.ask,
		States: func() []graphsim.Truth { return []graphsim.Truth{server.Tenant().Truth()} },
		Over: func() error {
			struck := server.Stats().Faults
			for _, name := range s.armed {
				if struck[name] == 0 {
					r.Idle = append(r.Idle, name)
				}
			}
			return server.Close()
		},
	})
	if err != nil {
		return nil, err
	}
	r.Outcome, r.Why, r.Failure, r.Seconds = got.Outcome, got.Why, got.Failure, time.Since(start).Seconds()
	if r.Outcome == attempt.LeftOut {
		r.Left = got.Left
	}
	r.judge()
	return r, nil
}

// judge compares what came of the trial with what the row allows.
func (r *Result) judge() {
	r.Allowed = slices.Contains(r.Row.Good, r.Outcome) && len(r.Idle) == 0
	for _, data := range r.Left {
		if !slices.Contains(r.Row.Without, data) {
			r.Allowed = false
			r.Why = append(r.Why, data+" did not have to be left out")
		}
	}
	if len(r.Idle) > 0 {
		r.Why = append(r.Why, "never struck: "+strings.Join(r.Idle, ", "))
	}
	if r.Outcome == attempt.FailedCleanly && !r.Allowed && len(r.Idle) == 0 {
		r.Why = append(r.Why, "this has to be ridden out")
	}
}
