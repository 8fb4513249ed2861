// Package places reads what people and groups are put into that gives no access by
// itself: administrative units, and devices with their owners.
package places

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/applications"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/groups"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// UnitSyncer reads administrative units and what is in them. A
// group in a unit does not put its members there: only the group itself is
// administered with the unit.
type UnitSyncer struct {
	kinds.Kit
}

// NewUnits reads administrative units and changes what is in them.
func NewUnits(k kinds.Kit) *UnitSyncer {
	return &UnitSyncer{k}
}

// ResourceType is the administrative unit type.
func (s *UnitSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.AdministrativeUnitResourceType
}

// unitEntry is a listed unit.
type unitEntry struct {
	ID string `json:"i"`
	// Dynamic means that a rule decides what is in the unit.
	Dynamic bool `json:"d,omitempty"`
}

// List reads one page of administrative units.
func (s *UnitSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAdministrativeUnits); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListAdministrativeUnits)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataAdministrativeUnits, err)
	}
	if !page.Restarted {
		units := make([]unitEntry, 0, len(page.Rows))
		for i := range page.Rows {
			units = append(units, unitEntry{model.ObjectID(page.Rows[i].ID), page.Rows[i].Dynamic()})
		}
		if err := walk.PutPage(ctx, ix, walk.KeyListed+model.TypeAdministrativeUnit, page.Page, page.Next == nil, units); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(s.resource)
}

// StaticEntitlements are what every administrative unit offers.
func (s *UnitSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeAdministrativeUnit, ""), model.SlugMember,
			entitlement.WithDisplayName("Member"),
			entitlement.WithDescription("Is administered with the administrative unit"),
			entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType, kinds.DeviceResourceType)),
	}, nil, nil
}

// GrantsForResourceType reads what is in the units, a batch of units at a time.
func (s *UnitSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if t.Do == groups.DoMembers {
		return walk.FinishTask(s.readMembers(ctx, ix, t))
	}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAdministrativeUnits); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	units, more, err := walk.GetPage[unitEntry](ctx, ix, walk.KeyListed+model.TypeAdministrativeUnit, t.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	items := make([]walk.WorkItem, 0, len(units))
	for _, u := range units {
		item := walk.WorkItem{ID: u.ID}
		if u.Dynamic {
			item.Traits = model.TraitDynamic
		}
		items = append(items, item)
	}
	res, err := walk.Planned(walk.Split(groups.DoMembers, items, sending.MaxBatchSize), t.Page+1, more)
	return nil, res, err
}

func (s *UnitSyncer) readMembers(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.AdministrativeUnitMembersRef(w.ID) }
	read, rest, err := walk.ReadWorkOf[graph.Reference](ctx, s.Client, s.Left, model.DataAdministrativeUnits, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		held, err := applications.HolderGrants(ctx, ix, s.Left, model.TypeAdministrativeUnit, model.SlugMember, []walk.WorkResult[graph.Reference]{r})
		if err != nil {
			return nil, nil, err
		}
		if r.Item.Traits&model.TraitDynamic != 0 {
			for _, g := range held {
				model.Annotate(g, s.Immutables[model.DynamicUnitReason])
			}
		}
		grants = append(grants, held...)
	}
	return grants, t.WithWork(rest), s.Decider.ConfirmHidden(ctx, ix)
}

func (s *UnitSyncer) resource(u *graph.AdministrativeUnit) (*v2.Resource, error) {
	id := model.ObjectID(u.ID)
	membership := "assigned"
	if u.Dynamic() {
		membership = "dynamic"
	}
	profile := map[string]any{"id": u.ID, "membershipType": membership, "isMemberManagementRestricted": u.Restricted()}
	model.SetNonEmpty(profile, map[string]string{"membershipRule": u.MembershipRule, "visibility": u.Visibility})
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		s.Portal.Link(model.UnitBlade, id),
	}
	if u.Description != "" {
		options = append(options, rs.WithDescription(u.Description))
	}
	return rs.NewResource(model.DisplayName(u.DisplayName, id), kinds.AdministrativeUnitResourceType, id, options...)
}

// Get reads one administrative unit.
func (s *UnitSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.AdministrativeUnit, s.resource)
}
