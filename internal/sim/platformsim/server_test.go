package platformsim

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	sdkcrypto "github.com/conductorone/baton-sdk/pkg/crypto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// client is the platform's one client.
type client struct {
	v1.BatonServiceClient
	server *Server
	tls    *tls.Config
	key    ed25519.PrivateKey
}

func newClient(t *testing.T) *client {
	t.Helper()
	server, err := Start(Options{Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	ca, err := os.ReadFile(server.caFile)
	require.NoError(t, err)
	c := &client{server: server, tls: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}}
	require.True(t, c.tls.RootCAs.AppendCertsFromPEM(ca))
	key, err := sdkcrypto.ParseClientSecret([]byte(server.ClientSecret()), false)
	require.NoError(t, err, "the SDK does not take the secret")
	private, ok := key.Key.(ed25519.PrivateKey)
	require.True(t, ok)
	c.key = private
	conn, err := grpc.NewClient(server.Address(), grpc.WithTransportCredentials(credentials.NewTLS(c.tls.Clone())))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	c.BatonServiceClient = v1.NewBatonServiceClient(conn)
	return c
}

// token asks for a token with these claims over the right ones.
func (c *client) token(t *testing.T, claims map[string]any) (string, int) {
	t.Helper()
	all := map[string]any{
		"iss": c.server.ClientID(), "sub": c.server.ClientID(), "aud": []string{clientHost},
		"exp": time.Now().Add(time.Minute).Unix(), "nbf": time.Now().Unix(),
	}
	for name, value := range claims {
		all[name] = value
	}
	payload, err := json.Marshal(all)
	require.NoError(t, err)
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	assertion := signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(c.key, []byte(signed)))
	form := url.Values{
		"client_id": {c.server.ClientID()}, "grant_type": {"client_credentials"},
		"client_assertion_type": {assertionType}, "client_assertion": {assertion},
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+c.server.Address()+tokenPath, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: c.tls.Clone()}}).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer.Token, response.StatusCode
}

// signedIn is a context with a good token.
func (c *client) signedIn(t *testing.T) context.Context {
	t.Helper()
	token, code := c.token(t, nil)
	require.Equal(t, http.StatusOK, code)
	return metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
}

func TestAssertionThatProvesNothingGivesNoToken(t *testing.T) {
	c := newClient(t)
	for name, claims := range map[string]map[string]any{
		"for somebody else": {"aud": "another.example"},
		"by somebody else":  {"iss": "somebody@" + clientHost + "/vcn"},
		"expired":           {"exp": time.Now().Add(-time.Minute).Unix()},
		"not yet valid":     {"nbf": time.Now().Add(time.Hour).Unix()},
	} {
		token, code := c.token(t, claims)
		require.Equal(t, http.StatusUnauthorized, code, name)
		require.Empty(t, token, name)
	}
	c.key[0] ^= 1
	_, code := c.token(t, nil)
	require.Equal(t, http.StatusUnauthorized, code, "signed with another key")
	_, err := c.GetTask(t.Context(), v1.BatonServiceGetTaskRequest_builder{HostId: "host"}.Build())
	require.Equal(t, codes.Unauthenticated, status.Code(err))
}

// upload sends a file's pieces and its checksum.
func (c *client) upload(t *testing.T, task string, sum [sha256.Size]byte, pieces ...[]byte) error {
	t.Helper()
	stream, err := c.UploadAsset(c.signedIn(t))
	require.NoError(t, err)
	messages := []*v1.BatonServiceUploadAssetRequest{v1.BatonServiceUploadAssetRequest_builder{
		Metadata: v1.BatonServiceUploadAssetRequest_UploadMetadata_builder{HostId: "host", TaskId: task}.Build(),
	}.Build()}
	for _, piece := range pieces {
		messages = append(messages, v1.BatonServiceUploadAssetRequest_builder{
			Data: v1.BatonServiceUploadAssetRequest_UploadData_builder{Data: piece}.Build(),
		}.Build())
	}
	messages = append(messages, v1.BatonServiceUploadAssetRequest_builder{
		Eof: v1.BatonServiceUploadAssetRequest_UploadEOF_builder{Sha256Checksum: sum[:]}.Build(),
	}.Build())
	for _, message := range messages {
		if stream.Send(message) != nil {
			break // CloseAndRecv has the reason.
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func TestUploadThatIsNotWholeIsNoAsset(t *testing.T) {
	c := newClient(t)
	task := c.server.Push(v1.Task_builder{SyncFull: &v1.Task_SyncFullTask{}}.Build())
	first, second := bytes.Repeat([]byte{1}, 1000), bytes.Repeat([]byte{2}, 1000)
	whole := sha256.Sum256(append(append([]byte(nil), first...), second...))

	require.Equal(t, codes.DataLoss, status.Code(c.upload(t, task.ID, whole, first)))
	require.Equal(t, codes.NotFound, status.Code(c.upload(t, strings.Repeat("x", taskIDLength), whole, first)))
	require.Equal(t, codes.InvalidArgument, status.Code(c.upload(t, "short", whole, first)))
	fault := c.server.Fault(Rule{Method: MethodUpload, AfterBytes: 1, Break: true})
	require.Equal(t, codes.Unavailable, status.Code(c.upload(t, task.ID, whole, first, second)))
	require.Equal(t, 1, fault.Struck())
	fault.Remove()
	require.NoError(t, c.upload(t, task.ID, whole, first, second))

	finish := v1.BatonServiceFinishTaskRequest_builder{HostId: "host", TaskId: task.ID, Success: &v1.BatonServiceFinishTaskRequest_Success{}}.Build()
	_, err := c.FinishTask(c.signedIn(t), finish)
	require.NoError(t, err)
	o, err := task.Await(t.Context())
	require.NoError(t, err)
	require.Len(t, o.Assets, 1)
	kept, err := os.ReadFile(o.Assets[0].Path)
	require.NoError(t, err)
	require.Equal(t, whole, sha256.Sum256(kept))
	entries, err := os.ReadDir(c.server.options.Dir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "the asset and the certificate")
	_, err = c.FinishTask(c.signedIn(t), finish)
	require.Equal(t, codes.FailedPrecondition, status.Code(err), "a task has one outcome")
}

func TestPlatformThatComesBackIsTheSame(t *testing.T) {
	c := newClient(t)
	address := c.server.Address()
	ctx := c.signedIn(t)
	require.NoError(t, c.server.Cut())
	_, err := c.GetTask(ctx, v1.BatonServiceGetTaskRequest_builder{HostId: "host"}.Build())
	require.Equal(t, codes.Unavailable, status.Code(err))
	task := c.server.Push(v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build())
	require.NoError(t, c.server.Reach())
	require.Equal(t, address, c.server.Address())
	next, err := c.GetTask(ctx, v1.BatonServiceGetTaskRequest_builder{HostId: "host"}.Build(), grpc.WaitForReady(true))
	require.NoError(t, err)
	require.Equal(t, task.ID, next.GetTask().GetId())
	next, err = c.GetTask(ctx, v1.BatonServiceGetTaskRequest_builder{HostId: "host"}.Build())
	require.NoError(t, err)
	require.True(t, next.GetTask().HasNone(), "a task is given out once")
}
