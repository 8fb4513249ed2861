package teams

import (
	"context"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// member is somebody in a channel.
type member struct {
	ID    string `json:"i,omitempty"`
	Owner bool   `json:"o,omitempty"`
	// Elsewhere means that the person is of another tenant.
	Elsewhere bool `json:"e,omitempty"`
}

// audience is who is in a channel.
type audience struct {
	members []member
	// elsewhere counts people of other tenants, by tenant.
	elsewhere map[string]int
}

// membersAmong is who some rows stand for, each once, in one order. An owner is no further
// member.
func membersAmong(rows []graph.ChannelMember, home string) *audience {
	in, found := &audience{elsewhere: map[string]int{}}, map[string]member{}
	for i := range rows {
		row := &rows[i]
		m := member{ID: model.ObjectID(row.UserID), Owner: row.Owner()}
		if m.ID == "" { // A bot, or somebody who is in no directory.
			in.members = append(in.members, m)
			continue
		}
		before, again := found[m.ID]
		m.Owner = m.Owner || before.Owner
		m.Elsewhere = home != "" && row.TenantID != "" && !strings.EqualFold(row.TenantID, home)
		if m.Elsewhere && !again {
			in.elsewhere[strings.ToLower(row.TenantID)]++
		}
		found[m.ID] = m
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		in.members = append(in.members, found[id])
	}
	return in
}

// described are the other tenants whose people are in a channel, with how many they are.
func (a *audience) described() []any {
	var list []any
	for _, tenant := range slices.Sorted(maps.Keys(a.elsewhere)) {
		list = append(list, map[string]any{"tenantId": tenant, "members": a.elsewhere[tenant]})
	}
	return list
}

// StaticEntitlements are what every channel offers, where it is read who has it.
func (s *Syncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	if reads, err := s.Decider.Reads(ctx, walk.Index{Store: opts.Session}, model.DataChannelMembers); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	anyChannel := model.ResourceRef(model.TypeChannel, "")
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(anyChannel, model.SlugMember,
			entitlement.WithDisplayName("Member"),
			entitlement.WithDescription("Is in the channel: sees what is written and kept there"),
			entitlement.WithGrantableTo(kinds.UserResourceType)),
		entitlement.NewOwnershipEntitlement(anyChannel, model.SlugOwner,
			entitlement.WithDisplayName("Owner"),
			entitlement.WithDescription("Is in the channel, and manages it and who is in it"),
			entitlement.WithGrantableTo(kinds.UserResourceType)),
	}, nil, nil
}

// GrantsForResourceType gives who is in channels, one page of the listed ones.
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	made, err := s.Decider.Of(ctx, ix)
	if err != nil || !made.Has(model.DataChannels) || !made.Has(model.DataChannelMembers) {
		return nil, nil, model.ToStatus(err)
	}
	entries, more, err := walk.GetPage[channelEntry](ctx, ix, walk.KeyListed+model.TypeChannel, t.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	known, err := kinds.LookUpPrincipals(ctx, ix, nil, nil)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, e := range entries {
		holders := map[string][]walk.Holder{}
		for _, m := range e.Members {
			if slug, shown := s.shown(m, known, t.Offset == 0); shown {
				holders[slug] = append(holders[slug], walk.Holder{Type: model.TypeUser, ID: m.ID})
			}
		}
		for _, slug := range []string{model.SlugMember, model.SlugOwner} {
			replay.Add(model.EntitlementOf(model.TypeChannel, e.ID, slug), holders[slug], nil)
		}
	}
	grants, next, err := replay.Finish(t)
	if next == nil && more {
		next = &walk.Task{Version: walk.TokenVersion, Do: walk.DoPlan, Page: t.Page + 1}
	}
	return walk.FinishTask(grants, next, err)
}

// shown is what somebody in a channel has, if they are in the snapshot. Who is left out is
// counted the first time.
func (s *Syncer) shown(m member, known *kinds.Principals, first bool) (string, bool) {
	left := s.Left
	if !first {
		left = &walk.Tally{}
	}
	_, here := known.Shown(graph.KindUser, m.ID)
	switch {
	case m.ID == "":
		left.Add(walk.LeftNobody, 1)
	case m.Elsewhere && !here:
		left.Add(walk.LeftElsewhere, 1)
	case !here:
		left.Add(walk.LeftUnlistedPerson, 1)
	case m.Owner:
		return model.SlugOwner, true
	default:
		return model.SlugMember, true
	}
	return "", false
}
