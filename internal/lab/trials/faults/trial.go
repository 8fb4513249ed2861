// Package faults tries whole syncs of a simulated tenant in which something goes
// wrong, alone or together with other things, and judges what comes of it: the
// truth, the truth but for what is left out by name, or an error that a person can
// act on and nothing that passes for a snapshot. What goes wrong, and where, follows from a seed.
package faults

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// Bound is how long a sync of the trials' tenant may take with one fault that
// does not make it wait. PatientBound is for those that do: where the last of a
// request's attempts was refused for load, the connector asks again for a
// quarter of an hour. In a mix that can happen, too.
const (
	Bound        = 3 * time.Minute
	PatientBound = 25 * time.Minute
)

// Result is one trial and what came of it.
type Result struct {
	Names   []string
	Seed    uint64
	Outcome attempt.Outcome
	// Allowed is whether the outcome is a good one for these faults.
	Allowed bool
	// Why says what is wrong, and Failure how the sync failed, if it did.
	Why     []string
	Failure error
	// Left are the data sets that were left out by name, in whole or in part.
	Left    []string
	Seconds float64
	// Idle are the faults that never struck.
	Idle []string
}

// String is one line: what to look at and how to see it again.
func (r *Result) String() string {
	line := fmt.Sprintf("seed %d, %s: %s", r.Seed, strings.Join(r.Names, " + "), r.Outcome)
	if r.Outcome == attempt.LeftOut {
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

// Run tries one sync under some faults. The error says that the trial itself
// could not be carried out.
func Run(ctx context.Context, list []Fault, seed uint64) (*Result, error) {
	r := &Result{Seed: seed}
	mayFail := len(list) > 1
	bound, retry := Bound, attempt.Impatient()
	if len(list) > 1 {
		bound = PatientBound
	}
	for _, f := range list {
		r.Names = append(r.Names, f.Name)
		mayFail = mayFail || f.MayFail
		if f.Patient {
			bound, retry = PatientBound, pacing.DefaultRetryPolicy()
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(r.Names, "+")))
	random := rand.New(rand.NewPCG(seed, h.Sum64())) //nolint:gosec // A seed is to give the same again.
	t := trial{
		Result: r, retry: retry, bound: bound, workers: []int{1, 4, 16}[random.IntN(3)],
		label: fmt.Sprintf("%d %s", seed, strings.Join(r.Names, " + ")),
	}
	start := time.Now()
	err := t.run(ctx, list, random)
	r.Seconds = time.Since(start).Seconds()
	r.Allowed = r.Outcome == attempt.Truth || mayFail && (r.Outcome == attempt.FailedCleanly || r.Outcome == attempt.LeftOut)
	if !mayFail && (r.Outcome == attempt.FailedCleanly || r.Outcome == attempt.LeftOut) {
		r.Why = append(r.Why, "this has to be ridden out")
	}
	return r, err
}

// trial is a Result in the making.
type trial struct {
	*Result
	label   string
	retry   pacing.RetryPolicy
	bound   time.Duration
	workers int
}

func (t *trial) run(ctx context.Context, list []Fault, random *rand.Rand) error {
	var skew time.Duration
	for _, f := range list {
		if f.skew != nil {
			skew += f.skew(random)
		}
	}
	s, err := newScene(random, skew)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.arm != nil {
			f.arm(s, f.Name)
		}
	}
	r, err := attempt.Run(ctx, &attempt.Plan{
		Label: t.label, Server: s.server, Retry: t.retry, Bound: t.bound, Workers: t.workers,
		States: func() []graphsim.Truth { return s.states }, Strangers: s.trap.caught,
		Over: func() error {
			for name, n := range s.strikes() {
				if n == 0 {
					t.Idle = append(t.Idle, name)
				}
			}
			return s.close()
		},
	})
	if err != nil {
		return err
	}
	t.Outcome, t.Why, t.Failure, t.Left = r.Outcome, r.Why, r.Failure, r.Left
	return nil
}
