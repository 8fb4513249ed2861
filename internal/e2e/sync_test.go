package e2e

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/connectorclient"
	sdksync "github.com/conductorone/baton-sdk/pkg/sync"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/conductorone/baton-azure-ad/internal/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// impatient keeps the shape of the retries and takes the waiting out of them.
var impatient = graph.RetryPolicy{Attempts: 6, BaseDelay: 2 * time.Millisecond, MaxDelay: time.Second, AttemptTimeout: 5 * time.Second}

// syncBound is how long any sync of a small or medium tenant may take before a
// test calls it hanging.
const syncBound = 4 * time.Minute

// sizes are the sizes of tenants to sync. The short tests, which are those with
// the race detector, do without the one that keeps it busy for minutes.
func sizes() []graphsim.Size {
	if testing.Short() {
		return []graphsim.Size{graphsim.Small}
	}
	return []graphsim.Size{graphsim.Small, graphsim.Medium}
}

func startTenant(t *testing.T, size graphsim.Size) *graphsim.Server {
	t.Helper()
	server, err := graphsim.Start(graphsim.NewTenant(size, 1), graphsim.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// settingsFor is the configuration of a connector for the tenant.
func settingsFor(server *graphsim.Server, configure func(*config.AzureAd)) *config.AzureAd {
	cfg := &config.AzureAd{
		AzureTenantId:     server.TenantID(),
		AzureClientId:     server.ClientID(),
		AzureClientSecret: server.ClientSecret(),
		AuthorityHost:     server.URL(),
		GraphEndpoint:     server.URL(),
		CaCertificate:     server.CACertPEM(),
	}
	if configure != nil {
		configure(cfg)
	}
	return cfg
}

// options shape one sync in this process.
type options struct {
	workers       int
	resourceTypes []string
	dontExpand    bool
	configure     func(*config.AzureAd)
}

// outcome is what a sync in this process left behind.
type outcome struct {
	path string
	err  error
	logs *observer.ObservedLogs
}

// runSync syncs the tenant with the SDK's own syncer, every invariant fatal.
func runSync(t *testing.T, server *graphsim.Server, o options) *outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), syncBound)
	defer cancel()
	core, logs := observer.New(zapcore.DebugLevel)
	ctx = ctxzap.ToContext(ctx, zap.New(core))

	cfg := settingsFor(server, o.configure)
	result := &outcome{path: filepath.Join(t.TempDir(), "snapshot.c1z"), logs: logs}
	c, err := connector.New(cfg, &cli.ConnectorOpts{SyncResourceTypeIDs: o.resourceTypes}, connector.Options{Version: "test", Retry: impatient, ReportsPerWindow: 1000})
	if err != nil {
		result.err = err
		return result
	}
	session := &lateSession{}
	served, err := c.Server(ctx, cli.RunTimeOpts{SessionStore: session})
	require.NoError(t, err)
	client, stop := serve(ctx, t, served)

	syncOptions := []sdksync.SyncOpt{
		sdksync.WithC1ZPath(result.path),
		sdksync.WithTmpDir(t.TempDir()),
		sdksync.WithWorkerCount(o.workers),
		sdksync.WithFailFastInvariants(),
		sdksync.WithSessionStore(session),
		sdksync.WithSyncResourceTypes(o.resourceTypes),
	}
	if o.dontExpand {
		syncOptions = append(syncOptions, sdksync.WithDontExpandGrants())
	}
	syncer, err := sdksync.NewSyncer(ctx, client, syncOptions...)
	require.NoError(t, err)
	result.err = syncer.Sync(ctx)
	stop() // A failed sync can leave calls under way, which use the store.
	require.NoError(t, syncer.Close(context.WithoutCancel(ctx)))
	require.NoError(t, ctx.Err(), "the sync hangs")
	return result
}

// serve puts the connector behind real gRPC, message limits and all. The
// function it returns waits for calls that are under way.
func serve(ctx context.Context, t *testing.T, server types.ConnectorServer) (types.ConnectorClient, func()) {
	t.Helper()
	withLogger := func(callCtx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return handler(ctxzap.ToContext(callCtx, ctxzap.Extract(ctx)), req)
	}
	g := grpc.NewServer(grpc.UnaryInterceptor(withLogger), grpc.WaitForHandlers(true))
	v2.RegisterConnectorServiceServer(g, server)
	v2.RegisterResourceTypesServiceServer(g, server)
	v2.RegisterResourcesServiceServer(g, server)
	v2.RegisterResourceGetterServiceServer(g, server)
	v2.RegisterEntitlementsServiceServer(g, server)
	v2.RegisterGrantsServiceServer(g, server)
	v2.RegisterAssetServiceServer(g, server)
	v2.RegisterActionServiceServer(g, server)
	v2.RegisterEventServiceServer(g, server)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = g.Serve(listener) }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return connectorclient.NewConnectorClient(ctx, conn), g.Stop
}
