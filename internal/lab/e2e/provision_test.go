package e2e

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// changer changes the tenant through the built connector's subprocess.
type changer struct {
	server *graphsim.Server
	client types.ConnectorClient
}

// writePermissions are those of everything that can be changed.
var writePermissions = []string{
	"GroupMember.ReadWrite.All", "Group.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "RoleAssignmentSchedule.ReadWrite.Directory",
	"RoleEligibilitySchedule.ReadWrite.Directory", "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup", "RoleManagementPolicy.Read.AzureADGroup", "AppRoleAssignment.ReadWrite.All",
	"Application.ReadWrite.All", "LicenseAssignment.ReadWrite.All", "AdministrativeUnit.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
	"EntitlementManagement.ReadWrite.All",
}

func startChanger(t *testing.T, size graphsim.Size) *changer {
	t.Helper()
	server := startTenant(t, size)
	server.SetPermissions(append(graphsim.DefaultPermissions(), writePermissions...)...)
	return &changer{server, startSubprocess(t, server, "BATON_PROVISIONING=true").parent(t)}
}

func parts(entitlement string) (string, string) {
	resourceType, rest, _ := strings.Cut(entitlement, ":")
	return resourceType, rest[:strings.LastIndexByte(rest, ':')]
}

func (e *edgeChange) entitlementRow() *v2.Entitlement {
	resourceType, id := parts(e.entitlement)
	return v2.Entitlement_builder{
		Id: e.entitlement, Resource: v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()}.Build(),
	}.Build()
}

func (e *edgeChange) principalRow() *v2.Resource {
	return v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: e.principalType, Resource: e.principal}.Build()}.Build()
}

func (c *changer) grant(ctx context.Context, e *edgeChange) (bool, error) {
	response, err := c.client.Grant(ctx, v2.GrantManagerServiceGrantRequest_builder{
		Entitlement: e.entitlementRow(), Principal: e.principalRow(),
	}.Build(), grpc.WaitForReady(true))
	annos := annotations.Annotations(response.GetAnnotations())
	return annos.Contains(&v2.GrantAlreadyExists{}), err
}

func (c *changer) revoke(ctx context.Context, e *edgeChange) (bool, error) {
	response, err := c.client.Revoke(ctx, v2.GrantManagerServiceRevokeRequest_builder{
		Grant: v2.Grant_builder{
			Id: e.entitlement + ":" + e.principalType + ":" + e.principal, Entitlement: e.entitlementRow(), Principal: e.principalRow(),
		}.Build(),
	}.Build(), grpc.WaitForReady(true))
	annos := annotations.Annotations(response.GetAnnotations())
	return annos.Contains(&v2.GrantAlreadyRevoked{}), err
}

func (c *changer) truth() *graphsim.Truth {
	truth := c.server.Tenant().Truth()
	return &truth
}

func TestAChangeIsMadeOnceAndUndoneOnce(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	changes := c.changes()
	for _, e := range changes {
		require.False(t, e.holds(c.truth()), "%s: it is there before", e.name)
		already, err := c.grant(ctx, e)
		require.NoError(t, err, e.name)
		require.False(t, already, e.name)
		require.True(t, e.holds(c.truth()), "%s: success is reported and nothing has changed", e.name)
		already, err = c.grant(ctx, e)
		require.NoError(t, err, e.name)
		require.True(t, already, "%s: the second time nothing is changed", e.name)
	}
	o := runSync(t, c.server, options{workers: 4, configure: func(cfg *config.AzureAd) { cfg.SyncDevices = true }})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	for _, e := range changes {
		requireIn(t, got.direct, edge(e.entitlement, e.principalType, e.principal), "%s: the snapshot does not show it", e.name)
	}
	for _, e := range changes {
		already, err := c.revoke(ctx, e)
		require.NoError(t, err, e.name)
		require.False(t, already, e.name)
		require.False(t, e.holds(c.truth()), "%s: success is reported and it is still there", e.name)
	}
	// That a role is not there is believed after a while only.
	var all sync.WaitGroup
	for _, e := range changes {
		all.Go(func() {
			already, err := c.revoke(ctx, e)
			assert.NoError(t, err, e.name)
			assert.True(t, already, "%s: the second time there is nothing to undo", e.name)
		})
	}
	all.Wait()
}

