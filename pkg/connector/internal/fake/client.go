package fake

import (
	"encoding/pem"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// ClientOf is a client of the Graph that a server is; with the usual retries if
// none are given.
func ClientOf(t *testing.T, server *httptest.Server, retry pacing.RetryPolicy) *graph.Client {
	t.Helper()
	httpClient, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	require.NoError(t, err)
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: server.URL}, Credential: AnyToken{}, HTTPClient: httpClient, Retry: retry})
	require.NoError(t, err)
	return client
}
