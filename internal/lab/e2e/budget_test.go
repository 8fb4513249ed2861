package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

func TestTheSmallestBudgetIsKeptWithoutARefusal(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Medium)
	server.SetBudget(graphsim.BudgetS)
	o := runSync(t, server, options{workers: 16, configure: func(cfg *config.AzureAd) {
		// The reports have a limit of their own, which has no patience with a test.
		cfg.SkipSignInActivity, cfg.SkipMfaRegistration = true, true
	}})
	require.NoError(t, o.err)
	require.Zero(t, server.Stats().Throttled)
	requireExact(t, server, readSnapshot(t, o.path))
}

// A tenant whose budget others have used up refuses whatever the connector does:
// what is left is less than a full batch.
func TestAStormOfRefusalsIsRiddenOut(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetBudget(graphsim.Budget{Units: 16, Per: time.Second})
	o := runSync(t, server, options{workers: 16})
	require.NoError(t, o.err)
	require.Positive(t, server.Stats().Throttled, "the storm did not break")
	requireExact(t, server, readSnapshot(t, o.path))
}
