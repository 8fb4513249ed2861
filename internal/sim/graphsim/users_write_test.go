package graphsim

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

const goodPassword = "Correct-Horse-9"

func newPerson(change map[string]any) map[string]any {
	body := map[string]any{
		"accountEnabled": true, "displayName": "Ada Byron", "mailNickname": "ada", "userPrincipalName": "ada@contoso.com",
		"passwordProfile": map[string]any{"password": goodPassword, "forceChangePasswordNextSignIn": true},
	}
	for name, v := range change {
		if v == nil {
			delete(body, name)
			continue
		}
		body[name] = v
	}
	return body
}

func truthUserOf(t Truth, id string) (TruthUser, bool) {
	for _, u := range t.Users {
		if u.ID == id {
			return u, true
		}
	}
	return TruthUser{}, false
}

func TestUserThatWasMadeIsAUser(t *testing.T) {
	b := writer(t)
	made := b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"department": "Sales", "employeeId": "77", "usageLocation": "GB"}))
	id := str(made.body["id"])
	assert.NotContains(t, string(made.raw), goodPassword)
	row := b.get("users/ada@contoso.com?$select=id,displayName,department,accountEnabled,mail,employeeId,userType,businessPhones,assignedLicenses,onPremisesExtensionAttributes").body
	assert.Equal(t, id, row["id"])
	assert.Equal(t, "Sales", row["department"])
	assert.Equal(t, "Member", row["userType"])
	assert.Nil(t, row["mail"], "what was not given is not set")
	assert.Empty(t, row["assignedLicenses"])
	assert.Len(t, row["onPremisesExtensionAttributes"], schema.ExtensionAttributes)
	assert.Len(t, b.all("users?$filter=userPrincipalName eq 'ada@contoso.com'&$select=id"), 1)
	ids := map[string]int{}
	for _, one := range b.all("users?$select=id&$top=999") {
		ids[str(one["id"])]++
	}
	assert.Equal(t, 1, ids[id])
	assert.NotContains(t, ids, b.server.tenant.IDOf(b.server.tenant.DeletedUser(0)))
	u, ok := truthUserOf(b.server.tenant.Truth(), id)
	require.True(t, ok)
	assert.Equal(t, TruthUser{
		ID: id, UPN: "ada@contoso.com", DisplayName: "Ada Byron", Enabled: true, UserType: "Member", EmployeeID: "77",
		ProxyAddresses: []string{}, OtherMails: []string{}, MFARegistered: u.MFARegistered, ExtensionAttributes: map[string]string{}, Identities: u.Identities,
		Details: map[string]string{"usageLocation": "GB", "mailNickname": "ada", "lastPasswordChangeDateTime": u.Details["lastPasswordChangeDateTime"]}, Phones: []string{},
	}, u)
	b.expect(204, "", http.MethodPost, "groups/"+b.id(KindGroup, GroupEmpty)+"/members/$ref", b.ref(id))
	assert.Equal(t, []string{id}, b.get("groups/"+b.id(KindGroup, GroupEmpty)+"/members").ids())
}

