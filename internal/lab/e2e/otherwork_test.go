package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// The SDK takes what is no boolean for no, and then syncs: into the file itself,
// if the command does not stand between.
func TestNameOfAFeedWouldBeASyncThatHarmsTheSnapshot(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	env := signInTo(t, tenant)
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	require.Zero(t, runBinary(t, env, "-f", target).exit)
	before, err := os.ReadFile(target)
	require.NoError(t, err)
	tenant.Reset()
	for _, r := range []*run{
		runBinary(t, env, "-f", target, "--event-feed", changesFeed),
		runBinary(t, append(env, "BATON_EVENT_FEED="+changesFeed), "-f", target),
	} {
		require.Equal(t, 2, r.exit, r.stderr)
		require.Contains(t, r.stderr, "--event-feed has to be true or false")
	}
	require.Zero(t, tenant.Stats().Requests)
	after, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, before, after)

	tenant.Fault(graphsim.Rule{Path: "/groups?", Action: graphsim.Respond(403, "Authorization_RequestDenied", "No.")})
	r := runBinary(t, env, "-f", target, "--event-feed=0") // A sync, like any other.
	require.NotZero(t, r.exit, r.stderr)
	after, err = os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// A variable that is not set, or half of an operation, would replace the snapshot
// and end with 0.
func TestHalfAnOperationWouldBeASync(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	env := signInTo(t, tenant)
	for says, args := range map[string][]string{
		"--revoke-grant is empty":                {"--provisioning", "--revoke-grant", ""},
		"--grant-entitlement is empty":           {"--grant-entitlement", "", "--grant-principal", "x", "--grant-principal-type", "user"},
		"--event-feed is missing":                {"--event-feed-id", changesFeed},
		"the SDK does nothing for --list-resour": {"--list-resource-actions", "user"},
		"both name log.c1z":                      {"-f", "log.c1z", "--log-path", "log.c1z"},
	} {
		r := runBinary(t, env, args...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Contains(t, r.stderr, says)
	}
	require.Zero(t, tenant.Stats().Requests)
}

func TestSettingsOfAFileThatCannotBeReadWouldBeForgotten(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("skip-ad-groups: true\nsync-resource-types: [user, group\n"), 0o600))
	for _, path := range []string{broken, filepath.Join(t.TempDir(), "none.yaml")} {
		r := runBinary(t, append(signInTo(t, tenant), "BATON_CONFIG_PATH="+path), "-f", "tenant.c1z")
		require.Equal(t, 2, r.exit, r.stderr)
		require.Contains(t, r.stderr, "reading the configuration file")
	}
	require.Zero(t, tenant.Stats().Requests)
	good := filepath.Join(t.TempDir(), "good.yaml")
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	require.NoError(t, os.WriteFile(good, []byte("sync-resource-types: [user]\n"), 0o600))
	r := runBinary(t, append(signInTo(t, tenant), "BATON_CONFIG_PATH="+good), "-f", target)
	require.Zero(t, r.exit, r.stderr)
	require.Empty(t, readSnapshot(t, target).direct)
}

func TestWorkThatTheConnectorCannotDoWouldSeemDone(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	env := signInTo(t, tenant)
	for says, args := range map[string][]string{
		"Microsoft Entra ID has no tickets": {"--list-ticket-schemas"},
		`unknown command "a"`:               {"--diff-syncs", "--base-sync-id", "a", "--applied-sync-id", "b"},
		"unknown flag: --diff-syncs":        {"--diff-syncs"},
	} {
		r := runBinary(t, env, args...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Contains(t, r.stderr, says)
	}
	require.Zero(t, tenant.Stats().Requests)
}

func TestCompactionThatFailedWouldLeaveAFileOrEndWithZero(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	env := signInTo(t, tenant)
	dir, out := t.TempDir(), t.TempDir()
	var paths, ids []string
	for _, name := range []string{"old.c1z", "new.c1z"} {
		path := filepath.Join(dir, name)
		require.Zero(t, runBinary(t, env, "-f", path).exit)
		paths, ids = append(paths, path), append(ids, syncOf(t, path))
	}
	compact := func(path string) *run {
		return runBinary(t, env, "--compact-syncs", "--compact-output-path", out, "--compact-file-paths", paths[0]+","+path, "--compact-sync-ids", ids[0]+","+ids[1])
	}
	for range 3 {
		r := compact(filepath.Join(dir, "none.c1z"))
		require.NotZero(t, r.exit, r.stderr)
		require.Contains(t, r.stderr, "the compaction failed")
		requireEmpty(t, r.temp)
		requireEmpty(t, out)
	}
	r := compact(paths[1])
	require.Zero(t, r.exit, r.stderr)
	requireEmpty(t, r.temp)
	files, err := filepath.Glob(filepath.Join(out, "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	requireExact(t, tenant, readSnapshot(t, files[0]))
}

func syncOf(t *testing.T, path string) string {
	t.Helper()
	ctx := context.Background()
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	require.NoError(t, err)
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	require.NoError(t, err)
	require.NoError(t, store.Close(ctx))
	return latest.ID
}
