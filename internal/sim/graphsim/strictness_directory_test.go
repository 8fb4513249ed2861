package graphsim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
)

func TestRefusesWhatGraphRefusesOfTheDirectory(t *testing.T) {
	b := start(t)
	b.everything()
	tenant := b.server.tenant
	const (
		roles  = "roleManagement/directory/roleEligibilityScheduleInstances"
		groups = "identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
		agent  = "/microsoft.graph.agentIdentity/sponsors"
	)
	byGroup := "groupId eq '" + tenant.ID(KindGroup, GroupRoleAssignable) + "'"
	sp := "servicePrincipals/" + tenant.ID(KindServicePrincipal, SPPayroll)
	blueprint := "servicePrincipals/" + tenant.IDOf(tenant.FirstSP(directory.SPAgentBlueprint))
	for _, tc := range []struct {
		name, path string
		status     int
		code       string
	}{
		{"unknown property of a unit", "directory/administrativeUnits?$select=id,members", 400, api.CodeBadRequest},
		{"id of another kind", "directory/administrativeUnits/" + tenant.ID(KindGroup, 1) + "/members", 404, api.CodeResourceNotFound},
		{"two expansions of an instance", roles + "?$expand=principal,directoryScope", 400, api.CodeBadRequest},
		{"top on instances", roles + "?$top=999", 400, api.CodeBadRequest},
		{"property of the other instance", roles + "?$select=assignmentType", 400, api.CodeBadRequest},
		{"group instances without a filter", groups, 400, api.CodeBadRequest},
		{"group instances by something else", groups + "?$filter=accessId eq 'member'", 400, api.CodeBadRequest},
		{"group instances by either", groups + "?$filter=" + byGroup + " or accessId eq 'member'", 400, api.CodeBadRequest},
		{"group instances by the opposite", groups + "?$filter=not (" + byGroup + ")", 400, api.CodeBadRequest},
		{"group instances by no id", groups + "?$filter=groupId eq 'nope'", 400, api.CodeBadRequest},
		{"top on group instances", groups + "?$filter=" + byGroup + "&$top=999", 400, api.CodeBadRequest},
		{"deleted items without a type", "directory/deletedItems", 404, api.CodeBadSyntax},
		{"deleted items of a type that is not served", "directory/deletedItems/microsoft.graph.group", 404, api.CodeBadSyntax},
		{"a deleted user among the users", "users/" + tenant.IDOf(tenant.DeletedUser(0)), 404, api.CodeResourceNotFound},
		{"sponsors of no agent", sp + "/sponsors", 404, api.CodeBadSyntax},
		{"sponsors with a cast to what it is not", sp + agent, 404, api.CodeResourceNotFound},
		{"sponsors with a cast to the other agent type", blueprint + agent, 404, api.CodeResourceNotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := b.get(tc.path)
			assert.Equal(t, tc.status, a.status, string(a.raw))
			assert.Equal(t, tc.code, a.code())
		})
	}
}

func TestBroadPermissionsDoNotReachPrivilegedAccess(t *testing.T) {
	b := start(t)
	tenant := b.server.tenant
	filter := "?$filter=groupId eq '" + tenant.ID(KindGroup, GroupRoleAssignable) + "'"
	b.withPermissions("Directory.ReadWrite.All", "RoleManagement.Read.All")
	for path, status := range map[string]int{
		"roleManagement/directory/roleEligibilityScheduleInstances":                                          http.StatusOK,
		"identityGovernance/privilegedAccess/group/eligibilityScheduleInstances" + filter:                    http.StatusForbidden,
		"identityGovernance/privilegedAccess/group/assignmentScheduleInstances" + filter:                     http.StatusForbidden,
		"servicePrincipals/" + tenant.IDOf(tenant.FirstSP(directory.SPAgentIdentity)) + "/sponsors?$top=999": http.StatusForbidden,
	} {
		assert.Equal(t, status, b.get(path).status, path)
	}
	b.withPermissions("Directory.ReadWrite.All")
	a := b.get("roleManagement/directory/roleAssignmentScheduleInstances")
	assert.Equal(t, http.StatusForbidden, a.status)
	assert.Equal(t, api.CodeUnknown, a.code())
	assert.Contains(t, string(a.raw), "PermissionScopeNotGranted")
}

func TestPrivilegedAccessNeedsItsPlan(t *testing.T) {
	b := start(t)
	b.everything()
	b.server.SetPlans(true, false)
	filter := "?$filter=groupId eq '" + b.server.tenant.ID(KindGroup, GroupRoleAssignable) + "'"
	for _, path := range []string{
		"roleManagement/directory/roleAssignmentScheduleInstances", "roleManagement/directory/roleEligibilityScheduleInstances",
		"identityGovernance/privilegedAccess/group/eligibilityScheduleInstances" + filter,
		"identityGovernance/privilegedAccess/group/assignmentScheduleInstances" + filter,
	} {
		a := b.get(path)
		assert.Equal(t, http.StatusBadRequest, a.status, path)
		assert.Equal(t, permissions.CodePremiumRequired, a.code(), path)
	}
	assert.Equal(t, http.StatusOK, b.get("roleManagement/directory/roleAssignments").status)
}

