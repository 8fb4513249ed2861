package teams

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSomebodyOfAnotherTenantWouldCountAsOneOfThisOneOrTwice(t *testing.T) {
	in := membersAmong([]graph.ChannelMember{
		{UserID: "B", TenantID: "home", Roles: []string{"Member"}}, {UserID: "a", Roles: nil}, {UserID: "b", TenantID: "HOME", Roles: []string{"Owner"}},
		{UserID: "c", TenantID: "Away"}, {UserID: "C", TenantID: "away", Roles: []string{"owner"}}, {UserID: "d", TenantID: "far", Roles: []string{"guest"}}, {TenantID: "away"},
	}, "Home")
	require.Equal(t, []member{
		{}, {ID: "a"}, {ID: "b", Owner: true}, {ID: "c", Owner: true, Elsewhere: true}, {ID: "d", Elsewhere: true},
	}, in.members)
	require.Equal(t, []any{map[string]any{"tenantId": "away", "members": 1}, map[string]any{"tenantId": "far", "members": 1}}, in.described())
	require.Empty(t, membersAmong([]graph.ChannelMember{{UserID: "c", TenantID: "away"}}, "").elsewhere, "which tenant this is was not told")
}
