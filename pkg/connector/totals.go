package connector

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// Totals are what this process has asked of Microsoft Graph, and given to the SDK,
// since it began. Each resource type is there, if only with a zero: whoever watches a
// number wants to see it before it changes.
func (c *Connector) Totals(ctx context.Context) *progress.Totals {
	stats := c.client.Stats()
	totals := &progress.Totals{
		Requests:      stats.Requests,
		BatchItems:    stats.BatchItems,
		ResourceUnits: stats.ResourceUnits,
		Throttled:     stats.Throttled,
		Retried:       stats.Retried,
		Waited:        stats.Waited.Seconds(),
		Resources:     c.given.resources.Total(),
		Grants:        c.given.grants.Total(),
	}
	for _, s := range c.ResourceSyncers(ctx) {
		name := s.ResourceType(ctx).GetId()
		totals.Resources[name] += 0
		totals.Grants[name] += 0
	}
	return totals
}
