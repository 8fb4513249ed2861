package graphsim

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
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
		for i := range tenant.Count(k) {
			id := tenant.ID(k, i)
			require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, id)
			require.False(t, seen[id])
			seen[id] = true
			r, ok := tenant.Find(k, id)
			require.True(t, ok)
			require.Equal(t, i, r.Index())
		}
	}
	_, ok := tenant.Find(KindUser, tenant.ID(KindGroup, 1))
	assert.False(t, ok)
	_, ok = tenant.Find(KindUser, "00000000-0000-4000-8000-000000000000")
	assert.False(t, ok)
}

func TestEverySizeHasItsCountsAndTraps(t *testing.T) {
	for _, size := range []Size{Small, Medium} {
		t.Run(string(size), func(t *testing.T) {
			tenant := NewTenant(size, 1)
			members := 0
			for i, g := range tenant.Groups {
				members += len(g.Members)
				if g.Flags&directory.FlagUnified != 0 {
					for _, m := range g.Members {
						require.Equal(t, KindUser, m.Kind(), "Microsoft 365 groups take users only: %d", i)
					}
				}
			}
			assert.InEpsilon(t, tenant.Shape.Memberships+tenant.Shape.SyncedHolders*tenant.Shape.SyncedPeople, members, 0.15)
			assert.InEpsilon(t, tenant.Shape.AppRoleAssignments, len(tenant.AppAssigned), 0.15)
			assert.Len(t, tenant.Groups[directory.GroupPage].Members, directory.FullPage)
			assert.Greater(t, len(tenant.Groups[GroupBig].Members), directory.FullPage)
			assert.Greater(t, len(tenant.MemberOf[directory.GroupRef(directory.GroupManyParents)]), directory.ExpandLimit)
			assert.Greater(t, len(tenant.MemberOf[directory.SPRef(SPBusyMember)]), directory.ExpandLimit)
			assert.Greater(t, len(tenant.Owned[directory.SPRef(SPBusyOwner)]), directory.ExpandLimit)
			assert.Greater(t, len(tenant.AssignedTo[SPWiki]), odata.MaxTop)
			for _, kind := range []directory.SPKind{directory.SPManagedIdentity, directory.SPAgentIdentity, directory.SPAgentBlueprint, directory.SPLegacy} {
				assert.Equal(t, kind, tenant.SPs[tenant.FirstSP(kind).Index()].Kind)
			}
		})
	}
	assert.Len(t, NewTenant(Medium, 1).Groups[directory.GroupTwoPages].Members, 2*directory.FullPage)
}

func TestAnOfficeOfFiftyPeopleHasThemOnly(t *testing.T) {
	tenant := NewTenant(Tiny, 1)
	require.Equal(t, 50, tenant.Count(KindUser))
	assert.Len(t, tenant.Groups[directory.GroupPage].Members, 50-directory.FirstOrdinaryUser, "nobody twice")
	for i := range tenant.Groups {
		for _, m := range tenant.Groups[i].Members {
			assert.True(t, tenant.Shows(m), "group %d has a member that is not there: %v", i, m)
		}
	}
	for _, a := range tenant.AppAssigned {
		assert.True(t, tenant.Shows(a.Principal), "%+v", a)
	}
	assert.Greater(t, len(tenant.MemberOf[directory.GroupRef(directory.GroupManyParents)]), directory.ExpandLimit)
	assert.Greater(t, len(tenant.Owned[directory.SPRef(SPBusyOwner)]), directory.ExpandLimit)
}

func TestNoDuplicateEdges(t *testing.T) {
	for _, size := range []Size{Tiny, Medium} {
		t.Run(string(size), func(t *testing.T) { hasNoEdgeTwice(t, NewTenant(size, 1)) })
	}
}