func TestUnitsAreWhatTheyAreFor(t *testing.T) {
	b := start(t)
	b.everything()
	tenant := b.server.tenant
	members := func(u int) []map[string]any {
		return b.all("directory/administrativeUnits/" + tenant.ID(KindAdministrativeUnit, u) + "/members?$select=id&$top=999")
	}
	assert.Greater(t, len(members(UnitLarge)), directory.FullPage)
	assert.Empty(t, members(UnitEmpty))
	assert.Len(t, members(directory.UnitHoldsGroups), 8, "one of them gone: "+"the members of its groups are not in the unit")
	assert.NotEmpty(t, members(directory.UnitHidden))
	row := func(u int) map[string]any {
		return b.get("directory/administrativeUnits/" + tenant.ID(KindAdministrativeUnit, u)).body
	}
	assert.Equal(t, "Dynamic", row(UnitDynamic)["membershipType"])
	assert.NotEmpty(t, row(UnitDynamic)["membershipRule"])
	assert.Equal(t, true, row(directory.UnitRestricted)["isMemberManagementRestricted"])
	assert.Equal(t, "HiddenMembership", row(directory.UnitHidden)["visibility"])
	assert.Nil(t, row(UnitLarge)["membershipType"])

	group := "groups/" + tenant.ID(KindGroup, directory.GroupDiamondTop) + "/memberOf?$select=id"
	assert.Contains(t, string(b.get(group).raw), "#microsoft.graph.administrativeUnit")
	hidden := "groups/" + tenant.ID(KindGroup, GroupNoDescription) + "/memberOf?$select=id"
	assert.Contains(t, string(b.get(hidden).raw), tenant.ID(KindAdministrativeUnit, directory.UnitHidden))
	b.withPermissions("Directory.Read.All")
	assert.Empty(t, members(directory.UnitHidden), "no error says that members are missing")
	assert.NotContains(t, string(b.get(hidden).raw), tenant.ID(KindAdministrativeUnit, directory.UnitHidden))
}

func TestScopesOfEveryKindExpandAndFilter(t *testing.T) {
	b := start(t)
	b.everything()
	for _, path := range []string{"roleAssignments", "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"} {
		types := map[string]bool{}
		for _, row := range b.all("roleManagement/directory/" + path + "?$expand=directoryScope") {
			scope, _ := row["directoryScope"].(map[string]any)
			if set, ok := strings.CutPrefix(str(row["directoryScopeId"]), "/attributeSets/"); ok {
				assert.NotEmpty(t, set)
				assert.Nil(t, row["directoryScope"], "an attribute set is no directory object")
				continue
			}
			if row["directoryScopeId"] == "/" {
				assert.Contains(t, row, "directoryScope")
				assert.Nil(t, row["directoryScope"])
				continue
			}
			assert.True(t, strings.HasSuffix(str(row["directoryScopeId"]), "/"+str(scope["id"])))
			assert.NotEmpty(t, scope["displayName"])
			types[typeOf(scope)] = true
			for _, name := range []string{"directoryScopeId", "principalId", "roleDefinitionId"} {
				rows := b.all("roleManagement/directory/" + path + "?$filter=" + name + " eq '" + str(row[name]) + "'")
				require.NotEmpty(t, rows)
				for _, found := range rows {
					require.Equal(t, row[name], found[name])
				}
			}
		}
		for _, name := range []string{"administrativeUnit", "application", "servicePrincipal", "group", "device"} {
			assert.True(t, types[name], "%s of %s", name, path)
		}
	}
}

func TestActivatedRolesAreActiveEligibleAndEnding(t *testing.T) {
	b := start(t)
	b.everything()
	eligible, assigned := map[string]bool{}, map[string]bool{}
	key := func(row map[string]any) string {
		return edge(str(row["roleDefinitionId"]), str(row["directoryScopeId"]), str(row["principalId"]))
	}
	for _, row := range b.all("roleManagement/directory/roleEligibilityScheduleInstances") {
		eligible[key(row)] = true
	}
	for _, row := range b.all("roleManagement/directory/roleAssignments") {
		assigned[str(row["id"])] = true
	}
	kinds := map[string]int{}
	for _, row := range b.all("roleManagement/directory/roleAssignmentScheduleInstances") {
		if row["memberType"] == directory.MemberGroup {
			continue
		}
		assert.True(t, assigned[str(row["roleAssignmentOriginId"])])
		kind := str(row["assignmentType"])
		if row["endDateTime"] != nil {
			kind += " until"
		}
		kinds[kind]++
		if row["assignmentType"] == "Activated" {
			assert.True(t, eligible[key(row)], "what is activated is eligible")
		}
	}
	assert.Len(t, kinds, 3, "permanent, time-bound and activated: %v", kinds)
}

