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

// TestSecurityAttributesNeedTheirPermission asks as an application, which is refused, and as a person, who is told that
// there are none.
func TestSecurityAttributesNeedTheirPermission(t *testing.T) {
	b := start(t)
	for _, path := range []string{"users?$select=id,customSecurityAttributes&$top=999", "servicePrincipals?$select=id,customSecurityAttributes&$top=999"} {
		b.withPermissions("Directory.Read.All")
		assert.Equal(t, http.StatusForbidden, b.get(path).status, path)
		for _, name := range []string{"CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"} {
			b.withPermissions("Directory.Read.All", name)
			assert.Contains(t, string(b.get(path).raw), `"Certification":`, path)
		}
	}
}

// TestChannelsAndTruthAgree works out from what Graph says who is in which private or shared channel.
func TestChannelsAndTruthAgree(t *testing.T) {
	b := start(t)
	b.withPermissions("Channel.ReadBasic.All", "ChannelMember.Read.All")
	tenant := b.server.tenant
	channels, members, elsewhere, odd := map[string]bool{}, map[string]string{}, map[string]int{}, map[string]int{}
	for i := range tenant.Groups {
		team := tenant.ID(KindGroup, i)
		if b.get("teams/"+team+"/channels").status == http.StatusNotFound {
			if tenant.FlagOf(directory.GroupRef(i), "mailEnabled") {
				odd["no team"]++
			}
			continue
		}
		for _, c := range b.all("teams/" + team + "/channels?$select=id,membershipType") {
			odd[str(c["membershipType"])]++
			if str(c["membershipType"]) == "standard" {
				continue
			}
			id := edge(team, str(c["id"]))
			channels[id] = true
			for _, m := range b.all("teams/" + team + "/channels/" + str(c["id"]) + "/allMembers") {
				who := str(m["userId"])
				switch tenantID := str(m["tenantId"]); {
				case who == "":
					odd["bot"]++
				case tenantID != tenant.TenantID():
					elsewhere[edge(id, tenantID)]++
				case !tenant.Live(b.refOf(who)):
					odd["deleted"]++
				default:
					role := "member"
					for _, r := range m["roles"].([]any) { //nolint:forcetypeassert // A test.
						if strings.EqualFold(str(r), "owner") {
							role = "owner"
						}
					}
					if members[edge(id, who)] != "owner" {
						members[edge(id, who)] = role
					}
				}
			}
		}
	}
	truth := tenant.Truth()
	wantChannels, wantMembers, wantElsewhere := map[string]bool{}, map[string]string{}, map[string]int{}
	for _, c := range truth.Channels {
		wantChannels[edge(c.TeamID, c.ID)] = true
		for tenantID, n := range c.Elsewhere {
			wantElsewhere[edge(edge(c.TeamID, c.ID), tenantID)] = n
		}
	}
	for _, m := range truth.ChannelMembers {
		wantMembers[edge(edge(m.TeamID, m.ChannelID), m.Principal.ID)] = m.Role
	}
	require.NotEmpty(t, wantMembers)
	assert.Equal(t, wantChannels, channels)
	assert.Equal(t, wantMembers, members)
	assert.Equal(t, wantElsewhere, elsewhere)
	assert.Len(t, odd, 6, "%v", odd)
}

func TestRefusesWhatTeamsRefuse(t *testing.T) {
	b := start(t)
	team := b.id(KindGroup, directory.GroupMicrosoft365)
	channel := b.server.tenant.Truth().Channels[0]
	members := "teams/" + channel.TeamID + "/channels/" + channel.ID + "/allMembers"
	b.withPermissions("Channel.ReadBasic.All", "ChannelMember.Read.All")
	for path, status := range map[string]int{
		"teams/" + team + "/channels": 200, "teams/" + team + "/channels?$filter=membershipType eq 'private'": 200, members: 200,
		"teams/" + team + "/channels?$top=5": 400, "teams/" + team + "/channels?$select=members": 400, "teams/" + team + "/channels?$filter=membershipType ne 'standard'": 400,
		members + "?$top=999": 400, "teams/" + b.id(KindGroup, directory.GroupBig) + "/channels": 404, "teams/" + team + "/channels/19:x@thread.tacv2/allMembers": 404,
	} {
		assert.Equal(t, status, b.get(path).status, path)
	}
	b.withPermissions("GroupMember.Read.All", "ChannelMember.Read.All")
	assert.Equal(t, "Forbidden", b.get("teams/"+team+"/channels").code())
	b.withPermissions("Directory.Read.All")
	assert.Equal(t, http.StatusOK, b.get("teams/"+team+"/channels").status)
	assert.Equal(t, http.StatusForbidden, b.get(members).status)
}
