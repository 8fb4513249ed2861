// Package verify holds a snapshot against the tenant that it is of. It asks Graph
// about objects drawn at random, and about all that matter most, in ways that no sync
// asks, and says how sure the answers make us.
//
// It uses the way to Graph (pkg/graph/sending) and nothing of how a sync reads, so that
// a mistake made there is not made here as well.
package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// DefaultSample is how many people are drawn. Of groups half as many are, and of
// applications a fifth.
const DefaultSample = 1000

// DefaultRequests is how many requests to Graph a comparison sends at most, and
// DefaultUnits how many resource units it uses: what the smallest tenant has in half a
// minute (https://learn.microsoft.com/graph/throttling-limits).
const (
	DefaultRequests = 600
	DefaultUnits    = 10_000
)

// Options say what to compare, and how much of it.
type Options struct {
	Snapshot *access.Snapshot
	Graph    *sending.Sender
	// Sample is how many people are drawn, and Seed decides which.
	Sample int
	Seed   uint64
	// Requests and Units bound what is sent, repetitions and all, but for the batch
	// under way.
	Requests, Units int64
	// Pause is how long a difference is left alone before it is looked at again, and
	// Patience for how long the audit log is asked again about one that it does not
	// explain: entries come minutes late.
	Pause, Patience time.Duration
	// Progress is told what is done now; nil tells nobody.
	Progress func(what string)
}

// comparison is one comparison under way.
type comparison struct {
	Options
	questions []*question
	report    *Report
	sample    *sample
	before    sending.Stats
}

// errBudget says that no more may be asked.
var errBudget = errors.New("the budget of requests or units is used up")

// Run compares. The error says that it could not: the snapshot cannot be read, or Graph
// not be asked. What Graph refuses to tell for lack of a permission is a line of the
// report.
func Run(ctx context.Context, o Options) (*Report, error) {
	c := &comparison{Options: o, questions: questions(), report: newReport(o, time.Now())}
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
	var doubts []doubt
	for _, q := range c.questions {
		found, err := c.ask(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("asking about %s: %w", q.name, err)
		}
		doubts = append(doubts, found...)
	}
	counted, err := c.count(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.judge(ctx, doubts, counted); err != nil {
		return nil, err
	}
	c.report.finish(c.before, o.Graph.Stats(), time.Now())
	return c.report, nil
}

// spent reports whether the budget is used up.
func (c *comparison) spent() bool {
	now := c.Graph.Stats()
	return now.Requests-c.before.Requests >= c.Requests || now.ResourceUnits-c.before.ResourceUnits >= c.Units
}

// wait waits, or is interrupted.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
