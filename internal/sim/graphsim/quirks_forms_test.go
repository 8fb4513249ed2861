package graphsim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/login"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func TestOptionsInsideExpandAreRefusedWherePIMAnswers(t *testing.T) {
	b := start(t)
	b.everything()
	group := "?$filter=groupId eq '" + b.id(KindGroup, GroupRoleAssignable) + "'&$expand=principal"
	for _, list := range []string{schedules + "?$expand=principal", eligibles + "?$expand=principal",
		"identityGovernance/privilegedAccess/group/eligibilityScheduleInstances" + group, "identityGovernance/privilegedAccess/group/assignmentScheduleInstances" + group} {
		assert.Equal(t, http.StatusOK, b.get(list).status, list)
		a := b.get(list + "($select=id)")
		assert.Equal(t, http.StatusBadRequest, a.status, list)
		assert.Equal(t, api.CodeInvalidFilter, a.code())
		outer, _ := a.body["error"].(map[string]any)
		assert.Contains(t, outer, "error", "an error in an error")
	}
	assert.Equal(t, http.StatusOK, b.get("roleManagement/directory/roleAssignments?$expand=principal($select=id)").status)
}

func TestExpandCapsRowsAndRelations(t *testing.T) {
	b := start(t)
	b.everything()
	for path, capped := range map[string]bool{
		"users?$select=id&$expand=manager($select=id)&$top=999":              true,
		"users?$select=id&$top=999":                                          false,
		"devices?$select=id&$expand=registeredOwners($select=id)&$top=999":   true,
		"roleManagement/directory/roleAssignments?$expand=principal":         true, // Its own page, which is as large.
		"users?$select=id&$expand=manager($select=id)&$top=30":               false,
		"groups?$select=id&$expand=memberOf($select=id)&$top=999":            false, // There are fewer.
		"servicePrincipals?$select=id&$expand=owners($select=id)&$top=999":   false,
		"applications?$select=id,appId&$expand=owners($select=id)&$top=999":  false,
		"users?$select=id&$orderby=userPrincipalName&$top=999":               false,
		"users?$select=id,displayName&$expand=memberOf($select=id)&$top=500": true,
	} {
		rows := b.get(path).rows()
		assert.Equal(t, capped, len(rows) == api.DefaultExpandRows, "%s: %d", path, len(rows))
	}
	assert.Len(t, b.all("users?$select=id&$expand=manager($select=id)&$top=999"), 1300)
	b.server.SetExpandCaps(33, 5)
	a := b.get("groups?$select=id&$expand=members($select=id)&$top=999")
	assert.Len(t, a.rows(), 33)
	most := 0
	for _, row := range a.rows() {
		most = max(most, len(listOf(t, row, "members")))
	}
	assert.Equal(t, 5, most)
}

func TestRowsOfCustomRolesHaveAnotherIDThanTheRole(t *testing.T) {
	b := start(t)
	b.everything()
	definitions := map[string]bool{}
	for _, row := range b.all("roleManagement/directory/roleDefinitions") {
		definitions[str(row["id"])] = true
	}
	other := 0
	for _, row := range b.all(schedules + "?$expand=roleDefinition") {
		id := str(row["roleDefinitionId"])
		role, _ := row["roleDefinition"].(map[string]any)
		assert.True(t, definitions[str(role["id"])], "expanded, it is the role itself")
		assert.Equal(t, role["id"], role["templateId"])
		if !definitions[id] {
			other++
			assert.Equal(t, role["id"], b.get("roleManagement/directory/roleDefinitions/" + id).body["id"])
			require.NotEmpty(t, b.get(schedules+"?$filter=roleDefinitionId eq '"+id+"'").rows())
			require.NotEmpty(t, b.get(schedules+"?$filter=roleDefinitionId eq '"+str(role["id"])+"'").rows())
		}
	}
	assert.Positive(t, other)
	for _, row := range b.all("roleManagement/directory/roleAssignments") {
		assert.True(t, definitions[str(row["roleDefinitionId"])])
	}
}

