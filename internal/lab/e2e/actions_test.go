package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestAccountsAndActionsAreRefusedWhereProvisioningIsOff(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	l := startLifecycleFor(t, tenant)
	id := l.pick(member)
	user, _ := l.user(id)
	_, err := l.create(jane())
	requireRefused(t, err, codes.FailedPrecondition, "provisioning is not enabled")
	requireRefused(t, l.delete("user", id), codes.FailedPrecondition, "provisioning is not enabled")
	_, err = l.rotate(id, randomPassword)
	requireRefused(t, err, codes.FailedPrecondition, "provisioning is not enabled")
	schemas, err := l.client.ListActionSchemas(t.Context(), &v2.ListActionSchemasRequest{})
	require.NoError(t, err)
	readOnly := set{}
	for _, schema := range schemas.GetSchemas() {
		result, _ := l.act(schema.GetName(), map[string]any{
			"user_id": id, "user_profile": map[string]any{"jobTitle": "x"}, "display_name": "x", "application_id": id, "userPrincipalName": user.UPN,
		})
		message, _ := result["error"].(string)
		if strings.Contains(message, "start the connector with --provisioning") {
			continue
		}
		readOnly.add(schema.GetName())
	}
	requireSame(t, "actions without provisioning", set{"check_upn": {}}, readOnly)
	require.Empty(t, tenant.Writes())
	result := l.acted("check_upn", map[string]any{"userPrincipalName": user.UPN})
	require.Equal(t, false, result["available"])
}

func TestEveryActionIsListedWithItsArgumentsAndItsPermissions(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	listed, err := l.client.ListActionSchemas(t.Context(), &v2.ListActionSchemasRequest{})
	require.NoError(t, err)
	names := []string{}
	for _, schema := range listed.GetSchemas() {
		names = append(names, schema.GetName())
		require.NotEmpty(t, schema.GetDisplayName())
		require.Regexp(t, `Least permissions: \w+\.\w+`, schema.GetDescription(), "%s names no permission", schema.GetName())
		require.NotEmpty(t, schema.GetArguments())
		require.Equal(t, "success", schema.GetReturnTypes()[0].GetName())
		require.NotEmpty(t, schema.GetActionType())
	}
	slices.Sort(names)
	require.Equal(t, []string{
		"check_upn", "create_group", "delete_group", "disable_user", "enable_user", "offboard_user", "reset_redemption", "restart_provisioning", "restore_user",
		"revoke_mfa", "revoke_sessions", "set_manager", "set_sponsors", "update_group", "update_profile", "update_user",
	}, names)
}

func TestArgumentThatAnActionDoesNotKnowStopsIt(t *testing.T) {
	l := startLifecycle(t)
	id := l.pick(member)
	for name, c := range map[string]struct {
		action string
		args   map[string]any
		says   string
	}{
		"missing":         {"disable_user", nil, "user_id is required"},
		"misspelt":        {"disable_user", map[string]any{"user_id": id, "usr": "x"}, `there is no argument "usr"`},
		"wrong kind":      {"create_group", map[string]any{"display_name": "X", "members": "somebody"}, "members has to be a list"},
		"no such kind":    {"create_group", map[string]any{"display_name": "X", "group_type": "secret"}, "group_type has to be"},
		"not an id":       {"disable_user", map[string]any{"user_id": "jane"}, "neither an object id nor"},
		"nobody":          {"disable_user", map[string]any{"user_id": "nobody@contoso.com"}, "no user has the user principal name"},
		"password":        {"update_user", map[string]any{"user_id": id, "user_profile": `{"passwordProfile": {"password": "Sm7ggled!pass"}}`}, "passwordProfile cannot be set"},
		"nothing":         {"update_user", map[string]any{"user_id": id, "user_profile": `{}`}, "no property is given"},
		"not JSON":        {"update_user", map[string]any{"user_id": id, "user_profile": `jobTitle=x`}, "JSON object"},
		"unknown":         {"update_user", map[string]any{"user_id": id, "user_profile": `{"shoeSize": "44"}`}, "shoeSize"},
		"long id":         {"update_profile", map[string]any{"user_id": id, "employeeId": "12345678901234567"}, "employeeId has 17 characters"},
		"country":         {"update_profile", map[string]any{"user_id": id, "usageLocation": "Germany"}, "two-letter"},
		"two managers":    {"set_manager", map[string]any{"user_id": id, "manager": "a@contoso.com", "manager_identifier": "b@contoso.com"}, "are the same argument"},
		"foreign domain":  {"check_upn", map[string]any{"userPrincipalName": "a@elsewhere.example"}, "not one that the tenant has verified"},
		"no application":  {"restart_provisioning", map[string]any{"application_id": id}, "no enterprise application"},
		"never was":       {"restore_user", map[string]any{"user_id": "00000000-1111-2222-3333-444444444444"}, "neither in the recycle bin"},
		"restore by name": {"restore_user", map[string]any{"user_id": "jane@contoso.com"}, "object id"},
	} {
		t.Run(name, func(t *testing.T) {
			message := l.notActed(c.action, c.args)
			require.Contains(t, message, c.says)
			require.NotContains(t, message, "Sm7ggled!pass")
		})
	}
	require.Empty(t, l.tenant.Writes())
	require.NotContains(t, l.process.stderr.String(), "Sm7ggled!pass")
}