func TestUserThatGraphDoesNotMake(t *testing.T) {
	b := writer(t)
	for name, tc := range map[string]struct {
		change map[string]any
		text   string
	}{
		"no name":              {map[string]any{"displayName": nil}, "displayName"},
		"no password":          {map[string]any{"passwordProfile": map[string]any{}}, "A password must be specified"},
		"no profile":           {map[string]any{"passwordProfile": nil}, "passwordProfile"},
		"simple password":      {map[string]any{"passwordProfile": map[string]any{"password": "password"}}, nouns.MessagePassword},
		"short password":       {map[string]any{"passwordProfile": map[string]any{"password": "Aa1!"}}, nouns.MessagePassword},
		"foreign domain":       {map[string]any{"userPrincipalName": "ada@evil.example"}, nouns.MessageDomain},
		"unverified domain":    {map[string]any{"userPrincipalName": "ada@unverified.contoso.com"}, nouns.MessageDomain},
		"name with a space":    {map[string]any{"userPrincipalName": "a da@contoso.com"}, "userPrincipalName"},
		"name of another user": {map[string]any{"userPrincipalName": b.server.tenant.UserPrincipalName(directory.UserAdmin)}, "same value for property userPrincipalName already exists"},
		"long employee id":     {map[string]any{"employeeId": strings.Repeat("1", 17)}, "employeeId"},
		"bad location":         {map[string]any{"usageLocation": "Britain"}, "usageLocation"},
		"unknown property":     {map[string]any{"nope": 1}, "Invalid property 'nope'"},
		"read-only property":   {map[string]any{"assignedLicenses": []any{}}, "read-only"},
		"wrong type":           {map[string]any{"accountEnabled": "yes"}, "accountEnabled"},
	} {
		a := b.send(http.MethodPost, "users", newPerson(tc.change))
		assert.Equal(t, 400, a.status, name)
		assert.Contains(t, a.refusal(), tc.text, name)
	}
	a := b.send(http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": b.server.tenant.UserPrincipalName(directory.UserAdmin)}))
	assert.Contains(t, string(a.raw), `"code":"ObjectConflict"`)
	assert.Empty(t, b.server.Writes())
}

func TestNewObjectIsNotFoundForAWhile(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b := writerAt(t, now)
	b.server.SetReplicationLag(time.Second, time.Minute)
	id := str(b.expect(201, "", http.MethodPost, "users", newPerson(nil)).body["id"])
	member := "groups/" + b.id(KindGroup, GroupEmpty) + "/members/$ref"
	assert.Equal(t, 404, b.get("users/"+id).status)
	b.expect(404, api.CodeResourceNotFound, http.MethodPatch, "users/"+id, map[string]any{"city": "Rome"})
	b.expect(404, api.CodeResourceNotFound, http.MethodPost, member, b.ref(id))
	b.expect(400, api.CodeBadRequest, http.MethodPost, "users", newPerson(nil)) // The name is taken all the same.
	now.forward(2 * time.Minute)
	assert.Equal(t, 200, b.get("users/"+id).status)
	b.expect(204, "", http.MethodPost, member, b.ref(id))
	group := str(b.expect(201, "", http.MethodPost, "groups", newGroup(nil)).body["id"])
	b.expect(404, api.CodeResourceNotFound, http.MethodPost, "groups/"+group+"/members/$ref", b.ref(id))
	now.forward(2 * time.Minute)
	b.expect(204, "", http.MethodPost, "groups/"+group+"/members/$ref", b.ref(id))
	now.forward(2 * time.Second)
	assert.Equal(t, []string{id}, b.get("groups/"+group+"/members").ids())
	assert.Len(t, b.server.Writes(), 4)
}

func TestChangedPropertiesShow(t *testing.T) {
	b := writer(t)
	id := b.id(KindUser, b.plainUser())
	b.expect(204, "", http.MethodPatch, "users/"+id, map[string]any{
		"accountEnabled": false, "department": nil, "city": "Rome", "onPremisesExtensionAttributes": map[string]any{"extensionAttribute3": "x"},
	})
	b.expect(204, "", http.MethodPatch, "users/"+id, map[string]any{"onPremisesExtensionAttributes": map[string]any{"extensionAttribute4": "y"}})
	row := b.get("users/" + id + "?$select=accountEnabled,department,city,surname,onPremisesExtensionAttributes").body
	assert.Equal(t, false, row["accountEnabled"])
	assert.Nil(t, row["department"])
	assert.Equal(t, "Rome", row["city"])
	assert.NotEmpty(t, row["surname"], "the rest stays")
	u, _ := truthUserOf(b.server.tenant.Truth(), id)
	assert.False(t, u.Enabled)
	assert.Equal(t, map[string]string{"extensionAttribute3": "x", "extensionAttribute4": "y"}, u.ExtensionAttributes)
	b.expect(204, "", http.MethodPatch, "users/"+id, map[string]any{"passwordProfile": map[string]any{"password": goodPassword}})
	assert.NotContains(t, string(b.get("users/"+id+"?$select=passwordProfile,lastPasswordChangeDateTime").raw), goodPassword)
	for _, bad := range []map[string]any{
		{"onPremisesExtensionAttributes": map[string]any{"extensionAttribute16": "x"}}, {"displayName": nil}, {"id": "x"}, {"skills": "x"},
		{"userPrincipalName": b.server.tenant.UserPrincipalName(directory.UserAdmin)}, {"passwordProfile": map[string]any{"password": "weak"}},
	} {
		b.expect(400, api.CodeBadRequest, http.MethodPatch, "users/"+id, bad)
	}
}

func TestSyncedUserBelongsToTheDirectoryOnPremises(t *testing.T) {
	b := writer(t)
	synced := "users/" + b.id(KindUser, 9)
	a := b.expect(400, api.CodeBadRequest, http.MethodPatch, synced, map[string]any{"department": "Sales"})
	assert.Equal(t, nouns.MessageSynced, a.refusal())
	b.expect(400, api.CodeBadRequest, http.MethodPut, synced+"/manager/$ref", b.ref(b.id(KindUser, 1)))
	b.expect(204, "", http.MethodPatch, synced, map[string]any{"usageLocation": "US"})
}

func TestAdministratorsAreOutOfReachOfAPermission(t *testing.T) {
	b := writer(t)
	admin := "users/" + b.id(KindUser, directory.UserAdmin)
	writes := func(status int, code string) {
		b.expect(status, code, http.MethodPatch, admin, map[string]any{"accountEnabled": true})
		b.expect(status, code, http.MethodPatch, admin, map[string]any{"passwordProfile": map[string]any{"password": goodPassword}})
	}
	writes(403, api.CodeDenied)
	b.expect(403, api.CodeDenied, http.MethodDelete, admin, nil)
	b.expect(403, api.CodeDenied, http.MethodPost, admin+"/revokeSignInSessions", nil)
	b.expect(204, "", http.MethodPatch, admin, map[string]any{"city": "Rome"})
	b.expect(201, "", http.MethodPost, "roleManagement/directory/roleAssignments", map[string]any{
		"principalId": b.id(KindServicePrincipal, SPConnector), "directoryScopeId": "/", "roleDefinitionId": directory.BuiltInRoles[directory.RoleUserAdministrator].ID,
	})
	writes(403, api.CodeDenied) // Too low for a Global Administrator.
	b.expect(201, "", http.MethodPost, "roleManagement/directory/roleAssignments", map[string]any{
		"principalId": b.id(KindServicePrincipal, SPConnector), "directoryScopeId": "/", "roleDefinitionId": directory.BuiltInRoles[directory.RolePrivilegedAuthentication].ID,
	})
	writes(204, "")
	b.server.SetPrivilegedTargets(false)
	b.expect(204, "", http.MethodDelete, "users/"+b.id(KindUser, directory.UserOther), nil)
}

func TestNarrowPermissionsSetTheirOwnProperty(t *testing.T) {
	b := start(t)
	user := "users/" + b.id(KindUser, b.plainUser())
	for permission, body := range map[string]map[string]any{
		"User.EnableDisableAccount.All":      {"accountEnabled": true},
		"User-PasswordProfile.ReadWrite.All": {"passwordProfile": map[string]any{"password": goodPassword}},
		"User-Phone.ReadWrite.All":           {"mobilePhone": "+1 2065550100"},
	} {
		b.withPermissions(permission)
		b.expect(204, "", http.MethodPatch, user, body)
		b.expect(403, api.CodeDenied, http.MethodPatch, user, map[string]any{"city": "Rome"})
	}
	b.withPermissions("Directory.ReadWrite.All")
	b.expect(204, "", http.MethodPatch, user, map[string]any{"city": "Rome"})
	b.expect(403, api.CodeDenied, http.MethodPatch, user, map[string]any{"passwordProfile": map[string]any{"password": goodPassword}})
}

func TestDeletedUserCanBeRestored(t *testing.T) {
	b := writer(t)
	n := b.plainUser()
	id := b.id(KindUser, n)
	before := b.server.tenant.Truth()
	b.expect(204, "", http.MethodDelete, "users/"+id, nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, "users/"+id, nil)
	assert.Equal(t, 404, b.get("users/"+id).status)
	gone := b.all("directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime")
	assert.Len(t, gone, directory.DeletedUsers+1)
	assert.Equal(t, id, gone[0]["id"])
	assert.True(t, strings.HasPrefix(str(gone[0]["userPrincipalName"]), strings.ReplaceAll(id, "-", "")))
	assert.Len(t, b.server.tenant.Truth().DeletedUsers, directory.DeletedUsers+1)
	a := b.expect(200, "", http.MethodPost, "directory/deletedItems/"+id+"/restore", nil)
	assert.Equal(t, id, a.body["id"])
	b.expect(404, api.CodeResourceNotFound, http.MethodPost, "directory/deletedItems/"+id+"/restore", nil)
	assert.Equal(t, before, b.server.tenant.Truth(), "everything is as it was")

	old := b.server.tenant.IDOf(b.server.tenant.DeletedUser(0))
	b.expect(200, "", http.MethodPost, "directory/deletedItems/"+old+"/restore", nil)
	assert.Equal(t, 200, b.get("users/"+old).status)
	for _, a := range b.server.tenant.Truth().RoleAssignments {
		if a.Principal.ID == old {
			assert.Equal(t, "user", a.Principal.Type, "its assignment is no longer an orphan")
		}
	}
	made := b.expect(201, "", http.MethodPost, "users", newPerson(nil))
	assert.Equal(t, 200, b.get("users/"+str(made.body["id"])).status)
}

func TestNameOfADeletedUserMayBeTaken(t *testing.T) {
	b := writer(t)
	id := str(b.expect(201, "", http.MethodPost, "users", newPerson(nil)).body["id"])
	b.expect(204, "", http.MethodDelete, "users/"+id, nil)
	b.expect(201, "", http.MethodPost, "users", newPerson(nil))
	b.expect(400, api.CodeBadRequest, http.MethodPost, "directory/deletedItems/"+id+"/restore", nil)
}

func TestManagerIsReplacedAndRemoved(t *testing.T) {
	b := writer(t)
	id, manager := b.id(KindUser, b.plainUser()), b.id(KindUser, directory.UserPlain)
	user := "users/" + id
	b.expect(204, "", http.MethodPut, user+"/manager/$ref", b.ref(manager))
	assert.Equal(t, manager, b.get(user + "/manager").body["id"])
	b.expect(204, "", http.MethodDelete, user+"/manager/$ref", nil)
	assert.Equal(t, 404, b.get(user+"/manager").status)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, user+"/manager/$ref", nil)
	u, _ := truthUserOf(b.server.tenant.Truth(), id)
	assert.Empty(t, u.ManagerID)
	b.expect(400, api.CodeBadRequest, http.MethodPut, user+"/manager/$ref", b.ref(b.id(KindGroup, 1)))
}

