package e2e

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// collector stands in for an OpenTelemetry collector.
type collector struct {
	coltrace.UnimplementedTraceServiceServer

	address string
	mu      sync.Mutex
	spans   map[string][]*trace.Span // By instrumentation scope.
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &collector{address: listener.Addr().String(), spans: map[string][]*trace.Span{}}
	server := grpc.NewServer()
	coltrace.RegisterTraceServiceServer(server, c)
	collogs.RegisterLogsServiceServer(server, logsOf{})
	go func() { _ = server.Serve(listener) }() // Until Stop.
	t.Cleanup(server.Stop)
	return c
}

// Export keeps spans.
func (c *collector) Export(_ context.Context, r *coltrace.ExportTraceServiceRequest) (*coltrace.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range r.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			name := scope.GetScope().GetName()
			c.spans[name] = append(c.spans[name], scope.GetSpans()...)
		}
	}
	return &coltrace.ExportTraceServiceResponse{}, nil
}

// logsOf takes log lines and forgets them.
type logsOf struct {
	collogs.UnimplementedLogsServiceServer
}

// Export forgets.
func (logsOf) Export(context.Context, *collogs.ExportLogsServiceRequest) (*collogs.ExportLogsServiceResponse, error) {
	return &collogs.ExportLogsServiceResponse{}, nil
}

func (c *collector) of(scope string) []*trace.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans[scope])
}

const graphScope = "github.com/conductorone/baton-azure-ad/pkg/graph"

// environment is the environment of a connector that sends its spans.
func (c *collector) environment() []string {
	return []string{"BATON_OTEL_COLLECTOR_ENDPOINT=" + c.address, "BATON_OTEL_COLLECTOR_ENDPOINT_TLS_INSECURE=true"}
}

func TestEachGraphRequestOfASyncIsASpanThatNamesNobody(t *testing.T) {
	t.Parallel()
	tenant, c := startTenant(t, graphsim.Small), startCollector(t)
	r := runBinary(t, append(signInTo(t, tenant), c.environment()...), "-f", filepath.Join(t.TempDir(), "tenant.c1z"))
	require.Zero(t, r.exit, r.stderr)
	spans := c.of(graphScope)
	require.Len(t, spans, tenant.Stats().Requests, "the last ones are lost, or some have none")

	routes := set{}
	items := int64(0)
	var said strings.Builder
	for _, s := range spans {
		require.NotEmpty(t, s.GetParentSpanId(), "it hangs below no call of the SDK")
		routes[s.GetName()] = struct{}{}
		for _, a := range s.GetAttributes() {
			switch a.GetKey() {
			case "msgraph.batch.items":
				items += a.GetValue().GetIntValue()
			case "msgraph.batch.templates":
				for _, v := range a.GetValue().GetArrayValue().GetValues() {
					routes["GET "+v.GetStringValue()] = struct{}{}
				}
			}
		}
		fmt.Fprintln(&said, s.GetName(), s.GetAttributes(), s.GetEvents(), s.GetStatus())
	}
	require.EqualValues(t, tenant.Stats().BatchItems, items)
	require.Empty(t, c.of("github.com/microsoft/kiota-http-go"), "Microsoft's own spans can hold addresses")
	requireSame(t, "routes", routesOf(tenant), routes)

	truth := tenant.Tenant().Truth()
	private := []string{tenant.ClientSecret(), tenant.ClientID(), tenant.TenantID(), "eyJ", "Bearer", "skiptoken", "$filter", "$select", "deltatoken"}
	for _, u := range truth.Users {
		private = append(private, u.ID, u.UPN)
	}
	for _, g := range truth.Groups {
		private = append(private, g.ID)
	}
	for _, word := range private {
		require.False(t, strings.Contains(said.String(), word), "a span holds %q", word)
	}
}

var idSegment = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f-]{27}$`)

// routesOf are the addresses that the tenant was asked for, without ids.
func routesOf(tenant *graphsim.Server) set {
	routes := set{}
	for _, r := range tenant.Requests() {
		if r.Authority {
			continue
		}
		segments := strings.Split(strings.TrimPrefix(r.Path, "/v1.0"), "/")
		for i, segment := range segments {
			if idSegment.MatchString(segment) {
				segments[i] = "{id}"
			}
		}
		routes[r.Method+" "+strings.Join(segments, "/")] = struct{}{}
	}
	return routes
}

// What went wrong is what a trace is looked at for.
func TestSpanOfTheRequestThatFailedASyncIsNotLost(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/organization", "/servicePrincipals"} { // Through Microsoft's builders, and without.
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			tenant, c := startTenant(t, graphsim.Small), startCollector(t)
			defer fault(path, graphsim.Respond(403, "Authorization_RequestDenied", "x"))(tenant)()
			r := runBinary(t, append(signInTo(t, tenant), c.environment()...), "-f", filepath.Join(t.TempDir(), "tenant.c1z"))
			require.NotZero(t, r.exit)
			var failed []string
			for _, s := range c.of(graphScope) {
				require.NotEmpty(t, s.GetParentSpanId())
				if s.GetStatus().GetCode() == trace.Status_STATUS_CODE_ERROR {
					failed = append(failed, s.GetName()+" "+s.GetStatus().GetMessage())
				}
			}
			require.NotEmpty(t, failed)
			require.Contains(t, failed[0], path)
			require.Contains(t, failed[0], "Authorization_RequestDenied")
			require.Empty(t, c.of("github.com/microsoft/kiota-http-go"), "Microsoft's own spans can hold addresses")
		})
	}
}

func TestSyncDoesNotFailForWantOfACollector(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	gone := &collector{address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	r := runBinary(t, append(signInTo(t, tenant), gone.environment()...), "-f", target)
	require.Zero(t, r.exit, r.stderr)
	requireExact(t, tenant, readSnapshot(t, target))
}
