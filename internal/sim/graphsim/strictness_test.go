package graphsim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func TestRefusesWhatGraphRefuses(t *testing.T) {
	b := start(t)
	group := "groups/" + b.server.tenant.ID(KindGroup, GroupMixed)
	sp := "servicePrincipals/" + b.server.tenant.ID(KindServicePrincipal, SPPayroll)
	long := strings.Repeat("x", 121)
	many := "'" + strings.Join(strings.Split("abcdefghijklmnop", ""), "','") + "'"
	for _, tc := range []struct {
		name, path string
		status     int
		code       string
	}{
		{"unknown property in select", "users?$select=id,nope", 400, api.CodeBadRequest},
		{"property of another type in select", "users?$select=appId", 400, api.CodeBadRequest},
		{"property in the wrong case", "users?$select=DisplayName", 400, api.CodeBadRequest},
		{"empty select term", "users?$select=id,", 400, api.CodeBadRequest},
		{"unknown property in filter", "users?$filter=nope eq 'x'", 400, api.CodeBadRequest},
		{"unknown property in expand", "users?$expand=nope", 400, api.CodeBadRequest},
		{"two expansions", "servicePrincipals?$expand=owners,memberOf", 400, api.CodeBadRequest},
		{"two expansions with select", "servicePrincipals?$expand=owners($select=id),memberOf($select=id)", 400, api.CodeBadRequest},
		{"expand option", "groups?$expand=members($top=5)", 400, api.CodeBadRequest},
		{"option twice", "users?$top=5&$top=6", 400, api.CodeBadRequest},
		{"skip", "users?$skip=10", 400, api.CodeBadRequest},
		{"top too large", "users?$top=1000", 400, api.CodeBadRequest},
		{"top zero", "users?$top=0", 400, api.CodeBadRequest},
		{"top on role assignments", "roleManagement/directory/roleAssignments?$top=999", 400, api.CodeBadRequest},
		{"top on role definitions", "roleManagement/directory/roleDefinitions?$top=100", 400, api.CodeBadRequest},
		{"ne without headers", "users?$filter=userType ne 'Guest'", 400, api.CodeUnsupportedQuery},
		{"not without headers", "users?$filter=not startsWith(displayName,'A')", 400, api.CodeUnsupportedQuery},
		{"endsWith without headers", "users?$filter=endsWith(mail,'contoso.com')", 400, api.CodeUnsupportedQuery},
		{"search without headers", `users?$search=%22displayName:Zo%22`, 400, api.CodeUnsupportedQuery},
		{"count without header", "users?$count=true", 400, api.CodeUnsupportedQuery},
		{"cast without headers", group + "/members/microsoft.graph.user", 400, api.CodeUnsupportedQuery},
		{"filter on members without headers", group + "/members?$filter=displayName eq 'x'", 400, api.CodeUnsupportedQuery},
		{"orderby with filter", "users?$orderby=displayName&$filter=userType eq 'Guest'", 400, api.CodeUnsupportedQuery},
		{"orderby on an unsortable property", "users?$orderby=department", 400, api.CodeUnsupportedQuery},
		{"filter on an unfilterable property", "servicePrincipals?$filter=notes eq 'x'", 400, api.CodeBadRequest},
		{"filter with the wrong type", "users?$filter=accountEnabled eq 'true'", 400, api.CodeBadRequest},
		{"quoted guid", sp + "/appRoleAssignments?$filter=resourceId eq '" + directory.DefaultAppRoleID + "'", 400, api.CodeBadRequest},
		{"unfinished filter", "users?$filter=displayName eq", 400, api.CodeBadRequest},
		{"unterminated string", "users?$filter=displayName eq 'x", 400, api.CodeBadRequest},
		{"long string in filter", "users?$filter=displayName eq '" + long + "'", 400, api.CodeBadRequest},
		{"in with sixteen items", "users?$filter=displayName in (" + many + ")", 400, api.CodeBadRequest},
		{"property outside the directory in a list", "users?$select=id,skills", 501, api.CodeNotImplemented},
		{"property of a derived type", "servicePrincipals?$select=agentIdentityBlueprintId", 400, api.CodeBadRequest},
		{"unknown property of a registration", "applications?$select=id,alternativeNames", 400, api.CodeBadRequest},
		{"two expansions of a registration", "applications?$expand=owners,federatedIdentityCredentials", 400, api.CodeBadRequest},
		{"property of another type in expand", "applications?$expand=federatedIdentityCredentials($select=appId)", 400, api.CodeBadRequest},
		{"top too large for registrations", "applications?$top=1000", 400, api.CodeBadRequest},
		{"not an id", "groups/nope", 400, api.CodeBadRequest},
		{"id of another kind", "groups/" + b.server.tenant.ID(KindUser, 1), 404, api.CodeResourceNotFound},
		{"unknown segment", "riskyThings", 404, api.CodeBadSyntax},
		{"delta", "users/delta", 404, api.CodeBadSyntax},
		{"forged page token", "users?$skiptoken=AAAA", 400, api.CodeBadRequest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := b.get(tc.path)
			assert.Equal(t, tc.status, a.status, string(a.raw))
			assert.Equal(t, tc.code, a.code())
		})
	}
	assert.Equal(t, []string{"GET /v1.0/riskyThings", "GET /v1.0/users/delta"}, b.server.Stats().Unmatched)
}

