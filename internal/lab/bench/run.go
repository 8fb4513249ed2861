package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// The programs that are measured.
const (
	programConnector = "connector"
	programFloor     = "floor"
	programRecord    = "record"
)

var packages = map[string]string{
	programConnector: "./cmd/baton-azure-ad",
	programFloor:     "./internal/lab/bench/floor",
	programRecord:    "./internal/lab/bench/record",
}

// logLevel is how much each program says: the connector's summary is read.
var logLevel = map[string]string{programConnector: "info", programFloor: "error", programRecord: "error"}

var largest = regexp.MustCompile(`"largest_answer":(\d+),"largest_value":(\d+)`)

// sizesIn are the largest answer and the largest stored value that a log tells, in
// this order.
func sizesIn(path string) (int64, int64, error) {
	log, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, fmt.Errorf("reading the log: %w", err)
	}
	var answer, value int64
	for _, found := range largest.FindAllSubmatch(log, -1) {
		a, errA := strconv.ParseInt(string(found[1]), 10, 64)
		v, errV := strconv.ParseInt(string(found[2]), 10, 64)
		if err := errors.Join(errA, errV); err != nil {
			return 0, 0, fmt.Errorf("reading the log: %w", err)
		}
		answer, value = max(answer, a), max(value, v)
	}
	return answer, value, nil
}

// bench is one run of the harness.
type bench struct {
	*options
	result *Result
	dir    string
}

func (b *bench) all(ctx context.Context) error {
	for name, path := range packages {
		build := exec.CommandContext(ctx, "go", "build", "-tags", "grpcnotrace", "-o", filepath.Join(b.dir, name), path) //nolint:gosec // The paths are ours.
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", path, err, output)
		}
	}
	for _, size := range b.sizes {
		if err := b.size(ctx, graphsim.Size(size)); err != nil {
			return err
		}
	}
	return nil
}

// size measures everything at one size of the tenant.
func (b *bench) size(ctx context.Context, size graphsim.Size) error {
	server, err := graphsim.Start(graphsim.NewTenant(size, 1), graphsim.Options{})
	if err != nil {
		return err
	}
	defer server.Close()
	tenant := &target{server: server, env: environment(server), recording: filepath.Join(b.dir, "recording-"+string(size))}
	ca := filepath.Join(b.dir, "ca.pem")
	if err := os.WriteFile(ca, server.CACertPEM(), fileMode); err != nil {
		return fmt.Errorf("writing the certificate: %w", err)
	}
	tenant.env = append(tenant.env, "BATON_CA_CERTIFICATE="+ca, "BENCH_RECORDING="+tenant.recording)
	if b.options.costs {
		return b.costs(ctx, tenant, string(size))
	}
	if b.options.again {
		return b.again(ctx, tenant, string(size))
	}
	if !b.noFloor {
		if _, err := b.measure(ctx, tenant, programRecord, string(size), scenarios[0], b.workers[len(b.workers)-1], 0, false); err != nil {
			return err
		}
	}
	verify := b.verify
	for _, workers := range b.workers {
		for repeat := range b.repeat {
			if !b.noFloor {
				if err := b.keep(b.measure(ctx, tenant, programFloor, string(size), scenarios[0], workers, repeat, false)); err != nil {
					return err
				}
			}
			for _, s := range b.scenarios {
				if err := b.keep(b.measure(ctx, tenant, programConnector, string(size), s, workers, repeat, verify)); err != nil {
					return err
				}
				verify = false
			}
		}
	}
	return b.sameRows(string(size))
}

// sameRows makes sure that every snapshot of a tenant holds the same rows,
// whoever made it, with however many workers.
func (b *bench) sameRows(size string) error {
	digest := ""
	for i := range b.result.Measurements {
		m := &b.result.Measurements[i]
		if m.Size != size {
			continue
		}
		if digest != "" && m.Rows.Digest != digest {
			return fmt.Errorf("the snapshots of the %s tenant differ: %s in scenario %s with %d workers", size, m.Program, m.Scenario, m.Workers)
		}
		digest = m.Rows.Digest
	}
	return nil
}

// target is a tenant and how a program reaches it.
type target struct {
	server    *graphsim.Server
	env       []string
	recording string
	// before is the snapshot that a run replaces; empty for none.
	before string
	// judge looks at the snapshot of a run; nil for nobody.
	judge func(ctx context.Context, path, scratch string) error
}

