package groups

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

func TestUnknownAccessToAGroupWouldBeTakenForMembership(t *testing.T) {
	s := &Syncer{Kit: kinds.Kit{Left: &walk.Tally{}}}
	known := &kinds.Identified{Principals: &kinds.Principals{}}
	for _, access := range []string{"unknownFutureValue", "", "approver"} {
		g, err := s.eligibleGrant(fake.Sales, &graph.GroupEligibility{
			AccessID: access, MemberType: "Direct", PrincipalID: fake.Ann,
		}, known)
		require.NoError(t, err)
		require.Nil(t, g, access)
	}
	require.Equal(t, map[string]int{walk.LeftUnknownAccess: 3}, s.Left.Take())
}

func TestAnEligibilityForAGroupWouldBeRefusedOrHeldByNobody(t *testing.T) {
	const listing = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	row := func(who string) string {
		return `{"accessId":"member","memberType":"Direct","principalId":"` + who + `"}`
	}
	g := &fake.Graph{Answers: map[string]string{
		listing + "?$filter=groupId eq '" + fake.SomeGroup + "'&$expand=principal($select=id)": `400 {"error":{"error":{"code":"InvalidFilter"}}}`,
		listing + "?$filter=groupId eq '" + fake.SomeGroup + "'":                               fake.RowsIn(row(fake.Here), row(fake.Deleted), row(fake.Orphan), row(fake.Unsaid)),
		listing + "?$filter=principalId eq '" + fake.Deleted + "'&$expand=principal":           fake.RowsIn(`{"principal":{"@odata.type":"#microsoft.graph.user","id":"` + fake.Deleted + `"}}`),
		listing + "?$filter=principalId eq '" + fake.Orphan + "'&$expand=principal":            fake.RowsIn(`{"principal":null}`),
		listing + "?$filter=principalId eq '" + fake.Unsaid + "'&$expand=principal":            `400 {"error":{"code":"InvalidFilter"}}`,
	}}
	ix, _ := kindtest.PeopleListedIn(t, fake.Here)
	s := &Syncer{Kit: kinds.Kit{Client: g.Over(t), Left: &walk.Tally{}}}
	grants, _, err := s.readEligible(t.Context(), ix, walk.Task{Work: kindtest.GroupsNamed(fake.SomeGroup)})
	require.NoError(t, err)
	require.Equal(t, []string{"group:" + fake.SomeGroup + ":eligible_member user:" + fake.Here}, kindtest.Edges(grants))
	require.Equal(t, map[string]int{walk.LeftUnlistedPerson: 1, walk.LeftOrphaned: 1, walk.LeftUnsaid: 1}, s.Left.Peek())
}

// Without people at hand, a principal of which Graph refuses to tell may be anybody.
func TestSomebodyEligibleWouldVanishWhereGraphRefusesToTell(t *testing.T) {
	const by = "?$filter=principalId eq '" + fake.Unsaid + "'&$expand=principal"
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	refused := `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`
	g := fake.TenantWithRoles(map[string]string{
		groups + by: refused,
		groups + "?$filter=groupId eq '" + fake.SomeGroup + "'": fake.RowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + fake.Unsaid + `"}`),
	})
	client := g.Over(t)
	everybody, _ := kindtest.PeopleListedIn(t, fake.Here)
	for _, ix := range []walk.Index{{Store: decidetest.SyncReading(t)}, everybody} {
		eligible := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
		for range 2 { // The second call begins with what the first has noted.
			_, _, err := eligible.readEligible(t.Context(), ix, walk.Task{Work: kindtest.GroupsNamed(fake.SomeGroup)})
			if ix != everybody {
				require.True(t, failure.IsAccessDenied(err))
				continue
			}
			require.NoError(t, err)
		}
	}
}
