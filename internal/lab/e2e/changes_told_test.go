package e2e

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// scheduledNames are changes that Privileged Identity Management makes.
var scheduledNames = []string{"an eligible role", "an eligible role in a unit", "an eligible member of a group", "a role of a user"}

func forADay() map[string]string { return map[string]string{"duration": "24h"} }

// Microsoft takes a request with 201 and says in the answer that it came to nothing.
func TestRequestThatWasTakenAndNotCarriedOutIsNoSuccess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	for _, states := range [][]string{{"Failed"}, {"Denied"}, {"Canceled"}, {"PendingApproval"}, {"PendingAdminDecision"}, {"Postponed"}, {"PendingProvisioning", "Failed"}} {
		c.server.SetScheduleFates(states...)
		said := states[len(states)-1]
		for _, name := range scheduledNames {
			e := c.named(name)
			requireRefused(t, c.grantOnTerms(ctx, e, forADay()), codes.FailedPrecondition, said)
			require.False(t, e.holds(c.truth()), name)
		}
	}
	for _, name := range scheduledNames {
		e := c.named(name)
		c.server.SetScheduleFates("PendingProvisioning", "PendingProvisioning", "")
		require.NoError(t, c.grantOnTerms(ctx, e, forADay()), name)
		require.True(t, e.holds(c.truth()), name)
		if name == "a role of a user" {
			continue // It is taken away as what reads show of it.
		}
		c.server.SetScheduleFates("PendingProvisioning", "Denied")
		_, err := c.revoke(ctx, e)
		requireRefused(t, err, codes.FailedPrecondition, "Denied")
		require.True(t, e.holds(c.truth()), "%s: a revocation that was denied took it away", name)
	}
}

// "Already held" of something that ends tomorrow takes access away tomorrow, from
// somebody who was promised it for good.
func TestWhatEndsIsNotCalledHeldForGood(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	for _, name := range []string{"an eligible role", "an eligible role in a unit", "a role of a user", "a role in a unit"} {
		e := c.named(name)
		require.NoError(t, c.grantOnTerms(ctx, e, forADay()), name)
		_, err := c.grant(ctx, e)
		requireRefused(t, err, codes.FailedPrecondition, "until "+time.Now().Add(24*time.Hour).UTC().Format("2006-01-02T15"))
		requireRefused(t, c.grantOnTerms(ctx, e, map[string]string{"duration": "48h"}), codes.FailedPrecondition, "until")
		require.NoError(t, c.grantOnTerms(ctx, e, map[string]string{"duration": "8h"}), "%s: it is held for longer than that", name)
	}
	truth := c.truth()
	activated := truth.RoleAssignments[slices.IndexFunc(truth.RoleAssignments, func(a graphsim.TruthRoleAssignment) bool {
		return a.AssignmentType == "Activated" && a.Scope == "/" && a.Principal.Type == "user"
	})]
	_, err := c.grant(ctx, &edgeChange{entitlement: "role:" + activated.RoleID + ":assigned", principalType: "user", principal: activated.Principal.ID})
	requireRefused(t, err, codes.FailedPrecondition, "activated")
}

func TestMembershipsEndWhenTheyAreToldTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	c.server.SetPermissions(append(graphsim.DefaultPermissions(), append(writePermissions, "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup")...)...)
	e := c.named("a user in a group")
	require.NoError(t, c.grantOnTerms(ctx, e, forADay()))
	require.True(t, e.holds(c.truth()))
	last := c.server.Writes()[len(c.server.Writes())-1]
	require.True(t, strings.HasSuffix(last.Path, "/assignmentScheduleRequests"), "the end was left out: %s", last.Path)
	_, err := c.grant(ctx, e)
	requireRefused(t, err, codes.FailedPrecondition, "until")
	_, err = c.revoke(ctx, e)
	require.NoError(t, err)
	require.False(t, e.holds(c.truth()))
}

