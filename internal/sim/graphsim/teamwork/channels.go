package teamwork

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/teams"
)

var (
	channelType = &odata.RowType{
		Name: "channel", Filters: []string{"membershipType"},
		Properties: strings.Fields("id createdDateTime description displayName email isArchived isFavoriteByDefault membershipType tenantId webUrl"),
	}
	memberType = &odata.RowType{
		Name:       "aadUserConversationMember",
		Properties: strings.Fields("id displayName email roles tenantId userId visibleHistoryStartDateTime"),
	}
)

// Pages are small, so that everything comes in several.
const (
	channelPage = 4
	memberPage  = 8
)

// teamOf is the team that the path names.
func teamOf(c *api.Call) (int, error) {
	missing := &api.Error{Status: http.StatusNotFound, Code: "NotFound", Message: "No team found with Group Id '" + c.ID + "'."}
	r, err := c.Target()
	if err != nil || !teams.IsTeam(c.Tenant, r.Index()) || teams.Gone(r.Index()) {
		return 0, missing
	}
	return r.Index(), nil
}

func channelRow(c *api.Call, one *teams.Channel) odata.Row {
	kind := one.Kind
	if kind == teams.Shared && !strings.Contains(c.Header.Get("Prefer"), "include-unknown-enum-members") {
		kind = "unknownFutureValue"
	}
	return odata.Row{
		"id": one.ID, "createdDateTime": one.Created, "description": one.About, "displayName": one.Name, "email": "", "isArchived": one.Archived,
		"isFavoriteByDefault": nil, "membershipType": kind, "tenantId": c.Tenant.TenantID(), "webUrl": "https://teams.microsoft.com/l/channel/" + one.ID,
	}
}

// listChannels lists the channels of a team (channel-list).
func listChannels(c *api.Call) (api.Reply, error) {
	g, err := teamOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	if err := withoutOptions(c, odata.OptSelect, odata.OptFilter); err != nil {
		return api.Reply{}, err
	}
	rows := []odata.Row{}
	list := teams.ChannelsOf(c.Tenant, g)
	for i := range list {
		rows = append(rows, channelRow(c, &list[i]))
	}
	return odata.ListRows(c, "teams('"+c.ID+"')/channels", channelType, odata.These(rows), channelPage)
}

// channelOf is the channel that the path names.
func channelOf(c *api.Call) (*teams.Channel, error) {
	g, err := teamOf(c)
	if err != nil {
		return nil, err
	}
	list := teams.ChannelsOf(c.Tenant, g)
	for i := range list {
		if list[i].ID == c.Related {
			return &list[i], nil
		}
	}
	return nil, &api.Error{Status: http.StatusNotFound, Code: "NotFound", Message: "The channel is not found."}
}

func getChannel(c *api.Call) (api.Reply, error) {
	one, err := channelOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	if err := withoutOptions(c, odata.OptSelect); err != nil {
		return api.Reply{}, err
	}
	return odata.OneRow(c, "teams('"+c.ID+"')/channels", channelType, channelRow(c, one))
}

// listMembers lists who is in a channel: of a shared one those from other teams and tenants too (channel-list-allmembers).
// Roles are in the letters of either of Microsoft's examples.
func listMembers(c *api.Call) (api.Reply, error) {
	one, err := channelOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	if err := withoutOptions(c, odata.OptSelect, odata.OptFilter); err != nil {
		return api.Reply{}, err
	}
	rows := []odata.Row{}
	for i, m := range one.Members {
		if m.Who != 0 && m.Who.Index() < c.Tenant.Shape.Users && !c.Tenant.Live(m.Who) {
			continue
		}
		roles := []string{}
		switch {
		case m.Owner && i%2 == 0:
			roles = []string{"owner"}
		case m.Owner:
			roles = []string{"Owner"}
		case m.Guest:
			roles = []string{"guest"}
		case i%3 == 0:
			roles = []string{"Member"}
		}
		tenant := m.TenantID
		if m.Who != 0 {
			tenant = c.Tenant.TenantID()
		}
		rows = append(rows, odata.Row{
			"@odata.type": "#" + directory.Namespace + memberType.Name, "id": one.ID + "##" + m.UserID, "displayName": m.DisplayedName, "email": nil, "roles": roles,
			"tenantId": directory.OrNull(tenant), "userId": directory.OrNull(m.UserID), "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
		})
	}
	return odata.ListRows(c, "teams('"+c.ID+"')/channels('"+c.Related+"')/allMembers", memberType, odata.These(rows), memberPage)
}
