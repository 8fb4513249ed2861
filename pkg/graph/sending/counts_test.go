package sending

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestCountAsksTheIndexForOneRow(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, `{"@odata.count":1300,"value":[{"id":"a"}]}`), graphtest.Answer(200, `{"value":[]}`))
	c := newTestSender(t, r)
	n, err := c.Count(context.Background(), "/users")
	require.NoError(t, err)
	require.EqualValues(t, 1300, n)
	require.Equal(t, "eventual", r.Requests[0].Header.Get("ConsistencyLevel"))
	require.Equal(t, "$count=true&$select=id&$top=1", r.Requests[0].URL.RawQuery)

	_, err = c.Count(context.Background(), "/users")
	require.ErrorContains(t, err, "@odata.count", "no count is not a count of none")
}
