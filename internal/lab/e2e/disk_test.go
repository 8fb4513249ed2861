package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// fullDiskBound is how long a run may take to find that the disk is full.
const fullDiskBound = time.Minute

// runUnder runs the built connector under a shell that sets limits first.
func runUnder(t *testing.T, server *graphsim.Server, shell []string, setUp, target, temp string) *run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fullDiskBound)
	defer cancel()
	cmd, _ := command(ctx, t, append(signInTo(t, server), "TMPDIR="+temp, "TARGET="+target))
	cmd.Path = shell[0]
	cmd.Args = append(append([]string(nil), shell...), "-c", setUp+` && exec "$0" -f "$TARGET"`, binary)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	require.NoError(t, ctx.Err(), "the connector hangs:\n%s", output.String())
	require.Error(t, err, "the connector makes a snapshot where there is no room for one")
	return &run{exit: cmd.ProcessState.ExitCode(), stderr: output.String(), temp: temp}
}

// Where the SDK's store finds no room, it panics; where the panic is recovered,
// the sync waited for ever for a lock. The sizes end runs in different places, at
// 668 kB and 1.3 MB often in that one.
func TestFullDiskEndsTheRunWithAReasonAndKeepsTheLastGoodSnapshot(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	for _, blocks := range []int{64, 1337, 2600, 3000} { // Of 512 bytes.
		t.Run(fmt.Sprintf("%d blocks a file", blocks), func(t *testing.T) {
			t.Parallel()
			target := lastGoodSnapshot(t)
			r := runUnder(t, server, []string{"/bin/sh"}, fmt.Sprintf("ulimit -f %d", blocks), target, t.TempDir())
			requireKeptOnFullDisk(t, r, target)
			require.Contains(t, r.stderr, "file too large")
		})
	}
	t.Run("of two megabytes", func(t *testing.T) {
		t.Parallel()
		unshare, err := exec.LookPath("unshare")
		if err != nil || exec.CommandContext(t.Context(), unshare, "-rm", "mount", "-t", "tmpfs", "none", t.TempDir()).Run() != nil {
			t.Skip("this system gives no file systems away")
		}
		target, temp := lastGoodSnapshot(t), t.TempDir()
		r := runUnder(t, server, []string{unshare, "-rm", "/bin/sh"}, `mount -t tmpfs -o size=2m none "$TMPDIR"`, target, temp)
		requireKeptOnFullDisk(t, r, target)
		require.Contains(t, r.stderr, "no room for temp files (--c1z-temp-dir names another place)")
		require.Contains(t, r.stderr, "no space left on device")
	})
}

const lastGoodContent = "C1ZF\x00the last good snapshot"

func lastGoodSnapshot(t *testing.T) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	require.NoError(t, os.WriteFile(target, []byte(lastGoodContent), 0o600))
	return target
}

func requireKeptOnFullDisk(t *testing.T, r *run, target string) {
	t.Helper()
	kept, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, lastGoodContent, string(kept))
	require.Contains(t, r.stderr, target+" is as it was")
	requireOnlyFile(t, filepath.Dir(target), "tenant.c1z")
	requireEmpty(t, r.temp)
}

// With the umask of many systems, everybody could read what the SDK unpacks.
func TestFilesOfARunAreForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetLatency(30 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	cmd, temp := command(ctx, t, append(signInTo(t, server), "TARGET="+target))
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", `umask 0 && exec "$0" -f "$TARGET"`, binary}
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	seen := map[string]bool{}
	for running := true; running; {
		select {
		case err := <-ended:
			require.NoError(t, err)
			running = false
		case <-time.After(5 * time.Millisecond):
		}
		for _, root := range []string{temp, filepath.Dir(target)} {
			requirePrivate(t, root, seen)
		}
	}
	for _, part := range []string{"tenant.c1z", ".tenant.c1z.lock", ".partial", "baton-azure-ad-work-", "c1z-pebble"} {
		found := false
		for name := range seen {
			found = found || strings.Contains(name, part)
		}
		require.True(t, found, "no %s was seen", part)
	}
}

// requirePrivate makes sure that others can do nothing with what is in a folder.
func requirePrivate(t *testing.T, root string, seen map[string]bool) {
	t.Helper()
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return nil //nolint:nilerr // It has just been removed.
		}
		if info, err := entry.Info(); err == nil {
			seen[path] = true
			require.Zero(t, info.Mode().Perm()&0o077, "%s: %s", info.Mode(), path)
		}
		return nil
	})
}
