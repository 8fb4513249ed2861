package verify

import (
	"context"
	"fmt"
	"time"
)

// Run compares. The error says that it could not: the snapshot cannot be read, or Graph
// not be asked. What Graph refuses to tell for lack of a permission is a line of the
// report.
func Run(ctx context.Context, o Options) (*Report, error) {
	c := &comparison{Options: o, questions: questions(), report: newReport(&o, time.Now())}
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	c.before = o.Graph.Stats()
	c.Progress("choosing whom to ask about")
	var err error
	if c.sample, err = draw(ctx, o); err != nil {
		return nil, err
	}
	c.report.Memberships = c.sample.memberships
	counted, err := c.count(ctx) // First: it finds most for least.
	if err != nil {
		return nil, err
	}
	var doubts []doubt
	for _, q := range c.questions {
		found, err := c.ask(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("asking about %s: %w", q.name, err)
		}
		doubts = append(doubts, found...)
	}
	if err := c.judge(ctx, doubts, counted); err != nil {
		return nil, err
	}
	c.report.finish(c.before, o.Graph.Stats(), time.Now())
	return c.report, nil
}
