package places

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/applications"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// DeviceSyncer reads devices and who registered them.
type DeviceSyncer struct {
	kinds.Kit
}

// NewDevices reads devices.
func NewDevices(k kinds.Kit) *DeviceSyncer {
	return &DeviceSyncer{k}
}

// ResourceType is the device type.
func (s *DeviceSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.DeviceResourceType
}

// deviceEntry is a listed device with its owners.
type deviceEntry struct {
	ID     string            `json:"i"`
	Owners []graph.Reference `json:"o,omitempty"`
}

// List reads one page of devices with their owners, which wait in the index for
// the grants.
func (s *DeviceSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataDevices); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListDevices)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataDevices, err)
	}
	if !page.Restarted {
		if err := s.remember(ctx, ix, page); err != nil {
			return nil, nil, decide.LeftOutAt(ctx, c, model.DataDevices, err)
		}
	}
	return page.Resources(s.resource)
}

func (s *DeviceSyncer) remember(ctx context.Context, ix walk.Index, page *walk.Listed[graph.Device]) error {
	ids := make([]string, 0, len(page.Rows))
	entries := make([]deviceEntry, 0, len(page.Rows))
	cut := walk.MaybeCut(page, func(d *graph.Device) (string, graph.Expanded) { return d.ID, d.RegisteredOwners })
	for i := range page.Rows {
		id := model.ObjectID(page.Rows[i].ID)
		ids = append(ids, id)
		entries = append(entries, deviceEntry{id, page.Rows[i].RegisteredOwners})
	}
	full, err := walk.ReadRelations(ctx, s.Client, s.Left, model.DataDevices, cut, graph.DeviceOwnersRef)
	if err != nil {
		return err
	}
	for i := range entries {
		if slices.Contains(cut, entries[i].ID) { // Of a device that is left out, not even a part of the owners is shown.
			entries[i].Owners = full[entries[i].ID]
		}
	}
	if err := ix.PutObjects(ctx, model.TypeDevice, ids); err != nil {
		return err
	}
	return walk.PutPage(ctx, ix, walk.KeyListed+model.TypeDevice, page.Page, page.Next == nil, entries)
}

// StaticEntitlements are what every device offers.
func (s *DeviceSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeDevice, ""), model.SlugAssigned,
			entitlement.WithDisplayName("Registered owner"),
			entitlement.WithDescription("Registered the device"),
			entitlement.WithGrantableTo(kinds.UserResourceType)),
	}, nil, nil
}

// GrantsForResourceType gives the owners of one page of the listed devices.
func (s *DeviceSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataDevices); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	entries, more, err := walk.GetPage[deviceEntry](ctx, ix, walk.KeyListed+model.TypeDevice, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	read := make([]walk.WorkResult[graph.Reference], 0, len(entries))
	for _, e := range entries {
		read = append(read, walk.WorkResult[graph.Reference]{Item: walk.WorkItem{ID: e.ID}, Rows: e.Owners})
	}
	grants, err := applications.HolderGrants(ctx, ix, s.Left, model.TypeDevice, model.SlugAssigned, read)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !more {
		return grants, nil, nil
	}
	token, err := walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1})
	return grants, walk.Results(token), err
}
