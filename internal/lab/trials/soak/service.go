package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/truth"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

const (
	folderMode = 0o700
	fileMode   = 0o600
	// taskBound is how long a task may take, on a busy machine and with faults.
	taskBound = 2 * time.Minute
	// endBound is how long a service may take to end with all it has started.
	endBound = 45 * time.Second
)

// service is the built connector in service mode, with a platform and a tenant.
type service struct {
	platform *platformsim.Server
	tenant   *graphsim.Server
	want     *truth.Rows
	process  *exec.Cmd
	output   output
	ended    chan struct{}
	temp     string
	scratch  string
}

// output is what a service has written.
type output struct {
	mu      sync.Mutex
	written bytes.Buffer
}

// Write adds to the output.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}

// startService starts a service in dir, which has to be empty, with so many
// bytes of session cache; 0 for the SDK's default.
func startService(ctx context.Context, binary, dir string, cache int) (*service, error) {
	s := &service{ended: make(chan struct{}), temp: filepath.Join(dir, "temp"), scratch: filepath.Join(dir, "scratch")}
	for _, folder := range []string{s.temp, s.scratch} {
		if err := os.Mkdir(folder, folderMode); err != nil {
			return nil, err
		}
	}
	var err error
	if s.tenant, err = graphsim.Start(graphsim.NewTenant(graphsim.Small, 1), graphsim.Options{}); err != nil {
		return nil, err
	}
	s.want = truth.Of(s.tenant.Tenant())
	if s.platform, err = platformsim.Start(platformsim.Options{Dir: s.scratch}); err != nil {
		return nil, errors.Join(err, s.tenant.Close())
	}
	ca := filepath.Join(s.scratch, "ca.pem")
	if err := os.WriteFile(ca, s.tenant.CACertPEM(), fileMode); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.process = exec.CommandContext(ctx, binary, "--log-level", "error")
	s.process.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + s.temp, "BATON_CA_CERTIFICATE=" + ca,
		"BATON_AZURE_TENANT_ID=" + s.tenant.TenantID(), "BATON_AZURE_CLIENT_ID=" + s.tenant.ClientID(),
		"BATON_AZURE_CLIENT_SECRET=" + s.tenant.ClientSecret(),
		"BATON_AUTHORITY_HOST=" + s.tenant.URL(), "BATON_GRAPH_ENDPOINT=" + s.tenant.URL(),
		"BATON_SKIP_SIGN_IN_ACTIVITY=true", "BATON_SKIP_MFA_REGISTRATION=true",
	}, s.platform.Environment()...)
	if cache > 0 {
		s.process.Env = append(s.process.Env, fmt.Sprintf("BATON_SESSION_STORE_MAXIMUM_SIZE=%d", cache))
	}
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	if err := s.process.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the service: %w", err), s.close())
	}
	go func() {
		defer close(s.ended)
		_ = s.process.Wait() // It also waits for every process that writes to the same output.
	}()
	return s, nil
}

// close ends the simulators.
func (s *service) close() error { return errors.Join(s.platform.Close(), s.tenant.Close()) }

// quiet waits until no task has files any more, and lists those that stay. The
// folder of the service and its lock are there as long as the service is.
func (s *service) quiet() []string {
	var left []string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		left = nil
		_ = filepath.WalkDir(s.temp, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !strings.HasSuffix(path, ".lock") {
				left = append(left, filepath.Base(path))
			}
			return nil
		})
		if len(left) == 0 {
			return nil
		}
	}
	return left
}

// stop ends the service if it runs, and tells what it leaves.
func (s *service) stop() error {
	_ = s.process.Process.Signal(syscall.SIGTERM) // It has mostly ended.
	select {
	case <-s.ended:
	case <-time.After(endBound):
		return errors.Join(errors.New("processes outlive the service"), s.process.Process.Kill())
	}
	left, err := os.ReadDir(s.temp)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("the service leaves %d temp files, such as %s", len(left), left[0].Name())
	}
	return err
}

// goroutines ends the connector and the worker with a dump of their goroutines
// each, and counts those, in this order. It is an error if a dump is missing.
func (s *service) goroutines() ([]int, error) {
	pids, err := processesOf(s.process.Process.Pid)
	if err != nil {
		return nil, err
	}
	// The worker ends when it hears of the connector's end, and must not before
	// its own dump.
	if err := syscall.Kill(pids[worker], syscall.SIGSTOP); err != nil {
		return nil, err
	}
	if err := syscall.Kill(pids[connector], syscall.SIGQUIT); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(endBound); !ended(pids[connector]); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			return nil, errors.New("the connector does not end")
		}
	}
	if err := errors.Join(syscall.Kill(pids[worker], syscall.SIGQUIT), syscall.Kill(pids[worker], syscall.SIGCONT)); err != nil {
		return nil, err
	}
	select {
	case <-s.ended:
	case <-time.After(endBound):
		return nil, errors.New("processes outlive the service")
	}
	dumps := strings.Split(s.output.String(), "SIGQUIT: quit")[1:]
	const both = 2
	if len(dumps) != both {
		return nil, fmt.Errorf("of two dumps of goroutines, %d were made", len(dumps))
	}
	var counts []int
	for _, dump := range dumps {
		counts = append(counts, strings.Count(dump, "\ngoroutine "))
	}
	return counts, nil
}
