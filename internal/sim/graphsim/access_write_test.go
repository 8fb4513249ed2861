package graphsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

const (
	roleAssignments     = "roleManagement/directory/roleAssignments"
	roleRequests        = "roleManagement/directory/roleAssignmentScheduleRequests"
	eligibilityRequests = "roleManagement/directory/roleEligibilityScheduleRequests"
	groupRequests       = "identityGovernance/privilegedAccess/group/assignmentScheduleRequests"
	groupEligible       = "identityGovernance/privilegedAccess/group/eligibilityScheduleRequests"
)

func hasRole(list []TruthRoleAssignment, role, principal string) (TruthRoleAssignment, bool) {
	i := slices.IndexFunc(list, func(a TruthRoleAssignment) bool { return a.RoleID == role && a.Principal.ID == principal })
	if i < 0 {
		return TruthRoleAssignment{}, false
	}
	return list[i], true
}

func holdsAccess(list []TruthAccess, object, principal string) bool {
	return slices.ContainsFunc(list, func(a TruthAccess) bool {
		return a.ObjectID == object && slices.ContainsFunc(a.Principals, func(p TruthPrincipal) bool { return p.ID == principal })
	})
}

func TestRoleThatWasAssignedShowsEverywhere(t *testing.T) {
	b := writer(t)
	user, role := b.id(KindUser, b.plainUser()), directory.BuiltInRoles[RoleGlobalReader].ID
	body := map[string]any{"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/"}
	made := b.expect(201, "", http.MethodPost, roleAssignments, body)
	id := str(made.body["id"])
	assert.Equal(t, 200, b.get(roleAssignments+"/"+id).status)
	assert.Len(t, b.all(roleAssignments+"?$filter=principalId eq '"+user+"'"), 1)
	assert.Len(t, b.all("roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '"+user+"'"), 1)
	assert.True(t, holdsAccess(b.server.tenant.Truth().EffectiveRoles, role, user))
	a := b.expect(400, api.CodeBadRequest, http.MethodPost, roleAssignments, body)
	assert.Contains(t, a.refusal(), "A conflicting object with one or more of the specified property values is present")
	b.expect(204, "", http.MethodDelete, roleAssignments+"/"+id, nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, roleAssignments+"/"+id, nil)
	assert.Empty(t, b.all(roleAssignments+"?$filter=principalId eq '"+user+"'"))
	assert.False(t, holdsAccess(b.server.tenant.Truth().EffectiveRoles, role, user))
	assert.Len(t, b.server.Writes(), 2)
}

func TestRoleAssignmentsThatGraphRefuses(t *testing.T) {
	b := writer(t)
	user, role := b.id(KindUser, b.plainUser()), directory.BuiltInRoles[RoleGlobalReader].ID
	unit := "/administrativeUnits/" + b.id(KindAdministrativeUnit, UnitLarge)
	b.expect(201, "", http.MethodPost, roleAssignments, map[string]any{"principalId": user, "roleDefinitionId": role, "directoryScopeId": unit})
	for name, tc := range map[string]struct {
		status int
		change map[string]any
	}{
		"unknown principal":         {404, map[string]any{"principalId": directory.DefaultAppRoleID}},
		"unknown role":              {404, map[string]any{"roleDefinitionId": directory.DefaultAppRoleID}},
		"unknown scope":             {404, map[string]any{"directoryScopeId": "/administrativeUnits/" + directory.DefaultAppRoleID}},
		"scope of another sort":     {400, map[string]any{"directoryScopeId": "somewhere"}},
		"no scope":                  {400, map[string]any{"directoryScopeId": nil}},
		"ordinary group":            {400, map[string]any{"principalId": b.id(KindGroup, GroupTwenty)}},
		"disabled role":             {400, map[string]any{"roleDefinitionId": b.id(KindRoleDefinition, len(directory.BuiltInRoles)+1)}},
		"same again over the scope": {400, map[string]any{"directoryScopeId": unit}},
		"unknown property":          {400, map[string]any{"nope": 1}},
	} {
		body := map[string]any{"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/"}
		for key, v := range tc.change {
			body[key] = v
		}
		assert.Equal(t, tc.status, b.send(http.MethodPost, roleAssignments, body).status, name)
	}
	b.withPermissions("RoleManagement.Read.Directory")
	b.expect(403, api.CodeDenied, http.MethodPost, roleAssignments, map[string]any{})
}

