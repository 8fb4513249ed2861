package recording

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
	"google.golang.org/protobuf/proto"
)

// The methods that carry rows.
const (
	methodTypes        = "resource-types"
	methodResources    = "resources"
	methodEntitlements = "entitlements"
	methodStatic       = "static-entitlements"
	methodGrants       = "grants"
)

func typesRequest(q *v2.ResourceTypesServiceListResourceTypesRequest) request {
	return request{Method: methodTypes, Token: q.GetPageToken()}
}

func resourcesRequest(q *v2.ResourcesServiceListResourcesRequest) request {
	return request{Method: methodResources, Type: q.GetResourceTypeId(), Resource: key(q.GetParentResourceId()), Token: q.GetPageToken()}
}

func entitlementsRequest(q *v2.EntitlementsServiceListEntitlementsRequest) request {
	id := q.GetResource().GetId()
	return request{Method: methodEntitlements, Type: id.GetResourceType(), Resource: key(id), Token: q.GetPageToken()}
}

func staticRequest(q *v2.EntitlementsServiceListStaticEntitlementsRequest) request {
	return request{Method: methodStatic, Type: q.GetResourceTypeId(), Token: q.GetPageToken()}
}

func grantsRequest(q *v2.GrantsServiceListGrantsRequest) request {
	id := q.GetResource().GetId()
	return request{Method: methodGrants, Type: id.GetResourceType(), Resource: key(id), Token: q.GetPageToken()}
}

func key(id *v2.ResourceId) string {
	if id.GetResource() == "" {
		return ""
	}
	return id.GetResourceType() + "/" + id.GetResource()
}

// Record passes calls on to a connector and writes its answers down.
func Record(server types.ConnectorServer, w *Writer) types.ConnectorServer {
	return &recorder{ConnectorServer: server, w: w}
}

type recorder struct {
	types.ConnectorServer
	w *Writer
}

// keep writes an answer down and passes it on. What failed is asked again.
func keep[T proto.Message](w *Writer, q request, answer T, err error) (T, error) {
	if err != nil {
		return answer, err
	}
	return answer, w.add(q, answer)
}

// ListResourceTypes is recorded.
func (r *recorder) ListResourceTypes(ctx context.Context, q *v2.ResourceTypesServiceListResourceTypesRequest) (*v2.ResourceTypesServiceListResourceTypesResponse, error) {
	answer, err := r.ConnectorServer.ListResourceTypes(ctx, q)
	return keep(r.w, typesRequest(q), answer, err)
}

// ListResources is recorded.
func (r *recorder) ListResources(ctx context.Context, q *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	answer, err := r.ConnectorServer.ListResources(ctx, q)
	return keep(r.w, resourcesRequest(q), answer, err)
}

// ListEntitlements is recorded.
func (r *recorder) ListEntitlements(ctx context.Context, q *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	answer, err := r.ConnectorServer.ListEntitlements(ctx, q)
	return keep(r.w, entitlementsRequest(q), answer, err)
}

// ListStaticEntitlements is recorded.
func (r *recorder) ListStaticEntitlements(
	ctx context.Context, q *v2.EntitlementsServiceListStaticEntitlementsRequest,
) (*v2.EntitlementsServiceListStaticEntitlementsResponse, error) {
	answer, err := r.ConnectorServer.ListStaticEntitlements(ctx, q)
	return keep(r.w, staticRequest(q), answer, err)
}

// ListGrants is recorded.
func (r *recorder) ListGrants(ctx context.Context, q *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	answer, err := r.ConnectorServer.ListGrants(ctx, q)
	return keep(r.w, grantsRequest(q), answer, err)
}

// Replay answers from a recording, and leaves to rest what carries no rows.
// open is called with the first request: the SDK constructs connectors in
// processes that answer nothing.
func Replay(rest types.ConnectorServer, open func() (*Reader, error)) types.ConnectorServer {
	return &replayer{ConnectorServer: rest, open: open}
}

type replayer struct {
	types.ConnectorServer
	open func() (*Reader, error)
}

func replay[T proto.Message](r *replayer, q request, answer T) (T, error) {
	reader, err := r.open()
	if err != nil {
		return answer, err
	}
	return answer, reader.read(q, answer)
}

// Validate finds nothing to check: there is no tenant.
func (r *replayer) Validate(context.Context, *v2.ConnectorServiceValidateRequest) (*v2.ConnectorServiceValidateResponse, error) {
	return &v2.ConnectorServiceValidateResponse{}, nil
}

// ListResourceTypes is replayed.
func (r *replayer) ListResourceTypes(_ context.Context, q *v2.ResourceTypesServiceListResourceTypesRequest) (*v2.ResourceTypesServiceListResourceTypesResponse, error) {
	return replay(r, typesRequest(q), &v2.ResourceTypesServiceListResourceTypesResponse{})
}

// ListResources is replayed.
func (r *replayer) ListResources(_ context.Context, q *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	return replay(r, resourcesRequest(q), &v2.ResourcesServiceListResourcesResponse{})
}

// ListEntitlements is replayed.
func (r *replayer) ListEntitlements(_ context.Context, q *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	return replay(r, entitlementsRequest(q), &v2.EntitlementsServiceListEntitlementsResponse{})
}

// ListStaticEntitlements is replayed.
func (r *replayer) ListStaticEntitlements(
	_ context.Context, q *v2.EntitlementsServiceListStaticEntitlementsRequest,
) (*v2.EntitlementsServiceListStaticEntitlementsResponse, error) {
	return replay(r, staticRequest(q), &v2.EntitlementsServiceListStaticEntitlementsResponse{})
}

// ListGrants is replayed.
func (r *replayer) ListGrants(_ context.Context, q *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	return replay(r, grantsRequest(q), &v2.GrantsServiceListGrantsResponse{})
}