func TestFlexibleCredentialSpoilsWhateverItIsIn(t *testing.T) {
	b := start(t)
	app := "applications/" + b.id(KindApplication, directory.RegistrationNested)
	for _, path := range []string{
		app + "/federatedIdentityCredentials", app + "?$select=id&$expand=federatedIdentityCredentials",
		"applications?$select=id&$expand=federatedIdentityCredentials&$top=999",
	} {
		a := b.get(path)
		assert.Equal(t, http.StatusOK, a.status, path)
		assert.False(t, json.Valid(a.raw), path)
		assert.Contains(t, string(a.raw), `{"error":{"code":"InternalServerError"`)
	}
	item := func(id, n string) map[string]any {
		return map[string]any{"id": id, "method": "GET", "url": "/" + n}
	}
	sound := "applications/" + b.id(KindApplication, directory.RegistrationBusyOwner) + "/federatedIdentityCredentials"
	a := b.batch(map[string]any{"requests": []any{item("1", sound), item("2", app+"/federatedIdentityCredentials")}})
	assert.Equal(t, http.StatusOK, a.status)
	assert.False(t, json.Valid(a.raw), "the whole envelope")
	assert.True(t, json.Valid(b.batch(map[string]any{"requests": []any{item("1", sound)}}).raw))
	unreadable := 0
	for _, c := range b.server.tenant.Truth().Applications {
		if c.FederatedUnreadable {
			unreadable++
		}
	}
	assert.Equal(t, 2, unreadable)
}

func TestFullLastPageOfRiskyUsersLeadsNowhere(t *testing.T) {
	b := start(t)
	a := b.get("identityProtection/riskyUsers?$top=500")
	assert.Len(t, a.rows(), 500, "the small tenant has as many as a page of the largest size")
	require.NotEmpty(t, a.next())
	end := b.get(a.next())
	assert.Equal(t, http.StatusBadRequest, end.status)
	assert.Equal(t, api.CodeBadSyntax, end.code())
	assert.Empty(t, end.refusal())
	b.server.SetRiskyUsers(12)
	assert.Len(t, b.all("identityProtection/riskyUsers?$top=500"), 12)
	b.server.SetRiskyUsers(0)
	assert.Empty(t, b.all("identityProtection/riskyUsers?$top=500"))
}

func TestPlanThatIsListedCanHaveEnded(t *testing.T) {
	b := start(t)
	b.server.Unkindly(QuirkPlanEnded)
	assert.Contains(t, string(b.get("organization").raw), schema.PlanIDP2)
	for _, path := range []string{schedules, eligibles} {
		a := b.get(path)
		assert.Equal(t, http.StatusBadRequest, a.status)
		assert.Equal(t, permissions.CodePremiumRequired, a.code())
	}
	assert.Equal(t, http.StatusOK, b.get("roleManagement/directory/roleAssignments").status)
}

func TestSegmentsThatACloudDoesNotHave(t *testing.T) {
	b := start(t)
	b.server.SetMissingSegments("roleEligibilityScheduleInstances", "oauth2PermissionGrants")
	a := b.get(eligibles)
	assert.Equal(t, http.StatusBadRequest, a.status)
	assert.Equal(t, api.CodeBadSyntax, a.code())
	assert.Contains(t, a.refusal(), "Resource not found for the segment 'roleEligibilityScheduleInstances'.")
	assert.Equal(t, http.StatusBadRequest, b.get("oauth2permissiongrants").status)
	assert.Equal(t, http.StatusOK, b.get(schedules).status)
	assert.Empty(t, b.server.Stats().Unmatched)
}

