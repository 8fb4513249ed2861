package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// deviceSyncer reads devices and who registered them.
type deviceSyncer struct {
	kit
}

// newDeviceSyncer reads devices.
func newDeviceSyncer(k kit) *deviceSyncer {
	return &deviceSyncer{k}
}

// ResourceType is the device type.
func (s *deviceSyncer) ResourceType(context.Context) *v2.ResourceType { return deviceResourceType }

// deviceEntry is a listed device with its owners.
type deviceEntry struct {
	ID     string            `json:"i"`
	Owners []graph.Reference `json:"o,omitempty"`
}

// List reads one page of devices with their owners, which wait in the index for
// the grants.
func (s *deviceSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataDevices); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, s.client.ListDevices)
	if err != nil {
		return nil, nil, leftOutAt(ctx, c, dataDevices, err)
	}
	if !page.restarted {
		if err := s.remember(ctx, ix, page); err != nil {
			return nil, nil, leftOutAt(ctx, c, dataDevices, err)
		}
	}
	return page.resources(s.resource)
}

func (s *deviceSyncer) remember(ctx context.Context, ix index, page *listed[graph.Device]) error {
	ids := make([]string, 0, len(page.rows))
	entries := make([]deviceEntry, 0, len(page.rows))
	cut := maybeCut(page, func(d *graph.Device) (string, graph.Expanded) { return d.ID, d.RegisteredOwners })
	for i := range page.rows {
		id := objectID(page.rows[i].ID)
		ids = append(ids, id)
		entries = append(entries, deviceEntry{id, page.rows[i].RegisteredOwners})
	}
	full, err := readRelations(ctx, s.client, s.left, dataDevices, cut, graph.DeviceOwnersRef)
	if err != nil {
		return err
	}
	for i := range entries {
		if slices.Contains(cut, entries[i].ID) { // Of a device that is left out, not even a part of the owners is shown.
			entries[i].Owners = full[entries[i].ID]
		}
	}
	if err := ix.putObjects(ctx, typeDevice, ids); err != nil {
		return err
	}
	return putPage(ctx, ix, keyListed+typeDevice, page.page, page.next == nil, entries)
}

// StaticEntitlements are what every device offers.
func (s *deviceSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(resourceRef(typeDevice, ""), slugAssigned,
			entitlement.WithDisplayName("Registered owner"),
			entitlement.WithDescription("Registered the device"),
			entitlement.WithGrantableTo(userResourceType)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *deviceSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *deviceSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType gives the owners of one page of the listed devices.
func (s *deviceSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataDevices); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	entries, more, err := getPage[deviceEntry](ctx, ix, keyListed+typeDevice, c.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	read := make([]workResult[graph.Reference], 0, len(entries))
	for _, e := range entries {
		read = append(read, workResult[graph.Reference]{item: workItem{ID: e.ID}, rows: e.Owners})
	}
	grants, err := holderGrants(ctx, ix, s.left, typeDevice, slugAssigned, read)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if !more {
		return grants, nil, nil
	}
	token, err := encodeToken(cursor{Version: tokenVersion, Page: c.Page + 1})
	return grants, results(token), err
}
