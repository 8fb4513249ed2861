package graphsim

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
)

func TestGroupPropertiesThatGraphRefuses(t *testing.T) {
	b := writer(t)
	group := func(n int) string { return "groups/" + b.id(KindGroup, n) }
	for name, tc := range map[string]struct {
		group int
		body  map[string]any
	}{
		"empty name":            {GroupEmpty, map[string]any{"displayName": ""}},
		"empty description":     {GroupEmpty, map[string]any{"description": ""}},
		"visibility of a team":  {GroupMicrosoft365, map[string]any{"visibility": "HiddenMembership"}},
		"visibility of another": {GroupEmpty, map[string]any{"visibility": "Public"}},
		"rule":                  {GroupEmpty, map[string]any{"membershipRule": `(user.city -eq "Rome")`}},
		"broken rule":           {GroupDynamic, map[string]any{"membershipRule": "everybody"}},
		"role-assignable":       {GroupEmpty, map[string]any{"isAssignableToRole": true}},
		"unknown":               {GroupEmpty, map[string]any{"colour": "red"}},
		"synced":                {GroupSynced, map[string]any{"description": "x"}},
		"distribution":          {GroupDistribution, map[string]any{"description": "x"}},
		"nothing":               {GroupEmpty, map[string]any{}},
	} {
		t.Run(name, func(*testing.T) { b.expect(400, api.CodeBadRequest, http.MethodPatch, group(tc.group), tc.body) })
	}
	assert.Empty(t, b.server.Writes())
	b.expect(204, "", http.MethodPatch, group(GroupDynamic), map[string]any{"membershipRule": `(user.city -eq "Rome")`, "description": nil})
	assert.Contains(t, string(b.get(group(GroupDynamic)+"?$select=membershipRule,description").raw), `"description":null`)
	b.withPermissions("Group.Read.All", "GroupMember.ReadWrite.All")
	b.expect(403, api.CodeDenied, http.MethodPatch, group(GroupEmpty), map[string]any{"description": "x"})
}

func TestSponsorsOfGuestsComeAndGo(t *testing.T) {
	b := writer(t)
	guest := ""
	for i := range b.server.tenant.Shape.Users {
		if directory.IsGuest(i) && i%2 == 1 && len(b.server.tenant.Written.Sponsors[i]) == 0 {
			guest = b.id(KindUser, i)
			break
		}
	}
	require.NotEmpty(t, guest)
	path, sponsor := "users/"+guest+"/sponsors", b.id(KindUser, directory.UserNobody)
	b.expect(204, "", http.MethodPost, path+"/$ref", b.ref(sponsor))
	assert.Equal(t, []string{sponsor}, b.get(path+"?$select=id").ids())
	assert.Contains(t, string(b.get("users/"+guest+"?$expand=sponsors($select=id)").raw), sponsor)
	again := b.expect(400, api.CodeBadRequest, http.MethodPost, path+"/$ref", b.ref(sponsor))
	assert.Contains(t, again.refusal(), "already exist")
	b.expect(400, api.CodeBadRequest, http.MethodPost, path+"/$ref", b.ref(b.id(KindServicePrincipal, SPPayroll)))
	b.expect(204, "", http.MethodDelete, path+"/"+sponsor+"/$ref", nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, path+"/"+sponsor+"/$ref", nil)
	assert.Empty(t, b.get(path).rows())

	reset := map[string]any{"invitedUserEmailAddress": "new@fabrikam.example", "inviteRedirectUrl": "https://myapplications.microsoft.com", "resetRedemption": true}
	b.expect(400, "BadRequest", http.MethodPost, "invitations", reset)
	reset["invitedUser"] = map[string]any{"id": guest}
	a := b.expect(400, "BadRequest", http.MethodPost, "invitations", reset)
	assert.Contains(t, a.refusal(), "not an address of the user")
	b.expect(204, "", http.MethodPatch, "users/"+guest, map[string]any{"otherMails": []string{"new@fabrikam.example"}})
	b.expect(201, "", http.MethodPost, "invitations", reset)
	assert.Contains(t, string(b.get("users/"+guest+"?$select=externalUserState").raw), "PendingAcceptance")
	b.withPermissions("User.Invite.All")
	b.expect(403, api.CodeDenied, http.MethodPost, "invitations", reset)
}

func TestProvisioningCarriesOneOrAllOver(t *testing.T) {
	b := writer(t)
	app, user := b.id(KindServicePrincipal, SPGallery), b.id(KindUser, directory.UserNobody)
	jobs := "servicePrincipals/" + app + "/synchronization/jobs"
	job := jobs + "/" + str(b.get(jobs).rows()[0]["id"])
	rules, _ := b.get(job + "/schema").body["synchronizationRules"].([]any)
	rule, _ := rules[0].(map[string]any)
	ask := func(rule, kind string) map[string]any {
		return map[string]any{"parameters": []any{map[string]any{"ruleId": rule, "subjects": []any{map[string]any{"objectId": user, "objectTypeName": kind}}}}}
	}
	b.expect(400, "InvalidSynchronizationRule", http.MethodPost, job+"/provisionOnDemand", ask("another", "User"))
	b.expect(400, "UnsupportedObjectType", http.MethodPost, job+"/provisionOnDemand", ask(str(rule["id"]), "Worker"))
	a := b.expect(200, "", http.MethodPost, job+"/provisionOnDemand", ask(str(rule["id"]), "User"))
	assert.Contains(t, str(a.body["key"]), "NotEffectivelyEntitled")
	b.expect(201, "", http.MethodPost, "servicePrincipals/"+app+"/appRoleAssignedTo", map[string]any{
		"principalId": user, "resourceId": app, "appRoleId": b.server.tenant.SPs[SPGallery].Roles[0].ID.String(),
	})
	for _, says := range []string{"Success", "RedundantExport"} {
		a = b.expect(200, "", http.MethodPost, job+"/provisionOnDemand", ask(str(rule["id"]), "User"))
		assert.Contains(t, str(a.body["key"]), says)
	}
	assert.Len(t, b.server.tenant.Truth().Provisioned, 1)
	require.NoError(t, b.server.tenant.PauseProvisioning(app))
	assert.Contains(t, string(b.get(jobs).raw), `"Paused"`)
	b.expect(204, "", http.MethodPost, job+"/start", nil)
	assert.NotContains(t, string(b.get(jobs).raw), `"Paused"`)
	assert.True(t, hasEdge(b.server.tenant.Truth().Provisioned, app, user))
	assert.Greater(t, len(b.server.tenant.Truth().Provisioned), 1)
	assert.True(t, nouns.ProvisionsPeople(directory.SPRef(SPGallery)))
}
