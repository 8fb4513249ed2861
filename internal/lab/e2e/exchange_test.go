package e2e

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// startMailChanger changes groups through Exchange Online too. The application may read
// the directory, and has nothing of Graph that changes it.
func startMailChanger(t *testing.T) *changer {
	t.Helper()
	server := startTenant(t, graphsim.Small)
	server.SetExchange(graphsim.ExchangeAdministrator, graphsim.ExchangeAppRole)
	return &changer{server, startSubprocess(t, server, "BATON_PROVISIONING=true", "BATON_EXCHANGE=true").parent(t)}
}

// mailGroups are the groups that Exchange manages.
var mailGroups = map[string]int{"a distribution list": graphsim.GroupDistribution, "a mail-enabled security group": graphsim.GroupMailSecurity}

// withMail is somebody who can receive mail and holds nothing that the tests change.
func (c *changer) withMail(n int) string {
	truth := c.truth()
	for i := range truth.Users {
		u := &truth.Users[i]
		free := !slices.ContainsFunc(slices.Concat(truth.Members, truth.GroupOwners), func(e graphsim.TruthEdge) bool {
			return e.Principal.ID == u.ID && slices.Contains(c.mailGroupIDs(), e.ObjectID)
		})
		if free && u.Mail != "" && u.UserType == "Member" && u.Enabled && !u.Synced {
			if n--; n < 0 {
				return u.ID
			}
		}
	}
	panic("the tenant has too few users")
}

func (c *changer) mailGroupIDs() []string {
	var ids []string
	for _, n := range mailGroups {
		ids = append(ids, c.server.Tenant().ID(graphsim.KindGroup, n))
	}
	return ids
}

// mailChanges are members and owners of each sort of group.
func (c *changer) mailChanges() []*edgeChange {
	var all []*edgeChange
	for what, n := range mailGroups {
		group := c.server.Tenant().ID(graphsim.KindGroup, n)
		members := func(t *graphsim.Truth) []graphsim.TruthEdge { return t.Members }
		owners := func(t *graphsim.Truth) []graphsim.TruthEdge { return t.GroupOwners }
		who, inner := c.withMail(3), c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMailSecurity+graphsim.GroupDistribution-n)
		all = append(all,
			&edgeChange{"a member of " + what, "group:" + group + ":member", "user", who, holdsEdge(members, group, who)},
			&edgeChange{"an owner of " + what, "group:" + group + ":owner", "user", who, holdsEdge(owners, group, who)},
		)
		if n == graphsim.GroupDistribution {
			all = append(all, &edgeChange{"a group in " + what, "group:" + group + ":member", "group", inner, holdsEdge(members, group, inner)})
		}
	}
	return all
}

func TestGroupsThatExchangeManagesAreChangedOnceAndUndoneOnce(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.mailChanges() {
		for n, change := range []func(context.Context, *edgeChange) (bool, error){c.grant, c.grant, c.revoke, c.revoke} {
			already, err := change(ctx, e)
			require.NoError(t, err, e.name)
			require.Equal(t, n%2 == 1, already, "%s, call %d", e.name, n)
			require.Equal(t, n < 2, e.holds(c.truth()), "%s, call %d", e.name, n)
		}
	}
	require.Len(t, c.server.Writes(), 2*len(c.mailChanges()))
	require.Empty(t, c.server.Stats().Unmatched)
}

func TestExchangeThatLagsOrLosesAnswersIsNeitherAskedTwiceNorReportedAsFailure(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	c.server.SetReplicationLag(2*time.Second, 3*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	write := func(r graphsim.Request) bool { return r.Cmdlet != "" && !strings.HasPrefix(r.Cmdlet, "Get-") }
	answers := []graphsim.Action{graphsim.ActThenReset(), graphsim.ActThenRespond(http.StatusGatewayTimeout, "GatewayTimeout"), graphsim.ResetConnection(), graphsim.Truncate()}
	for i, e := range c.mailChanges() {
		for j, change := range []func(context.Context, *edgeChange) (bool, error){c.grant, c.revoke} {
			remove := c.server.Fault(graphsim.Rule{Name: "lost", Match: write, Nth: 1, Action: answers[(2*i+j)%len(answers)]})
			already, err := change(ctx, e)
			remove()
			require.NoError(t, err, e.name)
			require.False(t, already, "%s: it was this call that made the change", e.name)
			require.Equal(t, j == 0, e.holds(c.truth()), e.name)
		}
	}
	require.NotZero(t, c.server.Stats().Faults["lost"])
}

func TestExchangeThatIsBusyIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.mailChanges()[:2] {
		c.server.SetExchangeTrouble(graphsim.ExchangeBusy, 2, "1")
		c.server.SetExchangeTrouble(graphsim.ExchangeUnwritten, 1, "1")
		for _, change := range []func(context.Context, *edgeChange) (bool, error){c.grant, c.revoke} {
			already, err := change(ctx, e)
			require.NoError(t, err, e.name)
			require.False(t, already, e.name)
		}
	}
}

