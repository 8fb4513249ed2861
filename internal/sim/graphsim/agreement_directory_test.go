package graphsim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
)

// everything are permissions that reach every noun.
func (b *bench) everything() {
	b.withPermissions("Directory.Read.All", "Member.Read.Hidden", "Application.Read.All", "RoleManagement.Read.Directory", "User.Read.All",
		"PrivilegedAssignmentSchedule.Read.AzureADGroup", "PrivilegedEligibilitySchedule.Read.AzureADGroup")
}

func edgesText(edges []TruthEdge) []string {
	var out []string
	for _, e := range edges {
		out = append(out, edge(e.ObjectID, e.Principal.Type, e.Principal.ID))
	}
	return sorted(out)
}

func TestGraphAndTruthAgreeOnUnitsDevicesAndSponsors(t *testing.T) {
	b := start(t)
	b.everything()
	truth := b.server.tenant.Truth()
	var members, owners, sponsored, deleted []string
	for _, u := range b.all("directory/administrativeUnits?$select=id&$top=5") {
		for _, m := range b.all("directory/administrativeUnits/" + str(u["id"]) + "/members?$select=id&$top=999") {
			members = append(members, edge(str(u["id"]), typeOf(m), str(m["id"])))
		}
	}
	for _, d := range b.all("devices?$select=id&$expand=registeredOwners($select=id)&$top=50") {
		list, _ := d["registeredOwners"].([]any)
		for _, item := range list {
			o, _ := item.(map[string]any)
			owners = append(owners, edge(str(d["id"]), typeOf(o), str(o["id"])))
		}
	}
	for _, s := range b.all("servicePrincipals?$select=id&$top=999") {
		if str(s["@odata.type"]) == "" {
			continue
		}
		for _, o := range b.all("servicePrincipals/" + str(s["id"]) + "/" + str(s["@odata.type"])[1:] + "/sponsors?$select=id&$top=999") {
			sponsored = append(sponsored, edge(str(s["id"]), typeOf(o), str(o["id"])))
		}
	}
	for _, u := range b.all("directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime&$top=999") {
		assert.NotEmpty(t, u["deletedDateTime"])
		deleted = append(deleted, edge(str(u["id"]), str(u["userPrincipalName"])))
	}
	var wantDeleted []string
	for _, u := range truth.DeletedUsers {
		wantDeleted = append(wantDeleted, edge(u.ID, u.UPN))
	}
	assert.Equal(t, edgesText(truth.UnitMembers), sorted(b.withoutDeletedPeople(members)))
	assert.Equal(t, edgesText(truth.DeviceOwners), sorted(b.withoutDeletedPeople(owners)))
	assert.Equal(t, edgesText(truth.Sponsors), sorted(b.withoutDeletedPeople(sponsored)))
	assert.Equal(t, sorted(wantDeleted), sorted(deleted))
	assert.Len(t, deleted, directory.DeletedUsers)
	assert.Empty(t, b.server.Stats().Unmatched)
}

// TestScheduleInstancesAndTruthAgree wants the direct rows to be the truth, and those that come through a group to be
// what shallow expansion of the direct ones gives.
func TestScheduleInstancesAndTruthAgree(t *testing.T) {
	b := start(t)
	b.everything()
	truth := b.server.tenant.Truth()
	for path, want := range map[string][]TruthRoleAssignment{
		"roleManagement/directory/roleAssignmentScheduleInstances":  truth.RoleAssignments,
		"roleManagement/directory/roleEligibilityScheduleInstances": truth.RoleEligibilities,
	} {
		var direct, through, wantDirect, wantThrough []string
		for _, row := range b.all(path) {
			text := edge(b.roleOf(str(row["roleDefinitionId"])), str(row["directoryScopeId"]), str(row["principalId"]), str(row["startDateTime"]), str(row["endDateTime"]))
			if row["memberType"] == directory.MemberGroup && row["assignmentType"] != directory.Activated.Truth() {
				through = append(through, text)
				continue
			}
			direct = append(direct, text)
		}
		for _, a := range want {
			wantDirect = append(wantDirect, edge(a.RoleID, a.Scope, a.Principal.ID, a.Start, a.End))
			for _, m := range truth.Members {
				if m.ObjectID == a.Principal.ID && (m.Principal.Type == "user" || m.Principal.Type == "servicePrincipal") {
					wantThrough = append(wantThrough, edge(a.RoleID, a.Scope, m.Principal.ID, a.Start, a.End))
				}
			}
		}
		assert.Equal(t, sorted(wantDirect), sorted(b.withoutPartners(direct)), path)
		assert.Equal(t, sorted(wantThrough), sorted(b.withoutDeletedPeople(through)), path)
		assert.NotEmpty(t, through, path)
		assert.Greater(t, len(direct), nouns.RolePageSize, "more than a page")
	}
}

