package graph

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Team is a group that may have a team.
type Team struct {
	ID                  string   `json:"id"`
	GroupTypes          []string `json:"groupTypes"`
	ProvisioningOptions []string `json:"resourceProvisioningOptions"`
}

// IsTeam reports whether the group has a team, as far as the row tells: not all forms
// choose, and some rows do not say.
func (t *Team) IsTeam() bool {
	if t.ProvisioningOptions == nil {
		return slices.Contains(t.GroupTypes, groupTypeUnified)
	}
	return slices.Contains(t.ProvisioningOptions, ProvisionedTeam)
}

const fieldProvisioning = "resourceProvisioningOptions"

var teamList = sending.Query{
	Path: "/groups", Fields: []string{"id", "groupTypes", fieldProvisioning}, Filter: fieldProvisioning + "/any(x:x eq " + sending.Literal(ProvisionedTeam) + ")",
	Top: sending.MaxPageSize,
}

// teamsLadder is the ladder of ListTeams.
var teamsLadder = &forms.Ladder{
	Name: "teams", Path: teamList.Path, Has: "$select=id,groupTypes," + fieldProvisioning,
	Steps: []forms.Step{
		{Form: "chosen by the service"},
		{Form: "chosen here", Plainer: forms.WithoutFilter},
		{Form: "default properties, pages of Graph's own size", Plainer: bare},
	},
}

// ListTeams reads one page of the groups with a team; others can be among them. next is
// empty for the first page, or Page.Next of the page before. Permission:
// GroupMember.Read.All (https://learn.microsoft.com/graph/teams-list-all-teams).
func (c *Client) ListTeams(ctx context.Context, next string) (*sending.Page[Team], error) {
	return sending.GetPage[Team](ctx, c.Sender, sending.OrFirst(next, teamList))
}

// Channel is a channel of a team (https://learn.microsoft.com/graph/api/resources/channel).
type Channel struct {
	ID              string     `json:"id"`
	DisplayName     string     `json:"displayName"`
	Description     string     `json:"description"`
	CreatedDateTime TimeOrNone `json:"createdDateTime"`
	// MembershipType is ChannelStandard, ChannelPrivate or "shared". Who does not ask for
	// members of enumerations that are new gets "unknownFutureValue" for the last.
	MembershipType string `json:"membershipType"`
	IsArchived     bool   `json:"isArchived"`
	// TenantID is the tenant of the team.
	TenantID string `json:"tenantId"`
}

// ChannelStandard is the membershipType of channels that all members of the team are in,
// and ChannelPrivate that of channels that only some of them are in.
const (
	ChannelStandard = "standard"
	ChannelPrivate  = "private"
)

// HasMembers reports whether somebody decides who is in the channel.
func (c *Channel) HasMembers() bool {
	return c.ID != "" && !strings.EqualFold(c.MembershipType, ChannelStandard)
}

// channelFields leave the address out, which is expensive.
var channelFields = []string{"id", "displayName", "description", "createdDateTime", "membershipType", "isArchived", "tenantId"}

// TeamChannelsRef is the listing of a team's channels, as Channel. They are chosen here: no
// filter for all that are not standard is documented, and one for private channels has
// been seen to leave some out. Permission: Channel.ReadBasic.All
// (https://learn.microsoft.com/graph/api/channel-list).
func TeamChannelsRef(team string) string {
	return sending.Query{Path: sending.ObjectPath("teams", team, "channels"), Fields: channelFields}.String()
}

// ChannelRef is one channel.
func ChannelRef(team, channel string) string {
	return sending.Query{Path: channelPath(team, channel), Fields: channelFields}.String()
}

func channelPath(team, channel string) string {
	return sending.ObjectPath("teams", team, "channels") + "/" + url.PathEscape(channel)
}

// ChannelMembersRef is the first page of who is in a channel, as ChannelMember: those who
// are in it by a team that it is shared with too. Permission: ChannelMember.Read.All
// (https://learn.microsoft.com/graph/api/channel-list-allmembers).
func ChannelMembersRef(team, channel string) string {
	return channelPath(team, channel) + "/allMembers"
}

// ChannelMember is somebody in a channel
// (https://learn.microsoft.com/graph/api/resources/aaduserconversationmember).
type ChannelMember struct {
	// Roles has "owner" for who manages the channel, and "guest" for guests, in any
	// letters.
	Roles []string `json:"roles"`
	// UserID is empty for what is no user of Entra ID.
	UserID string `json:"userId"`
	// TenantID is the tenant that the user is of.
	TenantID string `json:"tenantId"`
}

// Owner reports whether the member manages the channel.
func (m *ChannelMember) Owner() bool {
	return slices.ContainsFunc(m.Roles, func(role string) bool { return strings.EqualFold(role, "owner") })
}

// Channel reads one channel.
func (c *Client) Channel(ctx context.Context, team, channel string) (*Channel, error) {
	return sending.GetObject[Channel](ctx, c.Sender, ChannelRef(team, channel))
}
