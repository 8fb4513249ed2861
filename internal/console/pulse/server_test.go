package pulse

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

func serve(t *testing.T, o Options) func(path string) (int, string) {
	t.Helper()
	s := httptest.NewServer(NewServer(o).Handler)
	t.Cleanup(s.Close)
	return func(path string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
}

func TestAServiceThatIsCutOffWouldLookReady(t *testing.T) {
	t.Parallel()
	c := startClock()
	l := c.ledger()
	get := serve(t, Options{Ledger: l, Within: time.Hour})
	ready := func() (int, readiness) {
		status, body := get("/ready")
		var r readiness
		require.NoError(t, json.Unmarshal([]byte(body), &r), body)
		return status, r
	}
	c.wait(40 * time.Second)
	status, r := ready()
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "the platform has not been reached in the 40s since the service began", r.Reason)
	require.Nil(t, r.Reached)

	l.Reached()
	c.wait(time.Hour)
	status, r = ready()
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "the platform was reached 1h0m0s ago", r.Reason)
	require.Nil(t, r.LastSync)

	l.Ended(None)
	good := c.at
	c.wait(time.Second)
	l.Ended(Permission)
	status, r = ready()
	require.Equal(t, http.StatusServiceUnavailable, status, "a sync that ends here has reached nobody")
	require.Equal(t, "the platform was last reached 1h0m1s ago, and ready means within 1h0m0s", r.Reason)
	require.Equal(t, &lastSync{Ended: c.at, Outcome: OutcomeFailed, Kind: Permission}, r.LastSync)
	require.Equal(t, good, *r.Good)
	_, metrics := get("/metrics")
	require.Contains(t, metrics, "baton_azure_ad_ready 0\n")

	l.Reached()
	status, _ = ready()
	require.Equal(t, http.StatusOK, status, "a failed sync makes nobody start the service again")
	_, metrics = get("/metrics")
	require.Contains(t, metrics, "baton_azure_ad_ready 1\n")
}

func TestAMetricWouldBeMissingOrTellOfTheTenant(t *testing.T) {
	t.Parallel()
	c := startClock()
	l := c.ledger()
	file := filepath.Join(t.TempDir(), "totals.json")
	get := serve(t, Options{Ledger: l, Within: time.Hour, Totals: file, Version: "1.2.3"})
	_, empty := get("/metrics")
	for _, name := range []string{
		`build_info{version="1.2.3"} 1`, "start_timestamp_seconds 1.7960004e+09", "ready 0", "platform_last_reached_timestamp_seconds 0",
		"last_sync_timestamp_seconds 0", "last_good_snapshot_timestamp_seconds 0",
		`syncs_total{outcome="uploaded"} 0`, `syncs_total{outcome="failed"} 0`, `sync_failures_total{kind="permission"} 0`, `sync_failures_total{kind="other"} 0`,
		"graph_requests_total 0", "graph_batch_items_total 0", "graph_resource_units_total 0", "graph_throttled_total 0", "graph_retried_total 0", "graph_waited_seconds_total 0",
	} {
		assert.Contains(t, empty, "\nbaton_azure_ad_"+name+"\n", "a rule that waits for it never fires")
	}

	keep(t, file, &progress.Totals{Requests: 7, BatchItems: 70, ResourceUnits: 21, Throttled: 2, Retried: 3, Waited: 1.5, Resources: map[string]int{"user": 4}, Grants: map[string]int{"group": 9}})
	l.Reached()
	c.wait(90 * time.Second)
	l.Ended(None)
	l.Ended(Unavailable)
	_, full := get("/metrics")
	for _, name := range []string{
		"ready 1", "platform_last_reached_timestamp_seconds 1.7960004e+09", "last_good_snapshot_timestamp_seconds 1.79600049e+09",
		`syncs_total{outcome="uploaded"} 1`, `syncs_total{outcome="failed"} 1`, `sync_failures_total{kind="unavailable"} 1`,
		"graph_requests_total 7", "graph_batch_items_total 70", "graph_resource_units_total 21", "graph_throttled_total 2", "graph_retried_total 3",
		"graph_waited_seconds_total 1.5", `rows_total{row="resource",type="user"} 4`, `rows_total{row="grant",type="group"} 9`,
	} {
		assert.Contains(t, full, "\nbaton_azure_ad_"+name+"\n")
	}
	labels := regexp.MustCompile(`(?m)^baton_azure_ad_\w+\{([^}]*)\}`)
	allowed := regexp.MustCompile(`^(outcome|kind|row|type|version)="[a-z0-9_.]+"$`)
	for _, found := range labels.FindAllStringSubmatch(full, -1) {
		for label := range strings.SplitSeq(found[1], ",") {
			assert.Regexp(t, allowed, label)
		}
	}
}

// keep writes totals once, as the process that reads Graph does.
func keep(t *testing.T, file string, totals *progress.Totals) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	progress.KeepTotals(ctx, file, func() *progress.Totals { return totals })
}

func TestACounterWouldGoBackWhileItsFileCannotBeRead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "totals.json")
	get := serve(t, Options{Ledger: NewLedger(), Within: time.Hour, Totals: file})
	keep(t, file, &progress.Totals{Requests: 7})
	const line = "\nbaton_azure_ad_graph_requests_total 7\n"
	_, metrics := get("/metrics")
	require.Contains(t, metrics, line)
	require.NoError(t, os.WriteFile(file, []byte(`{"requests":`), 0o600))
	_, metrics = get("/metrics")
	require.Contains(t, metrics, line)
	require.NoError(t, os.Remove(file))
	_, metrics = get("/metrics")
	require.Contains(t, metrics, line)
}

func TestSomebodyWhoSendsSlowlyWouldHoldAConnectionForEver(t *testing.T) {
	t.Parallel()
	s := NewServer(Options{Ledger: NewLedger(), Within: time.Hour})
	for _, bound := range []time.Duration{s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout} {
		require.Positive(t, bound)
	}
	require.Positive(t, s.MaxHeaderBytes)
	for path, want := range map[string]int{"/": http.StatusNotFound, "/debug/pprof/": http.StatusNotFound} {
		status, _ := serve(t, Options{Ledger: NewLedger(), Within: time.Hour})(path)
		require.Equal(t, want, status, path)
	}
}