func TestNewMemberOfAGroupWithARoleShowsInSchedules(t *testing.T) {
	b := writer(t)
	group, user := b.id(KindGroup, GroupRoleAssignableApps), b.id(KindUser, b.plainUser())
	members := "groups/" + group + "/members/"
	role := directory.BuiltInRoles[directory.RoleGroupsAdministrator].ID
	rows := func() int {
		return len(b.all("roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '" + user + "'"))
	}
	b.expect(204, "", http.MethodPost, members+"$ref", b.ref(user))
	assert.Equal(t, 1, rows())
	assert.True(t, holdsAccess(b.server.tenant.Truth().EffectiveRoles, role, user))
	b.expect(204, "", http.MethodDelete, members+user+"/$ref", nil)
	assert.Zero(t, rows())
	assert.False(t, holdsAccess(b.server.tenant.Truth().EffectiveRoles, role, user))
	b.expect(204, "", http.MethodPost, members+"$ref", b.ref(user))
	assert.Equal(t, 1, rows(), "not twice")
}

// ask is a request of Privileged Identity Management.
func ask(action string, expiration map[string]any, more map[string]any) map[string]any {
	body := map[string]any{"action": action, "justification": "needed", "scheduleInfo": map[string]any{"startDateTime": nil, "expiration": expiration}}
	for name, v := range more {
		body[name] = v
	}
	return body
}

var (
	forGood   = map[string]any{"type": "noExpiration"}
	forAWeek  = map[string]any{"type": "afterDuration", "duration": "P7D"}
	forAMonth = map[string]any{"type": "afterDuration", "duration": "P30D"}
)

func TestPolicyForbidsAPermanentRole(t *testing.T) {
	b := writer(t)
	user, role := b.id(KindUser, b.plainUser()), directory.BuiltInRoles[directory.RoleGlobalAdministrator].ID
	target := map[string]any{"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/"}
	policy := b.get("policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '" + role +
		"'&$expand=policy($expand=rules)")
	require.Len(t, policy.rows(), 1, string(policy.raw))
	assert.Contains(t, string(policy.raw), `"maximumDuration":"P15D"`)
	for rule, body := range map[string]map[string]any{
		"ExpirationRule":    ask(nouns.ActionAssign, forGood, target),
		`["ExpirationRule"`: ask(nouns.ActionAssign, forAMonth, target),
	} {
		a := b.expect(400, nouns.CodePolicyFailed, http.MethodPost, roleRequests, body)
		assert.Contains(t, a.refusal(), rule)
	}
	silent := ask(nouns.ActionAssign, forAWeek, target)
	silent["justification"] = ""
	assert.Contains(t, b.expect(400, nouns.CodePolicyFailed, http.MethodPost, roleRequests, silent).refusal(), "JustificationRule")
	b.expect(201, "", http.MethodPost, roleRequests, ask(nouns.ActionAssign, forAWeek, target))
	assert.Len(t, b.server.Writes(), 1)
	row, ok := hasRole(b.server.tenant.Truth().RoleAssignments, role, user)
	require.True(t, ok)
	assert.NotEmpty(t, row.End)
	assert.Equal(t, row.End, b.all("roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '" + user + "'")[0]["endDateTime"])
}

func TestRequestsSayWhatIsThereAndWhatIsNot(t *testing.T) {
	b := writer(t)
	user := b.id(KindUser, b.plainUser())
	role := map[string]any{"principalId": user, "roleDefinitionId": directory.BuiltInRoles[RoleGlobalReader].ID, "directoryScopeId": "/"}
	group := map[string]any{"principalId": user, "groupId": b.id(KindGroup, GroupTwenty), "accessId": "member"}
	for path, target := range map[string]map[string]any{roleRequests: role, eligibilityRequests: role, groupRequests: group, groupEligible: group} {
		b.expect(400, nouns.CodeRoleMissing, http.MethodPost, path, ask(nouns.ActionRemove, forAWeek, target))
		made := b.expect(201, "", http.MethodPost, path, ask(nouns.ActionAssign, forAWeek, target))
		assert.Equal(t, "PendingProvisioning", made.body["status"], "of every other principal")
		assert.Equal(t, "Provisioned", b.get(path + "/" + str(made.body["id"])).body["status"])
		b.expect(400, nouns.CodeRoleExists, http.MethodPost, path, ask(nouns.ActionAssign, forAWeek, target))
		list := strings.TrimSuffix(path, "Requests") + "Instances?$filter=principalId eq '" + user + "'"
		rows := b.all(list)
		require.Len(t, rows, 1, list)
		assert.NotEmpty(t, rows[0]["endDateTime"], list)
		gone := b.expect(201, "", http.MethodPost, path, ask(nouns.ActionRemove, forAWeek, target))
		assert.Equal(t, "Revoked", b.get(path + "/" + str(gone.body["id"])).body["status"])
		b.expect(400, nouns.CodeRoleMissing, http.MethodPost, path, ask(nouns.ActionRemove, forAWeek, target))
		assert.Empty(t, b.all(list))
	}
	assert.Len(t, b.server.Writes(), 8)
	b.server.SetPlans(true, false)
	b.expect(400, permissions.CodePremiumRequired, http.MethodPost, roleRequests, ask(nouns.ActionAssign, forAWeek, role))
}

