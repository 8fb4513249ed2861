package e2e

import (
	"net/http"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/prototext"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func jane(more ...map[string]any) map[string]any {
	profile := map[string]any{
		"displayName": "Jane Doe", "userPrincipalName": "jane.doe@contoso.com", "givenName": "Jane", "surname": "Doe",
		"employeeId": "E-4711", "jobTitle": "Engineer", "department": "Research", "usageLocation": "us",
		"additionalAttributes": `{"officeLocation": "B2/114", "onPremisesExtensionAttributes": {"extensionAttribute3": "blue"}}`,
	}
	for _, fields := range more {
		for name, value := range fields {
			profile[name] = value
		}
	}
	return profile
}

func TestAccountIsCreatedAndDeletedOnceHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	manager := l.pick(member)
	boss, _ := l.user(manager)

	id := l.created(jane(map[string]any{"manager": boss.UPN}))
	made, ok := l.user(id)
	require.True(t, ok)
	require.Equal(t, graphsim.TruthUser{
		ID: id, UPN: "jane.doe@contoso.com", DisplayName: "Jane Doe", Enabled: true, UserType: "Member", ManagerID: manager, EmployeeID: "E-4711",
		ProxyAddresses: made.ProxyAddresses, OtherMails: made.OtherMails, MFARegistered: made.MFARegistered,
		Identities:          made.Identities,
		ExtensionAttributes: map[string]string{"extensionAttribute3": "blue"},
		Details: map[string]string{
			"usageLocation": "US", "officeLocation": "B2/114", "mailNickname": "jane.doe", "lastPasswordChangeDateTime": made.Details["lastPasswordChangeDateTime"],
		},
		Phones: []string{},
	}, made)
	row := l.sync().resourceRows["user:"+id]
	require.NotNil(t, row, "the new account is not in the snapshot")
	requireDetails(t, &made, profileOf(row)) // What was written is read back.

	again, err := l.create(jane())
	require.NoError(t, err)
	require.True(t, again.HasAlreadyExists(), prototext.Format(again))
	require.Equal(t, id, again.GetAlreadyExists().GetResource().GetId().GetResource())
	require.Empty(t, again.GetEncryptedData(), "a password for an account that has another")
	require.Equal(t, 1, l.writes(http.MethodPost, "/users"))

	for range 2 {
		require.NoError(t, l.delete("user", id))
		_, ok = l.user(id)
		require.False(t, ok, "the account was not deleted")
	}
	require.Equal(t, 1, l.writes(http.MethodDelete, "/users/"))
	require.NotContains(t, l.sync().resourceRows, "user:"+id)

	for range 2 {
		l.acted("restore_user", map[string]any{"user_id": id})
		_, ok = l.user(id)
		require.True(t, ok, "the account was not restored")
	}
	require.Contains(t, l.sync().resourceRows, "user:"+id)
}

func TestLostAnswerToACreationMakesNeitherTwoAccountsNorNone(t *testing.T) {
	t.Parallel()
	for name, action := range map[string]graphsim.Action{
		"cut off after it acted":  graphsim.ActThenReset(),
		"timed out after":         graphsim.ActThenRespond(http.StatusGatewayTimeout, "UnknownError"),
		"failed before it acted":  graphsim.Respond(http.StatusServiceUnavailable, "UnknownError", "x"),
		"throttled before it did": graphsim.Throttle("1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/users", First: 1, Action: action})
			id := l.created(jane())
			require.Equal(t, 1, l.writes(http.MethodPost, "/users"))
			require.Equal(t, 1, l.tenant.Stats().Faults["lost"])
			_, ok := l.user(id)
			require.True(t, ok)
		})
	}
}

func TestAccountOfSomebodyElseIsNotTakenForTheOneThatWasLost(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	other := l.pick(member)
	boss, _ := l.user(other)
	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/users", First: 1, Action: graphsim.Respond(http.StatusBadGateway, "UnknownError", "x")})
	found, err := l.create(jane(map[string]any{"userPrincipalName": boss.UPN}))
	require.NoError(t, err)
	require.True(t, found.HasAlreadyExists(), prototext.Format(found))
	require.Empty(t, found.GetEncryptedData(), "the password of nobody is handed out as somebody's")
}

