package graphsim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func TestOrganizationShowsThePlansTheTenantHas(t *testing.T) {
	b := start(t)
	for _, tc := range []struct {
		p1, p2 bool
		want   map[string]string
	}{
		{true, true, map[string]string{schema.PlanIDP1: schema.PlanEnabled, schema.PlanIDP2: schema.PlanEnabled}},
		{true, false, map[string]string{schema.PlanIDP1: schema.PlanEnabled, schema.PlanIDP2: schema.PlanDeleted}},
		{false, true, map[string]string{schema.PlanIDP2: schema.PlanEnabled}},
		{false, false, map[string]string{schema.PlanIDP2: schema.PlanDeleted}},
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
	c := &api.Call{Tenant: tenant.Tenant}
	tenant.Plans = directory.PlanP2
	require.NoError(t, permissions.RequirePlan(c, directory.PlanP1), "P2 includes P1")
	tenant.Plans = directory.PlanP1
	require.NoError(t, permissions.RequireReportsPlan(c, directory.PlanP1))
	var refused *api.Error
	require.ErrorAs(t, permissions.RequirePlan(c, directory.PlanP2), &refused)
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "AadPremiumLicenseRequired", refused.Code)
	tenant.Plans = 0
	require.ErrorAs(t, permissions.RequireReportsPlan(c, directory.PlanP1), &refused)
	assert.Equal(t, 403, refused.Status)
	assert.Equal(t, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", refused.Code)
}
