// Package licenses reads the tenant's products, whom they are assigned to by which
// ways, and changes that.
package licenses

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Syncer reads the products that the tenant has licences of, their seats,
// and who holds them (grants.go).
type Syncer struct {
	kinds.Kit
}

// New reads and gives licences.
func New(k kinds.Kit) *Syncer {
	return &Syncer{k}
}

// ResourceType is the licence type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.LicenseResourceType }

// List reads the tenant's products.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataLicenses); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListSubscribedSKUs)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataLicenses, err)
	}
	if err := mergePages(ctx, ix, page); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	ids := make([]string, 0, len(page.Rows))
	for i := range page.Rows {
		ids = append(ids, model.ObjectID(page.Rows[i].SKUID))
	}
	if err := ix.PutObjects(ctx, model.TypeLicense, ids); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return page.Resources(s.resource)
}

// StaticEntitlements are what every licence offers.
func (s *Syncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeLicense, ""), model.SlugAssigned,
			entitlement.WithDisplayName("Assigned"),
			entitlement.WithDescription("Holds a licence of the product"),
			entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType)),
	}, nil, nil
}

func (s *Syncer) resource(sku *graph.SubscribedSKU) (*v2.Resource, error) {
	id := model.ObjectID(sku.SKUID)
	name := model.DisplayName(productName(sku.SKUPartNumber), sku.SKUPartNumber, id)
	plans := make(map[string]any, len(sku.ServicePlans))
	for _, p := range sku.ServicePlans {
		plans[model.ObjectID(p.ID)] = p.Name
	}
	profile := map[string]any{
		"skuId": id, "skuPartNumber": sku.SKUPartNumber, "servicePlans": plans,
		"enabledUnits": sku.PrepaidUnits.Enabled, "warningUnits": sku.PrepaidUnits.Warning,
		"suspendedUnits": sku.PrepaidUnits.Suspended, "lockedOutUnits": sku.PrepaidUnits.LockedOut,
	}
	model.SetNonEmpty(profile, map[string]string{"capabilityStatus": sku.CapabilityStatus, "appliesTo": sku.AppliesTo})
	// Units in the warning state are past their end and still usable.
	seats := sku.PrepaidUnits.Enabled + sku.PrepaidUnits.Warning
	return rs.NewResource(name, kinds.LicenseResourceType, id,
		rs.WithDescription(sku.SKUPartNumber), // By which scripts and Microsoft's tables know the product.
		rs.WithLicenseProfileTrait(
			rs.WithLicenseName(name),
			rs.WithLicenseSeats(seats, sku.ConsumedUnits),
			rs.WithLicenseEntitlementIDs(model.EntitlementID(model.TypeLicense, id, model.SlugAssigned)),
		),
		rs.WithResourceProfile(profile),
		s.Portal.Link(model.LicenseBlade, id),
	)
}

// Get reads the tenant's products, which come on one page in practice, and gives
// one.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	sku, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	var rows []graph.SubscribedSKU
	var trail sending.Trail
	for next := ""; ; {
		if err := trail.Follow(next); err != nil {
			return nil, nil, model.GetStatus(err)
		}
		page, err := s.Client.ListSubscribedSKUs(ctx, next)
		if err != nil {
			return nil, nil, model.GetStatus(err)
		}
		for i := range page.Items {
			if model.ObjectID(page.Items[i].SKUID) == sku {
				rows = append(rows, page.Items[i])
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if len(rows) == 0 {
		return nil, nil, model.GetStatus(model.NotThere(id, "is no product that the tenant has"))
	}
	found, err := s.resource(&mergeProducts(rows)[0])
	return found, nil, model.GetStatus(err)
}