// What another process has added a moment ago is not everywhere at once: Graph says that
// it is not there, and it is a minute later.
func TestMembershipThatWasAddedAMomentAgoIsNotTakenForGone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	other := &changer{c.server, startSubprocess(t, c.server, "BATON_PROVISIONING=true").parent(t)}
	for _, name := range []string{"a user in a group", "a user who owns a group", "a user who owns an application", "a user in a unit"} {
		e := c.named(name)
		_, err := other.grant(ctx, e)
		require.NoError(t, err, name)
		remove := c.server.Fault(graphsim.Rule{
			Name: "replica", Method: http.MethodDelete, First: 3,
			Action: graphsim.Respond(http.StatusNotFound, "Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present."),
		})
		already, err := c.revoke(ctx, e)
		remove()
		require.NoError(t, err, name)
		require.False(t, already, name)
		require.False(t, e.holds(c.truth()), "%s: it is called gone and will be back", name)
	}
}

// Without the annotations of the grant only the tenant tells that there is nothing to
// take away, and that the access stays.
func TestAccessThroughAGroupIsNotCalledRevoked(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	truth := c.truth()
	groups := map[string]graphsim.TruthGroup{}
	for _, g := range truth.Groups {
		groups[g.ID] = g
	}
	members := map[string][]graphsim.TruthPrincipal{}
	for _, m := range truth.Members {
		members[m.ObjectID] = append(members[m.ObjectID], m.Principal)
	}
	directly := func(group, who string) bool {
		return slices.ContainsFunc(members[group], func(p graphsim.TruthPrincipal) bool { return p.ID == who })
	}
	var cases []*edgeChange
	var names []string
	for _, m := range truth.Members { // Somebody in a group that is in another.
		outer, inner := groups[m.ObjectID], groups[m.Principal.ID]
		if inner.ID == "" || outer.Synced || outer.Dynamic || outer.ExchangeManaged || inner.Hidden || len(cases) > 0 {
			continue
		}
		for _, p := range members[inner.ID] {
			if p.Type == "user" && !directly(outer.ID, p.ID) && len(cases) == 0 {
				cases = append(cases, &edgeChange{entitlement: "group:" + outer.ID + ":member", principalType: "user", principal: p.ID})
				names = append(names, inner.DisplayName)
			}
		}
	}
	for _, a := range truth.RoleAssignments {
		for _, p := range members[a.Principal.ID] {
			itself := slices.ContainsFunc(truth.RoleAssignments, func(o graphsim.TruthRoleAssignment) bool { return o.RoleID == a.RoleID && o.Principal.ID == p.ID })
			if a.Scope == "/" && p.Type == "user" && !itself && len(cases) == 1 {
				cases = append(cases, &edgeChange{entitlement: "role:" + a.RoleID + ":assigned", principalType: "user", principal: p.ID})
				names = append(names, groups[a.Principal.ID].DisplayName)
			}
		}
	}
	for _, a := range truth.AppRoleAssignments {
		for _, p := range members[a.Principal.ID] {
			itself := slices.ContainsFunc(truth.AppRoleAssignments, func(o graphsim.TruthAppRoleAssignment) bool {
				return o.ResourceID == a.ResourceID && o.Principal.ID == p.ID
			})
			if p.Type == "user" && a.AppRoleID != defaultAppRole && !itself && !groups[a.Principal.ID].Hidden && len(cases) == 2 {
				cases = append(cases, &edgeChange{entitlement: "application:" + a.ResourceID + ":" + a.AppRoleID, principalType: "user", principal: p.ID})
				names = append(names, groups[a.Principal.ID].DisplayName)
			}
		}
	}
	require.Len(t, cases, 3, "the tenant has no such access")
	var all sync.WaitGroup // That something is not there is believed after a while only.
	for i, e := range cases {
		all.Go(func() {
			_, err := c.revoke(ctx, e)
			assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%s: %v", e.entitlement, err)
			assert.ErrorContains(t, err, "through")
			assert.ErrorContains(t, err, names[i])
		})
	}
	all.Wait()
}

