package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// askedFor are the data sets about single groups, and what an organization writes on people.
func askedFor(cfg *config.AzureAd) {
	cfg.ResourceSpecificConsents, cfg.CustomSecurityAttributes, cfg.SyncChannels = true, true, true
}

// onlyAskedFor are pieces of the requests that only they take.
var onlyAskedFor = []string{"/permissionGrants", "customSecurityAttributes", "/channels", "$select=id,groupTypes,resourceProvisioningOptions"}

// requireNothingUnasked fails if a sync that asks for none of them has paid for one.
func requireNothingUnasked(t *testing.T, server *graphsim.Server) {
	t.Helper()
	require.Empty(t, askedBesides(t, server))
}

// askedBesides counts those requests.
func askedBesides(t *testing.T, server *graphsim.Server) map[string]int {
	t.Helper()
	asked := map[string]int{}
	for _, r := range server.Requests() {
		query, err := url.QueryUnescape(r.Query)
		require.NoError(t, err)
		for _, piece := range onlyAskedFor {
			if strings.Contains(r.Path+"?"+query, piece) {
				asked[piece]++
			}
		}
	}
	return asked
}

// An application can read a team's messages without a permission in the tenant, and a partner be in a channel whose team
// it is not in: who asks what somebody has must be told.
func TestWhatIsGivenInOneTeamWouldShowNowhere(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, configure: askedFor})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	requireExactly(t, server, expect.Options{ResourceConsents: true, Channels: true}, got)
	requireNoIntegrityWarnings(t, o)
	require.Equal(t, map[string]int{ // With a probe for each, and for attributes of people and of applications.
		"/permissionGrants": 10, "/channels": 9, "customSecurityAttributes": 6, "$select=id,groupTypes,resourceProvisioningOptions": 1,
	}, askedBesides(t, server))

	truth := server.Tenant().Truth()
	elsewhere := 0
	for _, c := range truth.Channels {
		row := got.resourceRows["channel:"+c.TeamID+":"+c.ID]
		require.Equal(t, c.TeamID, row.GetParentResourceId().GetResource())
		list, _ := profileOf(row)["otherTenants"].([]any)
		require.Len(t, list, len(c.Elsewhere))
		for _, one := range list {
			from, _ := one.(map[string]any)
			require.InDelta(t, c.Elsewhere[from["tenantId"].(string)], from["members"], 0) //nolint:forcetypeassert // A test.
			elsewhere++
		}
	}
	require.Greater(t, elsewhere, 2)

	q := newQuestioner(t, o.path)
	group, wiki := server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365), server.Tenant().ID(graphsim.KindServicePrincipal, graphsim.SPWiki)
	for _, answer := range []string{fmt.Sprint(q.ask(0, "what-has", wiki).Rows), fmt.Sprint(q.ask(0, "who-has", group).Rows)} {
		require.Contains(t, answer, "ChannelMessage.Read.Group (application permission)")
		require.Contains(t, answer, "ChannelMeetingParticipant.Read.Group (delegated permission)")
	}
	require.Contains(t, fmt.Sprint(q.ask(0, "who-has", "Mergers").Rows), "Owner")
	for _, entry := range o.logs.All() {
		require.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), "Baker", "a value is in the log")
	}
}

// Teams denies who is in a team's channels while an owner of the team is blocked (microsoft-graph-docs-contrib#5692).
func TestOneTeamThatTeamsDeniesWouldEndTheSyncOrLookEmpty(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Tiny)
	truth := server.Tenant().Truth()
	denied := truth.Channels[0]
	require.Contains(t, fmt.Sprint(truth.ChannelMembers), denied.ID, "nobody would be missed")
	server.Fault(graphsim.Rule{
		Name: "denied", Match: func(r graphsim.Request) bool { return strings.Contains(r.Path, denied.ID+"/allMembers") },
		Action: graphsim.Respond(http.StatusForbidden, "Forbidden", "Failed to execute Skype backend request GetThreadRosterS2SRequest."),
	})
	o := runSync(t, server, options{workers: 4, configure: func(cfg *config.AzureAd) { cfg.SyncChannels = true }})
	require.NoError(t, o.err)
	require.Positive(t, server.Stats().Faults["denied"])
	truth.Channels = slices.DeleteFunc(truth.Channels, func(c graphsim.TruthChannel) bool { return c.ID == denied.ID })
	truth.ChannelMembers = slices.DeleteFunc(truth.ChannelMembers, func(m graphsim.TruthChannelMember) bool { return m.ChannelID == denied.ID })
	want, got := expected(&truth, expect.Options{Channels: true}), readSnapshot(t, o.path)
	requireResources(t, &truth, want.resources, got)
	requireSame(t, "direct grants", want.direct, got.direct)
	named := o.logs.FilterMessage("azure-ad: Microsoft Graph denies this of one object, to who may read it of others; it is left out").All()
	require.Len(t, named, 1)
	require.Equal(t, denied.TeamID+":"+denied.ID, named[0].ContextMap()["object_id"])
	left := o.logs.FilterMessage("azure-ad: left out of the snapshot").All()
	require.Contains(t, fmt.Sprint(left), "objects whose members of channels Microsoft Graph denies")
}

func TestWhatNobodyMayReadOfTeamsIsLeftOutWholeByName(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(without("GroupMember.Read.All", "Channel.ReadBasic.All", "ChannelMember.Read.All", "CustomSecAttributeAssignment.Read.All")...)
	o := runSync(t, server, options{workers: 4, configure: askedFor})
	require.NoError(t, o.err)
	const attributes = "permission CustomSecAttributeAssignment.Read.All"
	require.Equal(t, map[string]string{
		"resource-specific consents": "permission GroupMember.Read.All", "members of channels": "permission ChannelMember.Read.All",
		"security attributes of people": attributes, "security attributes of applications": attributes,
	}, skippedData(o))
	got := readSnapshot(t, o.path)
	requireExactly(t, server, expect.Options{Channels: true, NoChannelMembers: true}, got) // Directory.Read.All lists channels.
	for key, row := range got.resourceRows {
		require.NotContains(t, profileOf(row), "customSecurityAttributes", key)
	}
}
