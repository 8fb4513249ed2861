package graphsim

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func licenses(add []map[string]any, remove ...int) map[string]any {
	gone := []string{}
	for _, k := range remove {
		gone = append(gone, skus[k].id)
	}
	if add == nil {
		add = []map[string]any{}
	}
	return map[string]any{"addLicenses": add, "removeLicenses": gone}
}

func license(k int, disabled ...string) []map[string]any {
	return []map[string]any{{"skuId": skus[k].id, "disabledPlans": append([]string{}, disabled...)}}
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
		return b.server.tenant.Truth().Licenses[slices.IndexFunc(b.server.tenant.Truth().Licenses, func(l TruthLicense) bool { return l.SkuID == skus[licenseE5].id })].Consumed
	}
	before := consumed()
	plan := skus[licenseE5].plans[0].ID
	b.expect(200, "", http.MethodPost, path, licenses(license(licenseE5, plan)))
	assert.Equal(t, before+1, consumed())
	require.Len(t, b.statesOf(user), 1)
	assert.Equal(t, []string{plan}, b.statesOf(user)[0].DisabledPlans)
	assert.Len(t, b.get("users/"+user+"/licenseDetails").rows(), 1)
	b.expect(200, "", http.MethodPost, path, licenses(license(licenseE5)))
	assert.Empty(t, b.statesOf(user)[0].DisabledPlans, "the plans are replaced")
	b.expect(200, "", http.MethodPost, path, licenses(nil, licenseE5))
	assert.Empty(t, b.statesOf(user))
	assert.Equal(t, before, consumed())
	a := b.expect(400, codeBadRequest, http.MethodPost, path, licenses(nil, licenseE5))
	assert.Equal(t, messageNoLicense, a.refusal())
}

func TestLicencesThatGraphDoesNotAssign(t *testing.T) {
	b := writer(t)
	user := b.licensedUser()
	path := "users/" + user + "/assignLicense"
	for text, body := range map[string]map[string]any{
		"does not have any available licenses": licenses(license(licenseE3)), // The last unit is gone.
		"have to be given":                     {"addLicenses": []any{}},
		"does not correspond":                  {"addLicenses": []map[string]any{{"skuId": defaultAppRoleID}}, "removeLicenses": []any{}},
		"is not part of license":               licenses(license(licenseE5, defaultAppRoleID)),
		"both in addLicenses and":              licenses(license(licenseE5), licenseE5),
	} {
		assert.Contains(t, b.expect(400, codeBadRequest, http.MethodPost, path, body).refusal(), text)
	}
	nowhere := str(b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": "eve@contoso.com"})).body["id"])
	a := b.expect(400, codeBadRequest, http.MethodPost, "users/"+nowhere+"/assignLicense", licenses(license(licenseE5)))
	assert.Equal(t, messageUsageLocation, a.refusal())
}

func TestLicenceOfAGroupComesAndGoesWithMembership(t *testing.T) {
	b := writer(t)
	user, group := b.licensedUser(), b.id(KindGroup, GroupTwenty)
	member := "groups/" + group + "/members/"
	b.expect(204, "", http.MethodPost, member+"$ref", b.ref(user))
	require.Len(t, b.statesOf(user), 2) // E5 and Flow.
	assert.Equal(t, group, b.statesOf(user)[0].GroupID)
	a := b.expect(400, codeBadRequest, http.MethodPost, "users/"+user+"/assignLicense", licenses(nil, licenseE5))
	assert.Equal(t, messageInherited, a.refusal())
	b.expect(202, "", http.MethodPost, "groups/"+group+"/assignLicense", licenses(nil, licenseFlow))
	assert.Len(t, b.statesOf(user), 1)
	b.expect(400, codeBadRequest, http.MethodPost, "groups/"+group+"/assignLicense", licenses(nil, licenseFlow))
	b.expect(204, "", http.MethodDelete, member+user+"/$ref", nil)
	assert.Empty(t, b.statesOf(user))
}

func TestLeavingALicensedGroupGivesNoOtherLicence(t *testing.T) {
	b := writer(t)
	tenant := b.server.tenant
	member := tenant.id(tenant.groups[GroupTwenty].members[0])
	var own []TruthLicenseAssignment
	for _, a := range b.statesOf(member) {
		if a.GroupID == "" {
			own = append(own, a)
		}
	}
	for _, g := range slices.Clone(tenant.memberOf[tenant.groups[GroupTwenty].members[0]]) {
		if len(tenant.licensed[int(g)]) > 0 {
			b.send(http.MethodDelete, "groups/"+b.id(KindGroup, int(g))+"/members/"+member+"/$ref", nil)
		}
	}
	assert.ElementsMatch(t, own, b.statesOf(member))
}

func TestMemberForWhomNoUnitIsLeftShowsAnError(t *testing.T) {
	b := writer(t)
	user, group := b.licensedUser(), b.id(KindGroup, GroupEmpty)
	b.expect(204, "", http.MethodPost, "groups/"+group+"/members/$ref", b.ref(user))
	b.expect(202, "", http.MethodPost, "groups/"+group+"/assignLicense", licenses(license(licenseE3)))
	require.Len(t, b.statesOf(user), 1)
	assert.Equal(t, errorCount, b.statesOf(user)[0].Error)
	assert.Equal(t, true, b.get("groups/" + group + "?$select=hasMembersWithLicenseErrors").body["hasMembersWithLicenseErrors"])
	assert.Empty(t, b.get("users/"+user+"/licenseDetails").rows())
}
