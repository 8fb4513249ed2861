// Package faults tries whole syncs of a simulated tenant in which something goes
// wrong, alone or together with other things, and judges what comes of it: the
// truth, or an error that a person can act on and nothing that passes for a
// snapshot. What goes wrong, and where, follows from a seed.
package faults

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/localsync"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Outcome is what came of a trial.
type Outcome string

// The outcomes. The first two are good; a fault may allow only the first.
const (
	Truth         Outcome = "truth"
	FailedCleanly Outcome = "failed cleanly"
	Short         Outcome = "short"
	Hung          Outcome = "hung"
	Leaked        Outcome = "leaked"
)

// Bound is how long a sync of the trials' tenant may take with one fault that
// does not make it wait. PatientBound is for those that do: where the last of a
// request's attempts was refused for load, the connector asks again for a
// quarter of an hour. In a mix that can happen, too.
const (
	Bound        = 3 * time.Minute
	PatientBound = 25 * time.Minute
)

// impatient keeps the shape of the client's retries and shortens their waits.
var impatient = graph.RetryPolicy{Attempts: 6, BaseDelay: 20 * time.Millisecond, MaxDelay: 5 * time.Second, AttemptTimeout: 5 * time.Second}

// Result is one trial and what came of it.
type Result struct {
	Names   []string
	Seed    uint64
	Outcome Outcome
	// Allowed is whether the outcome is a good one for these faults.
	Allowed bool
	// Why says what is wrong, and Failure how the sync failed, if it did.
	Why     []string
	Failure error
	Seconds float64
	// Idle are the faults that never struck.
	Idle []string
}

// String is one line: what to look at and how to see it again.
func (r *Result) String() string {
	line := fmt.Sprintf("seed %d, %s: %s", r.Seed, strings.Join(r.Names, " + "), r.Outcome)
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
	bound, retry := Bound, impatient
	if len(list) > 1 {
		bound = PatientBound
	}
	for _, f := range list {
		r.Names = append(r.Names, f.Name)
		mayFail = mayFail || f.MayFail
		if f.Patient {
			bound, retry = PatientBound, graph.DefaultRetryPolicy()
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(r.Names, "+")))
	random := rand.New(rand.NewPCG(seed, h.Sum64())) //nolint:gosec // A seed is to give the same again.
	dir, err := os.MkdirTemp("", "fault-trial")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	t := trial{
		Result: r, dir: dir, retry: retry, bound: bound, workers: []int{1, 4, 16}[random.IntN(3)],
		label: fmt.Sprintf("%d %s", seed, strings.Join(r.Names, " + ")),
	}
	start := time.Now()
	err = errors.Join(t.run(ctx, list, random), os.RemoveAll(dir))
	r.Seconds = time.Since(start).Seconds()
	r.Allowed = r.Outcome == Truth || r.Outcome == FailedCleanly && mayFail
	if r.Outcome == FailedCleanly && !mayFail {
		r.Why = append(r.Why, "this has to be ridden out")
	}
	return r, err
}

// trial is a Result in the making.
type trial struct {
	*Result
	dir     string
	label   string
	retry   graph.RetryPolicy
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
	core, logs := observer.New(zapcore.DebugLevel)
	path, scratch := filepath.Join(t.dir, "tenant.c1z"), filepath.Join(t.dir, "scratch")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return errors.Join(err, s.close())
	}
	bounded, cancel := context.WithTimeout(ctx, t.bound)
	defer cancel()
	var failed error
	pprof.Do(bounded, pprof.Labels(labelTrial, t.label), func(inner context.Context) {
		failed, err = localsync.Sync(ctxzap.ToContext(inner, zap.New(core)), t.settings(s), localsync.Options{
			Path: path, Scratch: scratch, Workers: t.workers,
			Connector: connector.Options{Version: "trial", Retry: t.retry, ReportsPerWindow: 1000},
		})
	})
	late := errors.Is(bounded.Err(), context.DeadlineExceeded)
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), s.close())
	}
	for name, n := range s.strikes() {
		if n == 0 {
			t.Idle = append(t.Idle, name)
		}
	}
	secret := s.server.ClientSecret()
	if err := errors.Join(err, s.close()); err != nil {
		return err
	}
	t.Failure = failed
	if err := t.judge(ctx, s, late, path, scratch); err != nil {
		return err
	}
	return t.lookForLeaks(s, secret, logs.All(), scratch)
}

func (t *trial) settings(s *scene) *config.AzureAd {
	return &config.AzureAd{
		AzureTenantId:     s.server.TenantID(),
		AzureClientId:     s.server.ClientID(),
		AzureClientSecret: s.server.ClientSecret(),
		AuthorityHost:     s.server.URL(),
		GraphEndpoint:     s.server.URL(),
		CaCertificate:     s.server.CACertPEM(),
	}
}

// judge decides between truth, failed cleanly, short and hung.
func (t *trial) judge(ctx context.Context, s *scene, late bool, path, scratch string) error {
	found, err := readRows(ctx, path, filepath.Dir(scratch))
	switch {
	case late:
		t.Outcome = Hung
	case t.Failure == nil && err != nil:
		return err
	case t.Failure == nil:
		t.Outcome = Truth
		if t.Why = differences(s.states, found); len(t.Why) > 0 {
			t.Outcome = Short
		}
	case err == nil:
		t.Outcome, t.Why = Short, []string{"the sync failed and left a snapshot that is marked as finished"}
	case !noSnapshot(err):
		return err
	default:
		t.Outcome = FailedCleanly
		if wrong := unclear(t.Failure); wrong != "" {
			t.Outcome, t.Why = Leaked, []string{wrong}
		}
	}
	return nil
}

// lookForLeaks looks at what is left of a trial that is over.
func (t *trial) lookForLeaks(s *scene, secret string, logs []observer.LoggedEntry, scratch string) error {
	left, err := lingering(t.label)
	if err != nil {
		return err
	}
	files, err := lyingAbout(scratch)
	if err != nil {
		return fmt.Errorf("looking for files: %w", err)
	}
	left = append(left, files...)
	if n := s.trap.caught(); n > 0 {
		left = append(left, fmt.Sprintf("%d connections to another host", n))
	}
	told := func(text string) bool {
		return strings.Contains(text, secret) || strings.Contains(text, "eyJ") || strings.Contains(text, "Bearer ")
	}
	if t.Failure != nil && told(t.Failure.Error()) {
		left = append(left, "a secret in the error")
	}
	for _, entry := range logs {
		if told(entry.Message + fmt.Sprint(entry.ContextMap())) {
			left = append(left, "a secret in the log: "+entry.Message)
			break
		}
	}
	if len(left) > 0 && t.Outcome != Hung && t.Outcome != Short {
		t.Outcome = Leaked
	}
	t.Why = append(t.Why, left...)
	return nil
}
