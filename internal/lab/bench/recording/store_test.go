package recording

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
)

// connector answers each page token with a page of its own.
type connector struct {
	types.ConnectorServer
	fails bool
}

var errOnce = errors.New("asked too early")

func (c *connector) ListGrants(_ context.Context, q *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	if c.fails {
		c.fails = false
		return nil, errOnce
	}
	return v2.GrantsServiceListGrantsResponse_builder{
		List:          []*v2.Grant{v2.Grant_builder{Id: "grant after " + q.GetPageToken()}.Build()},
		NextPageToken: q.GetPageToken() + "+",
		Annotations:   annotations.New(&v2.EnqueuePageTokens{PageTokens: []string{"spawned"}}),
	}.Build(), nil
}

func grantsOf(resourceType, token string) *v2.GrantsServiceListGrantsRequest {
	id := v2.ResourceId_builder{ResourceType: resourceType}.Build()
	return v2.GrantsServiceListGrantsRequest_builder{Resource: v2.Resource_builder{Id: id}.Build(), PageToken: token, ActiveSyncId: token}.Build()
}

func TestReplayGivesEveryAnswerBackAnnotationsIncluded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "recording")
	recorded := Record(&connector{fails: true}, NewWriter(dir))
	_, err := recorded.ListGrants(t.Context(), grantsOf("group", ""))
	require.ErrorIs(t, err, errOnce)
	want := map[string]proto.Message{}
	for _, token := range []string{"", "+", "spawned"} {
		want[token], err = recorded.ListGrants(t.Context(), grantsOf("group", token))
		require.NoError(t, err)
	}

	replayed := Replay(nil, func() (*Reader, error) { return Open(dir) })
	for token, answer := range want {
		q := grantsOf("group", token)
		q.SetActiveSyncId("another sync")
		got, err := replayed.ListGrants(t.Context(), q)
		require.NoError(t, err)
		require.True(t, proto.Equal(answer, got), "%q: %v", token, got)
	}
	_, err = replayed.ListGrants(t.Context(), grantsOf("role", ""))
	require.ErrorIs(t, err, ErrNotRecorded, "what was not recorded must not look like an empty page")
}
