package connector

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// reportedWait is the shortest wait for Graph's budgets that the SDK is told
// of.
const reportedWait = time.Second

// Server is the SDK's connector server with additions: the SDK learns how long
// an answer waited for Graph's budgets, the progress and the end of a sync are
// reported in the log, and the spans of its last seconds are sent.
type Server struct {
	types.ConnectorServer
	connector *Connector
}

// Cleanup is what the SDK calls when a sync is complete. It is the only sign of
// that in the process that reads Graph.
func (s *Server) Cleanup(ctx context.Context, request *v2.ConnectorServiceCleanupRequest) (*v2.ConnectorServiceCleanupResponse, error) {
	if s.connector.client != nil {
		s.connector.summarize(ctx)
	}
	flushSpans(ctx)
	return s.ConnectorServer.Cleanup(ctx, request)
}

// Validate is the first that the SDK asks for, and often the last.
func (s *Server) Validate(ctx context.Context, request *v2.ConnectorServiceValidateRequest) (*v2.ConnectorServiceValidateResponse, error) {
	return reportingWaits(ctx, request, s.ConnectorServer.Validate)
}

// ListResources reports its waits and counts its rows.
func (s *Server) ListResources(ctx context.Context, request *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	defer s.connector.reporter.begin(ctx, request.GetResourceTypeId())()
	response, err := reportingWaits(ctx, request, s.ConnectorServer.ListResources)
	for _, r := range response.GetList() {
		s.connector.given.resources.add(r.GetId().GetResourceType(), 1)
	}
	return response, err
}

// GetResource reports its waits.
func (s *Server) GetResource(ctx context.Context, request *v2.ResourceGetterServiceGetResourceRequest) (*v2.ResourceGetterServiceGetResourceResponse, error) {
	return reportingWaits(ctx, request, s.ConnectorServer.GetResource)
}

// ListEntitlements reports its waits.
func (s *Server) ListEntitlements(ctx context.Context, request *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	defer s.connector.reporter.begin(ctx, request.GetResource().GetId().GetResourceType())()
	return reportingWaits(ctx, request, s.ConnectorServer.ListEntitlements)
}

// ListGrants reports its waits and counts its rows.
func (s *Server) ListGrants(ctx context.Context, request *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	defer s.connector.reporter.beginGrants(ctx, request.GetResource().GetId().GetResourceType())()
	response, err := reportingWaits(ctx, request, s.ConnectorServer.ListGrants)
	s.connector.reporter.grantsGiven(request, response)
	for _, g := range response.GetList() {
		s.connector.given.grants.add(g.GetEntitlement().GetResource().GetId().GetResourceType(), 1)
	}
	return response, err
}

// annotated is a response that can carry annotations.
type annotated interface {
	GetAnnotations() []*anypb.Any
	SetAnnotations([]*anypb.Any)
}

func reportingWaits[Q any, R annotated](ctx context.Context, request Q, call func(context.Context, Q) (R, error)) (R, error) {
	ctx, waits := graph.WithWaitMeter(ctx)
	response, err := call(ctx, request)
	if err != nil {
		flushSpans(ctx)
	}
	if waited := waits.Total(); err == nil && waited >= reportedWait {
		annos := annotations.Annotations(response.GetAnnotations())
		annos.Append(v2.RateLimitWaitReport_builder{WaitMs: waited.Milliseconds()}.Build())
		response.SetAnnotations(annos)
	}
	return response, err
}
