package verify

import (
	"context"
	"errors"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

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