func TestTwoChangesInExchangeAtOnceEndInTheRightState(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.mailChanges() {
		for n, change := range []func(context.Context, *edgeChange) (bool, error){c.grant, c.revoke} {
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
			require.Equal(t, n == 0, e.holds(c.truth()), e.name)
		}
	}
}

func TestWhatExchangeWouldRefuseIsRefusedWithAReasonOfItsOwn(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	tenant := c.server.Tenant()
	id := func(n int) string { return tenant.ID(graphsim.KindGroup, n) }
	list := "group:" + id(graphsim.GroupDistribution) + ":"
	truth := c.truth()
	silent := truth.Users[slices.IndexFunc(truth.Users, func(u graphsim.TruthUser) bool { return u.Mail == "" })].ID
	for _, r := range []struct {
		e      edgeChange
		reason string
	}{
		{edgeChange{entitlement: list + "member", principalType: "user", principal: silent}, "has no mail address"},
		{edgeChange{entitlement: list + "owner", principalType: "user", principal: silent}, "has no mail address"},
		{edgeChange{entitlement: list + "member", principalType: "group", principal: id(graphsim.GroupMicrosoft365)}, "is a Microsoft 365 group"},
		{edgeChange{entitlement: list + "member", principalType: "group", principal: id(graphsim.GroupEmpty)}, "takes recipients only"},
		{edgeChange{entitlement: list + "member", principalType: "application", principal: tenant.ID(graphsim.KindServicePrincipal, graphsim.SPWiki)}, "cannot receive mail"},
		{edgeChange{entitlement: list + "owner", principalType: "application", principal: tenant.ID(graphsim.KindServicePrincipal, graphsim.SPWiki)}, "cannot receive mail"},
		{edgeChange{entitlement: list + "owner", principalType: "group", principal: id(graphsim.GroupMailSecurity)}, "cannot own group"},
		{edgeChange{entitlement: "group:" + id(graphsim.GroupSynced) + ":member", principalType: "user", principal: c.withMail(0)}, "on-premises"},
		{edgeChange{entitlement: "group:" + id(graphsim.GroupDynamic) + ":member", principalType: "user", principal: c.withMail(0)}, "membership rule"},
	} {
		_, err := c.grant(ctx, &r.e)
		require.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
		require.ErrorContains(t, err, r.reason)
	}
	requireRefused(t, c.grantOnTerms(ctx, &edgeChange{entitlement: list + "member", principalType: "user", principal: c.withMail(0)}, map[string]string{"duration": "8h"}),
		codes.FailedPrecondition, "where nothing is held until a date")
	for _, r := range c.server.Requests() {
		require.Empty(t, r.Cmdlet, "it was sent all the same")
	}
}

// The last owner of a group stays, whoever asks.
func TestLastOwnerOfAMailGroupIsNotTakenAway(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	group := c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupDistribution)
	own := func(who string) *edgeChange {
		return &edgeChange{entitlement: "group:" + group + ":owner", principalType: "user", principal: who}
	}
	kept := own(c.withMail(1))
	_, err := c.grant(ctx, kept)
	require.NoError(t, err)
	for _, e := range c.truth().GroupOwners {
		if e.ObjectID == group && e.Principal.ID != kept.principal && e.Principal.Type == "user" {
			_, err := c.revoke(ctx, own(e.Principal.ID))
			if status.Code(err) != codes.NotFound { // Somebody without mail owns it too.
				require.NoError(t, err)
			}
		}
	}
	_, err = c.revoke(ctx, kept)
	requireRefused(t, err, codes.FailedPrecondition, "at least one owner")
}

func TestWhatTheApplicationLacksInExchangeIsSaid(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for says, c := range map[string]struct {
		role     graphsim.ExchangeRole
		appRoles []string
	}{
		"lacks the app role Exchange.ManageAsApp":              {graphsim.ExchangeAdministrator, nil},
		"Exchange.ManageAsAppV2, which does not reach":         {graphsim.ExchangeAdministrator, []string{"Exchange.ManageAsAppV2"}},
		"lacks a role in Exchange Online":                      {graphsim.ExchangeNoRole, []string{graphsim.ExchangeAppRole}},
		"does not let it change a group that it does not own;": {graphsim.RecipientAdministrator, []string{graphsim.ExchangeAppRole}},
	} {
		m := startMailChanger(t)
		m.server.SetExchange(c.role, c.appRoles...)
		_, err := m.grant(ctx, m.mailChanges()[0])
		requireRefused(t, err, codes.PermissionDenied, says)
		require.Empty(t, m.server.Writes())
	}
}