func TestEligibilityIsInTheTruth(t *testing.T) {
	b := writer(t)
	user, role, group := b.id(KindUser, b.plainUser()), directory.BuiltInRoles[RoleGlobalReader].ID, b.id(KindGroup, GroupTwenty)
	b.expect(201, "", http.MethodPost, eligibilityRequests, ask(nouns.ActionAssign, forAWeek, map[string]any{
		"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/",
	}))
	b.expect(201, "", http.MethodPost, groupEligible, ask(nouns.ActionAssign, forAWeek, map[string]any{"principalId": user, "groupId": group, "accessId": "owner"}))
	truth := b.server.tenant.Truth()
	_, ok := hasRole(truth.RoleEligibilities, role, user)
	assert.True(t, ok)
	assert.True(t, holdsAccess(truth.EffectiveEligible, role, user))
	assert.True(t, holdsAccess(truth.EffectiveGroupEligibilities, group, user))
	assert.False(t, hasEdge(truth.GroupOwners, group, user), "who may become an owner is none")
}

func TestRequestIsPendingUntilItShows(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b := writerAt(t, now)
	b.server.SetReplicationLag(10*time.Second, 0)
	body := ask(nouns.ActionAssign, forAWeek, map[string]any{
		"principalId": b.id(KindUser, b.plainUser()), "roleDefinitionId": directory.BuiltInRoles[RoleGlobalReader].ID, "directoryScopeId": "/",
	})
	b.expect(201, "", http.MethodPost, roleRequests, body)
	b.expect(400, nouns.CodeRolePending, http.MethodPost, roleRequests, body)
	now.forward(11 * time.Second)
	b.expect(400, nouns.CodeRoleExists, http.MethodPost, roleRequests, body)
}

func TestRequestsThatAreNotOne(t *testing.T) {
	b := writer(t)
	target := map[string]any{"principalId": b.id(KindUser, b.plainUser()), "roleDefinitionId": directory.BuiltInRoles[RoleGlobalReader].ID, "directoryScopeId": "/"}
	without := ask(nouns.ActionAssign, forAWeek, target)
	delete(without, "scheduleInfo")
	for name, body := range map[string]map[string]any{
		"no action":        ask("", forAWeek, target),
		"self activation":  ask("selfActivate", forAWeek, target),
		"no schedule":      without,
		"no expiration":    ask(nouns.ActionAssign, nil, target),
		"end in the past":  ask(nouns.ActionAssign, map[string]any{"type": "afterDateTime", "endDateTime": "2020-01-01T00:00:00Z"}, target),
		"no duration":      ask(nouns.ActionAssign, map[string]any{"type": "afterDuration"}, target),
		"no ISO duration":  ask(nouns.ActionAssign, map[string]any{"type": "afterDuration", "duration": "7 days"}, target),
		"unknown property": ask(nouns.ActionAssign, forAWeek, map[string]any{"nope": 1}),
	} {
		assert.Equal(t, 400, b.send(http.MethodPost, roleRequests, body).status, name)
	}
	target["principalId"] = directory.DefaultAppRoleID
	b.expect(404, nouns.CodeNoSubject, http.MethodPost, roleRequests, ask(nouns.ActionAssign, forAWeek, target))
	b.withPermissions("RoleAssignmentSchedule.Remove.Directory")
	b.expect(403, api.CodeDenied, http.MethodPost, roleRequests, ask(nouns.ActionAssign, forAWeek, target))
	b.withPermissions("Directory.Read.All")
	b.expect(403, api.CodeUnknown, http.MethodPost, roleRequests, ask(nouns.ActionAssign, forAWeek, target))
	assert.Equal(t, http.StatusForbidden, b.get("policies/roleManagementPolicyAssignments").status)
	b.withPermissions("RoleManagement.Read.Directory")
	assert.Equal(t, http.StatusBadRequest, b.get("policies/roleManagementPolicyAssignments").status, "the filter is mandatory")
	assert.Empty(t, b.server.Writes())
}

