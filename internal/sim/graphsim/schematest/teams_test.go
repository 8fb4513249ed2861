package schematest

import (
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// TestTeamsMatchMicrosoftModels reads what is served of teams.
func TestTeamsMatchMicrosoftModels(t *testing.T) {
	c := startWith(t, "GroupMember.Read.All", "Channel.ReadBasic.All", "ChannelMember.Read.All")
	unknown := leftOver{}
	rows := c.rows("groups/" + c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365) + "/permissionGrants")
	require.NotEmpty(t, rows)
	for _, row := range rows {
		unknown.parse(t, row, models.CreateResourceSpecificPermissionGrantFromDiscriminatorValue)
	}
	channel := c.server.Tenant().Truth().Channels[0]
	for path, factory := range map[string]serialization.ParsableFactory{
		"": models.CreateChannelFromDiscriminatorValue, "/" + channel.ID + "/allMembers": models.CreateConversationMemberFromDiscriminatorValue,
	} {
		for _, row := range c.rows("teams/" + channel.TeamID + "/channels" + path) {
			unknown.parse(t, row, factory)
		}
	}
	assert.Empty(t, unknown.names())
}