// Without the option nothing is sent to Exchange, and the reason names the option.
func TestExchangeIsLeftAloneUnlessTheOptionIsOn(t *testing.T) {
	t.Parallel()
	c := startChanger(t, graphsim.Small)
	c.server.SetExchange(graphsim.ExchangeAdministrator, graphsim.ExchangeAppRole)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.mailChanges() {
		_, err := c.grant(ctx, e)
		requireRefused(t, err, codes.FailedPrecondition, "managed by Exchange Online; --exchange lets the connector change it")
		_, err = c.revoke(ctx, e)
		requireRefused(t, err, codes.FailedPrecondition, "--exchange")
	}
	require.Empty(t, c.server.Writes())
	for _, r := range c.server.Requests() {
		require.NotContains(t, r.Path, "adminapi")
	}
}

// Graph shows the change after a while, and what can be changed is not marked as fixed.
func TestSnapshotShowsWhatWasChangedInExchange(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	c.server.SetReplicationLag(time.Second, time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	var members []*edgeChange
	for _, e := range c.mailChanges() {
		if strings.HasSuffix(e.entitlement, ":member") {
			members = append(members, e)
			_, err := c.grant(ctx, e)
			require.NoError(t, err, e.name)
		}
	}
	time.Sleep(1500 * time.Millisecond)
	for _, on := range []bool{true, false} {
		o := runSync(t, c.server, options{workers: 4, configure: func(cfg *config.AzureAd) { cfg.Exchange = on }})
		require.NoError(t, o.err)
		got := readSnapshot(t, o.path)
		for _, e := range members {
			row := edge(e.entitlement, e.principalType, e.principal)
			requireIn(t, got.direct, row, "%s: the snapshot does not show it", e.name)
			require.Equal(t, !on, strings.Contains(got.immutable[row], "--exchange"), "%s: %s", e.name, got.immutable[row])
		}
	}
}

func TestOffboardingTakesGroupsOfMailAway(t *testing.T) {
	t.Parallel()
	c := startMailChanger(t)
	c.server.SetPermissions(append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	e := c.mailChanges()[0]
	e.entitlement = "group:" + c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupDistribution) + ":member"
	_, err := c.grant(ctx, e)
	require.NoError(t, err)
	_, group := parts(e.entitlement)
	require.True(t, hasEdge(c.truth().Members, group, e.principal))
	l := &lifecycle{t: t, client: c.client}
	l.acted("offboard_user", map[string]any{"user_id": e.principal})
	require.False(t, hasEdge(c.truth().Members, group, e.principal))
}

func TestDoctorSaysWhetherExchangeAnswers(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	for says, role := range map[string]graphsim.ExchangeRole{"lacks a role in Exchange Online": graphsim.ExchangeNoRole, "": graphsim.ExchangeAdministrator} {
		server.SetExchange(role, graphsim.ExchangeAppRole)
		r := runBinary(t, signInTo(t, server), "doctor", "--provisioning", "--exchange", "--sync-resource-types", "group,user")
		require.Contains(t, r.stdout, "distribution lists")
		if says != "" {
			require.Contains(t, r.stdout, says)
		} else {
			require.NotContains(t, r.stdout, "Exchange Online answered")
		}
	}
}

func TestChangesInExchangeLogNeitherTokensNorAddresses(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetExchange(graphsim.ExchangeAdministrator, graphsim.ExchangeAppRole)
	process := startSubprocess(t, server, "BATON_PROVISIONING=true", "BATON_EXCHANGE=true", "BATON_LOG_LEVEL=debug")
	c := &changer{server, process.parent(t)}
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	for _, e := range c.mailChanges() {
		_, err := c.grant(ctx, e)
		require.NoError(t, err, e.name)
	}
	logs := process.stderr.String()
	require.Contains(t, logs, "Add-DistributionGroupMember for group")
	require.NotContains(t, logs, "eyJ", "that is how a token begins")
	require.NotContains(t, logs, "Bearer")
	truth := c.truth()
	for i := range truth.Users {
		require.False(t, truth.Users[i].Mail != "" && strings.Contains(logs, truth.Users[i].Mail), "the log has an address")
	}
}
