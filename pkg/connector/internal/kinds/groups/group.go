// Package groups reads groups, who is in them, owns them or may become either, and
// changes that.
package groups

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Syncer reads groups, and who is a member or an owner of them
// (grants.go, cycles.go).
type Syncer struct {
	kinds.Kit
}

// New reads groups and changes who is in them.
func New(k kinds.Kit) *Syncer {
	return &Syncer{k}
}

// ResourceType is the group type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.GroupResourceType }

// List reads one page of groups, and remembers for the grants what each group
// is and which groups it is in.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListGroups)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if page.Restarted {
		res, err := page.Results()
		return nil, res, err
	}
	ix := walk.Index{Store: opts.Session}
	if err := s.leaveOutADGroups(ctx, ix, page); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if err := s.remember(ctx, ix, page); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return page.Resources(s.resource)
}

// leaveOutADGroups takes synchronized groups out of a page, if they are not
// wanted, and notes them if the access through them is.
func (s *Syncer) leaveOutADGroups(ctx context.Context, ix walk.Index, page *walk.Listed[graph.Group]) error {
	if !s.Filter.SkipADGroups {
		return nil
	}
	skippedGroups := map[string]bool{}
	page.Rows = slices.DeleteFunc(page.Rows, func(g graph.Group) bool {
		if g.Synced() {
			skippedGroups[model.ObjectID(g.ID)] = true
		}
		return g.Synced()
	})
	if s.Filter.ThroughADGroups {
		s.Left.Add(walk.LeftADGroupsShownThrough, len(skippedGroups))
		return walk.Put(ctx, ix, walk.KeyADGroup, skippedGroups)
	}
	s.Left.Add(walk.LeftADGroups, len(skippedGroups))
	return nil
}

// remember writes a page of groups to the index.
func (s *Syncer) remember(ctx context.Context, ix walk.Index, page *walk.Listed[graph.Group]) error {
	cut := walk.MaybeCut(page, func(g *graph.Group) (string, graph.Expanded) { return g.ID, g.MemberOf })
	full, err := walk.ReadRelations(ctx, s.Client, s.Left, "", cut, graph.GroupMemberOfRef)
	if err != nil {
		return err
	}
	entries := make([]walk.GroupEntry, 0, len(page.Rows))
	traits := make(map[string]model.GroupTraits, len(page.Rows))
	nesting := []walk.NestingEntry{}
	licensees, ways := []kinds.Licensee{}, kinds.LicenseWays{}
	for i := range page.Rows {
		id := model.ObjectID(page.Rows[i].ID)
		licensees = ways.OfGroup(licensees, &page.Rows[i])
		entry := walk.GroupEntry{ID: id, Traits: model.TraitsOf(&page.Rows[i])}
		entries = append(entries, entry)
		traits[id] = entry.Traits
		parents := []graph.Reference(page.Rows[i].MemberOf)
		if rows, ok := full[id]; ok {
			parents = rows
		}
		if err := graph.Typed(parents); err != nil {
			return err
		}
		if groups := graph.IDsOf(parents, graph.KindGroup); len(groups) > 0 {
			nesting = append(nesting, walk.NestingEntry{Child: id, Parents: groups})
		}
	}
	if err := walk.Put(ctx, ix, walk.KeyGroup, traits); err != nil {
		return err
	}
	last := page.Next == nil
	if err := kinds.PutLicensees(ctx, ix, kinds.KeyGroupLicenses, page.Page, last, licensees, ways); err != nil {
		return err
	}
	if err := walk.PutPage(ctx, ix, walk.KeyNesting, page.Page, last, nesting); err != nil {
		return err
	}
	return walk.PutPage(ctx, ix, walk.KeyGroups, page.Page, last, entries)
}

// StaticEntitlements are what every group offers.
func (s *Syncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	anyGroup := model.ResourceRef(model.TypeGroup, "")
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(anyGroup, model.SlugMember,
			entitlement.WithDisplayName("Member"),
			entitlement.WithDescription("Is a member of the group"),
			entitlement.WithGrantableTo(kinds.GrantableToAny...)),
		entitlement.NewOwnershipEntitlement(anyGroup, model.SlugOwner,
			entitlement.WithDisplayName("Owner"),
			entitlement.WithDescription("Can manage the group and its members"),
			entitlement.WithGrantableTo(kinds.GrantableToIdentities...)),
	}, nil, nil
}

func (s *Syncer) resource(g *graph.Group) (*v2.Resource, error) {
	id := model.ObjectID(g.ID)
	options := []rs.ResourceOption{
		rs.WithResourceProfile(groupProfile(g)),
		s.Portal.Link(model.GroupBlade, id),
	}
	if g.Description != "" {
		options = append(options, rs.WithDescription(g.Description))
	}
	if created := g.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	trait := []rs.GroupTraitOption{
		rs.WithGroupSourceType(model.SourceType(g)),
		rs.WithRawGroupSourceType(model.RawSourceType(g)),
	}
	return rs.NewGroupResource(model.DisplayName(g.DisplayName, g.MailNickname, id), kinds.GroupResourceType, id, trait, options...)
}

func groupProfile(g *graph.Group) map[string]any {
	types := make([]any, 0, len(g.GroupTypes))
	for _, t := range g.GroupTypes {
		types = append(types, t)
	}
	profile := map[string]any{
		"id":                     g.ID,
		"groupTypes":             types,
		"mailEnabled":            g.MailEnabled,
		"securityEnabled":        g.SecurityEnabled,
		"onPremisesSyncEnabled":  g.Synced(),
		"isAssignableToRole":     g.RoleAssignable(),
		"isManagementRestricted": g.IsManagementRestricted != nil && *g.IsManagementRestricted,
	}
	model.SetNonEmpty(profile, map[string]string{
		"mail": g.Mail, "mailNickname": g.MailNickname, "visibility": g.Visibility,
		"membershipRule": g.MembershipRule, "onPremisesSamAccountName": g.OnPremisesSAMAccountName,
		"securityIdentifier": g.SecurityIdentifier, "onPremisesSecurityIdentifier": g.OnPremisesSID, "onPremisesDomainName": g.OnPremisesDomain,
		"classification": g.Classification, "expirationDateTime": model.Timestamp(g.ExpirationDateTime.Time),
	})
	if g.Team() {
		profile["isTeam"] = true
	}
	if labels := labelsOf(g); len(labels) > 0 {
		profile["assignedLabels"] = labels
	}
	return profile
}

// labelsOf are the group's sensitivity labels by id, with the name of each that has
// one: the name goes when the label is deleted.
func labelsOf(g *graph.Group) []any {
	var labels []any
	for _, l := range g.AssignedLabels {
		if l.LabelID == "" {
			continue
		}
		label := map[string]any{"labelId": l.LabelID}
		model.SetNonEmpty(label, map[string]string{"displayName": l.DisplayName})
		labels = append(labels, label)
	}
	return labels
}

// Get reads one group.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.Group, func(g *graph.Group) (*v2.Resource, error) {
		if s.Filter.SkipADGroups && g.Synced() {
			return nil, model.NotThere(id, "is synchronized from on-premises Active Directory and left out (--skip-ad-groups)")
		}
		return s.resource(g)
	})
}
