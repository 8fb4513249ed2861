package sending

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// send sends a write. A refusal for load is waited out: Graph did nothing. After
// any other trouble a PUT, PATCH or DELETE is sent again, because doing it twice
// is doing it once; a DELETE that then finds nothing has done its work. A POST is
// not: its outcome is unknown.
func (s *Sender) send(ctx context.Context, k call) error {
	if s.rehearsal != nil {
		return s.rehearse(k)
	}
	k.write = true
	doubtful := false
	for attempt := 1; ; attempt++ {
		err := s.attempt(ctx, k)
		if err == nil {
			s.stats.contacted.Store(true)
			return nil
		}
		if doubtful && k.method == http.MethodDelete && failure.IsNotFound(err) {
			return nil
		}
		var refusal *failure.Error
		var broken *network.ConnectionError
		var retryAfter time.Duration
		switch {
		case errors.As(err, &refusal):
			refusal.Attempts = attempt
			retryAfter = refusal.RetryAfter
			if !failure.RetryableStatus(refusal.StatusCode) {
				return err
			}
			if refusal.StatusCode == http.StatusTooManyRequests {
				break
			}
			doubtful = true
		case errors.As(err, &broken):
			broken.Attempts = attempt
			if !network.WorthRetrying(broken.Err) {
				return err
			}
			doubtful = true
		default:
			return err // No token, or no time: the request was not sent, or nobody waits for it.
		}
		if doubtful && k.method == http.MethodPost {
			return &failure.OutcomeUnknownError{Operation: k.operation(), Err: err}
		}
		wait, again := s.retry.Delay(attempt, retryAfter)
		if !again {
			if doubtful {
				return &failure.OutcomeUnknownError{Operation: k.operation(), Err: err}
			}
			return err
		}
		ctxzap.Extract(ctx).Debug("graph: sending a write again",
			zap.String("operation", k.operation()), zap.Int("attempt", attempt), zap.Duration("wait", wait), zap.Error(err))
		k.slept = 0
		if refusal != nil && refusal.Throttled() {
			k.slept = wait
		}
		if err := pacing.Sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", k.operation(), err)
		}
		k.earlier++
		s.stats.retried.Add(1)
	}
}
