package graph

import (
	"bytes"
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
)

// secretToken is what must never turn up anywhere but in the Authorization
// header of the configured host.
const secretToken = "the-bearer-token"

type fixedToken struct{ err error }

func (f fixedToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: secretToken, ExpiresOn: time.Now().Add(time.Hour)}, f.err
}

// recorder is a Graph endpoint that answers with handlers in turn; the last one
// answers all further requests.
type recorder struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.requests)
}

func newRecorder(t *testing.T, handlers ...http.HandlerFunc) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		n := len(r.requests)
		r.requests = append(r.requests, req)
		r.bodies = append(r.bodies, string(body))
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
		handlers[min(n, len(handlers)-1)](w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) caPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw})
}

// quick keeps the shape of the retries and takes the waiting out of them.
var quick = RetryPolicy{Attempts: 4, BaseDelay: time.Millisecond, MaxDelay: 50 * time.Millisecond, AttemptTimeout: 300 * time.Millisecond}

func newTestClient(t *testing.T, r *recorder) *Client {
	t.Helper()
	httpClient, err := NewHTTPClient(r.caPEM())
	require.NoError(t, err)
	c, err := New(Options{
		Cloud:      Cloud{Name: "test", AuthorityHost: r.URL, GraphEndpoint: r.URL},
		Credential: fixedToken{},
		HTTPClient: httpClient,
		UserAgent:  "baton-azure-ad/test",
		Retry:      quick,
	})
	require.NoError(t, err)
	return c
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
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

func graphError(status int, code string, headers ...string) http.HandlerFunc {
	return answer(status, `{"error":{"code":"`+code+`","message":"message that names Alice"}}`, headers...)
}