func TestNewAccountIsWaitedForUntilTheTenantKnowsIt(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	manager := l.pick(member)
	l.tenant.SetReplicationLag(2*time.Second, 3*time.Second)
	id := l.created(jane(map[string]any{"manager": manager}))
	l.acted("disable_user", map[string]any{"user_id": id})
	made, ok := l.user(id)
	require.True(t, ok)
	require.False(t, made.Enabled)
	require.Equal(t, manager, made.ManagerID)

	second := l.created(jane(map[string]any{"userPrincipalName": "john.doe@contoso.com", "displayName": "John Doe"}))
	require.NoError(t, l.delete("user", second), "a new account is deleted before everybody knows it")
	_, ok = l.user(second)
	require.False(t, ok, "an account that was not known yet was taken for deleted")

	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/users", Nth: 1, Action: graphsim.ActThenReset()})
	l.created(jane(map[string]any{"userPrincipalName": "jack.doe@contoso.com", "displayName": "Jack Doe"}))
	require.Equal(t, 3, l.writes(http.MethodPost, "/users"))
}

func TestTwoWhoCreateTheSameAccountAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	one := startLifecycle(t)
	two := startLifecycleFor(t, one.tenant, "BATON_PROVISIONING=true")
	one.tenant.SetReplicationLag(time.Second, time.Second)
	results := make([]*v2.CreateAccountResponse, 4)
	errs := make([]error, len(results))
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			results[i], errs[i] = []*lifecycle{one, two}[i%2].create(jane())
		})
	}
	all.Wait()
	ids, made := set{}, 0
	for i, result := range results {
		require.NoError(t, errs[i])
		if result.HasSuccess() {
			made++
			ids.add(result.GetSuccess().GetResource().GetId().GetResource())
			continue
		}
		require.True(t, result.HasAlreadyExists(), prototext.Format(result))
		ids.add(result.GetAlreadyExists().GetResource().GetId().GetResource())
	}
	require.Len(t, ids, 1)
	require.Equal(t, 1, made)
	require.Equal(t, 1, one.writes(http.MethodPost, "/users"))
}

func TestManagerWhoIsNotFoundLeavesTheAccountAndIsTold(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	for i, manager := range []string{"nobody@contoso.com", "00000000-1111-2222-3333-444444444444", "no such employee"} {
		upn := []string{"a@contoso.com", "b@contoso.com", "c@contoso.com"}[i]
		made, err := l.create(jane(map[string]any{"userPrincipalName": upn, "manager": manager}))
		require.NoError(t, err)
		require.True(t, made.HasActionRequired(), prototext.Format(made))
		require.Contains(t, made.GetActionRequired().GetMessage(), manager)
		require.Contains(t, made.GetActionRequired().GetMessage(), "set_manager")
		require.Len(t, l.open(made.GetEncryptedData()), 1, "the account stays, and nobody knows its password")
		_, ok := l.user(made.GetActionRequired().GetResource().GetId().GetResource())
		require.True(t, ok)
	}
}

func TestManagerCanBeNamedByEmployeeID(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	manager := l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.EmployeeID != "" })
	boss, _ := l.user(manager)
	id := l.created(jane(map[string]any{"employeeId": "other", "manager": boss.EmployeeID}))
	made, _ := l.user(id)
	require.Equal(t, manager, made.ManagerID)
}

func TestGuestIsInvitedOnceHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	guest := map[string]any{"accountKind": "guest", "email": "jane@elsewhere.example", "displayName": "Jane of Elsewhere", "department": "Research", "sendInvitationMessage": true}
	for name, action := range map[string]graphsim.Action{"": graphsim.Latency(0), "lost answer": graphsim.ActThenReset()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/invitations", First: 1, Action: action})
			made, err := l.create(guest)
			require.NoError(t, err)
			require.True(t, made.HasSuccess(), prototext.Format(made))
			require.Empty(t, made.GetEncryptedData(), "guests have their passwords elsewhere")
			id := made.GetSuccess().GetResource().GetId().GetResource()
			user, ok := l.user(id)
			require.True(t, ok)
			require.Equal(t, "Guest", user.UserType)
			require.Equal(t, "jane@elsewhere.example", user.Mail)
			again, err := l.create(guest)
			require.NoError(t, err)
			require.True(t, again.HasAlreadyExists(), prototext.Format(again))
			require.Equal(t, 1, l.writes(http.MethodPost, "/invitations"), "the guest gets two messages")
			row := l.sync().resourceRows["user:"+id]
			require.Equal(t, "Research", row.GetProfile().GetFields()["department"].GetStringValue())
		})
	}
}