// Entra bans words, and one of them can be in a random password by chance.
func TestAnotherPasswordIsMadeForOneThatEntraRefuses(t *testing.T) {
	t.Parallel()
	refuse := func(l *lifecycle, n int) func() {
		return l.tenant.Fault(graphsim.Rule{
			Name: "banned", Match: func(r graphsim.Request) bool { return r.Method == http.MethodPost || r.Method == http.MethodPatch }, Path: "/users", First: n,
			Action: graphsim.Respond(http.StatusBadRequest, "Request_BadRequest", "The specified password does not comply with password complexity requirements. Please provide a different password."),
		})
	}
	l := startLifecycle(t)
	remove := refuse(l, 2)
	id := l.created(jane())
	remove()
	remove = refuse(l, 2)
	_, err := l.rotate(id, randomPassword)
	remove()
	require.NoError(t, err)
	defer refuse(l, 100)()
	_, err = l.create(jane(map[string]any{"userPrincipalName": "joe@contoso.com"}))
	requireRefused(t, err, codes.InvalidArgument, "does not comply")
	_, err = l.rotate(id, randomPassword)
	requireRefused(t, err, codes.InvalidArgument, "does not comply")
}

// Graph invites nobody under an address that is a second one of somebody who is there.
func TestGuestWhoIsThereUnderAnotherAddressIsFound(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	truth := l.tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Users, func(u graphsim.TruthUser) bool {
		return slices.ContainsFunc(u.OtherMails, func(m string) bool {
			return !strings.EqualFold(m, u.Mail) && !strings.HasSuffix(m, "contoso.com") && m != ""
		})
	})
	require.GreaterOrEqual(t, at, 0, "the tenant has no such user")
	there := truth.Users[at]
	second := there.OtherMails[slices.IndexFunc(there.OtherMails, func(m string) bool { return !strings.EqualFold(m, there.Mail) })]
	made, err := l.create(map[string]any{"accountKind": "guest", "email": second, "displayName": "Jane"})
	require.NoError(t, err)
	require.Equal(t, there.ID, made.GetAlreadyExists().GetResource().GetId().GetResource())
}

// Whoever reads "offboarded" believes that the person cannot sign in.
func TestSomebodyWhoCanStillSignInIsNotCalledOffboarded(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(func(u graphsim.TruthUser) bool { return u.Synced && u.Enabled && u.UserType == "Member" })
	result, state := l.act("offboard_user", map[string]any{"user_id": id})
	require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, state, "%v", result)
	message, _ := result["error"].(string)
	require.Contains(t, message, "user "+id+" can still sign in")
	truth := l.tenant.Tenant().Truth()
	require.Empty(t, holdings(&truth, id), "what can be done is done all the same")
	off := l.pick(func(u graphsim.TruthUser) bool { return u.Synced && !u.Enabled })
	l.acted("offboard_user", map[string]any{"user_id": off})
}

// The tenant's policy names its longest duration in months and years.
func TestRoleThatCannotBeHeldForGoodIsHeldForAsLongAsThePolicyLets(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	truth := c.truth()
	user := c.freeUser(7)
	limited := 0
	for i := range truth.RoleDefinitions {
		e := &edgeChange{entitlement: "role:" + truth.RoleDefinitions[i].ID + ":eligible", principalType: "user", principal: user}
		_, err := c.grant(ctx, e)
		require.NoError(t, err)
		if end := c.roleEnd(e); end != "" {
			until, err := time.Parse(time.RFC3339, end)
			require.NoError(t, err)
			require.Greater(t, time.Until(until), 80*24*time.Hour)
			limited++
		}
		if limited > 2 {
			break
		}
	}
	require.Greater(t, limited, 2, "the tenant has no such policy")
}

// Not every group is looked after by Privileged Identity Management, and what it answers
// of the others nobody knows: who is a member already is one all the same.
func TestMemberOfAGroupThatNobodyLooksAfterIsOneAlready(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	e := c.named("a user in a group")
	_, err := c.grant(ctx, e)
	require.NoError(t, err)
	for _, refusal := range []graphsim.Action{
		graphsim.Respond(http.StatusForbidden, "UnknownError", "x"), graphsim.Respond(http.StatusBadRequest, "InvalidResource", "x"),
		graphsim.Respond(http.StatusNotFound, "ResourceNotFound", "x"), graphsim.Respond(http.StatusBadRequest, "AadPremiumLicenseRequired", "x"),
	} {
		remove := c.server.Fault(graphsim.Rule{Name: "no schedules", Path: "/assignmentScheduleInstances", Action: refusal})
		already, err := c.grant(ctx, e)
		remove()
		require.NoError(t, err)
		require.True(t, already)
	}
}
