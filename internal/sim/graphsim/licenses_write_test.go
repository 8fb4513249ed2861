package graphsim

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
)

func licenses(add []map[string]any, remove ...int) map[string]any {
	gone := []string{}
	for _, k := range remove {
		gone = append(gone, directory.Skus[k].ID)
	}
	if add == nil {
		add = []map[string]any{}
	}
	return map[string]any{"addLicenses": add, "removeLicenses": gone}
}

func license(k int, disabled ...string) []map[string]any {
	return []map[string]any{{"skuId": directory.Skus[k].ID, "disabledPlans": append([]string{}, disabled...)}}
}

// licensedUser makes a user without licences, who may get some.
func (b *bench) licensedUser() string {
	b.t.Helper()
	return str(b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"usageLocation": "US"})).body["id"])
}

func (b *bench) statesOf(user string) []TruthLicenseAssignment {
	var out []TruthLicenseAssignment
	for _, a := range b.server.tenant.Truth().LicenseAssignments {
		if a.Principal.ID == user {
			out = append(out, a)
		}
	}
	return out
}

func TestLicenceThatWasAssignedIsConsumed(t *testing.T) {
	b := writer(t)
	user := b.licensedUser()
	path := "users/" + user + "/assignLicense"
	consumed := func() int {
		return b.server.tenant.Truth().Licenses[slices.IndexFunc(b.server.tenant.Truth().Licenses, func(l TruthLicense) bool { return l.SkuID == directory.Skus[directory.LicenseE5].ID })].Consumed
	}
	before := consumed()
	plan := directory.Skus[directory.LicenseE5].Plans[0].ID
	b.expect(200, "", http.MethodPost, path, licenses(license(directory.LicenseE5, plan)))
	assert.Equal(t, before+1, consumed())
	require.Len(t, b.statesOf(user), 1)
	assert.Equal(t, []string{plan}, b.statesOf(user)[0].DisabledPlans)
	assert.Len(t, b.get("users/"+user+"/licenseDetails").rows(), 1)
	b.expect(200, "", http.MethodPost, path, licenses(license(directory.LicenseE5)))
	assert.Empty(t, b.statesOf(user)[0].DisabledPlans, "the plans are replaced")
	b.expect(200, "", http.MethodPost, path, licenses(nil, directory.LicenseE5))
	assert.Empty(t, b.statesOf(user))
	assert.Equal(t, before, consumed())
	a := b.expect(400, api.CodeBadRequest, http.MethodPost, path, licenses(nil, directory.LicenseE5))
	assert.Equal(t, nouns.MessageNoLicense, a.refusal())
}

func TestLicencesThatGraphDoesNotAssign(t *testing.T) {
	b := writer(t)
	user := b.licensedUser()
	path := "users/" + user + "/assignLicense"
	for text, body := range map[string]map[string]any{
		"does not have any available licenses": licenses(license(directory.LicenseE3)), // The last unit is gone.
		"have to be given":                     {"addLicenses": []any{}},
		"does not correspond":                  {"addLicenses": []map[string]any{{"skuId": directory.DefaultAppRoleID}}, "removeLicenses": []any{}},
		"is not part of license":               licenses(license(directory.LicenseE5, directory.DefaultAppRoleID)),
		"both in addLicenses and":              licenses(license(directory.LicenseE5), directory.LicenseE5),
	} {
		assert.Contains(t, b.expect(400, api.CodeBadRequest, http.MethodPost, path, body).refusal(), text)
	}
	nowhere := str(b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": "eve@contoso.com"})).body["id"])
	a := b.expect(400, api.CodeBadRequest, http.MethodPost, "users/"+nowhere+"/assignLicense", licenses(license(directory.LicenseE5)))
	assert.Equal(t, nouns.MessageUsageLocation, a.refusal())
}

func TestLicenceOfAGroupComesAndGoesWithMembership(t *testing.T) {
	b := writer(t)
	user, group := b.licensedUser(), b.id(KindGroup, GroupTwenty)
	member := "groups/" + group + "/members/"
	b.expect(204, "", http.MethodPost, member+"$ref", b.ref(user))
	require.Len(t, b.statesOf(user), 2) // E5 and Flow.
	assert.Equal(t, group, b.statesOf(user)[0].GroupID)
	a := b.expect(400, api.CodeBadRequest, http.MethodPost, "users/"+user+"/assignLicense", licenses(nil, directory.LicenseE5))
	assert.Equal(t, nouns.MessageInherited, a.refusal())
	b.expect(202, "", http.MethodPost, "groups/"+group+"/assignLicense", licenses(nil, directory.LicenseFlow))
	assert.Len(t, b.statesOf(user), 1)
	b.expect(400, api.CodeBadRequest, http.MethodPost, "groups/"+group+"/assignLicense", licenses(nil, directory.LicenseFlow))
	b.expect(204, "", http.MethodDelete, member+user+"/$ref", nil)
	assert.Empty(t, b.statesOf(user))
}

func TestLeavingALicensedGroupGivesNoOtherLicence(t *testing.T) {
	b := writer(t)
	tenant := b.server.tenant
	member := tenant.IDOf(tenant.Groups[GroupTwenty].Members[0])
	var own []TruthLicenseAssignment
	for _, a := range b.statesOf(member) {
		if a.GroupID == "" {
			own = append(own, a)
		}
	}
	for _, g := range slices.Clone(tenant.MemberOf[tenant.Groups[GroupTwenty].Members[0]]) {
		if len(tenant.Licensed[int(g)]) > 0 {
			b.send(http.MethodDelete, "groups/"+b.id(KindGroup, int(g))+"/members/"+member+"/$ref", nil)
		}
	}
	assert.ElementsMatch(t, own, b.statesOf(member))
}

func TestMemberForWhomNoUnitIsLeftShowsAnError(t *testing.T) {
	b := writer(t)
	user, group := b.licensedUser(), b.id(KindGroup, GroupEmpty)
	b.expect(204, "", http.MethodPost, "groups/"+group+"/members/$ref", b.ref(user))
	b.expect(202, "", http.MethodPost, "groups/"+group+"/assignLicense", licenses(license(directory.LicenseE3)))
	require.Len(t, b.statesOf(user), 1)
	assert.Equal(t, directory.ErrorCount, b.statesOf(user)[0].Error)
	assert.Equal(t, true, b.get("groups/" + group + "?$select=hasMembersWithLicenseErrors").body["hasMembersWithLicenseErrors"])
	assert.Empty(t, b.get("users/"+user+"/licenseDetails").rows())
}
