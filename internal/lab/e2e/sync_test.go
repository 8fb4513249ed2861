package e2e

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/lab/localsync"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// impatient keeps the shape of the retries and takes the waiting out of them.
var impatient = pacing.RetryPolicy{Attempts: 6, BaseDelay: 2 * time.Millisecond, MaxDelay: time.Second, AttemptTimeout: 5 * time.Second}

// syncBound is how long any sync of a small or medium tenant may take before a
// test calls it hanging.
const syncBound = 4 * time.Minute

// sizes are the sizes of tenants to sync. The short tests, which are those with
// the race detector, do without the one that keeps it busy for minutes.
func sizes() []graphsim.Size {
	if testing.Short() {
		return []graphsim.Size{graphsim.Small}
	}
	return []graphsim.Size{graphsim.Tiny, graphsim.Small, graphsim.Medium}
}

// needsTime leaves a test to the pass without the race detector: it has more of
// what others show the detector, and would keep it busy for minutes.
func needsTime(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("more data and no other interleaving; it runs without -short")
	}
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
	earlier       string
	atOnce        int
	workers       int
	resourceTypes []string
	dontExpand    bool
	configure     func(*config.AzureAd)
	// spoil makes the connector a wrong one (localsync.Options).
	spoil func(answer any)
	// loseFirst has each page asked for twice.
	loseFirst bool
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

	result := &outcome{path: filepath.Join(t.TempDir(), "snapshot.c1z"), logs: logs}
	failed, err := localsync.Sync(ctx, settingsFor(server, o.configure), localsync.Options{
		Path:          result.path,
		Scratch:       t.TempDir(),
		Workers:       o.workers,
		ResourceTypes: o.resourceTypes,
		DontExpand:    o.dontExpand,
		FailFast:      o.spoil == nil,
		Spoil:         o.spoil,
		LoseFirst:     o.loseFirst,
		Connector:     connector.Options{Version: "test", Retry: impatient, ReportsPerWindow: 1000, Earlier: o.earlier, ReportsAtOnce: o.atOnce},
	})
	require.NoError(t, err)
	require.NoError(t, ctx.Err(), "the sync hangs")
	result.err = failed
	return result
}

// serve puts the connector behind real gRPC. The function it returns waits for
// calls that are under way.
func serve(ctx context.Context, t *testing.T, server types.ConnectorServer) (types.ConnectorClient, func()) {
	t.Helper()
	client, stop, err := localsync.Serve(ctx, server)
	require.NoError(t, err)
	return client, func() { require.NoError(t, stop()) }
}
