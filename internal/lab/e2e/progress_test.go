package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestWithoutATerminalTheLogIsAllThatIsWritten(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	r := runBinary(t, signInTo(t, startTenant(t, graphsim.Small)), "-f", target)
	require.Zero(t, r.exit, r.stderr)
	require.Empty(t, r.stdout)
	require.NotContains(t, r.stderr, "\x1b", "a terminal's commands in a file")
	require.NotContains(t, r.stderr, progress.MessageReport)
	for line := range strings.Lines(r.stderr) {
		if !strings.Contains(line, " WALs") { // The store's library writes one line past the log.
			require.True(t, json.Valid([]byte(line)), line)
		}
	}
}

// What the SDK calls its steps is taken from this version's log.
func TestPersonSeesTheStepsOfARealSync(t *testing.T) {
	t.Parallel()
	// What this tenant has otherwise that a snapshot cannot show, a sync names on the screen.
	kind := graphsim.NewTenant(graphsim.Small, 1, graphsim.Without(graphsim.QuirkFlexibleCredential, graphsim.QuirkPartners))
	tenant, err := graphsim.Start(kind, graphsim.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = tenant.Close() })
	tenant.SetLatency(100 * time.Millisecond)
	// The process at the terminal asks the others for reports in this way.
	r := runBinary(t, append(signInTo(t, tenant), "BATON_SKIP_SIGN_IN_ACTIVITY=false", progress.Variable+"=50ms", "BATON_LOG_FORMAT=json"), "-f", filepath.Join(t.TempDir(), "tenant.c1z"))
	require.Zero(t, r.exit, r.stderr)
	var terminal strings.Builder
	screen := progress.NewScreen(&terminal, func() int { return 0 })
	require.NoError(t, screen.Follow(strings.NewReader(r.stderr)))
	for _, step := range []string{"  reading ", "sign-in activity of ", " users", "reading who has what", " parts (", "working out what is held through groups"} {
		require.Contains(t, terminal.String(), step)
	}
	require.NotContains(t, terminal.String(), "\n", "a sync without trouble has nothing to say but its progress")
	terminal.Reset()
	screen.Summarize("tenant.c1z")
	for _, said := range []string{"1,300 users", "assignments and memberships", "requests with ", "principals that are not synced: contact"} {
		require.Contains(t, terminal.String(), said)
	}
	for line := range strings.Lines(terminal.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 60+len("\n"), line)
	}
}