func TestAppRoleThatWasAssignedShows(t *testing.T) {
	b := writer(t)
	user, payroll := b.id(KindUser, b.plainUser()), b.id(KindServicePrincipal, SPPayroll)
	role := b.server.tenant.SPs[SPPayroll].Roles[directory.PayrollApprover].ID.String()
	path := "servicePrincipals/" + payroll + "/appRoleAssignedTo"
	body := func(change map[string]any) map[string]any {
		out := map[string]any{"principalId": user, "resourceId": payroll, "appRoleId": role}
		for name, v := range change {
			out[name] = v
		}
		return out
	}
	made := b.expect(201, "", http.MethodPost, path, body(nil))
	id := str(made.body["id"])
	rows := func() []string {
		var out []string
		for _, row := range b.all(path + "?$top=999") {
			if row["principalId"] == user {
				out = append(out, str(row["id"]))
			}
		}
		return out
	}
	assert.Equal(t, []string{id}, rows())
	assert.Contains(t, b.get("users/"+user+"/appRoleAssignments").ids(), id)
	assert.True(t, slices.ContainsFunc(b.server.tenant.Truth().AppRoleAssignments, func(a TruthAppRoleAssignment) bool {
		return a.ResourceID == payroll && a.AppRoleID == role && a.Principal.ID == user
	}))
	for _, tc := range []struct {
		text   string
		change map[string]any
	}{
		{"already exists on the object", nil},
		{"was not found on application", map[string]any{"appRoleId": b.server.tenant.SPs[SPPayroll].Roles[directory.PayrollService].ID.String()}},
		{"was not found on application", map[string]any{"appRoleId": b.server.tenant.SPs[SPPayroll].Roles[directory.PayrollRetired].ID.String()}},
		{"Not a valid reference update", map[string]any{"principalId": directory.DefaultAppRoleID}},
		{"Not a valid reference update", map[string]any{"principalId": b.id(KindGroup, GroupDistribution)}},
		{"Not a valid reference update", map[string]any{"principalId": b.id(KindDevice, 0)}},
		{"has to be the id of the service principal", map[string]any{"resourceId": b.id(KindServicePrincipal, SPWiki)}},
		{"Invalid property 'principalDisplayName'", map[string]any{"principalDisplayName": "x"}},
	} {
		assert.Contains(t, b.expect(400, api.CodeBadRequest, http.MethodPost, path, body(tc.change)).refusal(), tc.text)
	}
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, "servicePrincipals/"+b.id(KindServicePrincipal, SPWiki)+"/appRoleAssignedTo/"+id, nil)
	b.expect(204, "", http.MethodDelete, path+"/"+id, nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, path+"/"+id, nil)
	assert.Empty(t, rows())
	b.withPermissions("AppRoleAssignment.ReadWrite.All")
	b.expect(403, api.CodeDenied, http.MethodPost, path, body(nil)) // Reading is needed too.
}

func TestOwnersOfApplicationsChange(t *testing.T) {
	b := writer(t)
	user := b.id(KindUser, b.plainUser())
	for _, object := range []string{"applications/" + b.id(KindApplication, directory.RegistrationUnassigned), "servicePrincipals/" + b.id(KindServicePrincipal, SPUnassigned)} {
		owners := object + "/owners/"
		b.expect(204, "", http.MethodPost, owners+"$ref", b.ref(user))
		b.expect(400, api.CodeBadRequest, http.MethodPost, owners+"$ref", b.ref(user))
		assert.Equal(t, []string{user}, b.get(owners).ids())
		b.expect(400, api.CodeBadRequest, http.MethodPost, owners+"$ref", b.ref(b.id(KindGroup, 1)))
		b.expect(204, "", http.MethodDelete, owners+user+"/$ref", nil)
		b.expect(404, api.CodeResourceNotFound, http.MethodDelete, owners+user+"/$ref", nil)
		assert.Empty(t, b.get(owners).rows())
	}
	b.withPermissions("Application.ReadWrite.OwnedBy")
	b.expect(403, api.CodeDenied, http.MethodPost, "applications/"+b.id(KindApplication, directory.RegistrationUnassigned)+"/owners/$ref", b.ref(user))
}

