package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// metrics are the values of all series that a service tells of, and the text of them.
func metrics(t *testing.T, port int) (map[string]float64, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/metrics", port), nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	values := map[string]float64{}
	lines := bufio.NewScanner(strings.NewReader(string(body)))
	for lines.Scan() {
		if series, value, ok := strings.Cut(lines.Text(), " "); ok && !strings.HasPrefix(series, "#") {
			values[strings.TrimPrefix(series, "baton_azure_ad_")], err = strconv.ParseFloat(value, 64)
			require.NoError(t, err, lines.Text())
		}
	}
	return values, string(body)
}

func TestServiceThatIsCutOffIsNotReadyAndOneThatIsReachedTellsWhatItDid(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	ready := func(t *testing.T, want int, says string) {
		t.Helper()
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			status, body := health(t, port, "ready")
			assert.Equal(c, want, status, body)
			assert.Contains(c, fmt.Sprint(body["reason"]), says)
		}, serviceBound, 50*time.Millisecond)
	}
	platform := startPlatform(t, platformsim.Options{Unreachable: true})
	s := startService(t, platform, startTenant(t, graphsim.Small), nil, "--status-address", strconv.Itoa(port), "--ready-within=5s")
	ready(t, http.StatusServiceUnavailable, "the platform has not been reached")
	require.NoError(t, platform.Reach())
	ready(t, http.StatusOK, "the platform was reached")

	o := s.outcome(t, syncFull(nil))
	s.requireTenant(t, o)
	users := 0.0
	for _, r := range readSnapshot(t, o.Assets[0].Path).resourceRows {
		if r.GetId().GetResourceType() == "user" {
			users++
		}
	}
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		told, _ := metrics(t, port)
		counted := s.tenant.Stats()
		assert.Equal(c, float64(counted.Requests), told["graph_requests_total"])
		assert.Equal(c, float64(counted.BatchItems), told["graph_batch_items_total"])
		// The tenant's book has some that no answer tells of.
		assert.InDelta(c, float64(counted.ResourceUnits), told["graph_resource_units_total"], 0.1*float64(counted.ResourceUnits))
		assert.Equal(c, users, told[`rows_total{row="resource",type="user"}`])
		assert.Positive(c, told[`rows_total{row="grant",type="group"}`])
		assert.Equal(c, 1.0, told[`syncs_total{outcome="uploaded"}`])
		assert.Zero(c, told[`syncs_total{outcome="failed"}`])
		assert.InDelta(c, float64(time.Now().Unix()), told["last_good_snapshot_timestamp_seconds"], serviceBound.Seconds())
	}, serviceBound, 100*time.Millisecond)

	// Where a worker of several fails, the SDK keeps back why the sync did.
	defer s.tenant.Fault(graphsim.Rule{
		Name: "refused", Path: "/appRoleAssignedTo", On: graphsim.ItemsOnly, Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges"),
	})()
	require.NotNil(t, s.outcome(t, syncFull(nil)).Failure)
	var text string
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		var told map[string]float64
		told, text = metrics(t, port)
		assert.Equal(c, 1.0, told[`syncs_total{outcome="failed"}`])
		assert.Equal(c, 1.0, told[`sync_failures_total{kind="permission"}`], text)
		assert.Less(c, told["last_good_snapshot_timestamp_seconds"], told["last_sync_timestamp_seconds"])
	}, serviceBound, 100*time.Millisecond)
	_, body := health(t, port, "ready")
	for _, secret := range []string{s.tenant.ClientSecret(), s.platform.ClientSecret(), s.platform.ClientID(), s.tenant.TenantID(), s.tenant.ClientID()} {
		require.NotContains(t, text+fmt.Sprint(body), secret)
	}

	require.NoError(t, platform.Cut())
	ready(t, http.StatusServiceUnavailable, "the platform was last reached")
	require.NotZero(t, askHealth(t, port, "ready"), "the command that probes run passes")
	require.NoError(t, platform.Reach())
	ready(t, http.StatusOK, "the platform was reached")
	s.signal(t, os.Interrupt)
	status, _ := health(t, port, "ready")
	require.Zero(t, status, "something listens after the stop")
	s.requireNoTempFiles(t)
}

func TestServiceWhoseStatusAddressCannotBeHadSaysSoAndEnds(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), []string{"BATON_STATUS_ADDRESS=" + listener.Addr().String()})
	require.Positive(t, s.exit(t, stopBound))
	require.Contains(t, s.stderr.String(), "telling of the service at --status-address: listen tcp 127.0.0.1")
	requireEmpty(t, s.temp)
}
