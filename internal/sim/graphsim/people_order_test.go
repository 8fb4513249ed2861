package graphsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

func TestPeopleInTheOrderOfTheirNames(t *testing.T) {
	b := writer(t)
	var names []string
	for _, row := range b.all("users?$select=id,userPrincipalName&$orderby=userPrincipalName&$top=999") {
		names = append(names, strings.ToLower(str(row["userPrincipalName"])))
	}
	assert.Len(t, names, 1300)
	assert.True(t, slices.IsSorted(names))
	first := b.get("users?$select=id,userPrincipalName&$orderby=userPrincipalName desc&$top=5").rows()
	assert.Equal(t, names[len(names)-1], strings.ToLower(str(first[0]["userPrincipalName"])))
	b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": "aaa@contoso.com"}))
	assert.Equal(t, "aaa@contoso.com", b.get("users?$select=userPrincipalName&$orderby=userPrincipalName&$top=2").rows()[1]["userPrincipalName"], "after the one with the dollar")
	assert.Equal(t, api.CodeUnsupportedQuery, b.get("users?$orderby=userPrincipalName&$filter=accountEnabled eq true").code())
}

func TestRangesOfNamesAreWholeAndDisjoint(t *testing.T) {
	b := start(t)
	names := map[string]string{}
	var order []string
	for _, row := range b.all("users?$select=id,userPrincipalName&$top=999") {
		name := strings.ToLower(str(row["userPrincipalName"]))
		names[name] = str(row["id"])
		order = append(order, name)
	}
	slices.Sort(order)
	managers, seen := 0, map[string]int{}
	for from := 0; from < len(order); from += 90 {
		to := min(from+90, len(order)) - 1
		quoted := func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(s), "'", "''"), "#", "%23")
		}
		a := b.get("users?$select=id&$expand=manager($select=id)&$top=999&$filter=userPrincipalName ge '" + quoted(order[from]) + "' and userPrincipalName le '" + quoted(order[to]) + "'")
		require.Equal(t, http.StatusOK, a.status, string(a.raw))
		require.Len(t, a.rows(), to-from+1)
		require.Empty(t, a.next())
		for _, row := range a.rows() {
			seen[str(row["id"])]++
			if row["manager"] != nil {
				managers++
			}
		}
	}
	assert.Len(t, seen, 1300)
	want := 0
	for _, u := range b.server.tenant.Truth().Users {
		if u.ManagerID != "" {
			want++
		}
	}
	assert.Equal(t, want, managers)
	assert.Equal(t, api.CodeUnsupportedQuery, b.get("users?$filter=userPrincipalName gt 'a'").code())
	assert.Len(t, b.all("users?$select=id&$top=999&$filter=userPrincipalName ge 'a' or userPrincipalName lt 'a'&$count=true", "ConsistencyLevel", "eventual"), 1300,
		"bounds of which one is enough narrow nothing")
}

func TestPeopleByIDWithTheirManagers(t *testing.T) {
	b := start(t)
	var ids []string
	for n := range odata.MaxInItems {
		ids = append(ids, b.id(KindUser, n*7))
	}
	gone := b.server.tenant.IDOf(b.server.tenant.DeletedUser(0))
	filter := "users?$select=id&$expand=manager($select=id)&$filter=id in ('" + strings.Join(append(slices.Clone(ids[:14]), gone), "','") + "')"
	assert.ElementsMatch(t, ids[:14], b.get(filter).ids())
	assert.Equal(t, ids[:1], b.get("users?$select=id&$filter=id eq '"+ids[0]+"'").ids())
	one := b.get("users/" + ids[1] + "?$select=id&$expand=manager")
	manager, _ := one.body["manager"].(map[string]any)
	assert.Equal(t, b.get("users/" + ids[1] + "/manager?$select=id").body["id"], manager["id"])
}

func TestObjectsOfAnyKindByTheirIDAlone(t *testing.T) {
	b := start(t)
	item := func(id string) map[string]any {
		return map[string]any{"id": id, "method": "GET", "url": "/directoryObjects/" + id + "?$select=id"}
	}
	for kind, name := range map[Kind]string{KindUser: "user", KindGroup: "group", KindServicePrincipal: "servicePrincipal", KindDevice: "device", KindApplication: "application"} {
		a := b.get("directoryObjects/" + b.id(kind, 3))
		assert.Equal(t, http.StatusOK, a.status, string(a.raw))
		assert.Equal(t, "#microsoft.graph."+name, a.body["@odata.type"])
		assert.Contains(t, string(b.batch(map[string]any{"requests": []any{item(b.id(kind, 3))}}).raw), "#microsoft.graph."+name)
	}
	for _, id := range []string{b.server.tenant.IDOf(b.server.tenant.DeletedUser(directory.DeletedMember)), b.id(KindRoleDefinition, 0), b.id(directory.KindPartnerReference, 0)} {
		assert.Equal(t, http.StatusNotFound, b.get("directoryObjects/"+id).status)
	}
	b.withPermissions("User.Read.All", "Group.Read.All")
	assert.Equal(t, api.CodeDenied, b.get("directoryObjects/"+b.id(KindUser, 3)).code())
}
