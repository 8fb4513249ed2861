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

// TestConsentsInGroupsAndTruthAgree works out from what Graph says which application may do what in which group.
func TestConsentsInGroupsAndTruthAgree(t *testing.T) {
	b := start(t)
	b.withPermissions("GroupMember.Read.All")
	tenant := b.server.tenant
	found, odd := map[string]bool{}, map[string]int{}
	for i := range tenant.Groups {
		group := tenant.ID(KindGroup, i)
		for _, row := range b.all("groups/" + group + "/permissionGrants") {
			kind, permission := strings.ToLower(str(row["permissionType"])), str(row["permission"])
			client := b.refOf(strings.ToLower(str(row["clientId"])))
			if client.Kind() != KindServicePrincipal {
				client = b.refOf(strings.ToLower(str(row["clientAppId"])))
				odd["swapped"]++
			}
			switch {
			case client.Kind() != KindServicePrincipal:
				odd["gone"]++
			case kind != "application" && kind != "delegated":
				odd["kind"]++
			case permission == "" || strings.Contains(permission, " "):
				odd["name"]++
			default:
				found[edge(group, kind, permission, tenant.IDOf(client))] = true
				odd[kind]++
			}
		}
	}
	want := map[string]bool{}
	for _, c := range tenant.Truth().ResourceConsents {
		want[edge(c.GroupID, c.Kind, c.Permission, c.Principal.ID)] = true
	}
	require.NotEmpty(t, want)
	assert.Equal(t, want, found)
	assert.Len(t, odd, 6, "%v", odd)
}

func TestRefusesWhatConsentsInGroupsRefuse(t *testing.T) {
	b := start(t)
	path := "groups/" + b.id(KindGroup, directory.GroupMicrosoft365) + "/permissionGrants"
	b.withPermissions("GroupMember.Read.All")
	assert.Len(t, b.get(path).ids(), 3)
	for _, option := range []string{"$select=id", "$top=999", "$filter=permission eq 'x'", "$expand=x"} {
		a := b.get(path + "?" + option)
		assert.Equal(t, http.StatusBadRequest, a.status, option)
		assert.Equal(t, api.CodeBadRequest, a.code(), option)
	}
	assert.Equal(t, http.StatusNotFound, b.get("groups/"+b.id(KindUser, 7)+"/permissionGrants").status)
	b.withPermissions("Directory.Read.All", "Application.Read.All")
	assert.Equal(t, http.StatusForbidden, b.get(path).status)
}