func TestUnitsChange(t *testing.T) {
	b := writer(t)
	unit, user := b.id(KindAdministrativeUnit, UnitEmpty), b.id(KindUser, b.plainUser())
	members := "directory/administrativeUnits/" + unit + "/members/"
	b.expect(204, "", http.MethodPost, members+"$ref", b.ref(user))
	b.expect(400, api.CodeBadRequest, http.MethodPost, members+"$ref", b.ref(user))
	assert.True(t, hasEdge(b.server.tenant.Truth().UnitMembers, unit, user))
	b.expect(204, "", http.MethodDelete, members+user+"/$ref", nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, members+user+"/$ref", nil)
	assert.Empty(t, b.get(members).rows())
	b.expect(403, api.CodeDenied, http.MethodPost, "directory/administrativeUnits/"+b.id(KindAdministrativeUnit, UnitDynamic)+"/members/$ref", b.ref(user))
	b.expect(400, api.CodeBadRequest, http.MethodPost, members+"$ref", b.ref(b.id(KindServicePrincipal, SPWiki)))
}

func TestConsentIsTakenBackOnce(t *testing.T) {
	b := writer(t)
	path := "oauth2PermissionGrants/" + b.id(KindConsent, 0)
	before := len(b.server.tenant.Truth().Consents)
	assert.Equal(t, 200, b.get(path).status)
	b.expect(204, "", http.MethodDelete, path, nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, path, nil)
	assert.Equal(t, 404, b.get(path).status)
	assert.Len(t, b.server.tenant.Truth().Consents, before-1)
}

func TestSecretIsToldOnce(t *testing.T) {
	b := writer(t)
	app := "applications/" + b.id(KindApplication, directory.RegistrationUnassigned)
	made := b.expect(200, "", http.MethodPost, app+"/addPassword", map[string]any{
		"passwordCredential": map[string]any{"displayName": "rotation", "endDateTime": "2027-01-01T00:00:00Z"},
	})
	secret, key := str(made.body["secretText"]), str(made.body["keyId"])
	require.NotEmpty(t, secret)
	shown := b.get(app)
	assert.Contains(t, string(shown.raw), key)
	assert.NotContains(t, string(shown.raw), secret)
	for _, w := range b.server.Writes() {
		assert.NotContains(t, strings.Join(append(w.IDs, w.Path), " "), secret)
	}
	assert.True(t, slices.ContainsFunc(b.server.tenant.Truth().Credentials, func(c TruthCredential) bool {
		return c.KeyID == key && c.End == "2027-01-01T00:00:00Z" && c.DisplayName == "rotation"
	}))
	b.expect(204, "", http.MethodPost, app+"/removePassword", map[string]any{"keyId": key})
	a := b.expect(400, api.CodeBadRequest, http.MethodPost, app+"/removePassword", map[string]any{"keyId": key})
	assert.Contains(t, a.refusal(), "No password credential found with keyId")
	b.expect(400, api.CodeBadRequest, http.MethodPost, app+"/addPassword", map[string]any{"passwordCredential": map[string]any{"endDateTime": "2020-01-01T00:00:00Z"}})
	b.expect(200, "", http.MethodPost, "servicePrincipals/"+b.id(KindServicePrincipal, SPWiki)+"/addPassword", map[string]any{})
}

func TestProvisioningStartsOver(t *testing.T) {
	b := writer(t)
	jobs := "servicePrincipals/" + b.id(KindServicePrincipal, SPGallery) + "/synchronization/jobs"
	row := b.get(jobs).rows()[0]
	assert.Contains(t, string(b.get(jobs).raw), "Quarantine")
	b.expect(204, "", http.MethodPost, jobs+"/"+str(row["id"])+"/restart", map[string]any{"criteria": map[string]any{"resetScope": "Full"}})
	assert.NotContains(t, string(b.get(jobs).raw), "Quarantine")
	b.expect(404, api.CodeResourceNotFound, http.MethodPost, jobs+"/nope/restart", nil)
	assert.Empty(t, b.get("servicePrincipals/"+b.id(KindServicePrincipal, SPWiki)+"/synchronization/jobs").rows())
}
