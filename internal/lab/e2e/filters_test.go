package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

func TestSkippedADGroupsLeaveNoTrace(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, configure: func(cfg *config.AzureAd) { cfg.SkipAdGroups = true }})
	require.NoError(t, o.err)
	requireExactly(t, server, expect.Options{SkipADGroups: true}, readSnapshot(t, o.path))
	requireNoIntegrityWarnings(t, o)
}

// Whoever has access through an on-premises group keeps it in the snapshot; a
// direct holder stays a direct one.
func TestPeopleOfSkippedADGroupsKeepTheirAccess(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	truth := server.Tenant().Truth()
	synced := map[string]bool{}
	for _, g := range truth.Groups {
		synced[g.ID] = g.Synced
	}
	for _, workers := range []int{1, 8} {
		o := runSync(t, server, options{workers: workers, configure: func(cfg *config.AzureAd) {
			cfg.SkipAdGroups, cfg.IncludeOnPremGroupMembers = true, true
		}})
		require.NoError(t, o.err)
		got := readSnapshot(t, o.path)
		requireExactly(t, server, expect.Options{SkipADGroups: true, ThroughADGroups: true}, got)
		requireNoIntegrityWarnings(t, o)
		through := 0
		for e, g := range got.grantRows {
			for source := range g.GetSources().GetSources() {
				if parts := strings.Split(source, ":"); synced[parts[1]] {
					through++
					requireNotIn(t, got.direct, e)
				}
			}
		}
		require.Positive(t, through, "nobody has access through a skipped group: the test shows nothing")
	}
}

func TestOnlyApplicationsThatTakePartInNothingAreSkipped(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	truth := server.Tenant().Truth()
	skip := expect.Unused(&truth)
	require.NotEmpty(t, skip, "every application is used: the test shows nothing")
	o := runSync(t, server, options{workers: 4, configure: func(cfg *config.AzureAd) { cfg.SkipUnassignedApps = true }})
	require.NoError(t, o.err)
	requireExactly(t, server, expect.Options{SkipApp: func(id string) bool { return skip[id] }}, readSnapshot(t, o.path))
	requireNoIntegrityWarnings(t, o)
}

func TestFewerTypesLeaveNoDanglingRowsWithEveryOption(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	for _, only := range [][]string{
		{"scoped_role"}, {"role"}, {"credential", "application"}, {"license"}, {"consent"}, {"administrative_unit"}, {"managed_identity"}, {"agent_identity"},
		{"app_registration"}, {"device"}, {"user_risk"}, {"license", "user"}, {"license", "group"}, {"group", "managed_identity"},
		{"role", "scoped_role", "group", "user"}, {"access_package"}, {"access_package_catalog"}, {"access_package", "user"}, {"access_package", "access_package_catalog"},
		{"channel"}, {"channel", "group"},
	} {
		o := runSync(t, server, options{workers: 4, resourceTypes: only, configure: everything})
		require.NoError(t, o.err, "%v", only)
		got := readSnapshot(t, o.path)
		require.NotEmpty(t, got.resources, "%v", only)
		for key, r := range got.resourceRows {
			require.Contains(t, only, r.GetId().GetResourceType(), key)
			if parent := r.GetParentResourceId(); parent != nil {
				requireIn(t, got.resources, parent.GetResourceType()+":"+parent.GetResource(), key)
			}
		}
		for e, g := range got.grantRows {
			holder, on := g.GetPrincipal().GetId(), g.GetEntitlement().GetResource().GetId()
			requireIn(t, got.resources, holder.GetResourceType()+":"+holder.GetResource(), e)
			requireIn(t, got.resources, on.GetResourceType()+":"+on.GetResource(), e)
			requireIn(t, got.entitlements, g.GetEntitlement().GetId(), e)
		}
	}
}
