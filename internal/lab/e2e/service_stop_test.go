package e2e

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func TestStoppedServiceLeavesNothingRunningAndNothingOnTheDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signal os.Signal
		exit   int
	}{
		"interrupted": {os.Interrupt, 130},
		"terminated":  {syscall.SIGTERM, 143},
	} {
		t.Run(name+" in the middle of a sync", func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			tenant.SetLatency(300 * time.Millisecond)
			s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
			task := s.platform.Push(syncFull(nil))
			s.whileSyncing(t)
			require.NotEmpty(t, filesIn(t, s.temp), "a sync that works in another place is not seen here")
			require.Equal(t, c.exit, s.signal(t, c.signal))
			require.Contains(t, s.stderr.String(), "the service was interrupted")
			requireEmpty(t, s.temp)
			require.False(t, task.Finished(), "the platform gives it to somebody else when its heartbeats stop")
			requireQuiet(t, tenant)
		})
		t.Run(name+" while idle", func(t *testing.T) {
			t.Parallel()
			s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil)
			require.Eventually(t, func() bool { return len(s.platform.Calls(platformsim.MethodGetTask)) > 0 }, serviceBound, 10*time.Millisecond)
			require.Equal(t, c.exit, s.signal(t, c.signal))
			requireEmpty(t, s.temp)
		})
		t.Run(name+" while the platform is away", func(t *testing.T) {
			t.Parallel()
			s := startService(t, startPlatform(t, platformsim.Options{Unreachable: true}), startTenant(t, graphsim.Small), nil)
			require.Eventually(t, func() bool { return s.stderr.String() != "" }, serviceBound, 10*time.Millisecond)
			require.Equal(t, c.exit, s.signal(t, c.signal))
			requireEmpty(t, s.temp)
		})
	}
}

// requireQuiet makes sure that nobody reads the tenant any more. What was under way
// arrives within a few seconds, on a busy machine too.
func requireQuiet(t *testing.T, tenant *graphsim.Server) {
	t.Helper()
	require.Eventually(t, func() bool {
		seen := tenant.Stats().Requests
		time.Sleep(2 * time.Second)
		return seen == tenant.Stats().Requests
	}, 15*time.Second, time.Millisecond, "something goes on reading the tenant")
}

func TestKilledServiceTakesItsProcessesAndFilesWithIt(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(300 * time.Millisecond)
	s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
	s.platform.Push(syncFull(nil))
	s.whileSyncing(t)
	s.signal(t, os.Kill)
	requireEmpty(t, s.temp)
	requireQuiet(t, tenant)
}

// What the system kills for want of memory is the process that holds the most.
func TestServiceWhoseProcessesAreKilledEndsWithAnError(t *testing.T) {
	t.Parallel()
	for _, victim := range []string{"the one that syncs", "the one that reads the tenant"} {
		t.Run(victim, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			tenant.SetLatency(300 * time.Millisecond)
			s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
			s.platform.Push(syncFull(nil))
			s.whileSyncing(t)
			pid := onlyChild(t, s.process.Process.Pid)
			if victim == "the one that reads the tenant" {
				pid = onlyChild(t, pid)
			}
			kill(t, pid)
			require.Positive(t, s.exit(t, stopBound))
			require.Contains(t, s.stderr.String(), "the service failed")
			requireEmpty(t, s.temp)
			requireQuiet(t, tenant)
		})
	}
}

// A worker removes its folder of temp files when its parent is gone.
func TestPersonWhoSetsWhatIsInternalLosesNoFiles(t *testing.T) {
	t.Parallel()
	mine := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(mine, "notes"), nil, 0o600))
	r := runBinary(t, append(signInTo(t, startTenant(t, graphsim.Small)), "BATON_AZURE_AD_SCRATCH="+mine), "-f", filepath.Join(t.TempDir(), "tenant.c1z"))
	require.NotZero(t, r.exit)
	require.Contains(t, r.stderr, "unset it")
	requireOnlyFile(t, mine, "notes")
}