func TestSecondInvitationIsTheSameGuest(t *testing.T) {
	b := writer(t)
	body := map[string]any{"invitedUserEmailAddress": "eve@partner.example", "inviteRedirectUrl": "https://myapps.microsoft.com", "invitedUserDisplayName": "Eve"}
	first := b.expect(201, "", http.MethodPost, "invitations", body)
	guest, _ := first.body["invitedUser"].(map[string]any)
	assert.Equal(t, "PendingAcceptance", first.body["status"])
	again, _ := b.expect(201, "", http.MethodPost, "invitations", body).body["invitedUser"].(map[string]any)
	assert.Equal(t, guest["id"], again["id"])
	u, ok := truthUserOf(b.server.tenant.Truth(), str(guest["id"]))
	require.True(t, ok)
	assert.Equal(t, "Guest", u.UserType)
	assert.Equal(t, "eve_partner.example#EXT#@contoso.onmicrosoft.com", u.UPN)
	for _, address := range []string{"eve@contoso.com", "nobody", ""} {
		b.expect(400, api.CodeBadSyntax, http.MethodPost, "invitations", map[string]any{"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://x"})
	}
	b.expect(400, api.CodeBadSyntax, http.MethodPost, "invitations", map[string]any{"invitedUserEmailAddress": "eve@partner.example"})
}

