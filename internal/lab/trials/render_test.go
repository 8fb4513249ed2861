package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

func TestThePageShowsWhatWasRecordedAndNothingOlder(t *testing.T) {
	t.Parallel()
	const document = "../../../docs/reliability.md"
	committed, err := os.ReadFile(document)
	require.NoError(t, err)
	rendered := filepath.Join(t.TempDir(), "reliability.md")
	require.NoError(t, os.WriteFile(rendered, committed, 0o600)) //nolint:gosec // A file of the test's own.
	require.NoError(t, render("recording", rendered))
	again, err := os.ReadFile(rendered)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(again), "go run ./internal/lab/trials render docs/reliability.md")
}

func TestNoRecordedTrialEndedShortHungOrLeaked(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("recording/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		trials, err := record.Read(file)
		require.NoError(t, err)
		for _, trial := range trials {
			require.Positive(t, trial.Tried, trial.Name)
			require.Zero(t, trial.Short+trial.Hung+trial.Leaked, trial.Name)
			require.Equal(t, trial.Tried, trial.Truth+trial.LeftOut+trial.FailedCleanly, trial.Name)
		}
	}
}