func TestGroupSchedulesAndTruthAgree(t *testing.T) {
	b := start(t)
	b.everything()
	truth := b.server.tenant.Truth()
	const path = "identityGovernance/privilegedAccess/group/"
	access := map[string]map[string]bool{}
	var direct []string
	activated, leftOut := 0, 0
	for _, g := range truth.Groups {
		for _, row := range b.all(path + "eligibilityScheduleInstances?$filter=groupId eq '" + g.ID + "'&$expand=principal") {
			principal, _ := row["principal"].(map[string]any)
			assert.Equal(t, row["principalId"], principal["id"])
			assert.Contains(t, str(row["id"]), g.ID+"_"+str(row["accessId"])+"_")
			if row["accessId"] == directory.AccessUnknown || !b.server.tenant.Live(b.refOf(str(row["principalId"]))) {
				leftOut++
				continue
			}
			key := edge(g.ID, str(row["accessId"]))
			if access[key] == nil {
				access[key] = map[string]bool{}
			}
			if kind := typeOf(principal); kind != "group" {
				access[key][edge(kind, str(principal["id"]))] = true
			}
			if row["memberType"] == "direct" {
				direct = append(direct, edge(g.ID, str(row["accessId"]), str(row["principalId"]), str(row["startDateTime"]), str(row["endDateTime"])))
			}
		}
		for _, row := range b.all(path + "assignmentScheduleInstances?$filter=groupId eq '" + g.ID + "'") {
			if row["assignmentType"] == "activated" {
				activated++
				assert.NotEmpty(t, row["endDateTime"])
			}
		}
	}
	var want []string
	for _, e := range truth.GroupEligibilities {
		want = append(want, edge(e.GroupID, e.Access, e.Principal.ID, e.Start, e.End))
	}
	assert.Equal(t, sorted(want), sorted(direct))
	assert.Len(t, truth.EffectiveGroupEligibilities, len(access))
	for _, a := range truth.EffectiveGroupEligibilities {
		holders := access[edge(a.ObjectID, a.RoleID)]
		assert.Len(t, a.Principals, len(holders))
		for _, p := range a.Principals {
			assert.True(t, holders[edge(p.Type, p.ID)])
		}
	}
	assert.Positive(t, activated)
	assert.Equal(t, 3, leftOut, "two of people who are gone and one of an access nobody knows")
}

// roleOf is the id that a role has in its definition, whatever id a row has for it.
func (b *bench) roleOf(id string) string {
	b.t.Helper()
	if b.roles == nil {
		b.roles = map[string]string{}
	}
	if b.roles[id] == "" {
		b.roles[id] = str(b.get("roleManagement/directory/roleDefinitions/" + id).body["id"])
		require.NotEmpty(b.t, b.roles[id], id)
	}
	return b.roles[id]
}

func (b *bench) refOf(id string) directory.Ref {
	b.t.Helper()
	g, ok := directory.ParseGUID(id)
	require.True(b.t, ok, id)
	r, known := b.server.tenant.RefOf(g)
	require.True(b.t, known, id)
	return r
}