func TestSessionsAreRevoked(t *testing.T) {
	b := writer(t)
	a := b.expect(200, "", http.MethodPost, "users/"+b.id(KindUser, b.plainUser())+"/revokeSignInSessions", nil)
	assert.Equal(t, true, a.body["value"])
}

// withMethods finds an ordinary user with these methods.
func (b *bench) withMethods(kinds ...int) int {
	for i := directory.FirstOrdinaryUser; ; i++ {
		factors := b.server.tenant.FactorsOf(i)
		if privileged, _ := b.server.tenant.RolesOf(directory.UserRef(i)); !privileged && len(factors) == 2 && factors[0] == kinds[0] && factors[1] == kinds[1] {
			return i
		}
	}
}

func TestDefaultMethodGoesLast(t *testing.T) {
	b := writer(t)
	n := b.withMethods(directory.MethodPhone, directory.MethodAuthenticator)
	methods := "users/" + b.id(KindUser, n) + "/authentication/"
	rows := b.get(methods + "methods").rows()
	require.Len(t, rows, 3)
	assert.Equal(t, "#microsoft.graph.passwordAuthenticationMethod", rows[0]["@odata.type"])
	phone, app := str(rows[1]["id"]), str(rows[2]["id"])
	assert.Equal(t, 404, b.send(http.MethodDelete, methods+"passwordMethods/"+str(rows[0]["id"]), nil).status)
	b.expect(400, api.CodeBadSyntax, http.MethodDelete, methods+"microsoftAuthenticatorMethods/"+app, nil)
	b.expect(204, "", http.MethodDelete, methods+"phoneMethods/"+phone, nil)
	b.expect(404, "resourceNotFound", http.MethodDelete, methods+"phoneMethods/"+phone, nil)
	b.expect(204, "", http.MethodDelete, methods+"microsoftAuthenticatorMethods/"+app, nil)
	assert.Len(t, b.get(methods+"methods").rows(), 1)
	u, _ := truthUserOf(b.server.tenant.Truth(), b.id(KindUser, n))
	assert.False(t, u.MFARegistered != nil && *u.MFARegistered)
}