func environment(server *graphsim.Server) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(),
		"BATON_AZURE_TENANT_ID=" + server.TenantID(), "BATON_AZURE_CLIENT_ID=" + server.ClientID(),
		"BATON_AZURE_CLIENT_SECRET=" + server.ClientSecret(),
		"BATON_AUTHORITY_HOST=" + server.URL(), "BATON_GRAPH_ENDPOINT=" + server.URL(),
		// The reports service's pace, 5 requests in 10 s, would be all there is
		// to see: a large tenant takes ten minutes of it. -costs counts it.
		"BATON_SKIP_SIGN_IN_ACTIVITY=true", "BATON_SKIP_MFA_REGISTRATION=true",
	}
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} { // To try what they do.
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (b *bench) keep(m *Measurement, err error) error {
	if err != nil {
		return err
	}
	b.result.Measurements = append(b.result.Measurements, *m)
	_, err = fmt.Fprintf(os.Stdout, "%-10s %-9s %-9s workers %2d: %6.1f s wall, connector %5.1f s CPU %4d MB, parent %5.1f s CPU %4d MB, %5d requests, %6d units, %d throttled\n",
		m.Program, m.Size, m.Scenario, m.Workers, m.WallSeconds,
		m.Processes[roleConnector].CPU(), m.Processes[roleConnector].PeakBytes>>20,
		m.Processes[roleParent].CPU(), m.Processes[roleParent].PeakBytes>>20,
		m.API.Requests, m.API.ResourceUnits, m.API.Throttled)
	if err != nil {
		return err
	}
	_, err = b.result.save(b.out) // A run of an hour may be ended early.
	return err
}

// measure runs one program once.
func (b *bench) measure(ctx context.Context, t *target, program, size string, s scenario, workers, repeat int, verify bool) (*Measurement, error) {
	scratch, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return nil, fmt.Errorf("making a scratch directory: %w", err)
	}
	defer os.RemoveAll(scratch)
	t.server.SetLatency(s.latency)
	t.server.SetItemLatency(s.perRow)
	t.server.SetBudget(s.budget)
	t.server.Reset()

	snapshot := filepath.Join(scratch, "tenant.c1z")
	args := []string{"-f", snapshot, "--workers", strconv.Itoa(workers), "--log-level", logLevel[program]}
	if b.types != "" {
		// The connector adds the tenant itself; whatever replays its answers does not.
		args = append(args, "--sync-resource-types", b.types+",tenant")
	}
	if program == programFloor {
		args = append(args, "--recording", t.recording)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(b.dir, program), args...) //nolint:gosec // One of our programs.
	cmd.Env = slices.Concat(t.env, []string{"TMPDIR=" + scratch})
	cmd.Dir = scratch
	output, err := os.Create(filepath.Join(scratch, "output.log"))
	if err != nil {
		return nil, fmt.Errorf("writing a log: %w", err)
	}
	defer output.Close()
	cmd.Stdout, cmd.Stderr = output, output
	if t.before != "" {
		if err := os.Rename(t.before, snapshot); err != nil {
			return nil, fmt.Errorf("putting the snapshot before in place: %w", err)
		}
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	watcher, done, watched := newWatcher(cmd.Process.Pid, scratch), make(chan struct{}), make(chan struct{})
	go func() { defer close(watched); watcher.watch(done) }()
	err = cmd.Wait()
	m := &Measurement{Program: program, Size: size, Scenario: s.name, Workers: workers, Repeat: repeat, WallSeconds: time.Since(start).Seconds()}
	close(done)
	<-watched
	if err != nil {
		log, readErr := os.ReadFile(output.Name())
		return nil, errors.Join(fmt.Errorf("%s failed: %w\n%s", program, err, log), readErr)
	}
	if m.LargestAnswer, m.LargestValue, err = sizesIn(output.Name()); err != nil {
		return nil, err
	}
	if m.Processes, err = watcher.usage(); err != nil {
		return nil, err
	}
	m.TreeCPUSeconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	m.ScratchBytes = watcher.peakDisk
	if program != programFloor {
		stats := t.server.Stats()
		m.API = API{
			Requests: stats.Requests, TokenRequests: stats.TokenRequests, BatchItems: stats.BatchItems, ResourceUnits: stats.ResourceUnits,
			Throttled: stats.Throttled, MaxInFlight: stats.MaxInFlight, Bytes: stats.BytesSent,
		}
	}
	info, err := os.Stat(snapshot)
	if err != nil {
		return nil, fmt.Errorf("%s left no snapshot: %w", program, err)
	}
	m.FileBytes = info.Size()
	if m.Rows, err = countRows(ctx, snapshot, scratch); err != nil {
		return nil, err
	}
	if t.judge != nil {
		if err := t.judge(ctx, snapshot, scratch); err != nil {
			return nil, err
		}
	}
	if verify {
		truth, err := verifySnapshot(ctx, t.server.Tenant(), size, snapshot, scratch)
		if err != nil {
			return nil, err
		}
		b.result.Truths = append(b.result.Truths, *truth)
		_, err = fmt.Fprintf(os.Stdout, "truth at %s: %d resources, %d entitlements, %d direct grants, %d effective: %d missing, %d extra\n",
			size, truth.Resources, truth.Entitlements, truth.Direct, truth.Effective, truth.Missing, truth.Extra)
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}
