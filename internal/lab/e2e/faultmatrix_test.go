package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/faults"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// These are a sample of make trials-faults, which tries all faults and hundreds of
// seeds; see docs/reliability.md. With the race detector a few are enough.

func TestEveryFaultAloneEndsInTheTruthOrInACleanFailure(t *testing.T) {
	t.Parallel()
	for n, f := range faults.Quick() {
		if n%4 != 0 || testing.Short() && n%28 != 0 {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			requireGood(t, []faults.Fault{f}, 1)
		})
	}
}

func TestFaultsTogetherEndInTheTruthOrInACleanFailure(t *testing.T) {
	t.Parallel()
	seeds := uint64(4)
	if testing.Short() {
		seeds = 1
	}
	for n := range seeds {
		seed := 2 * n // Of faults that pass: others can make a sync wait for a quarter of an hour.
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			requireGood(t, faults.Mix(seed), seed)
		})
	}
}

func requireGood(t *testing.T, list []faults.Fault, seed uint64) {
	t.Helper()
	r, err := faults.Run(context.Background(), list, seed)
	require.NoError(t, err)
	require.True(t, r.Allowed, r.String())
	if len(list) == 1 {
		assert.Empty(t, r.Idle, "the fault did not strike")
	}
}

// A page without its link loses the rest of the list, and nobody can tell: the
// one fault that a snapshot has to be short for shows that the judge sees it.
func TestTheJudgeSeesASnapshotThatIsShort(t *testing.T) {
	needsTime(t)
	t.Parallel()
	f := faults.Custom("a page without its link", graphsim.Rule{Path: "/users?", On: graphsim.RequestsOnly, Every: 1, Action: graphsim.DropLinks()})
	r, err := faults.Run(context.Background(), []faults.Fault{f}, 1)
	require.NoError(t, err)
	require.Equal(t, attempt.Short, r.Outcome, r.String())
	require.False(t, r.Allowed)
	require.Contains(t, r.String(), "missing: ")
}

func TestNameOfAFaultIsUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range faults.Catalogue() {
		require.False(t, seen[f.Name], f.Name)
		seen[f.Name] = true
	}
}
