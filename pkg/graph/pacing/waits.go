package pacing

import (
	"context"
	"sync/atomic"
	"time"
)

// WaitMeter adds up how long calls waited for the tenant's budgets: for the
// governor, and for Retry-After. It is safe for concurrent use.
type WaitMeter struct{ total atomic.Int64 }

// Total is the sum so far.
func (m *WaitMeter) Total() time.Duration { return time.Duration(m.total.Load()) }

type waitMeterKey struct{}

// WithWaitMeter returns a context whose calls report their waits to the meter.
func WithWaitMeter(ctx context.Context) (context.Context, *WaitMeter) {
	m := &WaitMeter{}
	return context.WithValue(ctx, waitMeterKey{}, m), m
}

// NoteWait tells the context's meter, if it has one, of a wait.
func NoteWait(ctx context.Context, d time.Duration) {
	if m, ok := ctx.Value(waitMeterKey{}).(*WaitMeter); ok {
		m.total.Add(int64(d))
	}
}
