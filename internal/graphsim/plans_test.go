package graphsim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOrganizationShowsThePlansTheTenantHas(t *testing.T) {
	b := start(t)
	for _, tc := range []struct {
		p1, p2 bool
		want   map[string]string
	}{
		{true, true, map[string]string{planIDP1: planEnabled, planIDP2: planEnabled}},
		{true, false, map[string]string{planIDP1: planEnabled, planIDP2: planDeleted}},
		{false, true, map[string]string{planIDP2: planEnabled}},
		{false, false, map[string]string{planIDP2: planDeleted}},
	} {
		b.server.SetPlans(tc.p1, tc.p2)
		plans, ok := b.get("organization?$select=id,assignedPlans").rows()[0]["assignedPlans"].([]any)
		require.True(t, ok)
		got := map[string]string{}
		for _, p := range plans {
			row, ok := p.(map[string]any)
			require.True(t, ok)
			got[str(row["servicePlanId"])] = str(row["capabilityStatus"])
		}
		assert.Equal(t, tc.want, got)
	}
}

func TestPlanRefusalsHaveTheFormOfTheirService(t *testing.T) {
	tenant := NewTenant(Small, 1)
	c := &call{tenant: tenant}
	tenant.plans = planP2
	require.NoError(t, c.requirePlan(planP1), "P2 includes P1")
	tenant.plans = planP1
	require.NoError(t, c.requireReportsPlan(planP1))
	var refused *graphError
	require.ErrorAs(t, c.requirePlan(planP2), &refused)
	assert.Equal(t, 400, refused.status)
	assert.Equal(t, "AadPremiumLicenseRequired", refused.code)
	tenant.plans = 0
	require.ErrorAs(t, c.requireReportsPlan(planP1), &refused)
	assert.Equal(t, 403, refused.status)
	assert.Equal(t, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", refused.code)
}
