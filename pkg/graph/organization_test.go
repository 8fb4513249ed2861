package graph

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

const contoso = `{"value":[{"id":"T1","displayName":"Contoso","verifiedDomains":[{"name":"contoso.com","isInitial":false},{"name":"contoso.onmicrosoft.com","isInitial":true}]}]}`

func TestMicrosoftsRequestBuildersRunOverTheOneTransport(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(429, "TooManyRequests", "Retry-After", "0.01"), graphtest.Answer(200, contoso))
	org, err := newTestClient(t, r).Organization(context.Background())
	require.NoError(t, err)
	require.Equal(t, &Organization{ID: "T1", DisplayName: "Contoso", InitialDomain: "contoso.onmicrosoft.com", Domains: []string{"contoso.com", "contoso.onmicrosoft.com"}}, org)
	require.Equal(t, 2, r.Count(), "our retries apply, once")
	require.Equal(t, "/v1.0/organization", r.Requests[1].URL.Path)
	require.Equal(t, "baton-azure-ad/test", r.Requests[1].Header.Get("User-Agent"))
	require.Equal(t, []string{"Bearer " + graphtest.SecretToken}, r.Requests[1].Header.Values("Authorization"))
}

func TestErrorsComeThroughMicrosoftsLayersAsOurOwn(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(403, failure.CodeAccessDenied))
	_, err := newTestClient(t, r).Organization(context.Background())
	var refusal *failure.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, failure.CodeAccessDenied, refusal.Code)
	require.Equal(t, 1, r.Count())
}

func TestATenantThatIsNotThereIsAnError(t *testing.T) {
	for _, body := range []string{graphtest.EmptyPage, `{"value":[{"id":"a"},{"id":"b"}]}`} {
		r := graphtest.NewServer(t, graphtest.Answer(200, body))
		_, err := newTestClient(t, r).Organization(context.Background())
		require.ErrorContains(t, err, "instead of one")
	}
}