func TestTokensThatAreNotOutdatedCanBeRefused(t *testing.T) {
	for how, code := range map[TokenRefusal]string{RefusedWithClaims: api.CodeInvalidToken, RefusedOutdated: login.CodeOutdatedToken} {
		b := start(t)
		require.Equal(t, http.StatusOK, b.get("users?$top=1").status)
		b.server.RefuseTokensIssuedBefore(time.Now(), how)
		a := b.get("users?$top=1")
		assert.Equal(t, http.StatusUnauthorized, a.status)
		assert.Equal(t, code, a.code())
		_, claims, challenged := strings.Cut(a.header.Get("WWW-Authenticate"), `error="insufficient_claims", claims="`)
		assert.Equal(t, how == RefusedWithClaims, challenged)
		form := url.Values{"client_secret": {b.server.ClientSecret()}}
		if challenged {
			raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(claims, `"`))
			require.NoError(t, err)
			assert.Contains(t, string(raw), `{"access_token":{"nbf":{"essential":true,"value":"`)
			form.Set("claims", string(raw))
		}
		answer := b.token(form)
		b.bearer = str(answer.body["access_token"])
		assert.Equal(t, http.StatusOK, b.get("users?$top=1").status, "a token of now is taken")
		assert.Equal(t, form["claims"], b.server.ClaimsAsked())
		b.server.RefuseTokensIssuedBefore(time.Time{}, how)
	}
	b := start(t)
	assert.Equal(t, http.StatusBadRequest, b.token(url.Values{"client_secret": {b.server.ClientSecret()}, "claims": {"{"}}).status)
}

func TestAnyFormCanBeRefusedForGood(t *testing.T) {
	b := start(t)
	b.everything()
	for _, tc := range []struct {
		form       Form
		refused    string
		unaffected string
	}{
		{Form{Query: []string{"$orderby="}}, "users?$orderby=userPrincipalName&$top=5", "users?$top=5"},
		{Form{Query: []string{"$expand=memberOf"}}, "groups?$expand=memberOf($select=id)", "groups?$expand=owners($select=id)"},
		{Form{Query: []string{"($select="}}, "groups?$expand=memberOf($select=id)", "groups?$select=id&$expand=memberOf"},
		{Form{Query: []string{"$filter=userPrincipalName ge"}}, "users?$filter=userPrincipalName ge 'a'", "users?$filter=userPrincipalName eq 'a'"},
		{Form{Path: regexp.MustCompile(`/delta$`)}, "groups/delta?$select=members", "groups?$select=id"},
		{Form{Path: regexp.MustCompile(`^/users$`), Query: []string{"$top="}}, "users?$top=5", "groups?$top=5"},
	} {
		for _, how := range Refusals() {
			remove := b.server.RefuseForm(tc.form, how)
			for range 3 {
				a := b.get(tc.refused)
				if a.status == http.StatusOK {
					assert.False(t, json.Valid(a.raw), "%s: %s", how.Name, tc.refused)
				}
			}
			good := b.get(tc.unaffected)
			assert.Equal(t, http.StatusOK, good.status, "%s: %s", how.Name, tc.unaffected)
			remove()
			assert.Equal(t, 3, b.server.Stats().Faults[how.Name])
			b.server.Reset()
		}
		assert.Equal(t, http.StatusOK, b.get(tc.refused).status)
	}
	everything := b.server.RefuseForm(Form{Method: http.MethodPost, Path: regexp.MustCompile(`^/\$batch$`), Single: true}, Refusals()[0])
	requests := map[string]any{"requests": []any{map[string]any{"id": "1", "method": "GET", "url": "/users?$top=1"}}}
	assert.Equal(t, http.StatusBadRequest, b.batch(requests).status)
	everything()
	defer b.server.RefuseForm(Form{Path: regexp.MustCompile(`^/users`), Items: true}, Refusals()[1])()
	assert.Contains(t, string(b.batch(requests).raw), api.CodeUnsupportedQuery)
	assert.Equal(t, http.StatusOK, b.get("users?$top=1").status)
}
