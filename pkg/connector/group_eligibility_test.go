package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

func TestUnknownAccessToAGroupWouldBeTakenForMembership(t *testing.T) {
	s := &groupSyncer{kit: kit{left: &tally{}}}
	known := &identified{principals: &principals{}}
	for _, access := range []string{"unknownFutureValue", "", "approver"} {
		g, err := s.eligibleGrant(sales, &graph.GroupEligibility{
			AccessID: access, MemberType: "Direct", PrincipalID: ann,
		}, known)
		require.NoError(t, err)
		require.Nil(t, g, access)
	}
	require.Equal(t, map[string]int{leftUnknownAccess: 3}, s.left.take())
}

func TestAnEligibilityForAGroupWouldBeRefusedOrHeldByNobody(t *testing.T) {
	const listing = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	row := func(who string) string {
		return `{"accessId":"member","memberType":"Direct","principalId":"` + who + `"}`
	}
	g := &fakeGraph{answers: map[string]string{
		listing + "?$filter=groupId eq '" + someGroup + "'&$expand=principal($select=id)": `400 {"error":{"error":{"code":"InvalidFilter"}}}`,
		listing + "?$filter=groupId eq '" + someGroup + "'":                               rowsIn(row(here), row(deleted), row(orphan), row(unsaid)),
		listing + "?$filter=principalId eq '" + deleted + "'&$expand=principal":           rowsIn(`{"principal":{"@odata.type":"#microsoft.graph.user","id":"` + deleted + `"}}`),
		listing + "?$filter=principalId eq '" + orphan + "'&$expand=principal":            rowsIn(`{"principal":null}`),
		listing + "?$filter=principalId eq '" + unsaid + "'&$expand=principal":            `400 {"error":{"code":"InvalidFilter"}}`,
	}}
	ix, _ := peopleListedIn(t, here)
	s := &groupSyncer{kit: kit{client: g.over(t), left: &tally{}}}
	grants, _, err := s.readEligible(t.Context(), ix, task{Work: groupsNamed(someGroup)})
	require.NoError(t, err)
	require.Equal(t, []string{"group:" + someGroup + ":eligible_member user:" + here}, edges(grants))
	require.Equal(t, map[string]int{leftUnlistedPerson: 1, leftOrphaned: 1, leftUnsaid: 1}, s.left.peek())
}

// Without people at hand, a principal of which Graph refuses to tell may be anybody.
func TestSomebodyEligibleWouldVanishWhereGraphRefusesToTell(t *testing.T) {
	const by = "?$filter=principalId eq '" + unsaid + "'&$expand=principal"
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	refused := `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`
	g := tenantWithRoles(map[string]string{
		groups + by: refused,
		groups + "?$filter=groupId eq '" + someGroup + "'": rowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + unsaid + `"}`),
	})
	client := g.over(t)
	everybody, _ := peopleListedIn(t, here)
	for _, ix := range []index{{syncReading(t)}, everybody} {
		eligible := &groupSyncer{kit: kit{client: client, left: &tally{}}}
		for range 2 { // The second call begins with what the first has noted.
			_, _, err := eligible.readEligible(t.Context(), ix, task{Work: groupsNamed(someGroup)})
			if ix != everybody {
				require.True(t, failure.IsAccessDenied(err))
				continue
			}
			require.NoError(t, err)
		}
	}
}
