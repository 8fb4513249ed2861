package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

func TestATotalWouldBeMissingBeforeItsFirstRow(t *testing.T) {
	t.Parallel()
	r, ctx, _ := watchedReporter(t, 0)
	c, err := Capabilities()
	require.NoError(t, err)
	c.client, c.given = r.client, r.given
	c.given.grants.Add(model.TypeGroup, 3)
	totals := c.Totals(ctx)
	for _, s := range c.ResourceSyncers(ctx) {
		require.Contains(t, totals.Resources, s.ResourceType(ctx).GetId())
		require.Contains(t, totals.Grants, s.ResourceType(ctx).GetId())
	}
	require.Equal(t, 3, totals.Grants[model.TypeGroup])
	c.given.grants.Take()
	require.Equal(t, 3, c.Totals(ctx).Grants[model.TypeGroup], "it starts over with the next sync")
}
