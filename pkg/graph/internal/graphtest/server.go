// Package graphtest is what the tests of pkg/graph and of the packages below it
// share: a Graph on this machine that answers as a test says. It knows none of
// the packages that it helps to test.
package graphtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// SecretToken is what must never turn up anywhere but in the Authorization
// header of the configured host.
const SecretToken = "the-bearer-token"

// EmptyPage is a collection without rows.
const EmptyPage = `{"value":[]}`

// Answers to single requests of a batch, for BatchHandler.
const (
	ItemOK        = `"status":200,"headers":{"Content-Type":"application/json"},"body":{"value":[{"id":"1"}]}`
	ItemThrottled = `"status":429,"headers":{"Retry-After":"0.01"},"body":{"error":{"code":"TooManyRequests"}}`
)

// FixedToken is a credential that always has SecretToken.
type FixedToken struct{}

// GetToken implements azcore.TokenCredential.
func (FixedToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: SecretToken, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// Server is a Graph endpoint that answers with handlers in turn; the last one
// answers all further requests.
type Server struct {
	*httptest.Server

	mu sync.Mutex
	// Requests are those that came, and Bodies theirs.
	Requests []*http.Request
	Bodies   []string
}

// Count is how many requests came.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.Requests)
}

// NewServer starts a server with a certificate of its own, which stops with the
// test.
func NewServer(t *testing.T, handlers ...http.HandlerFunc) *Server {
	t.Helper()
	s := &Server{}
	s.Server = httptest.NewTLSServer(s.Handler(handlers...))
	t.Cleanup(s.Close)
	return s
}

// Handler notes the requests and answers them.
func (s *Server) Handler(handlers ...http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		s.mu.Lock()
		n := len(s.Requests)
		s.Requests = append(s.Requests, req)
		s.Bodies = append(s.Bodies, string(body))
		s.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
		handlers[min(n, len(handlers)-1)](w, req)
	})
}

// CA is the server's certificate in PEM.
func (s *Server) CA() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// Answer answers with a status, a body and pairs of headers.
func Answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("request-id", "req-1")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Refusal answers with an error of Graph's.
func Refusal(status int, code string, headers ...string) http.HandlerFunc {
	return Answer(status, `{"error":{"code":"`+code+`","message":"message that names Alice"}}`, headers...)
}

// BatchHandler answers each item of a batch, in reverse order.
func BatchHandler(t *testing.T, item func(url string, nth int) string) http.HandlerFunc {
	t.Helper()
	seen := map[string]int{}
	return func(w http.ResponseWriter, req *http.Request) {
		var body struct {
			Requests []struct{ ID, URL string }
		}
		if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var answers []string
		for i := len(body.Requests) - 1; i >= 0; i-- {
			r := body.Requests[i]
			seen[r.URL]++
			answers = append(answers, `{"id":"`+r.ID+`",`+item(r.URL, seen[r.URL])+`}`)
		}
		Answer(200, `{"responses":[`+strings.Join(answers, ",")+`]}`)(w, req)
	}
}

// OldServer is a server that speaks TLS up to a version.
func OldServer(t *testing.T, handler http.Handler, newest uint16) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest} //nolint:gosec // It is the client that has to refuse it.
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}
