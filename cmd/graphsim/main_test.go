package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestTruthIsPrintedAsJSON(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"--truth", "--seed", "4"}, &out, &out))
	var truth graphsim.Truth
	require.NoError(t, json.Unmarshal(out.Bytes(), &truth))
	assert.Len(t, truth.Users, 1300)
}

func TestUnknownSizeIsRefused(t *testing.T) {
	var out bytes.Buffer
	assert.ErrorContains(t, run(t.Context(), []string{"--size", "huge"}, &out, &out), "use tiny, small, medium, medium-double, large")
}

func TestEnvironmentFileIsPrivateAndComplete(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	path := filepath.Join(dir, "env.sh")
	require.NoError(t, os.WriteFile(path, nil, 0o644)) //nolint:gosec // The point: rights of an older file are taken back.
	done := make(chan error, 1)
	var out, log bytes.Buffer
	go func() { done <- run(ctx, []string{"--env-file", path, "--quiet"}, &out, &log) }()
	require.Eventually(t, func() bool {
		raw, err := os.ReadFile(path)
		return err == nil && strings.Count(string(raw), "\n") == 6
	}, 10*time.Second, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done, "it stops cleanly")

	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, name := range []string{
		"BATON_AZURE_TENANT_ID", "BATON_AZURE_CLIENT_ID", "BATON_AZURE_CLIENT_SECRET", "BATON_AUTHORITY_HOST", "BATON_GRAPH_ENDPOINT", "BATON_CA_CERTIFICATE",
	} {
		assert.Contains(t, string(raw), "export "+name+"='")
	}
	for _, file := range []string{path, filepath.Join(dir, caFileName)} {
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(secretFile), info.Mode().Perm(), file)
	}
	assert.Equal(t, 1, strings.Count(out.String(), "\n"), "one line when ready")
	assert.NotContains(t, out.String()+log.String(), secretIn(string(raw)))
}

func secretIn(environment string) string {
	_, rest, _ := strings.Cut(environment, "BATON_AZURE_CLIENT_SECRET='")
	secret, _, _ := strings.Cut(rest, "'")
	return secret
}

func TestWriteSwitchesAreRead(t *testing.T) {
	var log bytes.Buffer
	c, err := parse([]string{"--write", "--writes", "--write-lag", "5s", "--object-lag", "20s", "--write-quota", "7", "--unguarded-admins"}, &log)
	require.NoError(t, err)
	assert.Equal(t, writeSwitches{allowed: true, list: true, unguarded: true, lag: 5 * time.Second, birth: 20 * time.Second, quota: 7}, c.writes)
	c, err = parse(nil, &log)
	require.NoError(t, err)
	assert.Equal(t, writeSwitches{quota: graphsim.WriteQuota.Units}, c.writes, "nothing may be written unless asked for")
}
