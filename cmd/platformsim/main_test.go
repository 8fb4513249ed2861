package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecretsOfTheRehearsalWouldBeEverybodys(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "platform.env")
	var said strings.Builder
	require.NoError(t, run(ctx, []string{"-env-file", path}, &said, io.Discard))
	require.Contains(t, said.String(), "platformsim: at 127.0.0.1:")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(secretFile), info.Mode().Perm())
	environment, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, name := range []string{"BATON_CLIENT_ID", "BATON_CLIENT_SECRET", "BATON_C1_API_HOST", "SSL_CERT_FILE"} {
		require.Contains(t, string(environment), "export "+name+"='")
	}
}

func TestAWordThatIsNoFlagWouldBeTakenForNone(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"once"}, io.Discard, io.Discard), `"once" is no flag`)
}