// Graph does what it was asked, and the answer is lost on the way.
func TestALostAnswerIsNeitherDoneTwiceNorReportedAsFailure(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	write := func(r graphsim.Request) bool { return r.Method != http.MethodGet }
	answers := []graphsim.Action{graphsim.ActThenReset(), graphsim.ActThenRespond(http.StatusGatewayTimeout, "GatewayTimeout")}
	for i, e := range c.changes() {
		remove := c.server.Fault(graphsim.Rule{Name: "lost", Match: write, Nth: 1, Action: answers[i%2]})
		_, err := c.grant(ctx, e)
		remove()
		require.NoError(t, err, e.name)
		require.True(t, e.holds(c.truth()), e.name)
		remove = c.server.Fault(graphsim.Rule{Name: "lost", Match: write, Nth: 1, Action: answers[(i+1)%2]})
		_, err = c.revoke(ctx, e)
		remove()
		require.NoError(t, err, e.name)
		require.False(t, e.holds(c.truth()), e.name)
	}
}

func TestTwoChangesAtOnceEndInTheRightState(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.changes() {
		for _, change := range []func(context.Context, *edgeChange) (bool, error){c.grant, c.revoke} {
			var both sync.WaitGroup
			did := make([]bool, 2)
			for i := range did {
				both.Go(func() {
					already, err := change(ctx, e)
					assert.NoError(t, err, e.name)
					did[i] = !already
				})
			}
			both.Wait()
			require.True(t, did[0] || did[1], "%s: one of the two has made the change", e.name)
		}
		require.False(t, e.holds(c.truth()), e.name)
	}
}

// A group that was made a moment ago is not everywhere at once.
func TestANewGroupIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	c.server.SetReplicationLag(2*time.Second, 3*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.changes() {
		_, err := c.grant(ctx, e)
		require.NoError(t, err, e.name)
		_, err = c.revoke(ctx, e)
		require.NoError(t, err, e.name)
		require.False(t, e.holds(c.truth()), "%s: reads lag, and a read that shows the old state was taken for the truth", e.name)
	}
}

func TestWhatCannotBeChangedIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	tenant := c.server.Tenant()
	user := c.freeUser(9)
	group := func(n int) string { return "group:" + tenant.ID(graphsim.KindGroup, n) + ":member" }
	unit := "administrative_unit:" + tenant.ID(graphsim.KindAdministrativeUnit, graphsim.UnitDynamic)
	for _, r := range []struct {
		e      edgeChange
		code   codes.Code
		reason string
	}{
		{edgeChange{entitlement: group(graphsim.GroupDynamic), principalType: "user", principal: user}, codes.FailedPrecondition, "membership rule"},
		{edgeChange{entitlement: group(graphsim.GroupSynced), principalType: "user", principal: user}, codes.FailedPrecondition, "on-premises"},
		{edgeChange{entitlement: group(graphsim.GroupDistribution), principalType: "user", principal: user}, codes.FailedPrecondition, "Exchange"},
		{edgeChange{entitlement: group(graphsim.GroupMicrosoft365), principalType: "group", principal: tenant.ID(graphsim.KindGroup, graphsim.GroupEmpty)}, codes.FailedPrecondition, "people only"},
		{edgeChange{entitlement: unit + ":member", principalType: "user", principal: user}, codes.FailedPrecondition, "rule decides"},
		{edgeChange{entitlement: "consent:whatever:granted", principalType: "user", principal: user}, codes.FailedPrecondition, "consents when they sign in"},
	} {
		before := len(c.server.Writes())
		_, err := c.grant(ctx, &r.e)
		require.Equal(t, r.code, status.Code(err), "%v", err)
		require.ErrorContains(t, err, r.reason)
		require.Len(t, c.server.Writes(), before, "it was sent all the same")
	}
}

func TestNothingIsChangedWhileProvisioningIsOff(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(append(graphsim.DefaultPermissions(), writePermissions...)...)
	c := &changer{server, startSubprocess(t, server).parent(t)}
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.changes() {
		_, err := c.grant(ctx, e)
		require.Error(t, err, e.name)
		_, err = c.revoke(ctx, e)
		require.Error(t, err, e.name)
	}
	require.Empty(t, server.Writes())
}
