package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	wrapper "github.com/conductorone/baton-sdk/pb/c1/connector_wrapper/v1"
	utlsv1 "github.com/conductorone/baton-sdk/pb/c1/utls/v1"
	"github.com/conductorone/baton-sdk/pkg/connectorclient"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/conductorone/baton-sdk/pkg/utls"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// subprocess is the built connector as a gRPC server, with the test as the
// parent that the SDK would be.
type subprocess struct {
	address string
	client  *utlsv1.Credential
	stdin   io.Closer
	stderr  output
	temp    string
	exit    chan int
}

// startSubprocess hands the connector a listener and its credentials, as the
// SDK does.
func startSubprocess(t *testing.T, tenant *graphsim.Server, env ...string) *subprocess {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer listener.Close() // The child has its own copy.
	file, err := listener.File()
	require.NoError(t, err)
	defer file.Close()
	client, server, err := utls.GenerateClientServerCredentials(t.Context())
	require.NoError(t, err)
	address, ok := listener.Addr().(*net.TCPAddr)
	require.True(t, ok)
	config, err := proto.Marshal(wrapper.ServerConfig_builder{
		Credential: server,
		ListenPort: uint32(address.Port), //nolint:gosec // A port has 16 bits.
	}.Build())
	require.NoError(t, err)

	// It lives as long as its test, which has calls with bounds of their own.
	ctx, cancel := context.WithTimeout(context.Background(), 4*serviceBound)
	t.Cleanup(cancel)
	process, temp := command(ctx, t, append(append(signInTo(t, tenant), "BATON_CONNECTOR_SERVICE_LISTENER_FD=3"), env...), "_connector-service")
	s := &subprocess{address: address.String(), client: client, temp: temp, exit: make(chan int, 1)}
	process.ExtraFiles, process.Stderr = []*os.File{file}, &s.stderr
	stdin, err := process.StdinPipe()
	require.NoError(t, err)
	s.stdin = stdin
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		if t.Failed() {
			said := s.stderr.String()
			t.Logf("the end of the connector's log:\n%s", said[max(0, len(said)-4000):])
		}
	})
	go func() {
		_ = process.Wait() // The exit status says it.
		s.exit <- process.ProcessState.ExitCode()
	}()
	t.Cleanup(func() { _ = stdin.Close() })
	_, err = io.WriteString(stdin, base64.StdEncoding.EncodeToString(config)+"\n")
	require.NoError(t, err)
	return s
}

func (s *subprocess) dial(t *testing.T, transport credentials.TransportCredentials) types.ConnectorClient {
	t.Helper()
	conn, err := grpc.NewClient(s.address, grpc.WithTransportCredentials(transport))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return connectorclient.NewConnectorClient(t.Context(), conn)
}

// parent is the client that the subprocess was started for.
func (s *subprocess) parent(t *testing.T) types.ConnectorClient {
	t.Helper()
	config, err := utls.ClientConfig(t.Context(), s.client)
	require.NoError(t, err)
	return s.dial(t, credentials.NewTLS(config))
}

func TestSubprocessReadsTheTenantForItsParent(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	s := startSubprocess(t, tenant)
	c := s.parent(t)
	ctx, cancel := context.WithTimeout(t.Context(), serviceBound)
	defer cancel()
	_, err := c.Validate(ctx, &v2.ConnectorServiceValidateRequest{}, grpc.WaitForReady(true))
	require.NoError(t, err)

	kinds, err := c.ListResourceTypes(ctx, &v2.ResourceTypesServiceListResourceTypesRequest{})
	require.NoError(t, err)
	ids := set{}
	for _, kind := range kinds.GetList() {
		ids.add(kind.GetId())
	}
	want := set{}
	for _, resourceType := range resourceTypes {
		want.add(resourceType)
	}
	delete(want, "device") // They have to be asked for.
	delete(want, "user_risk")
	delete(want, "channel")
	requireSame(t, "resource types", want, ids)

	// Listings leave an index in the session store, which only a sync has; one
	// object can be read without.
	truth := tenant.Tenant().Truth()
	for i := range truth.RoleDefinitions {
		id := v2.ResourceId_builder{ResourceType: "role", Resource: truth.RoleDefinitions[i].ID}.Build()
		read, err := c.GetResource(ctx, v2.ResourceGetterServiceGetResourceRequest_builder{ResourceId: id}.Build())
		require.NoError(t, err)
		require.Equal(t, truth.RoleDefinitions[i].DisplayName, read.GetResource().GetDisplayName())
	}

	_, err = c.Cleanup(ctx, &v2.ConnectorServiceCleanupRequest{})
	require.NoError(t, err)
	requireEmpty(t, s.temp)
}

func TestSubprocessServesNobodyButItsParent(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	s := startSubprocess(t, tenant)
	_, err := s.parent(t).GetMetadata(t.Context(), &v2.ConnectorServiceGetMetadataRequest{}, grpc.WaitForReady(true))
	require.NoError(t, err)
	stranger, _, err := utls.GenerateClientServerCredentials(t.Context())
	require.NoError(t, err)
	certificate := tls.Certificate{Certificate: [][]byte{stranger.GetCert()}}
	other, err := utls.ClientConfig(t.Context(), stranger)
	require.NoError(t, err)
	certificate.PrivateKey = other.Certificates[0].PrivateKey
	trusting := func(certificates ...tls.Certificate) credentials.TransportCredentials {
		return credentials.NewTLS(&tls.Config{InsecureSkipVerify: true, Certificates: certificates}) //nolint:gosec // It is the server that has to be careful here.
	}
	for name, transport := range map[string]credentials.TransportCredentials{
		"no certificate":       trusting(),
		"another's":            trusting(certificate),
		"another's, and wary":  credentials.NewTLS(other),
		"no encryption at all": insecure.NewCredentials(),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := s.dial(t, transport).Validate(ctx, &v2.ConnectorServiceValidateRequest{})
		cancel()
		require.Equal(t, codes.Unavailable, status.Code(err), "%s: %v", name, err)
	}
	require.Empty(t, tenant.Requests(), "a stranger made the connector ask the tenant")
}

func TestSubprocessEndsWithItsParent(t *testing.T) {
	t.Parallel()
	s := startSubprocess(t, startTenant(t, graphsim.Small))
	_, err := s.parent(t).GetMetadata(t.Context(), &v2.ConnectorServiceGetMetadataRequest{}, grpc.WaitForReady(true))
	require.NoError(t, err)
	require.NoError(t, s.stdin.Close())
	select {
	case <-s.exit:
	case <-time.After(stopBound):
		require.Fail(t, "the subprocess outlives its parent")
	}
	requireEmpty(t, s.temp)
}

func TestRunWhoseSubprocessIsKilledFailsAndKeepsTheLastGoodSnapshot(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(300 * time.Millisecond)
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	const lastGood = "C1ZF\x00the last good snapshot"
	require.NoError(t, os.WriteFile(target, []byte(lastGood), 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), serviceBound)
	defer cancel()
	cmd, temp := command(ctx, t, signInTo(t, tenant), "-f", target)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return tenant.Stats().Requests > 4 }, serviceBound, 10*time.Millisecond)
	worker := onlyChild(t, cmd.Process.Pid)
	kill(t, onlyChild(t, worker))

	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Positive(t, exit.ExitCode())
	require.Contains(t, stderr.String(), "the sync failed")
	require.Contains(t, stderr.String(), fmt.Sprintf("%s is as it was", target))
	kept, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, lastGood, string(kept))
	requireEmpty(t, temp)
	requireQuiet(t, tenant)
}
