package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// grantOnTerms grants with metadata.
func (c *changer) grantOnTerms(ctx context.Context, e *edgeChange, terms map[string]string) error {
	fields := map[string]*structpb.Value{}
	for name, value := range terms {
		fields[name] = structpb.NewStringValue(value)
	}
	row := e.entitlementRow()
	row.SetAnnotations(annotations.New(v2.GrantMetadata_builder{Metadata: &structpb.Struct{Fields: fields}}.Build()))
	_, err := c.client.Grant(ctx, v2.GrantManagerServiceGrantRequest_builder{Entitlement: row, Principal: e.principalRow()}.Build(), grpc.WaitForReady(true))
	return err
}

func (c *changer) named(name string) *edgeChange {
	changes := c.changes()
	return changes[slices.IndexFunc(changes, func(e *edgeChange) bool { return e.name == name })]
}

// roleEnd is when a role that a change gave ends.
func (c *changer) roleEnd(e *edgeChange) string {
	truth := c.truth()
	_, role := parts(e.entitlement)
	for _, a := range slices.Concat(truth.RoleAssignments, truth.RoleEligibilities) {
		if a.Principal.ID == e.principal && a.RoleID == role {
			return a.End
		}
	}
	return ""
}

func TestGrantEndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	end := time.Now().Add(50 * time.Hour).UTC().Truncate(time.Second)
	for _, name := range []string{"a role of a user", "an eligible role"} {
		e := c.named(name)
		require.NoError(t, c.grantOnTerms(ctx, e, map[string]string{"endDateTime": end.Format(time.RFC3339), "justification": "Ticket 7"}))
		got, err := time.Parse(time.RFC3339, c.roleEnd(e))
		require.NoError(t, err, name)
		require.WithinDuration(t, end, got, 2*time.Second, name)
		_, err = c.revoke(ctx, e)
		require.NoError(t, err, name)
		require.False(t, e.holds(c.truth()), name)
	}
}

func TestConfiguredDurationHoldsForEveryGrantThatNamesNone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(append(graphsim.DefaultPermissions(), writePermissions...)...)
	c := &changer{server, startSubprocess(t, server, "BATON_PROVISIONING=true", "BATON_PIM_DURATION=8h", "BATON_PIM_JUSTIFICATION=On call").parent(t)}
	e := c.named("a role of a user")
	_, err := c.grant(ctx, e)
	require.NoError(t, err)
	got, err := time.Parse(time.RFC3339, c.roleEnd(e))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(8*time.Hour), got, time.Minute)
}

// Without its end a grant would be for good.
func TestTermsThatCannotBeReadAreNotLeftOut(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	for _, terms := range []map[string]string{
		{"endDateTime": "tomorrow"}, {"endDateTime": "2020-01-01T00:00:00Z"}, {"duration": "8 hours"}, {"duration": "-8h"}, {"duration": ""},
	} {
		for _, name := range []string{"a role of a user", "an eligible role", "an eligible member of a group"} {
			requireRefused(t, c.grantOnTerms(ctx, c.named(name), terms), codes.InvalidArgument, "metadata of the grant")
		}
	}
	require.Empty(t, c.server.Writes())
}

func TestLicensePlansThatAreSwitchedOffStayOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	truth := c.truth()
	known := slices.IndexFunc(truth.LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
		return len(a.DisabledPlans) > 0 && a.Principal.Type == "user"
	})
	plan, sku := truth.LicenseAssignments[known].DisabledPlans[0], truth.LicenseAssignments[known].SkuID
	group := c.named("a license of a group")
	e := &edgeChange{entitlement: "license:" + sku + ":assigned", principalType: "group", principal: group.principal}
	require.NoError(t, c.grantOnTerms(ctx, e, map[string]string{"disabledPlans": plan}))
	_, err := c.grant(ctx, e)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(c.truth().LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
		return a.SkuID == sku && a.Principal.ID == e.principal && slices.Equal(a.DisabledPlans, []string{plan})
	}), "the second grant has switched a plan on")
}

func TestConsentsAreWithdrawnOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	for _, kind := range []string{"AllPrincipals", "Principal"} {
		truth := c.truth()
		consent := truth.Consents[slices.IndexFunc(truth.Consents, func(g graphsim.TruthConsent) bool { return g.ConsentType == kind })]
		e := &edgeChange{entitlement: "consent:" + consent.ID + ":granted", principalType: "application", principal: consent.ClientID}
		for n := range 2 {
			already, err := c.revoke(ctx, e)
			require.NoError(t, err)
			require.Equal(t, n == 1, already, kind)
			require.NotContains(t, c.truth().Consents, consent)
		}
	}
}

// The group would give it again, and Graph's own answer does not say which one.
func TestLicenseOfAGroupIsRefusedWithTheGroupsName(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	truth := c.truth()
	direct := map[string]bool{}
	for _, a := range truth.LicenseAssignments {
		direct[a.SkuID+a.Principal.ID] = direct[a.SkuID+a.Principal.ID] || a.GroupID == ""
	}
	at := slices.IndexFunc(truth.LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
		return a.GroupID != "" && a.Principal.Type == "user" && !direct[a.SkuID+a.Principal.ID]
	})
	inherited := truth.LicenseAssignments[at]
	group := truth.Groups[slices.IndexFunc(truth.Groups, func(g graphsim.TruthGroup) bool { return g.ID == inherited.GroupID })]
	_, err := c.revoke(ctx, &edgeChange{entitlement: "license:" + inherited.SkuID + ":assigned", principalType: "user", principal: inherited.Principal.ID})
	requireRefused(t, err, codes.FailedPrecondition, group.DisplayName)
	require.Empty(t, c.server.Writes())
}

func TestRefusalOfGraphSaysWhy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	truth := c.truth()
	full := truth.Licenses[slices.IndexFunc(truth.Licenses, func(l graphsim.TruthLicense) bool { return l.Enabled <= l.Consumed })]
	user := c.freeUser(0)
	for i := 1; slices.ContainsFunc(truth.LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
		return a.SkuID == full.SkuID && a.Principal.ID == user
	}); i++ {
		user = c.freeUser(i)
	}
	_, err := c.grant(ctx, &edgeChange{entitlement: "license:" + full.SkuID + ":assigned", principalType: "user", principal: user})
	requireRefused(t, err, codes.InvalidArgument, "does not have any available licenses")
	require.Empty(t, c.server.Writes())
}
