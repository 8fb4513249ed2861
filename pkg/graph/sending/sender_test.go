package sending

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// row is what most tests read.
type row struct {
	ID string `json:"id"`
}

// newTestSender is a sender to a server, whose requests have one form each.
func newTestSender(t *testing.T, r *graphtest.Server) *Sender {
	t.Helper()
	httpClient, err := network.NewHTTPClient(r.CA())
	require.NoError(t, err)
	s, err := New(Options{
		Cloud:      signin.Cloud{Name: "test", AuthorityHost: r.URL, GraphEndpoint: r.URL},
		Credential: graphtest.FixedToken{},
		HTTPClient: httpClient,
		UserAgent:  "baton-azure-ad/test",
		// It keeps the shape of the retries and takes the waiting out of them.
		Retry: pacing.RetryPolicy{Attempts: 4, BaseDelay: time.Millisecond, MaxDelay: 50 * time.Millisecond, AttemptTimeout: 300 * time.Millisecond},
	}, nil)
	require.NoError(t, err)
	return s
}
