package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

func TestExplainConnection(t *testing.T) {
	const host = "graph.example.com"
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, tc := range map[string]struct {
		err       error
		want      string
		temporary bool
	}{
		"name not found":  {dial(&net.DNSError{Name: host, IsNotFound: true}), "the host name graph.example.com is not known", true},
		"dns broken":      {dial(&net.DNSError{Name: host, IsTemporary: true}), "could not be looked up", true},
		"dns timeout":     {dial(&net.DNSError{Name: host, IsTimeout: true}), "could not be looked up", true},
		"refused":         {dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "refused the connection", true},
		"no route":        {dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), "no route to graph.example.com", true},
		"no network":      {dial(os.NewSyscallError("connect", syscall.ENETUNREACH)), "no route to graph.example.com", true},
		"dial timeout":    {dial(os.ErrDeadlineExceeded), "did not answer in time", true},
		"deadline":        {context.DeadlineExceeded, "did not answer in time", true},
		"interrupted":     {context.Canceled, "was interrupted", true},
		"reset":           {&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "closed the connection", true},
		"eof":             {io.EOF, "closed the connection", true},
		"proxy down":      {&net.OpError{Op: "proxyconnect", Err: dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))}, "the proxy on the way to graph.example.com cannot", true},
		"proxy password":  {errors.New("Proxy Authentication Required"), "asks for a user name and password", true},
		"unknown issuer":  {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "is not trusted; if a proxy inspects TLS or the host is private, give its CA", false},
		"wrong name":      {&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: host}}, "is for another name", false},
		"expired":         {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, "has expired or is not valid yet", false},
		"bad certificate": {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}}, "is not valid", false},
		"not tls":         {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "does not speak TLS", true},
		"redirect":        {network.ErrRedirect, "answered with a redirect", false},
		"something else":  {errors.New("weird"), "graph.example.com cannot be reached", true},
	} {
		t.Run(name, func(t *testing.T) {
			err := error(&url.Error{Op: "Post", URL: "https://" + host + "/?secret=hunter2", Err: tc.err})
			said := network.Explain(host, fmt.Errorf("wrapped: %w", err))
			assert.Contains(t, said, tc.want)
			assert.NotContains(t, said, "hunter2")
			assert.NotContains(t, said, "\n")

			failed := signIn{kind: kindClientSecret}.explain(errors.New("text only"), &exchange{host: host, err: err})
			assert.ErrorContains(t, failed, tc.want)
			assert.Equal(t, tc.temporary, failed.Temporary())
			assert.ErrorIs(t, failed, tc.err)
		})
	}
}

// What net/http really returns, as opposed to what the table above says.
func TestExplainRealConnections(t *testing.T) {
	get := func(target string, proxy string) string {
		client, err := network.NewHTTPClient(nil)
		require.NoError(t, err)
		if proxy != "" {
			transport, ok := client.Transport.(*http.Transport)
			require.True(t, ok)
			transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		require.NoError(t, err)
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			t.Fatalf("%s answered", target)
		}
		return network.Explain(req.URL.Host, err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := listener.Addr().String()
	require.NoError(t, listener.Close())
	assert.Contains(t, get("https://"+closed, ""), closed+" refused the connection")
	assert.Contains(t, get("https://graph.example.com", "http://"+closed), "the proxy on the way to graph.example.com cannot be reached")

	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusProxyAuthRequired)
		}
	}))
	defer plain.Close()
	host := plain.Listener.Addr().String()
	assert.Contains(t, get("https://"+host, ""), "does not speak TLS")
	assert.Contains(t, get("https://graph.example.com", plain.URL), "asks for a user name and password")
}
