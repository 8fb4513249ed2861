// Package attempt carries out one sync of a simulated tenant in which something
// is wrong, and judges what comes of it: the truth, the truth but for what the log
// names, or an error that a person can act on and nothing that passes for a
// snapshot.
package attempt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/lab/localsync"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// Outcome is what came of a trial.
type Outcome string

// The outcomes. The first three are good; a trial may allow fewer.
const (
	Truth         Outcome = "truth"
	LeftOut       Outcome = "left out by name"
	FailedCleanly Outcome = "failed cleanly"
	Short         Outcome = "short"
	Hung          Outcome = "hung"
	Leaked        Outcome = "leaked"
)

// Plan is one sync to carry out.
type Plan struct {
	// Label marks what the sync starts; no two at a time have the same.
	Label   string
	Server  *graphsim.Server
	Retry   pacing.RetryPolicy
	Bound   time.Duration
	Workers int
	// Settings change what the sync asks for; nil for the defaults.
	Settings func(*config.AzureAd)
	// Over is called when the sync has ended, and ends the tenant.
	Over func() error
	// States are what the tenant was, from the beginning of the sync to its end.
	// It is called after Over.
	States func() []graphsim.Truth
	// Strangers are how many connections another host got; nil for none.
	Strangers func() int
}

// Result is what came of a sync.
type Result struct {
	Outcome Outcome
	// Why says what is wrong, and Failure how the sync failed, if it did.
	Why     []string
	Failure error
	// Left are the data sets that were left out by name, whole or of some objects.
	Left []string
}

// Impatient keeps the shape of the client's retries and shortens their waits.
func Impatient() pacing.RetryPolicy {
	return pacing.RetryPolicy{Attempts: 6, BaseDelay: 20 * time.Millisecond, MaxDelay: 5 * time.Second, AttemptTimeout: 5 * time.Second}
}

// run is a Result in the making.
type run struct {
	*Result
	*Plan
	cfg                   *config.AzureAd
	path, scratch, secret string
	logs                  []observer.LoggedEntry
}

// Run carries a plan out. The error says that it could not be.
func Run(ctx context.Context, p *Plan) (*Result, error) {
	dir, err := os.MkdirTemp("", "trial")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	t := &run{Result: &Result{}, Plan: p, path: filepath.Join(dir, "tenant.c1z"), scratch: filepath.Join(dir, "scratch")}
	err = errors.Join(t.sync(ctx), os.RemoveAll(dir))
	return t.Result, err
}

func (t *run) sync(ctx context.Context) error {
	core, logs := observer.New(zapcore.DebugLevel)
	if err := os.Mkdir(t.scratch, 0o700); err != nil {
		return errors.Join(err, t.Over())
	}
	bounded, cancel := context.WithTimeout(ctx, t.Bound)
	defer cancel()
	t.cfg = t.settings()
	var err error
	pprof.Do(bounded, pprof.Labels(labelTrial, t.Label), func(inner context.Context) {
		t.Failure, err = localsync.Sync(ctxzap.ToContext(inner, zap.New(core)), t.cfg, localsync.Options{
			Path: t.path, Scratch: t.scratch, Workers: t.Workers,
			Connector: connector.Options{Version: "trial", Retry: t.Retry, ReportsPerWindow: 1000},
		})
	})
	late := errors.Is(bounded.Err(), context.DeadlineExceeded)
	t.secret, t.logs = t.Server.ClientSecret(), logs.All()
	if err := errors.Join(ctx.Err(), err, t.Over()); err != nil {
		return err
	}
	if err := t.judge(ctx, late); err != nil {
		return err
	}
	return t.lookForLeaks()
}

func (t *run) settings() *config.AzureAd {
	cfg := &config.AzureAd{
		AzureTenantId:     t.Server.TenantID(),
		AzureClientId:     t.Server.ClientID(),
		AzureClientSecret: t.Server.ClientSecret(),
		AuthorityHost:     t.Server.URL(),
		GraphEndpoint:     t.Server.URL(),
		CaCertificate:     t.Server.CACertPEM(),
	}
	if t.Settings != nil {
		t.Settings(cfg)
	}
	return cfg
}

// judge decides between all outcomes but leaked.
func (t *run) judge(ctx context.Context, late bool) error {
	found, err := readRows(ctx, t.path, filepath.Dir(t.scratch))
	switch {
	case late:
		t.Outcome = Hung
	case t.Failure == nil && err != nil:
		return err
	case t.Failure == nil:
		t.compare(found)
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

// compare compares a snapshot with what the tenant was, but for what the log
// names.
func (t *run) compare(found rowSet) {
	named := leftIn(t.logs)
	var states []rowSet
	for _, truth := range t.States() {
		state, err := named.expected(&truth, t.cfg)
		if err != nil {
			t.Outcome, t.Why = Short, []string{err.Error()}
			return
		}
		states = append(states, state)
		t.Left = append(t.Left, named.missed(&truth, t.cfg)...)
	}
	slices.Sort(t.Left)
	t.Left = slices.Compact(t.Left)
	t.Outcome = Truth
	if len(t.Left) > 0 {
		t.Outcome = LeftOut
	}
	if t.Why = differences(states, found); len(t.Why) > 0 {
		t.Outcome = Short
	}
}

// lookForLeaks looks at what is left of a trial that is over.
func (t *run) lookForLeaks() error {
	left, err := lingering(t.Label)
	if err != nil {
		return err
	}
	files, err := lyingAbout(t.scratch)
	if err != nil {
		return fmt.Errorf("looking for files: %w", err)
	}
	left = append(left, files...)
	if t.Strangers != nil {
		if n := t.Strangers(); n > 0 {
			left = append(left, fmt.Sprintf("%d connections to another host", n))
		}
	}
	told := func(text string) bool {
		return strings.Contains(text, t.secret) || strings.Contains(text, "eyJ") || strings.Contains(text, "Bearer ")
	}
	if t.Failure != nil && told(t.Failure.Error()) {
		left = append(left, "a secret in the error")
	}
	for _, entry := range t.logs {
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
