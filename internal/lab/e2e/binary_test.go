package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// binary is the built connector.
var binary string

func TestMain(m *testing.M) {
	code, err := withBinary(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withBinary(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "baton-azure-ad")
	build := exec.CommandContext(context.Background(), "go", "build", "-tags", "grpcnotrace", "-o", binary, "../../../cmd/baton-azure-ad")
	if output, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building the connector: %w\n%s", err, output)
	}
	return m.Run(), nil
}

// needsBinary leaves a test to the pass without the race detector, which the
// built connector does not have in it.
func needsBinary(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the built connector has no race detector in it, and runs without -short")
	}
}

// run is one run of the built connector.
type run struct {
	exit           int
	stdout, stderr string
	temp           string
}

// command is the connector with an environment of its own: nothing of the
// machine's configuration reaches it, and its temp files can be counted.
func command(ctx context.Context, t *testing.T, env []string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	return commandOf(ctx, t, binary, env, args...)
}

// commandOf is command for another build of the connector.
func commandOf(ctx context.Context, t *testing.T, path string, env []string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	needsBinary(t)
	temp := t.TempDir()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + temp, "TMPDIR=" + temp}, env...)
	return cmd, temp
}

func runBinary(t *testing.T, env []string, args ...string) *run {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), syncBound)
	defer cancel()
	cmd, temp := command(ctx, t, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	require.NoError(t, ctx.Err(), "the connector hangs")
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return &run{exit: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), temp: temp}
}

// signInTo is the environment of a connector for the tenant. It leaves out what
// the reports service gives at its own slow pace, whoever asks.
func signInTo(t *testing.T, server *graphsim.Server) []string {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, server.CACertPEM(), 0o600))
	return []string{
		"BATON_AZURE_TENANT_ID=" + server.TenantID(),
		"BATON_AZURE_CLIENT_ID=" + server.ClientID(),
		"BATON_AZURE_CLIENT_SECRET=" + server.ClientSecret(),
		"BATON_AUTHORITY_HOST=" + server.URL(),
		"BATON_GRAPH_ENDPOINT=" + server.URL(),
		"BATON_CA_CERTIFICATE=" + ca,
		"BATON_SKIP_SIGN_IN_ACTIVITY=true",
		"BATON_SKIP_MFA_REGISTRATION=true",
	}
}

// signInForReports is signInTo with the reports switched on as they are for a
// user. They allow so few requests that a sync of them waits.
func signInForReports(t *testing.T, server *graphsim.Server) []string {
	t.Helper()
	return append(signInTo(t, server), "BATON_SKIP_SIGN_IN_ACTIVITY=false", "BATON_SKIP_MFA_REGISTRATION=false")
}

func TestBuiltConnectorMakesTheSnapshotThroughItsSubprocess(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	rows := map[string]set{}
	for _, workers := range []string{"1", "4"} {
		target := filepath.Join(t.TempDir(), "tenant.c1z")
		r := runBinary(t, signInTo(t, server), "-f", target, "--workers", workers)
		require.Zero(t, r.exit, r.stderr)
		got := readSnapshot(t, target)
		requireExact(t, server, got)
		rows[workers] = storedRows(t, target)

		info, err := os.Stat(target)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "a directory is not for everybody on the machine")
		requireOnlyFile(t, filepath.Dir(target), "tenant.c1z")
		requireEmpty(t, r.temp)
	}
	requireSame(t, "rows with 4 workers against 1", rows["1"], rows["4"])
	for _, request := range server.Requests() {
		if !request.Authority {
			require.Contains(t, request.UserAgent, "baton-azure-ad/")
			require.Equal(t, "low", request.Priority, "a sync must be the first to be shed")
		}
	}
}

func requireOnlyFile(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, name, entries[0].Name())
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "temp files are left behind")
}