func hasNoEdgeTwice(t *testing.T, tenant *Tenant) {
	t.Helper()
	seen := map[directory.AppRoleAssignment]bool{}
	for _, a := range tenant.AppAssigned {
		require.False(t, seen[a], "%+v", a)
		seen[a] = true
	}
	for i := range tenant.Groups {
		require.Len(t, directory.Distinct(append([]directory.Ref(nil), tenant.Groups[i].Members...)), len(tenant.Groups[i].Members))
		require.Len(t, directory.Distinct(append([]directory.Ref(nil), tenant.Groups[i].Owners...)), len(tenant.Groups[i].Owners), "%d", i)
	}
}

// handMade has groups 0 and 1 in a cycle, 2 nested into it, 3 around it; user n is a direct member of group n.
func handMade() *Tenant {
	tenant := NewTenant(Small, 1)
	tenant.Groups = []directory.Group{
		{Members: []directory.Ref{directory.UserRef(0), directory.GroupRef(1), directory.GroupRef(2)}},
		{Members: []directory.Ref{directory.UserRef(1), directory.GroupRef(0)}},
		{Members: []directory.Ref{directory.UserRef(2), directory.SPRef(0)}},
		{Members: []directory.Ref{directory.UserRef(3), directory.GroupRef(1)}},
	}
	tenant.Roles = []directory.RoleDefinition{{}, {}}
	tenant.Assignments = []directory.RoleAssignment{
		{Principal: directory.GroupRef(0), Role: 0},
		{Principal: directory.UserRef(9), Role: 0},
		{Principal: directory.UserRef(8), Role: 1, Scope: directory.MakeRef(KindAdministrativeUnit, 0)},
	}
	tenant.Eligibilities = nil
	tenant.AppAssigned = []directory.AppRoleAssignment{
		{Principal: directory.GroupRef(3), Resource: SPWiki, Role: directory.DefaultAccess}, {Principal: directory.SPRef(2), Resource: SPWiki, Role: directory.DefaultAccess},
	}
	tenant.Link()
	return tenant
}

func refsOf(h truth.Holders) []directory.Ref {
	var out []directory.Ref
	for r := range h.Seen {
		out = append(out, r)
	}
	return out
}

func TestEffectiveAccessOnACycle(t *testing.T) {
	tenant := handMade()
	inCycle := []directory.Ref{directory.UserRef(0), directory.UserRef(1), directory.UserRef(2), directory.SPRef(0)}
	assert.ElementsMatch(t, inCycle, refsOf(truth.Reach(tenant.Tenant, 0)))
	assert.ElementsMatch(t, inCycle, refsOf(truth.Reach(tenant.Tenant, 1)))
	assert.ElementsMatch(t, []directory.Ref{directory.UserRef(2), directory.SPRef(0)}, refsOf(truth.Reach(tenant.Tenant, 2)))
	assert.ElementsMatch(t, append(inCycle, directory.UserRef(3)), refsOf(truth.Reach(tenant.Tenant, 3)))
}

func TestEffectiveRolesAndAppRolesAreShallow(t *testing.T) {
	tenant := handMade()
	principals := func(refs ...directory.Ref) []TruthPrincipal {
		var out []TruthPrincipal
		for _, r := range refs {
			out = append(out, truth.PrincipalOf(tenant.Tenant, r))
		}
		return out
	}
	var roles [][]TruthPrincipal
	for a := range tenant.EachEffectiveRole() {
		roles = append(roles, a.Principals)
	}
	require.Len(t, roles, 2)
	assert.ElementsMatch(t, principals(directory.UserRef(0), directory.UserRef(9)), roles[0])
	assert.Empty(t, roles[1], "a scoped assignment is not tenant-wide")

	for a := range tenant.EachEffectiveAppRole() {
		assert.ElementsMatch(t, principals(directory.UserRef(3), directory.SPRef(2)), a.Principals)
	}
}

func TestDeletedObjectsLeaveTheTruth(t *testing.T) {
	tenant := NewTenant(Small, 1)
	admin := tenant.ID(KindUser, directory.UserAdmin)
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
