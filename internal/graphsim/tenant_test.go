package graphsim

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSameSeedSameTruth(t *testing.T) {
	encode := func(seed int64) string {
		raw, err := json.Marshal(NewTenant(Small, seed).Truth())
		require.NoError(t, err)
		return string(raw)
	}
	assert.Equal(t, encode(7), encode(7))
	assert.NotEqual(t, encode(7), encode(8))
}

func TestIDsResolveToTheirObjectOnly(t *testing.T) {
	tenant := NewTenant(Small, 3)
	seen := map[string]bool{}
	for _, k := range []Kind{KindUser, KindGroup, KindServicePrincipal, KindDevice, KindContact, KindRoleDefinition, KindApplication} {
		for i := range tenant.count(k) {
			id := tenant.ID(k, i)
			require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, id)
			require.False(t, seen[id])
			seen[id] = true
			r, ok := tenant.find(k, id)
			require.True(t, ok)
			require.Equal(t, i, r.index())
		}
	}
	_, ok := tenant.find(KindUser, tenant.ID(KindGroup, 1))
	assert.False(t, ok)
	_, ok = tenant.find(KindUser, "00000000-0000-4000-8000-000000000000")
	assert.False(t, ok)
}

func TestEverySizeHasItsCountsAndTraps(t *testing.T) {
	for _, size := range []Size{Small, Medium} {
		t.Run(string(size), func(t *testing.T) {
			tenant := NewTenant(size, 1)
			members := 0
			for i, g := range tenant.groups {
				members += len(g.members)
				if g.flags&groupUnified != 0 {
					for _, m := range g.members {
						require.Equal(t, KindUser, m.Kind(), "Microsoft 365 groups take users only: %d", i)
					}
				}
			}
			assert.InEpsilon(t, tenant.shape.memberships+tenant.shape.syncedHolders*tenant.shape.syncedPeople, members, 0.15)
			assert.InEpsilon(t, tenant.shape.appRoleAssignments, len(tenant.appAssigned), 0.15)
			assert.Len(t, tenant.groups[GroupPage].members, fullPage)
			assert.Greater(t, len(tenant.groups[GroupBig].members), fullPage)
			assert.Greater(t, len(tenant.memberOf[groupRef(GroupManyParents)]), expandLimit)
			assert.Greater(t, len(tenant.memberOf[spRef(SPBusyMember)]), expandLimit)
			assert.Greater(t, len(tenant.owned[spRef(SPBusyOwner)]), expandLimit)
			assert.Greater(t, len(tenant.assignedTo[SPWiki]), maxTop)
			for _, kind := range []spKind{spManagedIdentity, spAgentIdentity, spAgentBlueprint, spLegacy} {
				assert.Equal(t, kind, tenant.sps[tenant.firstSP(kind).index()].kind)
			}
		})
	}
	assert.Len(t, NewTenant(Medium, 1).groups[GroupTwoPages].members, 2*fullPage)
}

func TestNoDuplicateEdges(t *testing.T) {
	tenant := NewTenant(Medium, 1)
	seen := map[appRoleAssignment]bool{}
	for _, a := range tenant.appAssigned {
		require.False(t, seen[a], "%+v", a)
		seen[a] = true
	}
	for i := range tenant.groups {
		require.Len(t, distinct(append([]Ref(nil), tenant.groups[i].members...)), len(tenant.groups[i].members))
		require.Len(t, distinct(append([]Ref(nil), tenant.groups[i].owners...)), len(tenant.groups[i].owners), "%d", i)
	}
}

// handMade has groups 0 and 1 in a cycle, 2 nested into it, 3 around it; user n is a direct member of group n.
func handMade() *Tenant {
	tenant := NewTenant(Small, 1)
	tenant.groups = []group{
		{members: []Ref{userRef(0), groupRef(1), groupRef(2)}},
		{members: []Ref{userRef(1), groupRef(0)}},
		{members: []Ref{userRef(2), spRef(0)}},
		{members: []Ref{userRef(3), groupRef(1)}},
	}
	tenant.roles = []roleDefinition{{}, {}}
	tenant.assignments = []roleAssignment{
		{principal: groupRef(0), role: 0},
		{principal: userRef(9), role: 0},
		{principal: userRef(8), role: 1, scope: makeRef(KindAdministrativeUnit, 0)},
	}
	tenant.eligibilities = nil
	tenant.appAssigned = []appRoleAssignment{{principal: groupRef(3), resource: SPWiki, role: defaultAccess}, {principal: spRef(2), resource: SPWiki, role: defaultAccess}}
	tenant.link()
	return tenant
}

func (h holders) refs() []Ref {
	var out []Ref
	for r := range h.seen {
		out = append(out, r)
	}
	return out
}

func TestEffectiveAccessOnACycle(t *testing.T) {
	tenant := handMade()
	inCycle := []Ref{userRef(0), userRef(1), userRef(2), spRef(0)}
	assert.ElementsMatch(t, inCycle, tenant.reach(0).refs())
	assert.ElementsMatch(t, inCycle, tenant.reach(1).refs())
	assert.ElementsMatch(t, []Ref{userRef(2), spRef(0)}, tenant.reach(2).refs())
	assert.ElementsMatch(t, append(inCycle, userRef(3)), tenant.reach(3).refs())
}

func TestEffectiveRolesAndAppRolesAreShallow(t *testing.T) {
	tenant := handMade()
	principals := func(refs ...Ref) []TruthPrincipal {
		var out []TruthPrincipal
		for _, r := range refs {
			out = append(out, tenant.truthPrincipal(r))
		}
		return out
	}
	var roles [][]TruthPrincipal
	for a := range tenant.EachEffectiveRole() {
		roles = append(roles, a.Principals)
	}
	require.Len(t, roles, 2)
	assert.ElementsMatch(t, principals(userRef(0), userRef(9)), roles[0])
	assert.Empty(t, roles[1], "a scoped assignment is not tenant-wide")

	for a := range tenant.EachEffectiveAppRole() {
		assert.ElementsMatch(t, principals(userRef(3), spRef(2)), a.Principals)
	}
}

func TestDeletedObjectsLeaveTheTruth(t *testing.T) {
	tenant := NewTenant(Small, 1)
	admin := tenant.ID(KindUser, userAdmin)
	require.NoError(t, tenant.Delete(KindUser, admin))
	require.ErrorIs(t, tenant.Delete(KindUser, admin), ErrUnknownObject)
	truth := tenant.Truth()
	for _, u := range truth.Users {
		require.NotEqual(t, admin, u.ID)
	}
	orphaned := false
	for _, a := range truth.RoleAssignments {
		if a.Principal.ID == admin {
			orphaned = true
			assert.Empty(t, a.Principal.Type)
		}
	}
	assert.True(t, orphaned, "Entra keeps the assignment of a principal that is gone")
}