func TestAdvancedQueriesWithHeaders(t *testing.T) {
	b := start(t)
	for _, tc := range []struct{ path string }{
		{"users?$filter=userType ne 'Guest'&$count=true&$select=id,userType"},
		{"users?$filter=not (userType eq 'Guest')&$count=true&$select=id,userType"},
		{"users?$filter=endsWith(userPrincipalName,'contoso.com')&$count=true&$select=id,userType"},
	} {
		a := b.get(tc.path, "ConsistencyLevel", "eventual")
		require.Equal(t, http.StatusOK, a.status, string(a.raw))
		require.NotEmpty(t, a.rows())
		assert.InDelta(t, 1300, a.body["@odata.count"], 200)
		for _, row := range a.rows() {
			assert.Equal(t, "Member", row["userType"])
		}
		assert.Equal(t, api.CodeUnsupportedQuery, b.get(a.next()).code(), "the header is needed on every page")
		second := b.get(a.next(), "ConsistencyLevel", "eventual")
		require.Equal(t, http.StatusOK, second.status)
		assert.NotContains(t, second.body, "@odata.count")
	}
	a := b.get("users?$expand=manager&$count=true", "ConsistencyLevel", "eventual")
	assert.Equal(t, api.CodeUnsupportedQuery, a.code(), "$expand and advanced queries exclude each other")
}

func TestFiltersSelectTheRightRows(t *testing.T) {
	b := start(t)
	count := func(filter string) int { return len(b.all("users?$select=id&$top=999&$filter=" + filter)) }
	guests, disabled := count("userType eq 'Guest'"), count("accountEnabled eq false")
	assert.Positive(t, guests)
	assert.Positive(t, disabled)
	assert.Equal(t, guests, count("userType in ('Guest','Nobody')"))
	both := count("userType eq 'Guest' and accountEnabled eq false")
	assert.Equal(t, guests+disabled-both, count("(userType eq 'Guest' or accountEnabled eq false)"))
	assert.Positive(t, count("startsWith(displayName,'zo')"))
	assert.Equal(t, 1, count("proxyAddresses/any(p:p eq 'smtp:"+b.server.tenant.UserMail(directory.UserAdmin)+"')"))
	assert.NotEmpty(t, b.all("groups?$filter=groupTypes/any(c:c eq 'Unified')"))
	assert.NotEmpty(t, b.all("servicePrincipals?$filter=servicePrincipalType eq 'ManagedIdentity'&$select=id"))
}

func TestOnlySelectedPropertiesAreReturned(t *testing.T) {
	b := start(t)
	for _, row := range b.get("users?$select=mail,department&$top=50").rows() {
		delete(row, "@odata.type")
		assert.Len(t, row, 3, "id and the two selected")
		assert.Contains(t, row, "id")
		assert.Contains(t, row, "mail", "null properties are present")
	}
	row := b.get("users?$top=1").rows()[0]
	assert.NotContains(t, row, "accountEnabled")
	assert.Contains(t, row, "businessPhones")
}

func TestTypeAnnotations(t *testing.T) {
	b := start(t)
	types := map[string]int{}
	for _, row := range b.all("users?$select=id&$top=999") {
		types[str(row["@odata.type"])]++
	}
	assert.Positive(t, types["#microsoft.graph.agentUser"])
	assert.Positive(t, types[""], "plain rows have no annotation")
	assert.Len(t, types, 2)
	for _, row := range b.all("groups/" + b.server.tenant.ID(KindGroup, GroupMixed) + "/members?$select=id") {
		assert.Contains(t, row, "@odata.type")
	}
}

func TestExpandStopsAtTwentyWithoutSaying(t *testing.T) {
	b := start(t)
	id := b.server.tenant.ID(KindServicePrincipal, SPBusyMember)
	a := b.get("servicePrincipals/" + id + "?$select=id&$expand=memberOf($select=id)")
	require.Equal(t, http.StatusOK, a.status, string(a.raw))
	list, ok := a.body["memberOf"].([]any)
	require.True(t, ok)
	assert.Len(t, list, directory.ExpandLimit)
	assert.NotContains(t, string(a.raw), "nextLink")
	assert.Greater(t, len(b.all("servicePrincipals/"+id+"/memberOf?$select=id&$top=999")), directory.ExpandLimit)
}

