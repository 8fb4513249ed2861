package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// administrativeUnitSyncer reads administrative units and what is in them. A
// group in a unit does not put its members there: only the group itself is
// administered with the unit.
type administrativeUnitSyncer struct {
	kit
}

// newAdministrativeUnitSyncer reads administrative units and changes what is in them.
func newAdministrativeUnitSyncer(k kit) *administrativeUnitSyncer {
	return &administrativeUnitSyncer{k}
}

// ResourceType is the administrative unit type.
func (s *administrativeUnitSyncer) ResourceType(context.Context) *v2.ResourceType {
	return administrativeUnitResourceType
}

// unitEntry is a listed unit.
type unitEntry struct {
	ID string `json:"i"`
	// Dynamic means that a rule decides what is in the unit.
	Dynamic bool `json:"d,omitempty"`
}

// List reads one page of administrative units.
func (s *administrativeUnitSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataAdministrativeUnits); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, s.client.ListAdministrativeUnits)
	if err != nil {
		return nil, nil, leftOutAt(ctx, c, dataAdministrativeUnits, err)
	}
	if !page.restarted {
		units := make([]unitEntry, 0, len(page.rows))
		for i := range page.rows {
			units = append(units, unitEntry{objectID(page.rows[i].ID), page.rows[i].Dynamic()})
		}
		if err := putPage(ctx, ix, keyListed+typeAdministrativeUnit, page.page, page.next == nil, units); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	return page.resources(s.resource)
}

// StaticEntitlements are what every administrative unit offers.
func (s *administrativeUnitSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(resourceRef(typeAdministrativeUnit, ""), slugMember,
			entitlement.WithDisplayName("Member"),
			entitlement.WithDescription("Is administered with the administrative unit"),
			entitlement.WithGrantableTo(userResourceType, groupResourceType, deviceResourceType)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *administrativeUnitSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *administrativeUnitSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType reads what is in the units, a batch of units at a time.
func (s *administrativeUnitSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if t.Do == doMembers {
		return finishTask(s.readMembers(ctx, ix, t))
	}
	if reads, err := s.decider.reads(ctx, ix, dataAdministrativeUnits); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	units, more, err := getPage[unitEntry](ctx, ix, keyListed+typeAdministrativeUnit, t.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	items := make([]workItem, 0, len(units))
	for _, u := range units {
		item := workItem{ID: u.ID}
		if u.Dynamic {
			item.Traits = traitDynamic
		}
		items = append(items, item)
	}
	res, err := planned(split(doMembers, items, sending.MaxBatchSize), t.Page+1, more)
	return nil, res, err
}

func (s *administrativeUnitSyncer) readMembers(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	read, rest, err := readWorkOf[graph.Reference](ctx, s.client, s.left, dataAdministrativeUnits, t.Work, func(w workItem) string { return graph.AdministrativeUnitMembersRef(w.ID) }, 1)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		held, err := holderGrants(ctx, ix, s.left, typeAdministrativeUnit, slugMember, []workResult[graph.Reference]{r})
		if err != nil {
			return nil, nil, err
		}
		if r.item.Traits&traitDynamic != 0 {
			for _, g := range held {
				annotate(g, s.immutables[dynamicUnitReason])
			}
		}
		grants = append(grants, held...)
	}
	return grants, t.withWork(rest), s.decider.confirmHidden(ctx, ix)
}

func (s *administrativeUnitSyncer) resource(u *graph.AdministrativeUnit) (*v2.Resource, error) {
	id := objectID(u.ID)
	membership := "assigned"
	if u.Dynamic() {
		membership = "dynamic"
	}
	profile := map[string]any{"id": u.ID, "membershipType": membership, "isMemberManagementRestricted": u.Restricted()}
	setNonEmpty(profile, map[string]string{"membershipRule": u.MembershipRule, "visibility": u.Visibility})
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		s.portal.link(unitBlade, id),
	}
	if u.Description != "" {
		options = append(options, rs.WithDescription(u.Description))
	}
	return rs.NewResource(displayName(u.DisplayName, id), administrativeUnitResourceType, id, options...)
}

// Get reads one administrative unit.
func (s *administrativeUnitSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.AdministrativeUnit, s.resource)
}
