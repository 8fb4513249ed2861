package e2e

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/conductorone/baton-sdk/pkg/connectorclient"
	sdksync "github.com/conductorone/baton-sdk/pkg/sync"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// functionBinary builds the connector for the function runtime, when the first
// test needs it.
var functionBinary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(binary), "baton-azure-ad-function")
	build := exec.CommandContext(context.Background(), "go", "build", "-tags", "baton_lambda_support,grpcnotrace", "-o", path, "../../../cmd/baton-azure-ad")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the connector for the function runtime: %w\n%s", err, output)
	}
	return path, nil
})

// hosted is the connector as the platform runs it, in one or more instances of a
// function.
type hosted struct {
	platform  *platformsim.Server
	tenant    *graphsim.Server
	functions []*platformsim.Function
	logs      output
}

// startHosted starts the connector for a tenant in which only signing in as a
// person gives permissions. Its settings are those of a form that is filled in
// for that, and what is set besides.
func startHosted(t *testing.T, instances int, settings map[string]any) *hosted {
	t.Helper()
	needsBinary(t)
	h := &hosted{platform: startPlatform(t, platformsim.Options{}), tenant: startTenant(t, graphsim.Small)}
	h.tenant.SetPermissions()
	all := map[string]any{
		"auth-method":           "oauth",
		"azure-tenant-id":       h.tenant.TenantID(),
		"authority-host":        h.tenant.URL(),
		"graph-endpoint":        h.tenant.URL(),
		"ca-certificate":        string(h.tenant.CACertPEM()),
		"skip-sign-in-activity": true,
		"skip-mfa-registration": true,
		"log-level":             "debug",
	}
	maps.Copy(all, settings)
	h.platform.Configure(all)
	for range instances {
		h.functions = append(h.functions, h.start(t))
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the connector's log:\n%s", h.logs.String())
		}
	})
	return h
}

func (h *hosted) start(t *testing.T) *platformsim.Function {
	t.Helper()
	path, err := functionBinary()
	require.NoError(t, err)
	f, err := h.platform.StartFunction()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 2*serviceBound)
	process, _ := commandOf(ctx, t, path, f.Environment(), "lambda")
	process.Stdout, process.Stderr = &h.logs, &h.logs
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		cancel()
		_ = process.Wait() // It was killed.
		_ = f.Close()
	})
	return f
}

// signIn lets an administrator sign in with consent to these permissions.
func (h *hosted) signIn(permissions ...string) string {
	token, end := h.tenant.SignIn(permissions...)
	h.platform.SignIn(token, end)
	return token
}

// client calls the instances as the platform does.
func (h *hosted) client(t *testing.T, c platformsim.Caller, choose func(method string) int) types.ConnectorClient {
	t.Helper()
	s := spread{choose: choose}
	for _, f := range h.functions {
		s.to = append(s.to, f.Connection(c))
	}
	return connectorclient.NewConnectorClient(t.Context(), &s)
}

// inTurn spreads calls over so many instances, however they come.
func inTurn(instances int) func(string) int {
	var calls atomic.Int64
	return func(string) int { return int(calls.Add(1)) % instances }
}

// spread is a connection to several instances.
type spread struct {
	to     []grpc.ClientConnInterface
	choose func(method string) int
}

// Invoke implements grpc.ClientConnInterface.
func (s *spread) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	return s.to[s.choose(method)].Invoke(ctx, method, args, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface. Functions have no streams.
func (s *spread) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return s.to[0].NewStream(ctx, desc, method, opts...)
}

// sync makes a snapshot with the SDK's own syncer, every invariant fatal.
func (h *hosted) sync(t *testing.T, client types.ConnectorClient) *contents {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), serviceBound)
	defer cancel()
	path := filepath.Join(t.TempDir(), "snapshot.c1z")
	syncer, err := sdksync.NewSyncer(ctx, client,
		sdksync.WithC1ZPath(path), sdksync.WithTmpDir(t.TempDir()), sdksync.WithWorkerCount(4),
		sdksync.WithFailFastInvariants(), sdksync.WithSessionStore(h.platform.Sessions()))
	require.NoError(t, err)
	require.NoError(t, syncer.Sync(ctx))
	require.NoError(t, syncer.Close(context.WithoutCancel(ctx)))
	return readSnapshot(t, path)
}

// requireNoTokens makes sure that nothing that opens a door was written down.
func (h *hosted) requireNoTokens(t *testing.T, others ...error) {
	t.Helper()
	logs := h.logs.String()
	for _, err := range others {
		logs += err.Error()
	}
	require.NotContains(t, logs, "eyJ", "that is how a token begins")
	require.NotContains(t, logs, "Bearer")
	require.NotContains(t, logs, h.platform.ClientSecret())
}

// allPermissions are what an administrator consents to, once persuaded.
func allPermissions() []string { return graphsim.DefaultPermissions() }

// briefly is a time that any single call stays below.
func briefly(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
