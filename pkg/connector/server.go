package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
)

// Server is the SDK's connector server with one addition: the end of a sync is
// reported in the log.
type Server struct {
	types.ConnectorServer
	connector *Connector
}

// Cleanup is what the SDK calls when a sync is complete. It is the only sign of
// that in the process that reads Graph.
func (s *Server) Cleanup(ctx context.Context, request *v2.ConnectorServiceCleanupRequest) (*v2.ConnectorServiceCleanupResponse, error) {
	if s.connector.client != nil {
		report(ctx, s.connector.left.take(), s.connector.client.Stats())
	}
	return s.ConnectorServer.Cleanup(ctx, request)
}
