package connector

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/roles"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// reportedWait is the shortest wait for Graph's budgets that the SDK is told
// of.
const reportedWait = time.Second

// errStopped is what a sync ends with that is to be left where it is. The SDK
// keeps a sync that fails, and carries it on another time.
var errStopped = status.Error(codes.Aborted, model.ErrorPrefix+"interrupted")

// Server is the SDK's connector server with additions: the SDK learns how long
// an answer waited for Graph's budgets, the progress and the end of a sync are
// reported in the log, the spans of its last seconds are sent, a sync can be
// stopped from this side, and no answer is too large (internal/walk/parts.go).
type Server struct {
	types.ConnectorServer
	connector *Connector
	// store is the session store of all syncs.
	store sessions.SessionStore
	// offers are the types that offer the same with each resource.
	offers map[string]bool
}

// UnderWay lets a call know what its sync has learnt so far, and whom it has
// listed.
func (s *Server) underWay(ctx context.Context, syncID string) (context.Context, error) {
	if s.store == nil || syncID == "" {
		return ctx, nil
	}
	ctx, _, err := decide.WithCourse(s.connector.people.With(ctx, syncID), connectorbuilder.WithSyncId(s.store, syncID))
	return ctx, model.ToStatus(err)
}

// Cleanup is what the SDK calls when a sync is complete. It is the only sign of
// that in the process that reads Graph.
func (s *Server) Cleanup(ctx context.Context, request *v2.ConnectorServiceCleanupRequest) (*v2.ConnectorServiceCleanupResponse, error) {
	if s.connector.client != nil {
		s.connector.summarize(ctx, s.learnt(ctx, request.GetActiveSyncId()))
	}
	s.connector.waiting.Clear()
	if s.store != nil {
		roles.WarnOfOtherTenants(ctx, s.index(request.GetActiveSyncId()))
	}
	s.connector.people.Forget(request.GetActiveSyncId())
	model.FlushSpans(ctx)
	return s.ConnectorServer.Cleanup(ctx, request)
}

// learnt is what a sync has learnt until its end.
func (s *Server) learnt(ctx context.Context, syncID string) *decide.Course {
	ctx, err := s.underWay(ctx, syncID)
	if err != nil {
		ctxzap.Extract(ctx).Debug("azure-ad: the summary is without what the sync has learnt", zap.Error(err))
	}
	return decide.CourseOf(ctx)
}

// Validate is the first that the SDK asks for, and often the last.
func (s *Server) Validate(ctx context.Context, request *v2.ConnectorServiceValidateRequest) (*v2.ConnectorServiceValidateResponse, error) {
	return read(ctx, s.connector.stop, request, s.ConnectorServer.Validate)
}

// ListResources reports its waits and counts its rows.
func (s *Server) ListResources(ctx context.Context, request *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	ctx, err := s.underWay(ctx, request.GetActiveSyncId())
	if err != nil {
		return nil, err
	}
	ctx = kinds.WhileListing(ctx)
	defer s.connector.reporter.begin(ctx, request.GetResourceTypeId())()
	told := decide.CourseOf(ctx).Told()
	response, err := list(ctx, s.connector, request, s.ConnectorServer.ListResources)
	if err == nil {
		err = s.noteGiven(ctx, request, response)
	}
	if err == nil {
		err = s.tellOfTheCourse(ctx, request, response, told)
	}
	for _, r := range response.GetList() {
		s.connector.given.resources.Add(r.GetId().GetResourceType(), 1)
	}
	return response, err
}

// tellOfTheCourse gives the tenant once more in an answer, where the call has left
// out a data set or taken one from an earlier sync: before it, so much had been told. It
// is done again with the last page of each type: of two answers that are under way at
// once, the one that knows less may be stored last.
func (s *Server) tellOfTheCourse(
	ctx context.Context, request *v2.ResourcesServiceListResourcesRequest, response *v2.ResourcesServiceListResourcesResponse, before int,
) error {
	told := decide.CourseOf(ctx).Told()
	if told == 0 || told == before && response.GetNextPageToken() != "" || request.GetResourceTypeId() == model.TypeTenant {
		return nil
	}
	tenant, err := s.connector.tenant().Again(ctx, connectorbuilder.WithSyncId(s.store, request.GetActiveSyncId()))
	if err != nil || tenant == nil {
		return err
	}
	response.SetList(append(response.GetList(), tenant))
	return nil
}

// GetResource reports its waits.
func (s *Server) GetResource(ctx context.Context, request *v2.ResourceGetterServiceGetResourceRequest) (*v2.ResourceGetterServiceGetResourceResponse, error) {
	return read(ctx, s.connector.stop, request, s.ConnectorServer.GetResource)
}

// ListStaticEntitlements gives none: ListEntitlements gives them of each resource.
func (s *Server) ListStaticEntitlements(
	context.Context, *v2.EntitlementsServiceListStaticEntitlementsRequest,
) (*v2.EntitlementsServiceListStaticEntitlementsResponse, error) {
	return &v2.EntitlementsServiceListStaticEntitlementsResponse{}, nil
}

// ListEntitlements reports its waits.
func (s *Server) ListEntitlements(ctx context.Context, request *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	ctx, err := s.underWay(ctx, request.GetActiveSyncId())
	if err != nil {
		return nil, err
	}
	defer s.connector.reporter.begin(ctx, request.GetResource().GetId().GetResourceType())()
	return list(ctx, s.connector, request, s.entitlements)
}

// ListGrants reports its waits and counts its rows.
func (s *Server) ListGrants(ctx context.Context, request *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	ctx, err := s.underWay(ctx, request.GetActiveSyncId())
	if err != nil {
		return nil, err
	}
	defer s.connector.reporter.beginGrants(ctx, request.GetResource().GetId().GetResourceType())()
	response, err := list(ctx, s.connector, request, s.ConnectorServer.ListGrants)
	s.connector.reporter.grantsGiven(request, response)
	for _, g := range response.GetList() {
		s.connector.given.grants.Add(g.GetEntitlement().GetResource().GetId().GetResourceType(), 1)
	}
	return response, err
}

// list is read for answers with rows, which are given in parts if they are too
// large.
func list[Q walk.PagedRequest, R walk.Answer[T], T proto.Message](ctx context.Context, c *Connector, request Q, call func(context.Context, Q) (R, error)) (R, error) {
	return read(model.WithSizes(ctx, &c.sizes), c.stop, request, func(ctx context.Context, request Q) (R, error) {
		return walk.InParts(ctx, &c.waiting, &c.sizes.Answer, request, call)
	})
}

// read is a call that reads the tenant: its waits are reported, and it can be
// stopped.
func read[Q any, R walk.Annotated](ctx, stop context.Context, request Q, call func(context.Context, Q) (R, error)) (R, error) {
	ctx, waits := pacing.WithWaitMeter(ctx)
	response, err := stoppable(ctx, stop, request, call)
	if err != nil {
		model.FlushSpans(ctx)
	}
	if waited := waits.Total(); err == nil && waited >= reportedWait {
		annos := annotations.Annotations(response.GetAnnotations())
		annos.Append(v2.RateLimitWaitReport_builder{WaitMs: waited.Milliseconds()}.Build())
		response.SetAnnotations(annos)
	}
	return response, err
}

// stoppable gives a call up when stop ends, and does not begin it after that.
func stoppable[Q, R any](ctx, stop context.Context, request Q, call func(context.Context, Q) (R, error)) (R, error) {
	if stop == nil {
		return call(ctx, request)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(stop, cancel)()
	response, err := call(ctx, request)
	if stop.Err() != nil {
		return response, errStopped
	}
	return response, err
}
