// Package killing ends runs of the built connector at chosen moments, runs it
// again, and judges what the two have left: the snapshot, processes and files.
package killing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/truth"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const (
	folderMode = 0o700
	fileMode   = 0o600
	// targetName is the snapshot's name in a trial's folder.
	targetName = "tenant.c1z"
	// runBound is how long a run of a small tenant may take, on a busy machine.
	runBound = 2 * time.Minute
	// endBound is how long a run may take to end, with all that it has started.
	endBound = 45 * time.Second
)

// Lab is where trials take place, one at a time: a connector and a tenant for it
// to read.
type Lab struct {
	binary string
	tenant *graphsim.Server
	dir    string
	env    []string
	want   *truth.Rows
	// older is the content of a snapshot of another day.
	older []byte
	// requests is how many a whole run makes.
	requests int
	// wrapUp is how long a whole run goes on after its last request.
	wrapUp time.Duration
}

// NewLab makes a lab in dir, which has to be empty. It makes one whole run, which
// has to succeed, to know how long one is.
func NewLab(ctx context.Context, binary, dir string) (*Lab, error) {
	tenant, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 1), graphsim.Options{})
	if err != nil {
		return nil, err
	}
	l := &Lab{binary: binary, tenant: tenant, dir: dir}
	if err := l.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing the trials: %w", err), tenant.Close())
	}
	return l, nil
}

// Close ends the tenant. The folder is the caller's to remove.
func (l *Lab) Close() error { return l.tenant.Close() }

// SetLatency slows every later run down.
func (l *Lab) SetLatency(d time.Duration) { l.tenant.SetLatency(d) }

// Requests is how many requests a whole run makes of Graph.
func (l *Lab) Requests() int { return l.requests }

// WrapUp is how long a whole run goes on after its last request.
func (l *Lab) WrapUp() time.Duration { return l.wrapUp }

func (l *Lab) prepare(ctx context.Context) error {
	ca := filepath.Join(l.dir, "ca.pem")
	if err := os.WriteFile(ca, l.tenant.CACertPEM(), fileMode); err != nil {
		return err
	}
	l.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + l.dir, "BATON_CA_CERTIFICATE=" + ca,
		"BATON_AZURE_TENANT_ID=" + l.tenant.TenantID(), "BATON_AZURE_CLIENT_ID=" + l.tenant.ClientID(),
		"BATON_AZURE_CLIENT_SECRET=" + l.tenant.ClientSecret(),
		"BATON_AUTHORITY_HOST=" + l.tenant.URL(), "BATON_GRAPH_ENDPOINT=" + l.tenant.URL(),
		// The reports service's pace would be all there is to see.
		"BATON_SKIP_SIGN_IN_ACTIVITY=true", "BATON_SKIP_MFA_REGISTRATION=true", "BATON_WORKERS=4",
	}
	l.want = truth.Of(l.tenant.Tenant())
	p, err := newPlace(l.dir)
	if err != nil {
		return err
	}
	defer p.remove()
	var latest moment
	defer l.tenant.Fault(graphsim.Rule{Match: func(graphsim.Request) bool { latest.set(); return false }})()
	r, err := l.start(ctx, p)
	if err != nil {
		return err
	}
	if err := r.wait(runBound); err != nil {
		return err
	}
	l.wrapUp = latest.since()
	if !r.succeeded() {
		return fmt.Errorf("a run that nobody disturbs fails: %s", r.output.String())
	}
	if l.older, err = os.ReadFile(p.target()); err != nil {
		return err
	}
	l.requests = l.tenant.Stats().Requests
	return l.want.Compare(ctx, p.target(), p.scratch)
}

// moment is the time of the latest request.
type moment struct {
	mu sync.Mutex
	at time.Time
}

func (m *moment) set() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = time.Now()
}

func (m *moment) since() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.at)
}

// run is a run of the connector.
type run struct {
	command *exec.Cmd
	output  *bytes.Buffer
	ended   chan struct{}
}

// start starts the connector in a place.
func (l *Lab) start(ctx context.Context, p *place) (*run, error) {
	r := &run{command: exec.CommandContext(ctx, l.binary, "-f", p.target()), output: &bytes.Buffer{}, ended: make(chan struct{})} //nolint:gosec // Our own program.
	r.command.Env = append(append([]string(nil), l.env...), "TMPDIR="+p.temp)
	r.command.Dir = p.scratch
	// Every process that a run starts has the other end of this pipe, so a run
	// has ended when all of them have.
	r.command.Stdout, r.command.Stderr = r.output, r.output
	if err := r.command.Start(); err != nil {
		return nil, fmt.Errorf("starting the connector: %w", err)
	}
	go func() {
		defer close(r.ended)
		_ = r.command.Wait() // The exit status says it.
	}()
	return r, nil
}

// errHung says that a run, or a process that it started, goes on too long.
var errHung = errors.New("it hangs")

// wait waits for the end of all processes of a run.
func (r *run) wait(bound time.Duration) error {
	select {
	case <-r.ended:
		return nil
	case <-time.After(bound):
		for _, pid := range family(r.command.Process.Pid) {
			_ = kill(pid, os.Kill)
		}
		return errHung
	}
}

func (r *run) succeeded() bool { return r.command.ProcessState.Success() }

// place is the folders of one trial.
type place struct{ root, data, temp, scratch string }

func newPlace(dir string) (*place, error) {
	root, err := os.MkdirTemp(dir, "trial")
	if err != nil {
		return nil, err
	}
	p := &place{root: root, data: filepath.Join(root, "data"), temp: filepath.Join(root, "temp"), scratch: filepath.Join(root, "scratch")}
	for _, folder := range []string{p.data, p.temp, p.scratch} {
		if err := os.Mkdir(folder, folderMode); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *place) target() string { return filepath.Join(p.data, targetName) }

func (p *place) remove() { _ = os.RemoveAll(p.root) } // The lab's folder is removed later, whatever is in it.
