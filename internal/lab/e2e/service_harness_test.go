package e2e

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// serviceBound is how long a service may take for anything that a test awaits
// of it.
const serviceBound = 2 * time.Minute

// stopBound is how long a service and all that it has started may take to end.
const stopBound = 20 * time.Second

func startPlatform(t *testing.T, o platformsim.Options) *platformsim.Server {
	t.Helper()
	o.Dir = t.TempDir()
	platform, err := platformsim.Start(o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = platform.Close() })
	return platform
}

// output is what a running process has written so far.
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

// String is the output so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}

// service is the built connector in service mode.
type service struct {
	platform *platformsim.Server
	tenant   *graphsim.Server
	process  *exec.Cmd
	temp     string
	stdout   output
	stderr   output
	ended    chan struct{}
}

// startService runs the built connector for a platform and a tenant, until the
// test is over at the latest.
func startService(t *testing.T, platform *platformsim.Server, tenant *graphsim.Server, env []string, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*serviceBound)
	t.Cleanup(cancel)
	s := &service{platform: platform, tenant: tenant, ended: make(chan struct{})}
	s.process, s.temp = command(ctx, t, slices.Concat(signInTo(t, tenant), platform.Environment(), env), args...)
	s.process.Stdout, s.process.Stderr = &s.stdout, &s.stderr
	s.process.WaitDelay = 0 // Wait for the output of everything that the service starts.
	require.NoError(t, s.process.Start())
	go func() {
		defer close(s.ended)
		_ = s.process.Wait() // The exit status says it.
	}()
	t.Cleanup(func() {
		_ = s.process.Process.Kill() // It has mostly ended.
		select {
		case <-s.ended:
		case <-time.After(stopBound):
			t.Error("what the service has started outlives it")
		}
		if t.Failed() {
			t.Logf("the service's log:\n%s", s.stderr.String())
		}
	})
	return s
}

// outcome is what comes of a task that is pushed now.
func (s *service) outcome(t *testing.T, task *v1.Task) *platformsim.Outcome {
	t.Helper()
	return s.await(t, s.platform.Push(task))
}

func (s *service) await(t *testing.T, task *platformsim.Task) *platformsim.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), serviceBound)
	defer cancel()
	o, err := task.Await(ctx)
	require.NoError(t, err, "the task hangs")
	return o
}

// whileSyncing waits until a sync of the tenant is under way.
func (s *service) whileSyncing(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return s.tenant.Stats().Requests > 4 }, serviceBound, 10*time.Millisecond)
}

// signal ends the service and returns its exit status.
func (s *service) signal(t *testing.T, signal os.Signal) int {
	t.Helper()
	require.NoError(t, s.process.Process.Signal(signal))
	return s.exit(t, stopBound)
}

// exit is the exit status of a service that ends. It waits until everything
// that the service has started has ended too.
func (s *service) exit(t *testing.T, bound time.Duration) int {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(bound):
		require.Fail(t, "the service, or something that it started, does not end")
	}
	return s.process.ProcessState.ExitCode()
}

// requireNoTempFiles makes sure that nothing of the directory is left on the
// disk, whether the service still runs or not. While it does, it holds a lock,
// which has nothing in it.
func (s *service) requireNoTempFiles(t *testing.T) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		files := slices.DeleteFunc(filesIn(c, s.temp), func(path string) bool { return strings.HasSuffix(path, ".lock") })
		assert.Empty(c, files, "temp files are left behind")
	}, stopBound, 50*time.Millisecond)
}

// filesIn lists the files in a folder and the folders below.
func filesIn(t assert.TestingT, root string) []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // It has just been removed.
		}
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	assert.NoError(t, err)
	return files
}

// requireTenant makes sure that an outcome is a snapshot of the whole tenant.
func (s *service) requireTenant(t *testing.T, o *platformsim.Outcome) {
	t.Helper()
	require.Nil(t, o.Failure, "%v", o.Failure)
	require.Len(t, o.Assets, 1)
	requireExact(t, s.tenant, readSnapshot(t, o.Assets[0].Path))
}

func syncFull(change func(*v1.Task_SyncFullTask)) *v1.Task {
	task := &v1.Task_SyncFullTask{}
	if change != nil {
		change(task)
	}
	return v1.Task_builder{SyncFull: task}.Build()
}
