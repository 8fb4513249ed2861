package graph

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

func TestTokensAndSecretsDoNotTravelOverOldTLS(t *testing.T) {
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			asked := &graphtest.Server{}
			asked.Server = graphtest.OldServer(t, asked.Handler(graphtest.Answer(200, graphtest.EmptyPage)), version)
			_, err := newTestClient(t, asked).ListUsers(context.Background(), "", UserOptions{})
			require.Equal(t, works, err == nil, "%v", err)
			require.Equal(t, works, asked.Count() > 0)
		})
	}
}

func TestAnswersThatPointElsewhereMoveNeitherTokenNorChange(t *testing.T) {
	elsewhere := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	for _, status := range []int{200, 201, 300, 301, 302, 303, 305, 307, 308, 401} {
		for _, body := range []string{graphtest.EmptyPage, `{"value":[],"@odata.context":"` + elsewhere.URL + `/v1.0/$metadata#users","id":"x"}`} {
			r := graphtest.NewServer(t, graphtest.Answer(status, body,
				"Location", elsewhere.URL+"/v1.0/users", "Content-Location", elsewhere.URL+"/v1.0/users", "Refresh", "0; url="+elsewhere.URL,
				"Link", "<"+elsewhere.URL+"/v1.0/users>; rel=next", "Alt-Svc", `h2="`+elsewhere.Listener.Addr().String()+`"`,
				"WWW-Authenticate", `Bearer realm="", authorization_uri="`+elsewhere.URL+`/oauth2/authorize", claims="e30="`))
			roots, err := network.NewHTTPClient(append(r.CA(), elsewhere.CA()...))
			require.NoError(t, err)
			c := newTestClient(t, r, func(o *sending.Options) { o.HTTPClient = roots })
			_, _ = c.ListUsers(context.Background(), "", UserOptions{})
			_, _ = sending.BatchPages[Reference](context.Background(), c.Sender, []string{"/users"})
			_ = addMember(context.Background(), c, "group", "user")
			require.Positive(t, r.Count())
			require.Zero(t, elsewhere.Count(), "%d led to another host", status)
		}
	}
}

// spy is a proxy that keeps what it can read.
type spy struct {
	address string
	mu      sync.Mutex
	heads   []string
	through strings.Builder
}

func startSpy(t *testing.T) *spy {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := &spy{address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(t.Context(), conn)
		}
	}()
	return s
}

func (s *spy) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	req, err := http.ReadRequest(reader)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.heads = append(s.heads, req.Method+" "+req.RequestURI+" "+req.Header.Get("Authorization")+req.Header.Get("Proxy-Authorization"))
	s.mu.Unlock()
	target, err := (&net.Dialer{}).DialContext(ctx, "tcp", req.RequestURI)
	if err != nil {
		return
	}
	defer target.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(conn, target) }()
	_, _ = io.Copy(io.MultiWriter(target, s), reader)
}

// Write keeps what the client sent through the proxy.
func (s *spy) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.through.Write(p)
}

func TestProxySeesTheHostAndNothingElse(t *testing.T) {
	s := startSpy(t)
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	var transport *http.Transport
	c := newTestClient(t, r, func(o *sending.Options) {
		var ok bool
		transport, ok = o.HTTPClient.Transport.(*http.Transport)
		require.True(t, ok)
	})
	require.NotNil(t, transport.Proxy, "HTTPS_PROXY is passed over")
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.address}) // The environment's does not count on loopback.
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	require.Equal(t, 1, r.Count())
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Equal(t, []string{"CONNECT " + r.Listener.Addr().String() + " "}, s.heads)
	require.NotEmpty(t, s.through.String())
	for _, readable := range []string{graphtest.SecretToken, "/v1.0/users", "Bearer"} {
		require.NotContains(t, s.through.String(), readable)
	}
}
