package deploy

import (
	"cmp"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// connector is the built program.
func connector(t *testing.T) string {
	t.Helper()
	path := cmp.Or(os.Getenv("CONNECTOR"), "../bin/baton-azure-ad")
	require.FileExists(t, path, "make check-manifests builds it")
	return path
}

func TestASettingWouldNotExist(t *testing.T) {
	help, err := exec.CommandContext(t.Context(), connector(t), "--help").CombinedOutput()
	require.NoError(t, err)
	// Two settings of the SDK that are no flags; docs/service-mode.md has them.
	known := string(help) + "($BATON_TMPDIR) ($BATON_HOST_ID)"
	for _, w := range workloads(t) {
		container := w.pod.Spec.Containers[0]
		for _, arg := range container.Args {
			if w.compares() {
				break // TestComparingWouldBeRefused runs it.
			}
			flag, _, _ := strings.Cut(arg, "=")
			require.Contains(t, known, " "+flag+" ", w.folder)
		}
		for _, v := range container.Env {
			if strings.HasPrefix(v.Name, "BATON_") {
				require.Contains(t, known, "($"+v.Name+")", w.folder)
			}
		}
	}
	for _, secret := range exampleSecrets(t) {
		for name := range secret.StringData {
			require.Contains(t, known, "($"+name+")", secret.Name)
		}
	}
}

func TestAProbeWouldAskForNothing(t *testing.T) {
	for _, w := range workloads(t) {
		container := w.pod.Spec.Containers[0]
		if w.kind != "Deployment" {
			require.Nil(t, container.LivenessProbe, "a sync that runs once has no health server")
			continue
		}
		require.Contains(t, container.Args, "--health-check")
		require.Equal(t, "/live", asked(t, container.StartupProbe))
		require.Equal(t, "/live", asked(t, container.LivenessProbe))
		require.Equal(t, "/ready", asked(t, container.ReadinessProbe))
	}
}

func TestAServiceThatWaitsForThePlatformWouldBeKilled(t *testing.T) {
	const longestWait = 330 // Seconds: half a minute for a connection, five minutes for an answer.
	for _, w := range workloads(t) {
		if probe := w.pod.Spec.Containers[0].StartupProbe; probe != nil {
			require.Greater(t, probe.PeriodSeconds*probe.FailureThreshold, int32(longestWait), w.folder)
		}
	}
}

// asked runs a probe's command, on this machine, against a server that is well
// and one that is not, and returns what the probe asked for.
func asked(t *testing.T, probe *corev1.Probe) string {
	t.Helper()
	require.NotNil(t, probe)
	require.NotNil(t, probe.Exec, "the kubelet cannot reach the loopback of a pod")
	require.Equal(t, "/usr/bin/baton-azure-ad", probe.Exec.Command[0], "where the Dockerfile puts it")
	var path string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		w.WriteHeader(status)
	}))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	ask := func() error {
		command := exec.CommandContext(t.Context(), connector(t), append(probe.Exec.Command[1:], "--health-check-port="+port)...)
		return command.Run()
	}
	require.NoError(t, ask())
	status = http.StatusServiceUnavailable
	require.Error(t, ask(), "a service that is not well would pass")
	return path
}

func TestComparingWouldBeRefused(t *testing.T) {
	for _, w := range workloads(t) {
		if !w.compares() {
			continue
		}
		require.Equal(t, "Job", w.kind)
		answer, err := exec.CommandContext(t.Context(), connector(t), w.pod.Spec.Containers[0].Args...).CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(answer), "/snapshots/OLD.c1z", "the command line is right, and the file is missed")
		return
	}
	require.Fail(t, "nothing compares snapshots")
}
