package sending

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

const (
	// firstContactAttempts bounds the tries while no request of this process
	// has succeeded yet: a wrong host is a typing error, not an outage.
	firstContactAttempts = 3
)

// read sends a GET, whose answer into takes. Like call.consume, into may run more
// than once.
func (s *Sender) read(ctx context.Context, ref string, into func(io.Reader) error) error {
	return s.do(ctx, call{method: http.MethodGet, ref: ref, consume: func(_ *sent, body io.Reader) error { return into(body) }})
}

// do sends a call until it is answered, refused for good, or out of attempts.
// Calls through do are safe to repeat: reads, and batches of reads.
func (s *Sender) do(ctx context.Context, k call) error {
	for attempt, unreadable := 1, 0; ; attempt++ {
		err := s.attempt(ctx, k)
		if err == nil {
			if k.items == nil { // Else each item has a success of its own, or none.
				s.stats.contacted.Store(true)
			}
			s.streaks.Answered(k.ref)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", k.operation(), ctx.Err())
		}
		var retryAfter time.Duration
		var refusal *failure.Error
		var broken *network.ConnectionError
		var authority *signin.AuthorityError
		switch {
		case errors.As(err, &refusal):
			refusal.Attempts = attempt
			retryAfter = refusal.RetryAfter
			if !passing(refusal, attempt) {
				return err
			}
			refusal.FruitlessFor = s.streaks.Refused(k.ref)
		case errors.As(err, &broken):
			broken.Attempts = attempt
			if broken.Unreadable {
				unreadable++
			}
			// A refusal for load between them, or a lost connection, says nothing of
			// answers that cannot be read.
			broken.Unreadable = broken.Unreadable && (unreadable == attempt || unreadable >= k.readAttempts())
			if broken.Unreadable && attempt >= k.readAttempts() {
				return err
			}
			if !network.WorthRetrying(broken.Err) || !s.stats.contacted.Load() && attempt >= firstContactAttempts {
				return err
			}
		case errors.As(err, &authority):
			if !authority.Temporary() || !s.stats.contacted.Load() {
				return err
			}
		default:
			return err
		}
		backoff := attempt
		if isUnreadable(err) {
			backoff = 1 // Time does not mend it: the next attempt tells whether it was chance.
		}
		wait, again := s.retry.Delay(backoff, retryAfter)
		if !again || attempt >= s.retry.Attempts {
			return err
		}
		ctxzap.Extract(ctx).Debug("graph: trying again",
			zap.String("operation", k.operation()), zap.Int("attempt", attempt), zap.Duration("wait", wait), zap.Error(err))
		k.slept = 0
		if refusal != nil && refusal.Throttled() {
			s.waited(ctx, wait)
			k.slept = wait
		}
		if err := pacing.Sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", k.operation(), err)
		}
		k.earlier++
		s.stats.retried.Add(1)
	}
}

// passing reports whether the refusal may not meet a further attempt after so many.
func passing(e *failure.Error, attempts int) bool {
	// The reports service now and then takes a tenant that has the licence for one
	// that has not (microsoft-graph-docs-contrib#3581, #3808).
	return failure.RetryableStatus(e.StatusCode) || e.Code == failure.CodeNonPremiumTenant && attempts < readAttempts
}

// attempt sends a call once; a second time, with a renewed token, if Graph did not
// take the first one. Graph does nothing for a token that it does not take, so a
// write can be sent again too.
func (s *Sender) attempt(ctx context.Context, k call) error {
	token, err := s.try(ctx, k)
	again, failed := s.renewed(ctx, token, err)
	if failed != nil {
		return fmt.Errorf("%s: Microsoft Graph refused the access token, and there is no other: %w", k.operation(), failed)
	}
	if !again {
		return err
	}
	token, err = s.try(ctx, k)
	s.judged(token, err)
	return err
}

// judged notes what Graph made of a token, and reports whether it refused it and
// another one is to be had for that.
func (s *Sender) judged(token string, err error) bool {
	refusal := tokenRefusal(err)
	switch {
	case token == "":
		return false
	case refusal != nil:
		return s.tokens.Refuse(token, refusal.Claims)
	case err == nil:
		s.tokens.Accept(token)
	}
	return false
}

// renewed reports whether what failed with err is to be sent again, because it was
// the token that was refused and there is another one now.
func (s *Sender) renewed(ctx context.Context, token string, err error) (bool, error) {
	if !s.judged(token, err) {
		return false, nil
	}
	_, failed := s.tokens.Get(ctx)
	if errors.Is(failed, signin.ErrNoOtherToken) {
		return false, nil
	}
	return failed == nil, failed
}

// isUnreadable reports whether err says that an answer came that cannot be read.
func isUnreadable(err error) bool {
	var broken *network.ConnectionError
	return errors.As(err, &broken) && broken.Unreadable
}

// tokenRefusal is the refusal in err if it is about the token.
func tokenRefusal(err error) *failure.Error {
	var refusal *failure.Error
	if errors.As(err, &refusal) && refusal.StatusCode == http.StatusUnauthorized {
		return refusal
	}
	return nil
}

