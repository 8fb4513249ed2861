package connector

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// Most types offer the same with each of their resources, and say so by
// StaticEntitlements. The SDK makes entitlements of that by going through all rows of the
// snapshot for each of them, a quarter of a sync's time (docs/upstream.md). Here they are
// made from the ids that the listing gave, in the first pages of the type's entitlements.

// The page tokens of these pages: the first goes on with the page token of the listing
// whose resources are next, and the second with what the type gives itself. The syncers'
// own are JSON objects.
const (
	offersAt   = "offers/1/at/"
	offersMade = "offers/1/made"
)

// offerTypes are the types that offer the same with each resource.
func (c *Connector) offerTypes(ctx context.Context) map[string]bool {
	types := map[string]bool{}
	for _, s := range c.ResourceSyncers(ctx) {
		if _, same := s.(connectorbuilder.StaticEntitlementSyncerV2); same {
			types[s.ResourceType(ctx).GetId()] = true
		}
	}
	return types
}

// index is the session store of a sync.
func (s *Server) index(syncID string) walk.Index {
	return walk.Index{Store: connectorbuilder.WithSyncId(s.store, syncID)}
}

// noteGiven keeps what an answer gives of a type that offers the same with each resource.
func (s *Server) noteGiven(ctx context.Context, request *v2.ResourcesServiceListResourcesRequest, response *v2.ResourcesServiceListResourcesResponse) error {
	if !s.offers[request.GetResourceTypeId()] {
		return nil
	}
	page := walk.GivenPage{Next: response.GetNextPageToken()}
	for _, r := range response.GetList() {
		if r.GetId().GetResourceType() == request.GetResourceTypeId() { // The tenant may be among them.
			page.IDs = append(page.IDs, r.GetId().GetResource())
		}
	}
	return model.ToStatus(s.index(request.GetActiveSyncId()).PutGiven(ctx, request.GetResourceTypeId(), request.GetPageToken(), page))
}

// entitlements gives what all resources of a type offer, and then what the type gives
// itself.
func (s *Server) entitlements(ctx context.Context, request *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	resourceType, token := request.GetResource().GetId().GetResourceType(), request.GetPageToken()
	at, making := strings.CutPrefix(token, offersAt)
	annos := annotations.Annotations(request.GetAnnotations())
	switch {
	case token == offersMade:
		request = v2.EntitlementsServiceListEntitlementsRequest_builder{
			Resource: request.GetResource(), PageSize: request.GetPageSize(), ActiveSyncId: request.GetActiveSyncId(), Annotations: request.GetAnnotations(),
		}.Build()
		return s.ConnectorServer.ListEntitlements(ctx, request)
	case making && !s.offers[resourceType]:
		return nil, walk.ErrDamagedToken
	case !making && (token != "" || !s.offers[resourceType] || !annos.Contains(&v2.TypeScopedEntitlements{})):
		return s.ConnectorServer.ListEntitlements(ctx, request)
	}
	same, err := s.ConnectorServer.ListStaticEntitlements(ctx, v2.EntitlementsServiceListStaticEntitlementsRequest_builder{
		ResourceTypeId: resourceType, ActiveSyncId: request.GetActiveSyncId(),
	}.Build())
	if err != nil {
		return nil, err
	}
	page, err := s.index(request.GetActiveSyncId()).Given(ctx, resourceType, at)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	next := offersMade
	if page.Next != "" {
		next = offersAt + page.Next
	}
	return v2.EntitlementsServiceListEntitlementsResponse_builder{
		List: offered(resourceType, page.IDs, same.GetList()), NextPageToken: next, Annotations: same.GetAnnotations(),
	}.Build(), nil
}

// offered are the same entitlements of each resource, as the SDK would make them.
func offered(resourceType string, ids []string, same []*v2.Entitlement) []*v2.Entitlement {
	made := make([]*v2.Entitlement, 0, len(ids)*len(same))
	for _, e := range same {
		for _, id := range ids {
			on := model.ResourceRef(resourceType, id)
			made = append(made, v2.Entitlement_builder{
				Resource: on, Id: entitlement.NewEntitlementID(on, e.GetSlug()), Slug: e.GetSlug(), Purpose: e.GetPurpose(),
				DisplayName: e.GetDisplayName(), Description: e.GetDescription(), GrantableTo: e.GetGrantableTo(), Annotations: e.GetAnnotations(),
			}.Build())
		}
	}
	return made
}
