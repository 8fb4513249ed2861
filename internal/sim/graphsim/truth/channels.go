package truth

import (
	"cmp"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/teams"
)

// Channel is a channel that not all members of its team are in. Elsewhere counts people of other tenants, by tenant.
type Channel struct {
	TeamID      string         `json:"teamId"`
	ID          string         `json:"id"`
	DisplayName string         `json:"displayName"`
	Elsewhere   map[string]int `json:"elsewhere"`
}

// ChannelMember is somebody in such a channel. Role is member or owner, who is no member besides.
type ChannelMember struct {
	TeamID    string    `json:"teamId"`
	ChannelID string    `json:"channelId"`
	Role      string    `json:"role"`
	Principal Principal `json:"principal"`
}

// truthChannels states who is in private and shared channels.
func truthChannels(t *directory.Tenant, out *Statement) {
	each(t, directory.KindGroup, func(g int, team string) {
		for _, c := range teams.ChannelsOf(t, g) {
			if c.Kind == teams.Standard {
				continue
			}
			row, roles, order := Channel{TeamID: team, ID: c.ID, DisplayName: c.Name, Elsewhere: map[string]int{}}, map[directory.Ref]string{}, []directory.Ref{}
			for _, m := range c.Members {
				switch {
				case m.Who == 0 && m.UserID != "":
					row.Elsewhere[m.TenantID]++
				case m.Who != 0 && t.Live(m.Who):
					if roles[m.Who] == "" {
						order = append(order, m.Who)
						roles[m.Who] = "member"
					}
					if m.Owner {
						roles[m.Who] = "owner"
					}
				}
			}
			out.Channels = append(out.Channels, row)
			for _, who := range order {
				out.ChannelMembers = append(out.ChannelMembers, ChannelMember{TeamID: team, ChannelID: c.ID, Role: roles[who], Principal: PrincipalOf(t, who)})
			}
		}
	})
	slices.SortFunc(out.Channels, func(a, b Channel) int { return cmp.Or(cmp.Compare(a.TeamID, b.TeamID), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(out.ChannelMembers, func(a, b ChannelMember) int {
		return cmp.Or(cmp.Compare(a.TeamID, b.TeamID), cmp.Compare(a.ChannelID, b.ChannelID), comparePrincipals(a.Principal, b.Principal))
	})
}
