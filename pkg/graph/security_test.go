package graph

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// startOld makes a server speak TLS up to a version, and counts what it is asked.
func startOld(t *testing.T, handler http.Handler, newest uint16) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest} //nolint:gosec // It is the client that has to refuse it.
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestTokensAndSecretsDoNotTravelOverOldTLS(t *testing.T) {
	for version, works := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			asked := &recorder{}
			asked.Server = startOld(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				asked.mu.Lock()
				asked.requests = append(asked.requests, req)
				asked.mu.Unlock()
				answer(200, emptyPage)(w, req)
			}), version)
			_, err := newTestClient(t, asked).ListUsers(context.Background(), "", UserOptions{})
			require.Equal(t, works, err == nil, "%v", err)
			require.Equal(t, works, asked.count() > 0)

			a := &authority{t: t}
			a.Server = startOld(t, http.HandlerFunc(a.serve), version)
			options := a.options(t)
			options.HTTPClient, err = NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
			require.NoError(t, err)
			credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
			require.NoError(t, err)
			if works {
				requireToken(t, credential)
				return
			}
			require.Error(t, requireAuthorityError(t, credential))
			require.Zero(t, a.requests.Load(), "the secret was sent")
		})
	}
}

func TestAnswersThatPointElsewhereMoveNeitherTokenNorChange(t *testing.T) {
	elsewhere := newRecorder(t, answer(200, emptyPage))
	for _, status := range []int{200, 201, 300, 301, 302, 303, 305, 307, 308, 401} {
		for _, body := range []string{emptyPage, `{"value":[],"@odata.context":"` + elsewhere.URL + `/v1.0/$metadata#users","id":"x"}`} {
			r := newRecorder(t, answer(status, body,
				"Location", elsewhere.URL+"/v1.0/users", "Content-Location", elsewhere.URL+"/v1.0/users", "Refresh", "0; url="+elsewhere.URL,
				"Link", "<"+elsewhere.URL+"/v1.0/users>; rel=next", "Alt-Svc", `h2="`+elsewhere.Listener.Addr().String()+`"`,
				"WWW-Authenticate", `Bearer realm="", authorization_uri="`+elsewhere.URL+`/oauth2/authorize", claims="e30="`))
			c := newTestClient(t, r)
			roots, err := NewHTTPClient(append(r.caPEM(), elsewhere.caPEM()...))
			require.NoError(t, err)
			c.http = roots
			_, _ = c.ListUsers(context.Background(), "", UserOptions{})
			_, _ = BatchPages[Reference](context.Background(), c.Sender, []string{"/users"})
			_ = c.AddGroupMember(context.Background(), "group", "user")
			require.Positive(t, r.count())
			require.Zero(t, elsewhere.count(), "%d led to another host", status)
		}
	}
}

func TestAuthorityCannotSendTheSecretToAnotherHost(t *testing.T) {
	elsewhere := newAuthority(t)
	root := elsewhere.URL + "/" + signInTenant
	documents := map[string]map[string]string{
		"token endpoint": {"token_endpoint": root + "/oauth2/v2.0/token"},
		"all endpoints": {
			"issuer": root + "/v2.0", "authorization_endpoint": root + "/oauth2/v2.0/authorize", "token_endpoint": root + "/oauth2/v2.0/token",
		},
	}
	for name, changes := range documents {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			serve := a.Config.Handler
			a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/openid-configuration") {
					serve.ServeHTTP(w, r)
					return
				}
				home := a.URL + "/" + signInTenant
				document := map[string]string{"issuer": home + "/v2.0", "authorization_endpoint": home + "/oauth2/v2.0/authorize", "token_endpoint": home + "/oauth2/v2.0/token"}
				for field, value := range changes {
					document[field] = value
				}
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(document)
			})
			options := a.options(t)
			var err error
			roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
			roots = append(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: elsewhere.Certificate().Raw})...)
			options.HTTPClient, err = NewHTTPClient(roots)
			require.NoError(t, err)
			credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
			require.NoError(t, err)
			_, err = credential.GetToken(t.Context(), graphScope)
			require.ErrorContains(t, err, "check --authority-host")
			require.Zero(t, elsewhere.requests.Load(), "the other host is up and trusted, and was asked")
			requireSentence(t, err.Error())
		})
	}
	elsewhere.requests.Store(0)
	for _, status := range []int{301, 302, 303, 307, 308} {
		a := newAuthority(t)
		a.answer = func(w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Location", root+"/oauth2/v2.0/token")
			w.WriteHeader(status)
		}
		options := a.options(t)
		var err error
		roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
		options.HTTPClient, err = NewHTTPClient(append(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: elsewhere.Certificate().Raw})...))
		require.NoError(t, err)
		credential, err := NewClientSecretCredential(options, signInClient, signInSecret)
		require.NoError(t, err)
		require.Error(t, requireAuthorityError(t, credential))
		require.Zero(t, elsewhere.requests.Load(), "%d led to another host", status)
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
	r := newRecorder(t, answer(200, emptyPage))
	c := newTestClient(t, r)
	transport, ok := c.http.Transport.(*http.Transport)
	require.True(t, ok)
	require.NotNil(t, transport.Proxy, "HTTPS_PROXY is passed over")
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.address}) // The environment's does not count on loopback.
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	require.Equal(t, 1, r.count())
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Equal(t, []string{"CONNECT " + r.Listener.Addr().String() + " "}, s.heads)
	require.NotEmpty(t, s.through.String())
	for _, readable := range []string{secretToken, "/v1.0/users", "Bearer"} {
		require.NotContains(t, s.through.String(), readable)
	}
}

func TestMicrosoftsOwnHostsAreNotMistakenForForeignOnes(t *testing.T) {
	for _, c := range clouds {
		pin := newPinPolicy(c)
		for address, ours := range map[string]bool{
			c.AuthorityHost + "/t/oauth2/v2.0/token": true, "https://login.microsoftonline.com/common/discovery/instance": true,
			"https://login.partner.microsoftonline.cn/t": true, "https://westus2.login.microsoft.com/t": true,
			"http://login.microsoftonline.com/t": false, "https://login.microsoftonline.com.evil.example/t": false,
			"https://evil-login.microsoft.com/t": false, "https://login.microsoftonline.com:444/t": false,
		} {
			u, err := url.Parse(address)
			require.NoError(t, err)
			require.Equal(t, ours, pin.owns(u), address)
		}
	}
	private, err := clouds[0].WithOverrides("https://login.example:8443", "")
	require.NoError(t, err)
	u, err := url.Parse("https://login.microsoftonline.com/t")
	require.NoError(t, err)
	require.False(t, newPinPolicy(private).owns(u), "a private cloud's secret is not Microsoft's to see")
}
