package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A shared channel has a kind that Graph does not name to who does not ask for new ones.
func TestAChannelOfAKindThatIsNotNamedWouldBeTakenForOneOfTheWholeTeam(t *testing.T) {
	for kind, own := range map[string]bool{"standard": false, "Standard": false, "private": true, "shared": true, "unknownFutureValue": true, "": true} {
		require.Equal(t, own, (&Channel{ID: "19:x@thread.tacv2", MembershipType: kind}).HasMembers(), kind)
	}
	require.False(t, (&Channel{MembershipType: "private"}).HasMembers(), "nobody can be asked about it")
}

func TestATeamWouldBeMissedInAFormThatDoesNotSayWhichGroupsAreTeams(t *testing.T) {
	require.True(t, (&Team{ProvisioningOptions: []string{"Team"}}).IsTeam())
	require.False(t, (&Team{GroupTypes: []string{"Unified"}, ProvisioningOptions: []string{}}).IsTeam())
	require.True(t, (&Team{GroupTypes: []string{"Unified"}}).IsTeam(), "it is not told: somebody has to ask")
	require.False(t, (&Team{}).IsTeam())
}

func TestAPermissionOfAKindThatIsNotKnownWouldBeShownAsOneThatIs(t *testing.T) {
	for want, rows := range map[string][]ResourceConsent{
		ResourceConsentApplication: {{Permission: "TeamSettings.Read.Group", Type: "application"}, {Permission: "x", Type: "Application"}},
		ResourceConsentDelegated:   {{Permission: "ChannelMeeting.ReadBasic.Group", Type: "Delegated"}},
		"": {
			{Permission: "TeamSettings.Read.Group", Type: "Tomorrow"}, {Permission: "TeamSettings.Read.Group"}, {Type: "Application"},
			{Permission: "a:b", Type: "Application"}, {Permission: ".x", Type: "Application"}, {Permission: "a b", Type: "Delegated"},
		},
	} {
		for i := range rows {
			require.Equal(t, want, rows[i].Kind(), "%v", rows[i])
		}
	}
}
