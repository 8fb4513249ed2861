// Package teams reads the channels of teams that not all members of the team are in.
package teams

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Syncer reads private and shared channels, and who is in them (members.go). Whoever is in
// a team is in its other channels, which give nothing that the group does not.
type Syncer struct {
	kinds.Kit
}

// New reads channels.
func New(k kinds.Kit) *Syncer { return &Syncer{k} }

// ResourceType is the channel type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.ChannelResourceType }

// phaseChannels follows the listing of teams, which has none: Graph gives channels team by
// team.
const phaseChannels = "channels"

// keyTeams leads to the pages of teams.
const keyTeams = "channelteams"

// List reads one page of teams, or the channels of the next teams with who is in them: what
// a channel's profile says of people from elsewhere has to be known with it.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	made, err := s.Decider.Of(ctx, ix)
	if err != nil || !made.Has(model.DataChannels) {
		return nil, nil, model.ToStatus(err)
	}
	if c.Phase == phaseChannels {
		found, res, err := s.listChannels(ctx, ix, c, made)
		return found, res, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListTeams)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataChannels, err)
	}
	if !page.Restarted {
		ids := make([]string, 0, len(page.Rows))
		for i := range page.Rows {
			if page.Rows[i].IsTeam() {
				ids = append(ids, model.ObjectID(page.Rows[i].ID))
			}
		}
		if err := walk.PutPage(ctx, ix, keyTeams, page.Page, page.Next == nil, ids); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	res, err := (&walk.Listed[graph.Team]{Next: walk.Following(page, c, phaseChannels)}).Results()
	return nil, res, err
}

// channelEntry is a listed channel with who is in it.
type channelEntry struct {
	ID      string   `json:"i"`
	Members []member `json:"m,omitempty"`
}

// listChannels reads the channels of the next twenty teams.
func (s *Syncer) listChannels(ctx context.Context, ix walk.Index, c walk.Cursor, made *decide.Decision) ([]*v2.Resource, *rs.SyncOpResults, error) {
	teams, more, err := walk.GetPage[string](ctx, ix, keyTeams, c.Page)
	if err != nil {
		return nil, nil, err
	}
	part := teams[min(c.Offset, len(teams)):min(c.Offset+sending.MaxBatchSize, len(teams))]
	heard := map[string]walk.Heard{}
	maps.Copy(heard, c.Heard)
	channels, err := readApart[graph.Channel](ctx, s, heard, model.DataChannels, part, func(string) string { return "" }, graph.TeamChannelsRef)
	if err != nil {
		return nil, nil, leaveOut(ctx, c, model.DataChannels, err)
	}
	var ids []string
	rows := map[string]*graph.Channel{}
	for _, team := range part {
		for i := range channels[team] {
			if row := &channels[team][i]; row.HasMembers() {
				id := model.ChannelID(team, row.ID)
				if rows[id] == nil {
					ids = append(ids, id)
				}
				rows[id] = row
			}
		}
	}
	var members map[string][]graph.ChannelMember // None where a sync does not read who is in channels.
	if made.Has(model.DataChannelMembers) {
		kind := func(id string) string {
			if strings.EqualFold(rows[id].MembershipType, graph.ChannelPrivate) {
				return " that are private"
			}
			return " that are shared"
		}
		members, err = readApart[graph.ChannelMember](ctx, s, heard, model.DataChannelMembers, slices.Clone(ids), kind, membersRef)
		if err := leaveOut(ctx, c, model.DataChannelMembers, err); err != nil {
			return nil, nil, err
		}
	}
	resources, entries := make([]*v2.Resource, 0, len(ids)), make([]channelEntry, 0, len(ids))
	for _, id := range ids {
		if _, read := members[id]; members != nil && !read {
			continue // With nobody in it, it would look like a channel that everybody has left.
		}
		in := membersAmong(members[id], cmp.Or(rows[id].TenantID, made.Tenant))
		resource, err := s.resource(id, rows[id], in)
		if err != nil {
			return nil, nil, err
		}
		resources, entries = append(resources, resource), append(entries, channelEntry{id, in.members})
	}
	next := walk.Cursor{Version: walk.TokenVersion, Phase: phaseChannels, Page: c.Page, Offset: c.Offset + len(part), Stored: c.Stored + 1, Heard: heard}
	if next.Offset >= len(teams) {
		next.Page, next.Offset = c.Page+1, 0
	}
	last := !more && next.Offset == 0
	if last {
		if err := requireHeard(heard); err != nil {
			return nil, nil, err
		}
	}
	if err := walk.PutPage(ctx, ix, walk.KeyListed+model.TypeChannel, c.Stored, last, entries); err != nil || last {
		return resources, nil, err
	}
	token, err := walk.EncodeToken(next)
	return resources, walk.Results(token), err
}

func (s *Syncer) resource(id string, row *graph.Channel, in *audience) (*v2.Resource, error) {
	team, channel, _ := model.SplitChannelID(id)
	kind := strings.ToLower(row.MembershipType)
	if kind == "unknownfuturevalue" {
		kind = "" // As a rule it is shared; nobody has said so.
	}
	profile := map[string]any{"id": channel, "teamId": team, "isArchived": row.IsArchived}
	model.SetNonEmpty(profile, map[string]string{"membershipType": kind})
	if len(in.elsewhere) > 0 {
		profile["otherTenants"] = in.described()
	}
	options := []rs.ResourceOption{rs.WithResourceProfile(profile), s.Portal.Link(model.GroupBlade, team)}
	if s.Filter.Syncs(model.TypeGroup) {
		options = append(options, rs.WithParentResourceID(model.ResourceID(model.TypeGroup, team)))
	}
	if row.Description != "" {
		options = append(options, rs.WithDescription(row.Description))
	}
	if at := row.CreatedDateTime.Time; at != nil {
		options = append(options, rs.WithResourceCreatedAt(*at))
	}
	return rs.NewResource(model.DisplayName(row.DisplayName, channel), kinds.ChannelResourceType, id, options...)
}

// Get reads one channel, as listing does.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	team, channel, ok := model.SplitChannelID(id.GetResource())
	if !ok {
		return nil, nil, model.Malformed(id, "the id of a team, a colon, and that of a channel")
	}
	made, err := s.Decider.Current(ctx)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	row, err := s.Client.Channel(ctx, team, channel)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	if !row.HasMembers() {
		return nil, nil, model.NotThere(id, "is a channel that all members of the team are in")
	}
	whole := model.ChannelID(team, channel)
	var members map[string][]graph.ChannelMember
	if made.Has(model.DataChannelMembers) {
		if members, err = walk.ReadRows[graph.ChannelMember](ctx, s.Client, s.Left, "", []string{whole}, membersRef); err != nil {
			return nil, nil, model.GetStatus(err)
		}
		if _, read := members[whole]; !read {
			return nil, nil, model.NotThere(id, "is gone")
		}
	}
	found, err := s.resource(whole, row, membersAmong(members[whole], cmp.Or(row.TenantID, made.Tenant)))
	return found, nil, model.GetStatus(err)
}

// membersRef is the listing of who is in the channel with an id.
func membersRef(id string) string {
	team, channel, _ := model.SplitChannelID(id)
	return graph.ChannelMembersRef(team, channel)
}