func TestUserIsSwitchedOffAndOnAndItShows(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(member)
	user, _ := l.user(id)
	for _, step := range []struct {
		action, who string
		enabled     bool
		status      v2.Status_ResourceStatus
	}{
		{"disable_user", id, false, v2.Status_RESOURCE_STATUS_DISABLED},
		{"enable_user", user.UPN, true, v2.Status_RESOURCE_STATUS_ENABLED},
	} {
		l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPatch, Path: "/users/", First: 1, Action: graphsim.ActThenReset()})
		for range 2 {
			result := l.acted(step.action, map[string]any{"user_id": step.who})
			require.Equal(t, id, result["user_id"])
			now, _ := l.user(id)
			require.Equal(t, step.enabled, now.Enabled)
		}
		require.Equal(t, step.status, l.sync().resourceRows["user:"+id].GetStatus().GetStatus())
	}
	synced := l.pick(func(u graphsim.TruthUser) bool { return u.Synced })
	require.Contains(t, l.notActed("disable_user", map[string]any{"user_id": synced}), "on-premises directory")
}

func TestPropertiesAreSetAndClearedAndTheOthersStay(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.created(jane())
	profile := func() map[string]any { return l.sync().resourceRows["user:"+id].GetProfile().AsMap() }
	for range 2 {
		result := l.acted("update_profile", map[string]any{"user_id": id, "jobTitle": "Architect", "department": "", "extensionAttribute1": "red", "extensionAttribute15": "z"})
		require.Equal(t, []any{"department", "jobTitle", "onPremisesExtensionAttributes"}, result["changed"])
	}
	user, _ := l.user(id)
	require.Equal(t, map[string]string{"extensionAttribute1": "red", "extensionAttribute3": "blue", "extensionAttribute15": "z"}, user.ExtensionAttributes)
	got := profile()
	require.Equal(t, "Architect", got["jobTitle"])
	require.NotContains(t, got, "department")
	require.Equal(t, "Jane", got["givenName"])

	l.acted("update_user", map[string]any{"user_id": "jane.doe@contoso.com", "user_profile": `{"jobTitle": null, "companyName": "Contoso", "usageLocation": "de", "accountEnabled": false}`})
	got = profile()
	require.NotContains(t, got, "jobTitle")
	require.Equal(t, "Contoso", got["companyName"])
	user, _ = l.user(id)
	require.False(t, user.Enabled)

	synced := l.pick(func(u graphsim.TruthUser) bool { return u.Synced })
	require.Contains(t, l.notActed("update_user", map[string]any{"user_id": synced, "user_profile": `{"jobTitle": "x"}`}), "on-premises")
}

func TestManagerIsSetReplacedAndTakenAway(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.created(jane())
	managers := []string{l.pick(member), l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.EmployeeID != "" && u.ID != id })}
	boss, _ := l.user(managers[1])
	for _, step := range []struct{ manager, want string }{{managers[0], managers[0]}, {boss.UPN, managers[1]}, {boss.EmployeeID, managers[1]}, {"", ""}, {"", ""}} {
		result := l.acted("set_manager", map[string]any{"user_id": id, "manager": step.manager})
		require.Equal(t, step.want, result["manager_id"])
		user, _ := l.user(id)
		require.Equal(t, step.want, user.ManagerID)
	}
	require.Contains(t, l.notActed("set_manager", map[string]any{"user_id": id, "manager": "nobody@contoso.com"}), "no user has")
}

