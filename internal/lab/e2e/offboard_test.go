package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

type holding struct{ groups, roles, appRoles, licenses []string }

// holdings are what a user holds directly and can be taken from it.
func holdings(truth *graphsim.Truth, id string) holding {
	var h holding
	unchangeable := map[string]bool{}
	for _, g := range truth.Groups {
		unchangeable[g.ID] = g.Dynamic || g.Synced || g.ExchangeManaged
	}
	for _, m := range truth.Members {
		if m.Principal.ID == id && !unchangeable[m.ObjectID] {
			h.groups = append(h.groups, m.ObjectID)
		}
	}
	for _, list := range [][]graphsim.TruthRoleAssignment{truth.RoleAssignments, truth.RoleEligibilities} {
		for _, a := range list {
			if a.Principal.ID == id {
				h.roles = append(h.roles, a.RoleID)
			}
		}
	}
	for _, a := range truth.AppRoleAssignments {
		if a.Principal.ID == id {
			h.appRoles = append(h.appRoles, a.ResourceID)
		}
	}
	for _, a := range truth.LicenseAssignments {
		if a.Principal.ID == id && a.GroupID == "" {
			h.licenses = append(h.licenses, a.SkuID)
		}
	}
	return h
}

// leaver is the member who holds the most.
func (l *lifecycle) leaver(privileged bool) string {
	l.t.Helper()
	truth := l.tenant.Tenant().Truth()
	most, id := 0, ""
	for _, u := range truth.Users {
		h := holdings(&truth, u.ID)
		held := min(len(h.groups), 1) + min(len(h.appRoles), 1) + min(len(h.licenses), 1)
		if member(u) && held > most && (len(h.roles) > 0) == privileged {
			most, id = held, u.ID
		}
	}
	require.NotEmpty(l.t, id, "the tenant has no such user")
	return id
}

// steps are the outcomes of offboarding by step, in the order of the report.
func steps(result map[string]any) ([]string, map[string][]string) {
	var order []string
	outcomes := map[string][]string{}
	rows, _ := result["steps"].([]any)
	for _, row := range rows {
		fields, _ := row.(map[string]any)
		step, _ := fields["step"].(string)
		outcome, _ := fields["outcome"].(string)
		if !slices.Contains(order, step) {
			order = append(order, step)
		}
		outcomes[step] = append(outcomes[step], outcome)
	}
	return order, outcomes
}

func (l *lifecycle) requireGone(id string) {
	l.t.Helper()
	truth := l.tenant.Tenant().Truth()
	user, _ := l.user(id)
	require.False(l.t, user.Enabled)
	require.Empty(l.t, holdings(&truth, id))
}

func TestOffboardingLeavesNothingAndCanBeDoneAgain(t *testing.T) {
	t.Parallel()
	for name, lag := range map[string]time.Duration{"at once": 0, "with a lag": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.SetReplicationLag(lag, lag)
			id := l.leaver(false)
			result := l.acted("offboard_user", map[string]any{"user_id": id})
			l.requireGone(id)
			order, outcomes := steps(result)
			require.Equal(t, []string{"disable", "revoke_sessions"}, order[:2])
			require.True(t, slices.IsSortedFunc(order, func(a, b string) int {
				all := []string{"disable", "revoke_sessions", "groups", "roles", "eligible_roles", "app_roles", "licenses"}
				return slices.Index(all, a) - slices.Index(all, b)
			}), "%v", order)
			require.Equal(t, []string{"done"}, outcomes["disable"])
			again := l.acted("offboard_user", map[string]any{"user_id": id})
			require.EqualValues(t, 0, again["failed"])
			l.requireGone(id)
			time.Sleep(lag)
			l.sync()
		})
	}
}

func TestOffboardingAnAdministratorDisablesAfterTheRolesAreGone(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.leaver(true)
	result, _ := l.act("offboard_user", map[string]any{"user_id": id})
	l.requireGone(id)
	_, outcomes := steps(result)
	require.Equal(t, []string{"done"}, outcomes["disable"], "%v", result)
	require.Equal(t, []string{"done"}, outcomes["revoke_sessions"])
	require.NotContains(t, outcomes["roles"], "failed")
}

func TestOffboardingThatFailsInPartDoesTheRestAndIsCarriedOn(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.leaver(false)
	repair := []func(){
		l.tenant.Fault(graphsim.Rule{Name: "groups", Method: http.MethodDelete, Path: "/groups/", Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")}),
		l.tenant.Fault(graphsim.Rule{Name: "licences", Path: "/assignLicense", Action: graphsim.Respond(http.StatusBadRequest, "Request_BadRequest", "Something else.")}),
	}
	result, state := l.act("offboard_user", map[string]any{"user_id": id})
	require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, state)
	require.Contains(t, result["error"], "run it again to do what is left")
	_, outcomes := steps(result)
	require.Equal(t, []string{"done"}, outcomes["disable"])
	failed, _ := result["failed"].(float64)
	require.Positive(t, failed)
	for _, fix := range repair {
		fix()
	}
	l.acted("offboard_user", map[string]any{"user_id": id})
	l.requireGone(id)
}

func TestOffboardingSurvivesLostAnswersToEachOfItsWrites(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.leaver(false)
	for _, path := range []string{"/users/" + id, "/revokeSignInSessions", "/members/", "/appRoleAssignedTo/", "/assignLicense"} {
		l.tenant.Fault(graphsim.Rule{Name: path, First: 1, Action: graphsim.ActThenReset(), Match: func(r graphsim.Request) bool {
			return r.Method != http.MethodGet && strings.Contains(r.Path, path)
		}})
	}
	result := l.acted("offboard_user", map[string]any{"user_id": id})
	require.EqualValues(t, 0, result["failed"])
	l.requireGone(id)
}
