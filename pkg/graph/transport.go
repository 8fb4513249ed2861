package graph

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const (
	// maxBodyBytes is far above the largest honest answer: a batch of twenty
	// pages of 999 rows is about 15 MiB.
	maxBodyBytes = 64 << 20
	// maxErrorBodyBytes is how much of a refusal is read to find its code.
	maxErrorBodyBytes = 64 << 10
	// firstContactAttempts bounds the tries while no request of this process
	// has succeeded yet: a wrong host is a typing error, not an outage.
	firstContactAttempts = 3
)

// do sends a call until it is answered, refused for good, or out of attempts.
// Calls through do are safe to repeat: reads, and batches of reads.
func (c *Client) do(ctx context.Context, k call) error {
	for attempt, unreadable := 1, 0; ; attempt++ {
		err := c.attempt(ctx, k)
		if err == nil {
			if k.items == nil { // Else each item has a success of its own, or none.
				c.stats.contacted.Store(true)
			}
			c.streaks.answered(k.ref)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", k.operation(), ctx.Err())
		}
		var retryAfter time.Duration
		var refusal *Error
		var broken *ConnectionError
		var authority *AuthorityError
		switch {
		case errors.As(err, &refusal):
			refusal.Attempts = attempt
			retryAfter = refusal.RetryAfter
			if !refusal.passing(attempt) {
				return err
			}
			refusal.FruitlessFor = c.streaks.refused(k.ref)
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
			if !worthRetrying(broken.Err) || !c.stats.contacted.Load() && attempt >= firstContactAttempts {
				return err
			}
		case errors.As(err, &authority):
			if !authority.Temporary() || !c.stats.contacted.Load() {
				return err
			}
		default:
			return err
		}
		backoff := attempt
		if isUnreadable(err) {
			backoff = 1 // Time does not mend it: the next attempt tells whether it was chance.
		}
		wait, again := c.retry.delay(backoff, retryAfter)
		if !again || attempt >= c.retry.Attempts {
			return err
		}
		ctxzap.Extract(ctx).Debug("graph: trying again",
			zap.String("operation", k.operation()), zap.Int("attempt", attempt), zap.Duration("wait", wait), zap.Error(err))
		k.slept = 0
		if refusal != nil && refusal.Throttled() {
			c.waited(ctx, wait)
			k.slept = wait
		}
		if err := sleep(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", k.operation(), err)
		}
		k.earlier++
		c.stats.retried.Add(1)
	}
}

// attempt sends a call once; a second time, with a renewed token, if Graph did not
// take the first one. Graph does nothing for a token that it does not take, so a
// write can be sent again too.
func (c *Client) attempt(ctx context.Context, k call) error {
	token, err := c.try(ctx, k)
	again, failed := c.renewed(ctx, token, err)
	if failed != nil {
		return fmt.Errorf("%s: Microsoft Graph refused the access token, and there is no other: %w", k.operation(), failed)
	}
	if !again {
		return err
	}
	token, err = c.try(ctx, k)
	c.judged(token, err)
	return err
}

// judged notes what Graph made of a token, and reports whether it refused it and
// another one is to be had for that.
func (c *Client) judged(token string, err error) bool {
	refusal := tokenRefusal(err)
	switch {
	case token == "":
		return false
	case refusal != nil:
		return c.tokens.refuse(token, refusal.claims)
	case err == nil:
		c.tokens.accept(token)
	}
	return false
}

// renewed reports whether what failed with err is to be sent again, because it was
// the token that was refused and there is another one now.
func (c *Client) renewed(ctx context.Context, token string, err error) (bool, error) {
	if !c.judged(token, err) {
		return false, nil
	}
	_, failed := c.tokens.get(ctx)
	if errors.Is(failed, errNoOtherToken) {
		return false, nil
	}
	return failed == nil, failed
}

// tokenRefusal is the refusal in err if it is about the token.
func tokenRefusal(err error) *Error {
	var refusal *Error
	if errors.As(err, &refusal) && refusal.StatusCode == http.StatusUnauthorized {
		return refusal
	}
	return nil
}

// try sends a call and returns the token that it was sent with.
func (c *Client) try(ctx context.Context, k call) (string, error) {
	permit, err := c.governor.admit(ctx, k.metered(), c.retry.MaxDelay)
	var paused *pausedError
	if errors.As(err, &paused) {
		return "", &Error{Operation: k.operation(), StatusCode: http.StatusTooManyRequests, RetryAfter: paused.left, Attempts: 1}
	}
	if err != nil {
		return "", err
	}
	defer permit.done()
	c.waited(ctx, permit.waited)
	ctx, cancel := context.WithTimeout(ctx, c.retry.AttemptTimeout)
	defer cancel()
	token, err := c.tokens.get(ctx)
	if errors.Is(err, errNoOtherToken) {
		return "", c.unauthorized(k)
	}
	if err != nil {
		return "", err
	}
	permit.token = token
	req, err := c.newRequest(ctx, k, token)
	if err != nil {
		return "", err
	}
	permit.span = c.startSpan(ctx, k, permit.waited)
	err = c.exchange(ctx, k, permit, req)
	permit.span.finish(k, err)
	return token, err
}