// try sends a call and returns the token that it was sent with.
func (s *Sender) try(ctx context.Context, k call) (string, error) {
	permit, err := s.governor.Admit(ctx, k.metered(), s.retry.MaxDelay)
	var paused *pacing.PausedError
	if errors.As(err, &paused) {
		return "", &failure.Error{Operation: k.operation(), StatusCode: http.StatusTooManyRequests, RetryAfter: paused.Left, Attempts: 1}
	}
	if err != nil {
		return "", err
	}
	defer permit.Done()
	s.waited(ctx, permit.Waited)
	ctx, cancel := context.WithTimeout(ctx, s.retry.AttemptTimeout)
	defer cancel()
	token, err := s.tokens.Get(ctx)
	if errors.Is(err, signin.ErrNoOtherToken) {
		return "", s.unauthorized(k)
	}
	if err != nil {
		return "", err
	}
	req, err := s.newRequest(ctx, k, token)
	if err != nil {
		return "", err
	}
	going := &sent{Permit: permit, token: token, span: s.startSpan(ctx, k, permit.Waited)}
	err = s.exchange(ctx, k, going, req)
	going.span.finish(k, err)
	return token, err
}

// exchange sends a request and reads its answer.
func (s *Sender) exchange(ctx context.Context, k call, going *sent, req *http.Request) error {
	start := time.Now()
	s.stats.requests.Add(1)
	resp, err := s.http.Do(req)
	if err != nil {
		return &network.ConnectionError{Operation: k.operation(), Explanation: network.Explain(s.Host(), err), Err: err}
	}
	defer resp.Body.Close()
	going.span.answered(resp.StatusCode, resp.Header.Get)
	if k.items == nil || resp.StatusCode != http.StatusOK {
		going.span.units = s.meter(resp.Header.Get)
		going.Learn(ctx, 0, resp.StatusCode, resp.Header.Get)
	}
	ctxzap.Extract(ctx).Debug("graph: answered",
		zap.String("operation", k.operation()), zap.Int("status", resp.StatusCode), zap.Duration("took", time.Since(start)),
		zap.String("request_id", resp.Header.Get("request-id")), zap.String("resource_units", resp.Header.Get("x-ms-resource-unit")))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return s.refusal(k, resp)
	}
	if k.write && resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := checkJSON(resp); err != nil {
		return &network.ConnectionError{Operation: k.operation(), Explanation: err.Error(), Unreadable: true, Err: err}
	}
	body := &limitedReader{r: resp.Body, left: maxBodyBytes}
	if err := k.consume(going, body); err != nil {
		if errors.Is(err, ErrForeignLink) || errors.Is(err, ErrRepeatedLink) {
			return fmt.Errorf("%s: %w", k.operation(), err)
		}
		return &network.ConnectionError{Operation: k.operation(), Explanation: "the answer of " + s.Host() + " broke off or was not valid: " + describeBroken(err), Unreadable: !body.lost, Err: err}
	}
	return nil
}

// unauthorized is the refusal that a token would meet again.
func (s *Sender) unauthorized(k call) error {
	e := newError(k.operation(), http.StatusUnauthorized, "", "")
	e.Code = failure.CodeInvalidToken
	e.Renewable = s.tokens.Renewable()
	return e
}

func (s *Sender) newRequest(ctx context.Context, k call, token string) (*http.Request, error) {
	u, err := s.urlFor(k.ref)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if k.body != nil {
		body = bytes.NewReader(k.body)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.operation(), err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("client-request-id", uuid.NewString())
	req.Header.Set("x-ms-throttle-priority", priorityOf(k))
	if s.userAgent != "" {
		req.Header.Set("User-Agent", s.userAgent)
	}
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if k.eventual {
		req.Header.Set("ConsistencyLevel", "eventual")
	}
	return req, nil
}

// priorityOf lets a change that somebody waits for go before reads.
func priorityOf(k call) string {
	if k.write {
		return priorityHigh
	}
	return priorityLow
}

// refusal turns an answer other than success into an Error.
func (s *Sender) refusal(k call, resp *http.Response) error {
	e := newError(k.operation(), resp.StatusCode, resp.Header.Get("Retry-After"), resp.Header.Get("request-id"))
	// A body that cannot be read or parsed leaves the code empty; the status
	// is what counts then (a 502 page of a proxy, say).
	if raw, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBodyBytes)); err == nil {
		readBody(e, raw)
	}
	e.Renewable = s.tokens.Renewable()
	if e.StatusCode == http.StatusUnauthorized {
		e.Claims = signin.ChallengeClaims(resp.Header.Values("WWW-Authenticate"))
	}
	s.countThrottled(e.StatusCode)
	return e
}

func (s *Sender) countThrottled(status int) {
	if status == http.StatusTooManyRequests || status == failure.StatusBandwidthLimitExceeded {
		s.stats.throttled.Add(1)
	}
}

// meter adds up what Graph charged, and returns it
// (https://learn.microsoft.com/graph/throttling-limits).
func (s *Sender) meter(header func(string) string) int64 {
	units, err := strconv.ParseInt(header("x-ms-resource-unit"), 10, 64)
	if err != nil {
		return 0 // Not every service says what it charges.
	}
	s.stats.resourceUnits.Add(units)
	return units
}