func TestServicePrincipalsAreMissingFromMembersAndOwners(t *testing.T) {
	b := start(t)
	hasSP := func(path string) bool { return strings.Contains(string(b.get(path).raw), "servicePrincipal\"") }
	members := "groups/" + b.server.tenant.ID(KindGroup, GroupMixed) + "/members?$select=id"
	owners := "groups/" + b.server.tenant.ID(KindGroup, directory.GroupAppOwned) + "/owners?$select=id"
	assert.False(t, hasSP(members))
	assert.False(t, hasSP(owners))
	assert.True(t, hasSP("groups/"+b.server.tenant.ID(KindGroup, GroupMixed)+"?$expand=members($select=id)"), "$expand has them")
	b.server.SetIncludeServicePrincipals(true)
	assert.True(t, hasSP(members))
	assert.True(t, hasSP(owners))
}

func TestOwnersOfSyncedAndExchangeGroupsAreAbsent(t *testing.T) {
	b := start(t)
	assert.Empty(t, b.get("groups/"+b.server.tenant.ID(KindGroup, directory.GroupSyncedOwned)+"/owners").rows())
}

func TestManagedIdentitiesNeedTheLargestPage(t *testing.T) {
	b := start(t)
	path := "servicePrincipals/" + b.server.tenant.ID(KindServicePrincipal, SPPayroll) + "/appRoleAssignedTo"
	managed := b.server.tenant.IDOf(b.server.tenant.FirstSP(directory.SPManagedIdentity))
	holds := func(query string) bool {
		for _, row := range b.all(path + query) {
			if row["principalId"] == managed {
				return true
			}
		}
		return false
	}
	assert.True(t, holds("?$top=999"))
	assert.False(t, holds("?$top=500"))
	assert.False(t, holds(""))
}

func TestOrphanedAssignmentExpandsToNull(t *testing.T) {
	b := start(t)
	orphan := b.server.tenant.GUIDOf(directory.MakeRef(directory.KindMisc, 1)).String()
	found := false
	for _, row := range b.all("roleManagement/directory/roleAssignments?$expand=principal($select=id)") {
		if row["principalId"] == orphan {
			found = true
			assert.Contains(t, row, "principal")
			assert.Nil(t, row["principal"])
		}
	}
	assert.True(t, found)
}

func TestManagerOnlyWhenThereIsOne(t *testing.T) {
	b := start(t)
	for _, row := range b.get("users?$select=id&$expand=manager($select=id)&$top=999").rows() {
		r, ok := b.server.tenant.Find(KindUser, str(row["id"]))
		require.True(t, ok)
		_, has := b.server.tenant.Manager(r.Index())
		_, shown := row["manager"]
		assert.Equal(t, has, shown)
	}
	assert.Equal(t, http.StatusNotFound, b.get("users/"+b.server.tenant.ID(KindUser, directory.UserNobody)+"/manager").status)
	assert.Equal(t, http.StatusOK, b.get("users/"+b.server.tenant.ID(KindUser, directory.UserAdmin)+"/manager").status)
}

func TestResourceUnits(t *testing.T) {
	b := start(t)
	group := "groups/" + b.server.tenant.ID(KindGroup, GroupMixed) + "/members"
	sp := "servicePrincipals/" + b.server.tenant.ID(KindServicePrincipal, SPPayroll) + "/appRoleAssignments"
	for path, units := range map[string]string{
		"users": "2", "users?$select=id": "1", "users?$select=id&$expand=manager": "2", "users?$expand=manager": "3", "users?$top=5": "1",
		group: "3", group + "?$select=id": "2", group + "?$select=id&$top=5": "1", sp: "2", "groups?$select=id": "1", "organization": "1",
		"applications": "2", "applications?$select=id": "1", "applications?$select=id&$expand=owners($select=id)": "2",
	} {
		assert.Equal(t, units, b.get(path).header.Get("x-ms-resource-unit"), path)
	}
}

func TestDeletedObjectIsNotFound(t *testing.T) {
	b := start(t)
	id := b.server.tenant.ID(KindGroup, GroupTwenty)
	require.Equal(t, http.StatusOK, b.get("groups/"+id+"/members").status)
	require.NoError(t, b.server.Delete(KindGroup, id))
	a := b.get("groups/" + id + "/members")
	assert.Equal(t, http.StatusNotFound, a.status)
	assert.Equal(t, api.CodeResourceNotFound, a.code())
	assert.NotContains(t, b.get("groups?$top=999").ids(), id)
}
