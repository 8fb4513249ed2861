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

// licenseSyncer reads the products that the tenant has licences of, their seats,
// and who holds them (license_grants.go).
type licenseSyncer struct {
	kit
}

// newLicenseSyncer reads and gives licences.
func newLicenseSyncer(k kit) *licenseSyncer {
	return &licenseSyncer{k}
}

// ResourceType is the licence type.
func (s *licenseSyncer) ResourceType(context.Context) *v2.ResourceType { return licenseResourceType }

// List reads the tenant's products.
func (s *licenseSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataLicenses); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, s.client.ListSubscribedSKUs)
	if err != nil {
		return nil, nil, leftOutAt(ctx, c, dataLicenses, err)
	}
	if err := mergePages(ctx, ix, page); err != nil {
		return nil, nil, toStatus(err)
	}
	ids := make([]string, 0, len(page.rows))
	for i := range page.rows {
		ids = append(ids, objectID(page.rows[i].SKUID))
	}
	if err := ix.putObjects(ctx, typeLicense, ids); err != nil {
		return nil, nil, toStatus(err)
	}
	return page.resources(s.resource)
}

// StaticEntitlements are what every licence offers.
func (s *licenseSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(resourceRef(typeLicense, ""), slugAssigned,
			entitlement.WithDisplayName("Assigned"),
			entitlement.WithDescription("Holds a licence of the product"),
			entitlement.WithGrantableTo(userResourceType, groupResourceType)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *licenseSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *licenseSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

func (s *licenseSyncer) resource(sku *graph.SubscribedSKU) (*v2.Resource, error) {
	id := objectID(sku.SKUID)
	name := displayName(sku.SKUPartNumber, id)
	plans := make(map[string]any, len(sku.ServicePlans))
	for _, p := range sku.ServicePlans {
		plans[objectID(p.ID)] = p.Name
	}
	profile := map[string]any{
		"skuId": id, "skuPartNumber": sku.SKUPartNumber, "servicePlans": plans,
		"enabledUnits": sku.PrepaidUnits.Enabled, "warningUnits": sku.PrepaidUnits.Warning,
		"suspendedUnits": sku.PrepaidUnits.Suspended, "lockedOutUnits": sku.PrepaidUnits.LockedOut,
	}
	setNonEmpty(profile, map[string]string{"capabilityStatus": sku.CapabilityStatus, "appliesTo": sku.AppliesTo})
	// Units in the warning state are past their end and still usable.
	seats := sku.PrepaidUnits.Enabled + sku.PrepaidUnits.Warning
	return rs.NewResource(name, licenseResourceType, id,
		rs.WithLicenseProfileTrait(
			rs.WithLicenseName(name),
			rs.WithLicenseSeats(seats, sku.ConsumedUnits),
			rs.WithLicenseEntitlementIDs(entitlementID(typeLicense, id, slugAssigned)),
		),
		rs.WithResourceProfile(profile),
		s.portal.link(licenseBlade, id),
	)
}

// Get reads the tenant's products, which come on one page in practice, and gives
// one.
func (s *licenseSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	sku, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	var rows []graph.SubscribedSKU
	var trail sending.Trail
	for next := ""; ; {
		if err := trail.Follow(next); err != nil {
			return nil, nil, getStatus(err)
		}
		page, err := s.client.ListSubscribedSKUs(ctx, next)
		if err != nil {
			return nil, nil, getStatus(err)
		}
		for i := range page.Items {
			if objectID(page.Items[i].SKUID) == sku {
				rows = append(rows, page.Items[i])
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if len(rows) == 0 {
		return nil, nil, getStatus(notThere(id, "is no product that the tenant has"))
	}
	found, err := s.resource(&mergeProducts(rows)[0])
	return found, nil, getStatus(err)
}
