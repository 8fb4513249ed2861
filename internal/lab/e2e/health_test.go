package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// freePort is a port of the loopback that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	address, ok := listener.Addr().(*net.TCPAddr)
	require.True(t, ok)
	return address.Port
}

// health asks a service's health server. The status is 0 where nobody listens.
func health(t *testing.T, port int, endpoint string) (int, map[string]any) {
	t.Helper()
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/%s", port, endpoint), nil)
	require.NoError(t, err)
	resp, err := client.Do(req)
	if err != nil {
		require.ErrorContains(t, err, "connection refused")
		return 0, nil
	}
	defer resp.Body.Close()
	var body map[string]any
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&body))
	return resp.StatusCode, body
}

// askHealth runs the command that probes run.
func askHealth(t *testing.T, port int, endpoint string) int {
	t.Helper()
	return runBinary(t, nil, "health-check", "--endpoint="+endpoint, "--health-check-port", strconv.Itoa(port)).exit
}

var healthEndpoints = []string{"live", "ready", "health"}

func TestServiceIsReadyOnceConnectedAndNotBeforeNorAfter(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	platform := startPlatform(t, platformsim.Options{Unreachable: true})
	s := startService(t, platform, startTenant(t, graphsim.Small), nil, "--health-check", "--health-check-port", strconv.Itoa(port))
	require.Eventually(t, func() bool { return s.stderr.String() != "" }, serviceBound, 10*time.Millisecond)
	status, _ := health(t, port, "ready")
	require.Zero(t, status, "it is ready for tasks that it cannot get")
	require.NotZero(t, askHealth(t, port, "ready"))

	require.NoError(t, platform.Reach())
	require.Eventually(t, func() bool { status, _ := health(t, port, "ready"); return status == http.StatusOK }, serviceBound, 50*time.Millisecond)
	for _, endpoint := range healthEndpoints {
		status, body := health(t, port, endpoint)
		require.Equal(t, http.StatusOK, status, body)
		require.Zero(t, askHealth(t, port, endpoint))
	}

	s.signal(t, os.Interrupt)
	for _, endpoint := range healthEndpoints {
		status, _ := health(t, port, endpoint)
		require.Zero(t, status, "something listens after the stop")
		require.NotZero(t, askHealth(t, port, endpoint))
	}
}

// What Microsoft refuses is no reason to start the service again, and every
// reason to tell the operator.
func TestServiceThatCannotSignInIsReadyButNotHealthy(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	tenant := startTenant(t, graphsim.Small)
	startService(t, startPlatform(t, platformsim.Options{}), tenant, nil, "--health-check", "--health-check-port", strconv.Itoa(port))
	require.Eventually(t, func() bool { status, _ := health(t, port, "ready"); return status == http.StatusOK }, serviceBound, 50*time.Millisecond)
	defer tenant.Fault(graphsim.Rule{Name: "refused", Path: "/organization", Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")})()
	status, body := health(t, port, "health")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, fmt.Sprint(body), "the application lacks a permission for this request")
	require.NotContains(t, fmt.Sprint(body), tenant.ClientSecret())
	require.NotZero(t, askHealth(t, port, "health"))
	for _, endpoint := range []string{"live", "ready"} {
		status, _ := health(t, port, endpoint)
		require.Equal(t, http.StatusOK, status)
	}
}

// A service without the health server that was asked for would be restarted for
// ever by those who ask it.
func TestServiceWhoseHealthPortIsTakenSaysSoAndEnds(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil, "--health-check", "--health-check-port", port)
	require.Positive(t, s.exit(t, stopBound))
	require.Contains(t, s.stderr.String(), "failed to start health check server")
	requireEmpty(t, s.temp)
}
