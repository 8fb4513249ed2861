package connector

import (
	"context"
	"maps"
	"slices"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// given counts the rows that one process has given to the SDK. A row that is
// given twice counts twice.
type given struct {
	resources, grants walk.Tally
	pace              walk.Pace
}

// summarize logs, once at the end of a sync, what the snapshot holds, what it
// does not hold and why, and what it has cost.
func (c *Connector) summarize(ctx context.Context, learnt *decide.Course) {
	l := ctxzap.Extract(ctx)
	left := c.left.Take()
	for _, reason := range slices.Sorted(maps.Keys(left)) {
		l.Info(progress.MessageLeftOut, zap.String("what", reason), zap.Int("rows", left[reason]))
	}
	var read []string
	missing := map[string]string{}
	if made := c.decider.UnderWay(); made != nil {
		for _, data := range made.Reads {
			read = append(read, string(data))
		}
		for data, why := range made.After(learnt.Left()).Left {
			missing[string(data)] = why
		}
	}
	read = slices.DeleteFunc(read, func(data string) bool { return missing[data] != "" })
	for _, d := range learnt.Descents() {
		l.Info(progress.MessageForm, zap.String("reading", d.Reading), zap.String("form", d.Form), zap.String("lacks", d.Lacks))
	}
	l.Info(progress.MessageRead,
		zap.Strings("data", read), zap.Any("left_out_for_lack_of", missing),
		zap.Any("resources", c.given.resources.Take()), zap.Any("grants", c.given.grants.Take()))
	stats := c.client.Stats()
	l.Info(progress.MessageRequests,
		zap.Int64("requests", stats.Requests), zap.Int64("batch_items", stats.BatchItems), zap.Int64("resource_units", stats.ResourceUnits),
		zap.Int64("throttled", stats.Throttled), zap.Int64("retried", stats.Retried), zap.Duration("waited", stats.Waited),
		zap.Int64("largest_answer", c.sizes.Answer.Take()), zap.Int64("largest_value", c.sizes.Value.Take()))
}