// What is given to the account next would be given to whichever of them came first.
func TestGuestWouldBeTakenForOneOfSeveralWithTheAddress(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	for range 2 {
		id, err := l.tenant.AddUser("somebody")
		require.NoError(t, err)
		require.NoError(t, l.tenant.Edit(graphsim.KindUser, id, map[string]any{"mail": "jane@elsewhere.example"}))
	}
	_, err := l.create(map[string]any{"accountKind": "guest", "email": "jane@elsewhere.example", "displayName": "Jane"})
	require.ErrorContains(t, err, "the address belongs to several users already")
	require.Zero(t, l.writes(http.MethodPost, "/invitations"))
}

func TestGuestWithoutAMessageIsTheInvitersToTell(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	made, err := l.create(map[string]any{"accountKind": "guest", "email": "jane@elsewhere.example", "displayName": "Jane", "sendInvitationMessage": false})
	require.NoError(t, err)
	require.Contains(t, made.GetActionRequired().GetMessage(), "No invitation was sent")
}

func TestAccountThatCannotBeIsRefusedWithAllReasonsAndNothingIsMade(t *testing.T) {
	l := startLifecycle(t)
	for name, c := range map[string]struct {
		fields map[string]any
		says   string
	}{
		"no name":                {map[string]any{"displayName": ""}, "displayName is required"},
		"no sign-in name":        {map[string]any{"userPrincipalName": ""}, "userPrincipalName is required"},
		"unverified domain":      {map[string]any{"userPrincipalName": "jane@elsewhere.example"}, "not one that the tenant has verified (contoso.com, contoso.onmicrosoft.com)"},
		"no domain":              {map[string]any{"userPrincipalName": "jane"}, "name@domain"},
		"odd characters":         {map[string]any{"userPrincipalName": "jäne doe@contoso.com"}, "unaccented"},
		"long employee id":       {map[string]any{"employeeId": "12345678901234567"}, "employeeId has 17 characters, and Entra takes 16"},
		"country name":           {map[string]any{"usageLocation": "USA"}, "two-letter country code"},
		"misspelt field":         {map[string]any{"jobtitle": "Engineer"}, `there is no field "jobtitle"`},
		"overriding a field":     {map[string]any{"additionalAttributes": `{"DisplayName": "Eve"}`}, "additionalAttributes cannot set DisplayName"},
		"smuggling a password":   {map[string]any{"additionalAttributes": `{"passwordProfile": {"password": "Sm7ggled!pass"}}`}, "additionalAttributes cannot set passwordProfile"},
		"not JSON":               {map[string]any{"additionalAttributes": `officeLocation=B2`}, "JSON object"},
		"neither kind":           {map[string]any{"accountKind": "robot"}, "accountKind has to be member or guest"},
		"not yes or no":          {map[string]any{"accountEnabled": "perhaps"}, "accountEnabled has to be true or false"},
		"bad alias":              {map[string]any{"mailNickname": "jane doe"}, "mailNickname cannot hold spaces"},
		"guest without address":  {map[string]any{"accountKind": "guest", "userPrincipalName": "", "mailNickname": ""}, "email has to be the address"},
		"guest with a sign-in":   {map[string]any{"accountKind": "guest", "email": "jane@elsewhere.example"}, "userPrincipalName is for members"},
		"guest to plain address": {map[string]any{"accountKind": "guest", "email": "jane@elsewhere.example", "userPrincipalName": "", "redirectUrl": "http://x"}, "https"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := l.create(jane(c.fields))
			requireRefused(t, err, codes.InvalidArgument, c.says)
			require.NotContains(t, err.Error(), "Sm7ggled!pass")
		})
	}
	require.Empty(t, l.tenant.Writes())
}