func TestNameThatIsFreeIsFound(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	free := func() any {
		return l.acted("check_upn", map[string]any{"userPrincipalName": "jane.doe@contoso.com"})["userPrincipalName"]
	}
	require.Equal(t, "jane.doe@contoso.com", free())
	for _, upn := range []string{"jane.doe@contoso.com", "Jane.Doe2@contoso.com", "jane.doe4@contoso.com"} {
		l.created(jane(map[string]any{"userPrincipalName": upn, "mailNickname": strings.TrimSuffix(upn, "@contoso.com")}))
	}
	require.Equal(t, "jane.doe3@contoso.com", free())
	result := l.acted("check_upn", map[string]any{"userPrincipalName": strings.Repeat("x", 64) + "@contoso.com"})
	require.Equal(t, true, result["available"])
}

func TestGroupIsCreatedOnceWithItsPeople(t *testing.T) {
	t.Parallel()
	for name, action := range map[string]graphsim.Action{
		"answered":               graphsim.Latency(0),
		"cut off after it acted": graphsim.ActThenReset(),
		"timed out after":        graphsim.ActThenRespond(http.StatusGatewayTimeout, "UnknownError"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.SetReplicationLag(time.Second, 2*time.Second)
			l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/groups", First: 1, Action: action})
			owner, members := l.pick(member), []any{}
			for _, u := range l.tenant.Tenant().Truth().Users {
				if len(members) < 22 && u.UserType == "Member" {
					members = append(members, u.ID)
				}
			}
			asked := map[string]any{"display_name": "Project: Red", "group_type": "security", "owners": []any{owner}, "members": members, "description": "For tests"}
			first := l.acted("create_group", asked)
			require.Equal(t, true, first["created"])
			require.Equal(t, "ProjectRed", first["mail_nickname"])
			id, _ := first["group_id"].(string)
			eventually(t, func() bool {
				again := l.acted("create_group", asked)
				require.Equal(t, id, again["group_id"])
				return again["created"] == false
			})
			require.Equal(t, 1, l.writes(http.MethodPost, "/v1.0/groups")-l.writes(http.MethodPost, "/$ref"))
			truth := l.tenant.Tenant().Truth()
			for _, m := range members {
				require.True(t, hasEdge(truth.Members, id, m.(string)), "a member is missing") //nolint:forcetypeassert // They are ids.
			}
			require.True(t, hasEdge(truth.GroupOwners, id, owner))
			time.Sleep(2 * time.Second) // Until reads show all of it.
			require.Contains(t, l.sync().resourceRows, "group:"+id)
		})
	}
}

func TestGroupsOfAllKindsAreCreated(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	for name, more := range map[string]map[string]any{
		"Security":        {},
		"Team":            {"group_type": "microsoft_365"},
		"Admins":          {"is_assignable_to_role": true},
		"Admin Team":      {"group_type": "microsoft_365", "is_assignable_to_role": true},
		"Named otherwise": {"mail_nickname": "other"},
	} {
		asked := map[string]any{"display_name": name}
		for key, value := range more {
			asked[key] = value
		}
		result := l.acted("create_group", asked)
		truth := l.tenant.Tenant().Truth()
		at := slices.IndexFunc(truth.Groups, func(g graphsim.TruthGroup) bool { return g.ID == result["group_id"] })
		require.GreaterOrEqual(t, at, 0)
		require.Equal(t, name, truth.Groups[at].DisplayName)
		require.Equal(t, more["group_type"] == "microsoft_365", truth.Groups[at].Unified)
		require.Equal(t, more["is_assignable_to_role"] == true, truth.Groups[at].RoleAssignable)
	}
	require.Contains(t, l.notActed("create_group", map[string]any{"display_name": "Another", "mail_nickname": "other"}), "has the mail nickname other")
	l.sync()
}

func TestTwoWhoCreateTheSameGroupAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	ids := make([]any, 4)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() { ids[i] = l.acted("create_group", map[string]any{"display_name": "Twice"})["group_id"] })
	}
	all.Wait()
	require.Len(t, slices.Compact(ids), 1)
	require.Equal(t, 1, l.writes(http.MethodPost, "/v1.0/groups"))
}

func TestSessionsAreRevokedAlsoWhereTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(member)
	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/revokeSignInSessions", First: 1, Action: graphsim.ActThenReset()})
	for range 2 {
		l.acted("revoke_sessions", map[string]any{"user_id": id})
	}
	require.GreaterOrEqual(t, l.writes(http.MethodPost, "/revokeSignInSessions"), 2)
}

func TestMethodsAreTakenAwayTheDefaultOneLastAndEachIsReported(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.MFARegistered != nil && *u.MFARegistered })
	result := l.acted("revoke_mfa", map[string]any{"user_id": id})
	require.EqualValues(t, 2, result["deleted"], "%v", result)
	require.EqualValues(t, 0, result["failed"])
	require.EqualValues(t, 1, result["skipped"])
	outcomes := map[string]string{}
	rows, _ := result["methods"].([]any)
	for _, row := range rows {
		fields, _ := row.(map[string]any)
		outcomes[fields["method"].(string)] = fields["outcome"].(string) //nolint:forcetypeassert // They are texts.
	}
	require.Equal(t, "skipped", outcomes["passwordAuthenticationMethod"])
	require.Equal(t, "deleted", outcomes["microsoftAuthenticatorAuthenticationMethod"])
	again := l.acted("revoke_mfa", map[string]any{"user_id": id})
	require.EqualValues(t, 0, again["deleted"])
}

func TestMethodThatStaysIsReportedAndTheOthersGo(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.MFARegistered != nil && *u.MFARegistered })
	l.tenant.Fault(graphsim.Rule{Name: "kept", Method: http.MethodDelete, Path: "/microsoftAuthenticatorMethods/", Action: graphsim.Respond(http.StatusForbidden, "accessDenied", "x")})
	result, state := l.act("revoke_mfa", map[string]any{"user_id": id})
	require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, state)
	require.EqualValues(t, 1, result["deleted"])
	require.EqualValues(t, 1, result["failed"])
	require.Equal(t, false, result["success"])
	require.Contains(t, result["error"], "UserAuthenticationMethod.ReadWrite.All")
}

func TestProvisioningJobIsRestarted(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	var with, without string
	for _, sp := range l.tenant.Tenant().Truth().ServicePrincipals {
		if sp.Kind != "application" {
			continue
		}
		result, state := l.act("restart_provisioning", map[string]any{"application_id": sp.ID})
		if state == v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE {
			with = sp.ID
			require.Len(t, result["restarted"], 1)
		} else {
			without = sp.ID
			require.Contains(t, result["error"], "has no provisioning job")
		}
		if with != "" && without != "" {
			break
		}
	}
	require.NotEmpty(t, with)
	require.NotEmpty(t, without)
	before := l.writes(http.MethodPost, "/restart")
	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/restart", First: 1, Action: graphsim.ActThenReset()})
	l.acted("restart_provisioning", map[string]any{"application_id": with, "full": true})
	require.Greater(t, l.writes(http.MethodPost, "/restart"), before)
	require.Contains(t, l.notActed("restart_provisioning", map[string]any{"application_id": with, "job_id": "other"}), "no provisioning job other")
}

func TestCommandLineInvokesActionsAsTheOtherOperations(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	env := signInTo(t, tenant)
	l := &lifecycle{t: t, tenant: tenant}
	id := l.pick(member)
	args := []string{"--invoke-action", "disable_user", "--invoke-action-args", `{"user_id":"` + id + `"}`}
	r := runBinary(t, env, append(args, "--provisioning=false")...)
	require.NotZero(t, r.exit)
	require.Contains(t, r.stderr, "start the connector with --provisioning")
	require.Empty(t, tenant.Writes())
	r = runBinary(t, env, args...) // Who calls it means it.
	require.Zero(t, r.exit, r.stderr)
	user, _ := l.user(id)
	require.False(t, user.Enabled)
	r = runBinary(t, env, "--list-action-schemas")
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stdout+r.stderr, "offboard_user")
	r = runBinary(t, env, "--invoke-action", "check_upn", "--invoke-action-args", `{"userPrincipalName":"jane.doe@contoso.com"}`)
	require.Zero(t, r.exit, r.stderr)
}
