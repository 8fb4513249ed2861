package pacing

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// RetryPolicy bounds how one request is tried again. Durations are wall time.
type RetryPolicy struct {
	// Attempts is how often a request is sent at most.
	Attempts int
	// BaseDelay is the first wait where Graph gives no Retry-After; it doubles.
	BaseDelay time.Duration
	// MaxDelay caps one wait, Retry-After included. A longer Retry-After ends
	// the retries at once: waiting that long is the caller's decision.
	MaxDelay time.Duration
	// AttemptTimeout bounds one attempt, from sending to the end of the body.
	AttemptTimeout time.Duration
}

// DefaultRetryPolicy gives up after about a minute of a dead host and after
// about five minutes of throttling.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{
		Attempts:       6,
		BaseDelay:      time.Second,
		MaxDelay:       90 * time.Second,
		AttemptTimeout: 2 * time.Minute,
	}
}

// Delay is the wait before attempt n+1 (n counts from 1), and whether there is
// to be one at all.
func (p RetryPolicy) Delay(n int, retryAfter time.Duration) (time.Duration, bool) {
	if n >= p.Attempts || retryAfter > p.MaxDelay {
		return 0, false
	}
	if retryAfter > 0 {
		// A little more than asked, so that callers told the same second do
		// not come back in the same millisecond.
		return retryAfter + jitter(p.BaseDelay/2), true
	}
	backoff := min(p.BaseDelay<<(n-1), p.MaxDelay)
	return backoff/2 + jitter(backoff/2), true
}

func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d) //nolint:gosec // Spreading load needs no cryptographic randomness.
}

// Sleep waits for d or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ParseRetryAfter reads a Retry-After value: seconds, fractional seconds (Graph
// has sent them) or an HTTP date. Zero means that it does not say.
func ParseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		const year = 365 * 24 * 3600
		if math.IsNaN(seconds) || seconds <= 0 {
			return 0
		}
		return time.Duration(min(seconds, year) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

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
