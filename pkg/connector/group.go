package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// groupSyncer reads groups, and who is a member or an owner of them
// (group_grants.go, group_cycles.go).
type groupSyncer struct {
	kit
}

// newGroupSyncer reads groups and changes who is in them.
func newGroupSyncer(k kit) *groupSyncer {
	return &groupSyncer{k}
}

// ResourceType is the group type.
func (s *groupSyncer) ResourceType(context.Context) *v2.ResourceType { return groupResourceType }

// List reads one page of groups, and remembers for the grants what each group
// is and which groups it is in.
func (s *groupSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := readPage(ctx, c, s.client.ListGroups)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if page.restarted {
		res, err := page.results()
		return nil, res, err
	}
	ix := index{opts.Session}
	if err := s.leaveOutADGroups(ctx, ix, page); err != nil {
		return nil, nil, toStatus(err)
	}
	if err := s.remember(ctx, ix, page); err != nil {
		return nil, nil, toStatus(err)
	}
	return page.resources(s.resource)
}

// leaveOutADGroups takes synchronized groups out of a page, if they are not
// wanted, and notes them if the access through them is.
func (s *groupSyncer) leaveOutADGroups(ctx context.Context, ix index, page *listed[graph.Group]) error {
	if !s.filter.skipADGroups {
		return nil
	}
	skippedGroups := map[string]bool{}
	page.rows = slices.DeleteFunc(page.rows, func(g graph.Group) bool {
		if g.Synced() {
			skippedGroups[objectID(g.ID)] = true
		}
		return g.Synced()
	})
	if s.filter.throughADGroups {
		s.left.add(leftADGroupsShownThrough, len(skippedGroups))
		return put(ctx, ix, keyADGroup, skippedGroups)
	}
	s.left.add(leftADGroups, len(skippedGroups))
	return nil
}

// remember writes a page of groups to the index.
func (s *groupSyncer) remember(ctx context.Context, ix index, page *listed[graph.Group]) error {
	cut := maybeCut(page, func(g *graph.Group) (string, graph.Expanded) { return g.ID, g.MemberOf })
	full, err := readRelations(ctx, s.client, s.left, "", cut, graph.GroupMemberOfRef)
	if err != nil {
		return err
	}
	entries := make([]groupEntry, 0, len(page.rows))
	traits := make(map[string]groupTraits, len(page.rows))
	nesting := []nestingEntry{}
	licensees, ways := []licensee{}, licenseWays{}
	for i := range page.rows {
		id := objectID(page.rows[i].ID)
		licensees = ways.ofGroup(licensees, &page.rows[i])
		entry := groupEntry{ID: id, Traits: traitsOf(&page.rows[i])}
		entries = append(entries, entry)
		traits[id] = entry.Traits
		parents := []graph.Reference(page.rows[i].MemberOf)
		if rows, ok := full[id]; ok {
			parents = rows
		}
		if err := graph.Typed(parents); err != nil {
			return err
		}
		if groups := graph.IDsOf(parents, graph.KindGroup); len(groups) > 0 {
			nesting = append(nesting, nestingEntry{Child: id, Parents: groups})
		}
	}
	if err := put(ctx, ix, keyGroup, traits); err != nil {
		return err
	}
	last := page.next == nil
	if err := putLicensees(ctx, ix, keyGroupLicenses, page.page, last, licensees, ways); err != nil {
		return err
	}
	if err := putPage(ctx, ix, keyNesting, page.page, last, nesting); err != nil {
		return err
	}
	return putPage(ctx, ix, keyGroups, page.page, last, entries)
}

// StaticEntitlements are what every group offers.
func (s *groupSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	anyGroup := resourceRef(typeGroup, "")
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(anyGroup, slugMember,
			entitlement.WithDisplayName("Member"),
			entitlement.WithDescription("Is a member of the group"),
			entitlement.WithGrantableTo(grantableToAny...)),
		entitlement.NewOwnershipEntitlement(anyGroup, slugOwner,
			entitlement.WithDisplayName("Owner"),
			entitlement.WithDescription("Can manage the group and its members"),
			entitlement.WithGrantableTo(grantableToIdentities...)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements and
// EntitlementsForResourceType.
func (s *groupSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *groupSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

func (s *groupSyncer) resource(g *graph.Group) (*v2.Resource, error) {
	id := objectID(g.ID)
	options := []rs.ResourceOption{
		rs.WithResourceProfile(groupProfile(g)),
		s.portal.link(groupBlade, id),
	}
	if g.Description != "" {
		options = append(options, rs.WithDescription(g.Description))
	}
	if created := g.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	trait := []rs.GroupTraitOption{
		rs.WithGroupSourceType(sourceType(g)),
		rs.WithRawGroupSourceType(rawSourceType(g)),
	}
	return rs.NewGroupResource(displayName(g.DisplayName, g.MailNickname, id), groupResourceType, id, trait, options...)
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
	setNonEmpty(profile, map[string]string{
		"mail": g.Mail, "mailNickname": g.MailNickname, "visibility": g.Visibility,
		"membershipRule": g.MembershipRule, "onPremisesSamAccountName": g.OnPremisesSAMAccountName,
	})
	return profile
}

// Get reads one group.
func (s *groupSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.Group, func(g *graph.Group) (*v2.Resource, error) {
		if s.filter.skipADGroups && g.Synced() {
			return nil, notThere(id, "is synchronized from on-premises Active Directory and left out (--skip-ad-groups)")
		}
		return s.resource(g)
	})
}
