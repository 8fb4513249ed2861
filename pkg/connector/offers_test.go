package connector

import (
	"context"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/types"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// offering is a connector server with a type that offers the same with each resource,
// and one thing more.
type offering struct {
	types.ConnectorServer
	pages map[string]*v2.ResourcesServiceListResourcesResponse
}

func (o *offering) ListResources(_ context.Context, request *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	return o.pages[request.GetPageToken()], nil
}

func (*offering) ListStaticEntitlements(context.Context, *v2.EntitlementsServiceListStaticEntitlementsRequest) (*v2.EntitlementsServiceListStaticEntitlementsResponse, error) {
	return v2.EntitlementsServiceListStaticEntitlementsResponse_builder{List: []*v2.Entitlement{
		v2.Entitlement_builder{Slug: "member", DisplayName: "Member"}.Build(), v2.Entitlement_builder{Slug: "owner", DisplayName: "Owner"}.Build(),
	}}.Build(), nil
}

func (*offering) ListEntitlements(_ context.Context, request *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	if request.GetPageToken() == "" {
		return v2.EntitlementsServiceListEntitlementsResponse_builder{List: []*v2.Entitlement{v2.Entitlement_builder{Id: "own:1"}.Build()}, NextPageToken: `{"v":1}`}.Build(), nil
	}
	return v2.EntitlementsServiceListEntitlementsResponse_builder{List: []*v2.Entitlement{v2.Entitlement_builder{Id: "own:2"}.Build()}}.Build(), nil
}

func givenAnswer(next string, ids ...string) *v2.ResourcesServiceListResourcesResponse {
	var rows []*v2.Resource
	for _, id := range ids {
		rows = append(rows, v2.Resource_builder{Id: model.ResourceID(model.TypeGroup, id)}.Build())
	}
	return v2.ResourcesServiceListResourcesResponse_builder{List: rows, NextPageToken: next}.Build()
}

// allOffered is what the SDK gets that asks for all entitlements of groups.
func allOffered(t *testing.T, s *Server) ([]string, error) {
	t.Helper()
	var ids []string
	for token := ""; ; {
		response, err := s.ListEntitlements(t.Context(), v2.EntitlementsServiceListEntitlementsRequest_builder{
			Resource: stubOf(model.TypeGroup), PageToken: token, ActiveSyncId: "s", Annotations: annotations.New(&v2.TypeScopedEntitlements{}),
		}.Build())
		if err != nil {
			return ids, err
		}
		for _, e := range response.GetList() {
			ids = append(ids, e.GetId())
		}
		if token = response.GetNextPageToken(); token == "" {
			return ids, nil
		}
	}
}

func TestResourcesWouldOfferNothingOrWhatWasNeverStored(t *testing.T) {
	inner := &offering{pages: map[string]*v2.ResourcesServiceListResourcesResponse{}}
	s := &Server{ConnectorServer: inner, connector: connectorOver(t, nil), store: &fake.Store{Values: map[string][]byte{}}, offers: map[string]bool{model.TypeGroup: true}}
	list := func(token string) {
		t.Helper()
		_, err := s.ListResources(t.Context(), v2.ResourcesServiceListResourcesRequest_builder{ResourceTypeId: model.TypeGroup, PageToken: token, ActiveSyncId: "s"}.Build())
		require.NoError(t, err)
	}
	_, err := allOffered(t, s)
	require.ErrorContains(t, err, walk.ErrIndexLost.Error(), "a listing of which nothing is known is not one of nothing")

	// The first answer gets lost, and the second, for the same page, leads elsewhere.
	inner.pages[""], inner.pages["x"] = givenAnswer("x", "a", "gone"), givenAnswer("", "never stored")
	list("")
	inner.pages[""], inner.pages["y"], inner.pages["z"] = givenAnswer("y", "a", "b"), givenAnswer("z"), givenAnswer("", "c")
	list("")
	_, err = allOffered(t, s)
	require.ErrorContains(t, err, walk.ErrIndexLost.Error(), "half of a listing is not all of it")
	list("y")
	list("z")
	ids, err := allOffered(t, s)
	require.NoError(t, err)
	require.Equal(t, []string{
		"group:a:member", "group:b:member", "group:a:owner", "group:b:owner", "group:c:member", "group:c:owner", "own:1", "own:2",
	}, ids)

	static, err := s.ListStaticEntitlements(t.Context(), &v2.EntitlementsServiceListStaticEntitlementsRequest{})
	require.NoError(t, err)
	require.Empty(t, static.GetList(), "the SDK goes through the whole snapshot for each")
}

// Where a static entitlement has no name or description, the SDK takes the resource's,
// and where it is in an exclusion group the resource's id may be a part of that.
func TestOfferedEntitlementWouldDifferFromTheSDKs(t *testing.T) {
	c, err := Capabilities()
	require.NoError(t, err)
	for _, s := range c.ResourceSyncers(t.Context()) {
		syncer, same := s.(connectorbuilder.StaticEntitlementSyncerV2)
		id := s.ResourceType(t.Context()).GetId()
		if !same || id == model.TypeRole || id == model.TypeScopedRole || id == model.TypeChannel || id == model.TypeAgentIdentity { // These look at what the sync reads.
			continue
		}
		offers, _, err := syncer.StaticEntitlements(t.Context(), rs.SyncOpAttrs{})
		require.NoError(t, err)
		require.NotEmpty(t, offers, id)
		requireAlike(t, offers)
	}
}

func requireAlike(t *testing.T, offers []*v2.Entitlement) {
	t.Helper()
	for _, e := range offers {
		require.NotEmpty(t, e.GetDisplayName(), e.GetSlug())
		require.NotEmpty(t, e.GetDescription(), e.GetSlug())
		annos := annotations.Annotations(e.GetAnnotations())
		require.False(t, annos.Contains(&v2.EntitlementExclusionGroup{}), e.GetSlug())
	}
}