func TestDevicesHaveTheOwnersOfRealOnes(t *testing.T) {
	tenant := NewTenant(Small, 1)
	counts, trusts, systems := map[int]int{}, map[string]bool{}, map[string]bool{}
	for i := range tenant.Count(KindDevice) {
		counts[len(schema.DeviceOwners(tenant.Tenant, i))]++
		trusts[schema.DeviceTrust(i)] = true
		systems[schema.Platform(i).System] = true
	}
	assert.Equal(t, 2, counts[2], "one of them with an owner who is gone")
	assert.Greater(t, counts[1], 10*counts[2])
	assert.Positive(t, counts[0])
	assert.Equal(t, KindServicePrincipal, schema.DeviceOwners(tenant.Tenant, schema.DeviceOfAnApp)[0].Kind())
	assert.Len(t, trusts, 3)
	assert.Len(t, systems, len(schema.DevicePlatforms))
}

func TestDevicesNeverHoldRoles(t *testing.T) {
	tenant := handMade()
	device := directory.MakeRef(KindDevice, 0)
	tenant.Groups[0].Members = append(tenant.Groups[0].Members, device, directory.MakeRef(KindContact, 0))
	tenant.Link()
	for a := range tenant.EachEffectiveRole() {
		for _, p := range a.Principals {
			assert.Contains(t, []string{"user", "servicePrincipal"}, p.Type)
		}
	}
	assert.Contains(t, refsOf(truth.Reach(tenant.Tenant, 0)), device, "but they are members")
}

func TestTransitiveMembersAreEveryDepthWithoutServicePrincipals(t *testing.T) {
	b := start(t)
	b.everything()
	tenant := b.server.tenant
	read := func(g int) []string {
		var out []string
		for _, m := range b.all("groups/" + tenant.ID(KindGroup, g) + "/transitiveMembers?$select=id&$top=999") {
			out = append(out, str(m["id"]))
		}
		return out
	}
	for _, g := range []int{GroupPairA, GroupTripleB, directory.GroupChain0, directory.GroupDiamondTop, GroupMixed, GroupNoDescription} {
		var want []string
		for _, r := range refsOf(truth.Reach(tenant.Tenant, g)) {
			if r.Kind() != KindServicePrincipal {
				want = append(want, tenant.IDOf(r))
			}
		}
		got := read(g)
		assert.Subset(t, got, want)
		for _, id := range got {
			ref, ok := tenant.Find(KindGroup, id)
			assert.True(t, ok && ref.Index() != g || !ok && assert.Contains(t, want, id))
		}
	}
	assert.Contains(t, read(GroupNoDescription), tenant.ID(KindGroup, directory.GroupSyncedOwned), "synced groups nest")
	a := b.get("groups/" + tenant.ID(KindGroup, GroupMixed) + "/transitiveMembers")
	assert.Equal(t, "5", a.header.Get("x-ms-resource-unit"))
}

func TestManagedIdentitiesExpandTheirGroupsInAnOrdinaryQuery(t *testing.T) {
	b := start(t)
	rows := b.all("servicePrincipals?$select=id&$filter=servicePrincipalType eq 'ManagedIdentity'&$expand=memberOf($select=id)&$top=999")
	require.NotEmpty(t, rows)
	types := map[string]bool{}
	for _, row := range rows {
		list, ok := row["memberOf"].([]any)
		require.True(t, ok)
		for _, item := range list {
			group, _ := item.(map[string]any)
			types[typeOf(group)] = true
		}
	}
	assert.True(t, types["group"])
	assert.True(t, types["directoryRole"])
}

func TestDeletedUsersAreNotListedButShownWhereTheyWere(t *testing.T) {
	b := start(t)
	b.everything()
	gone := map[string]bool{}
	for _, u := range b.all("directory/deletedItems/microsoft.graph.user?$select=id&$top=999") {
		gone[str(u["id"])] = true
	}
	for _, u := range b.all("users?$select=id,deletedDateTime&$top=999") {
		require.False(t, gone[str(u["id"])])
		require.Nil(t, u["deletedDateTime"])
	}
	orphans, shown := 0, 0
	for _, path := range []string{"roleAssignments", "roleEligibilityScheduleInstances"} {
		for _, row := range b.all("roleManagement/directory/" + path + "?$expand=principal") {
			if !gone[str(row["principalId"])] {
				continue
			}
			if row["principal"] == nil {
				orphans++
				continue
			}
			shown++
			principal, _ := row["principal"].(map[string]any)
			assert.Equal(t, "#microsoft.graph.user", principal["@odata.type"], "as if they were there")
		}
	}
	assert.Equal(t, 2, orphans)
	assert.Equal(t, 6, shown, "two of them through a group")
}