func TestFailedRunKeepsTheLastGoodSnapshotAndExitsNonZero(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	for name, c := range map[string]struct {
		spoil func(*graphsim.Server) func()
		env   string
		says  string
	}{
		"wrong secret":      {env: "BATON_AZURE_CLIENT_SECRET=wrong", says: "the client secret is wrong"},
		"unknown tenant":    {env: "BATON_AZURE_TENANT_ID=11111111-2222-3333-4444-555555555555", says: "AADSTS90002"},
		"stopped server":    {spoil: stop, says: "127.0.0.1:"},
		"untrusted":         {env: "BATON_CA_CERTIFICATE=", says: "--ca-certificate"},
		"link elsewhere":    {spoil: fault("/users", graphsim.ForeignNextLink(evilHost)), says: "graph.evil.example"},
		"a page of HTML":    {spoil: fault("/groups?", graphsim.BadGateway()), says: "502"},
		"a body that stops": {spoil: fault("/roleDefinitions", graphsim.Truncate()), says: "broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := server
			if c.spoil != nil {
				own = startTenant(t, graphsim.Small)
				defer c.spoil(own)()
			}
			env := signInTo(t, own)
			if c.env != "" {
				env = append(env, c.env)
			}
			target := filepath.Join(t.TempDir(), "tenant.c1z")
			r := runBinary(t, env, "-f", target)
			require.NotZero(t, r.exit)
			require.Contains(t, r.stderr, c.says)
			require.NotContains(t, r.stderr, "goroutine ")
			require.NoFileExists(t, target, "no snapshot is presented")

			const lastGood = "C1ZF\x00the last good snapshot"
			require.NoError(t, os.WriteFile(target, []byte(lastGood), 0o600))
			if c.spoil == nil {
				r = runBinary(t, env, "-f", target)
				require.NotZero(t, r.exit)
				kept, err := os.ReadFile(target)
				require.NoError(t, err)
				require.Equal(t, lastGood, string(kept))
				require.Contains(t, r.stderr, target+" is as it was")
			}
		})
	}
}

func TestReasonOfAFailureIsTheLastThingSaidAndNotThatOthersWereStopped(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "console"} {
		server := startTenant(t, graphsim.Small)
		server.SetLatency(100 * time.Millisecond)
		server.Fault(graphsim.Rule{
			Name: "refused", Path: "/appRoleAssignedTo", On: graphsim.ItemsOnly, Nth: 3, Action: graphsim.Respond(403, "Authorization_RequestDenied", "x"),
		})
		target := filepath.Join(t.TempDir(), "tenant.c1z")
		r := runBinary(t, signInTo(t, server), "-f", target, "--workers", "16", "--log-format", format)
		require.NotZero(t, r.exit)
		lines := strings.Split(strings.TrimSpace(r.stderr), "\n")
		last := lines[len(lines)-1]
		require.True(t, strings.HasPrefix(last, "the sync failed: "), "%s ends with %q", format, last)
		require.Contains(t, last, "appRoleAssignedTo: Microsoft Graph answered 403", format)
		require.NotContains(t, last, "context canceled", format)
	}
}

func stop(s *graphsim.Server) func() {
	_ = s.Close()
	return func() {}
}

func fault(path string, action graphsim.Action) func(*graphsim.Server) func() {
	return func(s *graphsim.Server) func() {
		return s.Fault(graphsim.Rule{Name: "fault", Path: path, Action: action})
	}
}

func TestUnfinishedSyncIsCarriedOnAndThenWhole(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	repair := server.Fault(graphsim.Rule{Name: "fault", Path: "/appRoleAssignedTo", On: graphsim.ItemsOnly, Action: graphsim.Respond(403, "Authorization_RequestDenied", "x")})
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	env := signInTo(t, server)
	r := runBinary(t, env, "-f", target)
	require.NotZero(t, r.exit)
	require.Contains(t, r.stderr, "the same command carries it on")
	require.NoFileExists(t, target)

	repair()
	r = runBinary(t, env, "-f", target)
	require.Zero(t, r.exit, r.stderr)
	requireExact(t, server, readSnapshot(t, target))
	requireOnlyFile(t, filepath.Dir(target), "tenant.c1z")
}

// It stays with what it began with; then the log has to say so.
func TestSyncThatGoesOnWouldNotSayWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPlans(false, false)
	repair := server.Fault(graphsim.Rule{Name: "fault", Path: "/appRoleAssignedTo", On: graphsim.ItemsOnly, Action: graphsim.Respond(403, "Authorization_RequestDenied", "x")})
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	env := signInTo(t, server)
	require.NotZero(t, runBinary(t, env, "-f", target).exit)
	repair()
	server.SetPlans(true, true)
	r := runBinary(t, env, "-f", target)
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stderr, "left out of the sync, as when it began")
	require.Regexp(t, `"left_out_for_lack_of":\{[^}]*"group eligibilities":`, r.stderr)
	r = runBinary(t, env, "-f", target)
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stderr, `"left_out_for_lack_of":{}`)
}

func TestInterruptedRunSaysSoAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetLatency(300 * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	const lastGood = "C1ZF\x00the last good snapshot"
	require.NoError(t, os.WriteFile(target, []byte(lastGood), 0o600))
	cmd, temp := command(ctx, t, signInTo(t, server), "-f", target)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return server.Stats().Requests > 2 }, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, 130, cmd.ProcessState.ExitCode(), stderr.String())
	require.Contains(t, stderr.String(), "interrupted; ")
	requireEmpty(t, temp)
	kept, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, lastGood, string(kept))
	requireQuiet(t, server)
}
