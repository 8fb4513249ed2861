package e2e

import (
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/killing"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func newLab(t *testing.T) *killing.Lab {
	t.Helper()
	needsBinary(t)
	lab, err := killing.NewLab(t.Context(), binary, t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = lab.Close() })
	return lab
}

// make trials-kills tries many more points.
func TestRunThatIsEndedAnywhereHarmsNothingAndTheNextIsWhole(t *testing.T) {
	t.Parallel()
	lab := newLab(t)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // The points have to be the same again.
	for _, c := range []struct {
		signal os.Signal
		victim killing.Victim
	}{
		{os.Interrupt, killing.Command},
		{syscall.SIGTERM, killing.Command},
		{syscall.SIGTERM, killing.All},
		{os.Kill, killing.Command},
		{os.Kill, killing.Worker},
		{os.Kill, killing.Connector},
		{os.Kill, killing.All},
	} {
		trial := lab.Random(random, c.signal, c.victim)
		result, err := lab.Run(t.Context(), trial)
		require.NoError(t, err)
		require.Equal(t, killing.Truth, result.Verdict, "seed %d: %s: %v", seed, trial, result.Why)
	}
}

// The SDK ends its process on a signal before it has written the sync down.
func TestInterruptedSyncKeepsItsWork(t *testing.T) {
	t.Parallel()
	lab := newLab(t)
	trials := []killing.Trial{
		{Signal: os.Interrupt, Older: true},
		{Signal: syscall.SIGTERM},
		{Signal: syscall.SIGTERM, Victim: killing.Worker},
	}
	if !signal.Ignored(syscall.SIGHUP) { // As with nohup, which the command respects.
		trials = append(trials, killing.Trial{Signal: syscall.SIGHUP})
	}
	for _, trial := range trials {
		trial.At = lab.Requests() / 2
		result, err := lab.Run(t.Context(), trial)
		require.NoError(t, err)
		require.Equal(t, killing.Truth, result.Verdict, "%s: %v", trial, result.Why)
		require.True(t, result.Kept, "%s: the work is lost", trial)
	}
}

// The store ends its process when it finds its files gone, which could be before
// all of them are.
func TestKilledCommandLeavesNoTempFilesOfAStoreAtWork(t *testing.T) {
	t.Parallel()
	lab := newLab(t)
	for part := range 3 {
		trial := killing.Trial{Signal: os.Kill, At: lab.Requests(), Delay: lab.WrapUp() * time.Duration(part+1) / 5}
		result, err := lab.Run(t.Context(), trial)
		require.NoError(t, err)
		require.Equal(t, killing.Truth, result.Verdict, "%s: %v", trial, result.Why)
	}
}

func TestSecondRunOnOneFileIsRefused(t *testing.T) {
	t.Parallel()
	needsBinary(t)
	server := startTenant(t, graphsim.Small)
	server.SetLatency(100 * time.Millisecond)
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	first := make(chan *run, 1)
	go func() { first <- runBinary(t, signInTo(t, server), "-f", target) }()
	require.Eventually(t, func() bool { return server.Stats().Requests > 2 }, syncBound, 10*time.Millisecond)
	second := runBinary(t, signInTo(t, server), "-f", target)
	require.NotZero(t, second.exit)
	require.Contains(t, second.stderr, target+": another run is making this snapshot")
	requireEmpty(t, second.temp)
	require.Zero(t, (<-first).exit)
	requireExact(t, server, readSnapshot(t, target))
	requireOnlyFile(t, filepath.Dir(target), "tenant.c1z")
}

// A run removes the temp files of runs that were killed, and of no others.
func TestRunLeavesTheTempFilesOfOthersAlone(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(100 * time.Millisecond)
	s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
	task := s.platform.Push(syncFull(nil))
	s.whileSyncing(t)
	mine := filepath.Join(s.temp, "baton-azure-ad-notes")
	require.NoError(t, os.WriteFile(mine, nil, 0o600))
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	r := runBinary(t, append(signInTo(t, startTenant(t, graphsim.Small)), "TMPDIR="+s.temp), "-f", target)
	require.Zero(t, r.exit, r.stderr)
	require.False(t, task.Finished(), "the sync that was not to be disturbed was over before")
	s.requireTenant(t, s.await(t, task))
	require.FileExists(t, mine)
}