// exchange sends a request and reads its answer.
func (c *Client) exchange(ctx context.Context, k call, permit *permit, req *http.Request) error {
	start := time.Now()
	c.stats.requests.Add(1)
	resp, err := c.http.Do(req)
	if err != nil {
		return &ConnectionError{Operation: k.operation(), Explanation: ExplainConnection(c.Host(), err), Err: err}
	}
	defer resp.Body.Close()
	permit.span.answered(resp.StatusCode, resp.Header.Get)
	if k.items == nil || resp.StatusCode != http.StatusOK {
		permit.span.units = c.meter(resp.Header.Get)
		permit.learn(ctx, 0, resp.StatusCode, resp.Header.Get)
	}
	ctxzap.Extract(ctx).Debug("graph: answered",
		zap.String("operation", k.operation()), zap.Int("status", resp.StatusCode), zap.Duration("took", time.Since(start)),
		zap.String("request_id", resp.Header.Get("request-id")), zap.String("resource_units", resp.Header.Get("x-ms-resource-unit")))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.refusal(k, resp)
	}
	if k.write && resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := checkJSON(resp); err != nil {
		return &ConnectionError{Operation: k.operation(), Explanation: err.Error(), Unreadable: true, Err: err}
	}
	body := &limitedReader{r: resp.Body, left: maxBodyBytes}
	if err := k.consume(permit, body); err != nil {
		if errors.Is(err, ErrForeignLink) || errors.Is(err, ErrRepeatedLink) {
			return fmt.Errorf("%s: %w", k.operation(), err)
		}
		return &ConnectionError{Operation: k.operation(), Explanation: "the answer of " + c.Host() + " broke off or was not valid: " + describeBroken(err), Unreadable: !body.lost, Err: err}
	}
	return nil
}

// unauthorized is the refusal that a token would meet again.
func (c *Client) unauthorized(k call) error {
	e := newError(k.operation(), http.StatusUnauthorized, "", "")
	e.Code = CodeInvalidToken
	_, e.renewable = c.tokens.credential.(renewer)
	return e
}

func (c *Client) newRequest(ctx context.Context, k call, token string) (*http.Request, error) {
	u, err := c.urlFor(k.ref)
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
	req.Header.Set("x-ms-throttle-priority", string(c.priorityOf(k)))
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
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
func (c *Client) priorityOf(k call) Priority {
	if k.write {
		return PriorityHigh
	}
	return c.priority
}

// refusal turns an answer other than success into an Error.
func (c *Client) refusal(k call, resp *http.Response) error {
	e := newError(k.operation(), resp.StatusCode, resp.Header.Get("Retry-After"), resp.Header.Get("request-id"))
	// A body that cannot be read or parsed leaves the code empty; the status
	// is what counts then (a 502 page of a proxy, say).
	if raw, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBodyBytes)); err == nil {
		e.readBody(raw)
	}
	_, e.renewable = c.tokens.credential.(renewer)
	if e.StatusCode == http.StatusUnauthorized {
		e.claims = parseChallenge(resp.Header.Values("WWW-Authenticate"))
	}
	c.countThrottled(e.StatusCode)
	return e
}

func newError(operation string, status int, retryAfter, requestID string) *Error {
	return &Error{
		Operation:  operation,
		StatusCode: status,
		RequestID:  terminal.Harmless(firstRunes(requestID, maxNameRunes)),
		RetryAfter: parseRetryAfter(retryAfter, time.Now()),
		Attempts:   1,
	}
}

func (e *Error) take(body errorBody) {
	e.Code = terminal.Harmless(firstRunes(body.Error.Code, maxNameRunes))
	e.Message = terminal.Harmless(firstRunes(body.Error.Message, maxMessageRunes))
}

func (c *Client) countThrottled(status int) {
	if status == http.StatusTooManyRequests || status == statusBandwidthLimitExceeded {
		c.stats.throttled.Add(1)
	}
}

// meter adds up what Graph charged, and returns it
// (https://learn.microsoft.com/graph/throttling-limits).
func (c *Client) meter(header func(string) string) int64 {
	units, err := strconv.ParseInt(header("x-ms-resource-unit"), 10, 64)
	if err != nil {
		return 0 // Not every service says what it charges.
	}
	c.stats.resourceUnits.Add(units)
	return units
}

// worthRetrying tells a passing trouble from one that a second try cannot cure.
func worthRetrying(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return !errors.As(err, &untrusted) && !errors.Is(err, errRedirect) && !errors.Is(err, errForeignAuthority)
}

// explainTokenError keeps the typed error of a credential and gives every other
// one a sentence.
func explainTokenError(err error) error {
	var authority *AuthorityError
	if errors.As(err, &authority) {
		return err
	}
	return fmt.Errorf("no access token for Microsoft Graph: %w", err)
}
