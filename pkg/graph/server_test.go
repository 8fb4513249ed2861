package graph

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// quick keeps the shape of the retries and takes the waiting out of them.
var quick = pacing.RetryPolicy{Attempts: 4, BaseDelay: time.Millisecond, MaxDelay: 50 * time.Millisecond, AttemptTimeout: 300 * time.Millisecond}

// newTestClient is a client of a server, with what a test changes.
func newTestClient(t *testing.T, r *graphtest.Server, changes ...func(*sending.Options)) *Client {
	t.Helper()
	httpClient, err := network.NewHTTPClient(r.CA())
	require.NoError(t, err)
	o := sending.Options{
		Cloud:      signin.Cloud{Name: "test", AuthorityHost: r.URL, GraphEndpoint: r.URL},
		Credential: graphtest.FixedToken{},
		HTTPClient: httpClient,
		UserAgent:  "baton-azure-ad/test",
		Retry:      quick,
	}
	for _, change := range changes {
		change(&o)
	}
	c, err := New(o)
	require.NoError(t, err)
	return c
}

// addMember is a change, made as pkg/graph/writing makes it.
func addMember(ctx context.Context, c *Client, group, object string) error {
	ref := models.NewReferenceCreate()
	address := c.Adapter().GetBaseUrl() + "/directoryObjects/" + url.PathEscape(object)
	ref.SetOdataId(&address)
	return sending.OwnError(groups.NewGroupsRequestBuilderInternal(map[string]string{}, c.Adapter()).ByGroupId(group).Members().Ref().Post(ctx, ref, nil))
}