func TestPasswordIsReplacedForWhomItCanBeAndShownToNobodyElse(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.created(jane())
	seen := set{}
	for range 2 {
		passwords, err := l.rotate(id, randomPassword)
		require.NoError(t, err)
		require.Len(t, passwords, 1)
		require.Len(t, passwords[0], 16)
		seen.add(passwords[0])
	}
	require.Len(t, seen, 2)
	require.Equal(t, 2, l.writes(http.MethodPatch, "/users/"+id))

	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPatch, Path: "/users/", First: 1, Action: graphsim.ActThenReset()})
	passwords, err := l.rotate(id, randomPassword)
	require.NoError(t, err)
	require.Len(t, passwords, 1)

	synced := l.pick(func(u graphsim.TruthUser) bool { return u.Synced })
	_, err = l.rotate(synced, randomPassword)
	requireRefused(t, err, codes.FailedPrecondition, "on-premises directory")
	guest := l.pick(func(u graphsim.TruthUser) bool { return u.UserType == "Guest" })
	_, err = l.rotate(guest, randomPassword)
	requireRefused(t, err, codes.FailedPrecondition, "guest")
	_, err = l.rotate(id, v2.CredentialOptions_builder{NoPassword: &v2.CredentialOptions_NoPassword{}}.Build())
	requireRefused(t, err, codes.FailedPrecondition, "not taken away")
	_, err = l.rotate(id, v2.CredentialOptions_builder{RandomPassword: v2.CredentialOptions_RandomPassword_builder{
		Length: 8, Constraints: []*v2.PasswordConstraint{v2.PasswordConstraint_builder{CharSet: "abc", MinCount: 8}.Build()},
	}.Build()}.Build())
	requireRefused(t, err, codes.InvalidArgument, "would not be accepted")
}

func TestAdministratorsAreOutOfReachAndItIsSaidWhy(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	var admin string
	for _, a := range l.tenant.Tenant().Truth().RoleAssignments {
		if u, ok := l.user(a.Principal.ID); ok && member(u) && a.Scope == "/" {
			admin = u.ID
		}
	}
	require.NotEmpty(t, admin)
	err := l.delete("user", admin)
	requireRefused(t, err, codes.PermissionDenied, "administrator role")
	_, err = l.rotate(admin, randomPassword)
	requireRefused(t, err, codes.PermissionDenied, "administrator role")
	require.Empty(t, l.tenant.Writes())
}

func TestCommandLineCreatesRotatesAndDeletesAccounts(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	env := signInTo(t, tenant)
	l := &lifecycle{t: t, tenant: tenant}
	for range 2 {
		r := runBinary(t, env, "--create-account-login", "jane.doe@contoso.com", "--create-account-profile", `{"displayName":"Jane Doe","usageLocation":"US"}`)
		require.Zero(t, r.exit, r.stderr)
		requireEmpty(t, r.temp)
	}
	id := ""
	for _, u := range tenant.Tenant().Truth().Users {
		if u.UPN == "jane.doe@contoso.com" {
			id = u.ID
		}
	}
	require.NotEmpty(t, id)
	r := runBinary(t, env, "--rotate-credentials", id, "--rotate-credentials-type", "user")
	require.Zero(t, r.exit, r.stderr)
	r = runBinary(t, env, "--create-account-email", "jane@elsewhere.example", "--create-account-profile", `{"accountKind":"guest","displayName":"Jane of Elsewhere"}`)
	require.Zero(t, r.exit, r.stderr)
	for range 2 {
		r = runBinary(t, env, "--delete-resource", id, "--delete-resource-type", "user")
		require.Zero(t, r.exit, r.stderr)
		_, ok := l.user(id)
		require.False(t, ok)
	}
	r = runBinary(t, env, "--create-account-login", "jane.doe@elsewhere.example", "--create-account-profile", `{"displayName":"Jane Doe"}`)
	require.NotZero(t, r.exit)
	require.Contains(t, r.stderr, "not one that the tenant has verified")
	require.Equal(t, 1, l.writes(http.MethodPost, "/users"))
	require.Equal(t, 1, l.writes(http.MethodPatch, "/users"))
	require.Equal(t, 1, l.writes(http.MethodPost, "/invitations"))
	require.Equal(t, 1, l.writes(http.MethodDelete, "/users"))
}
