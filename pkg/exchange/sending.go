package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
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
	// maxBodyBytes is far above the answers about one group or recipient.
	maxBodyBytes = 4 << 20
	// maxErrorBytes is what is read of a refusal.
	maxErrorBytes = 64 << 10
)

// command is a cmdlet that is to be run.
type command struct {
	name string
	// group and principal are the ids that it is about.
	group, principal string
	parameters       parameters
}

// operation names it in errors and logs.
func (k command) operation() string { return operationOf(k.name, k.group) }

// read runs a cmdlet that changes nothing, again where that may help.
func read[T any](ctx context.Context, c *Client, k command) ([]T, error) {
	done, err := c.turn(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.operation(), err)
	}
	defer done()
	for attempt := 1; ; attempt++ {
		raw, err := c.attempt(ctx, k)
		var answer struct {
			Value *[]T `json:"value"`
		}
		if err == nil {
			if err = json.Unmarshal(raw, &answer); err == nil && answer.Value != nil {
				return *answer.Value, nil
			}
			err = c.unreadable(k, err)
		}
		wait, again := c.again(ctx, err, attempt)
		if !again {
			return nil, err
		}
		if err := c.pause(ctx, k, attempt, wait, err); err != nil {
			return nil, err
		}
	}
}

// write runs a cmdlet that changes something. What was refused for load is sent again,
// when Exchange says. Where nobody knows what became of it, the caller asks again: the
// second time Exchange says that it is there, or gone.
func (c *Client) write(ctx context.Context, k command) error {
	if c.rehearsal != nil {
		body, err := k.body()
		if err == nil {
			c.rehearsal(http.MethodPost, c.address(c.tenant), string(body))
		}
		return err
	}
	done, err := c.turn(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", k.operation(), err)
	}
	defer done()
	doubtful := false
	for attempt := 1; ; attempt++ {
		raw, err := c.attempt(ctx, k)
		if err == nil && !isObject(raw) {
			err = c.unreadable(k, nil)
		}
		if err == nil || doubtful && isSettled(err) {
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		var refusal *Error
		if errors.As(err, &refusal) && !refusal.unclear() && !refusal.throttled() {
			return err
		}
		wait, again := c.again(ctx, err, attempt)
		if !again && refusal == nil && !isConnection(err) {
			return err // No token: nothing was sent.
		}
		doubtful = doubtful || refusal == nil || refusal.unclear()
		if !again || refusal == nil || refusal.RetryAfter == 0 && !refusal.throttled() && !refusal.UnwrittenDirectory {
			if doubtful {
				return &failure.OutcomeUnknownError{Operation: k.operation(), Err: err}
			}
			return err
		}
		if err := c.pause(ctx, k, attempt, wait, err); err != nil {
			return err
		}
	}
}

// isSettled reports whether what was asked for a second time had been done the first.
func isSettled(err error) bool { return failure.IsAlreadyThere(err) || failure.IsAlreadyGone(err) }

func isConnection(err error) bool {
	var broken *network.ConnectionError
	return errors.As(err, &broken) && network.WorthRetrying(broken.Err)
}

// isObject reports whether an answer is one of Exchange, and not of somebody on the
// way: success says little else.
func isObject(raw []byte) bool {
	var answer map[string]json.RawMessage
	return json.Unmarshal(raw, &answer) == nil
}

// again reports whether a request is to be sent again, and after which wait.
func (c *Client) again(ctx context.Context, err error, attempt int) (time.Duration, bool) {
	var refusal *Error
	var broken *network.ConnectionError
	var retryAfter time.Duration
	switch {
	case ctx.Err() != nil:
		return 0, false
	case errors.As(err, &refusal):
		refusal.Attempts, retryAfter = attempt, refusal.RetryAfter
		if !refusal.throttled() && !refusal.unclear() {
			return 0, false
		}
	case errors.As(err, &broken):
		broken.Attempts = attempt
		if !network.WorthRetrying(broken.Err) {
			return 0, false
		}
	default:
		return 0, false
	}
	return c.retry.Delay(attempt, retryAfter)
}

func (c *Client) pause(ctx context.Context, k command, attempt int, wait time.Duration, why error) error {
	ctxzap.Extract(ctx).Debug("exchange: trying again",
		zap.String("operation", k.operation()), zap.Int("attempt", attempt), zap.Duration("wait", wait), zap.Error(why))
	if err := pacing.Sleep(ctx, wait); err != nil {
		return fmt.Errorf("%s: %w", k.operation(), err)
	}
	return nil
}

// attempt sends a request once; a second time, with another token, where Exchange did
// not take the first one.
func (c *Client) attempt(ctx context.Context, k command) ([]byte, error) {
	raw, token, err := c.try(ctx, k)
	var refusal *Error
	switch {
	case err == nil:
		c.tokens.Accept(token)
	case errors.As(err, &refusal) && refusal.StatusCode == http.StatusUnauthorized && c.tokens.Refuse(token, refusal.claims):
		raw, token, second := c.try(ctx, k)
		if errors.Is(second, errSameToken) {
			return nil, err
		}
		if second == nil {
			c.tokens.Accept(token)
		}
		return raw, second
	}
	return raw, err
}

// try sends a request and returns the body of a success, and the token that it was
// sent with.
func (c *Client) try(ctx context.Context, k command) ([]byte, string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.retry.AttemptTimeout)
	defer cancel()
	token, err := c.tokens.Get(ctx)
	if err != nil {
		return nil, "", c.noToken(k, err)
	}
	claims, err := c.tokens.Claims(ctx)
	if err != nil {
		claims = &signin.Claims{} // Microsoft does not promise that tokens can be read.
	}
	req, err := c.newRequest(ctx, k, token, claims)
	if err != nil {
		return nil, "", err
	}
	start := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, token, &network.ConnectionError{Operation: k.operation(), Explanation: network.Explain(c.Host(), err), Err: err}
	}
	defer resp.Body.Close()
	requestID := requestIDOf(resp, req)
	ctxzap.Extract(ctx).Debug("exchange: answered",
		zap.String("operation", k.operation()), zap.Int("status", resp.StatusCode), zap.Duration("took", time.Since(start)), zap.String("request_id", requestID))
	if resp.StatusCode != http.StatusOK {
		return nil, token, refused(k, resp, requestID, claims)
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxBodyBytes+1))
	if err == nil && len(raw) > maxBodyBytes {
		err = errors.New("it is too large")
	}
	if err != nil {
		return nil, token, c.unreadable(k, err)
	}
	return raw, token, nil
}

// unreadable is a success whose body is not one.
func (c *Client) unreadable(k command, err error) error {
	if err == nil {
		err = errors.New("it holds no value")
	}
	return &network.ConnectionError{
		Operation: k.operation(), Unreadable: true, Err: err, Explanation: "the answer of " + c.Host() + " broke off or was not valid",
	}
}

// body is what a cmdlet is sent as.
func (k command) body() ([]byte, error) {
	type input struct {
		CmdletName string
		Parameters parameters
	}
	body, err := json.Marshal(struct{ CmdletInput input }{input{k.name, k.parameters}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.operation(), err)
	}
	return body, nil
}

func (c *Client) address(tenant string) string {
	return c.root.String() + "/adminapi/beta/" + url.PathEscape(tenant) + "/InvokeCommand"
}

func (c *Client) newRequest(ctx context.Context, k command, token string, claims *signin.Claims) (*http.Request, error) {
	tenant, err := c.tenantOf(claims)
	if err != nil {
		return nil, err
	}
	body, err := k.body()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address(tenant), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.operation(), err)
	}
	for name, value := range map[string]string{
		"Authorization":     "Bearer " + token,
		"Accept":            "application/json",
		"Content-Type":      "application/json",
		"X-AnchorMailbox":   "APP:" + systemMailbox + "@" + tenant,
		"X-CmdletName":      k.name,
		"X-ResponseFormat":  "json",
		"client-request-id": uuid.NewString(),
		"connection-id":     c.connection,
		"Prefer":            "odata.maxpagesize=1000",
		"User-Agent":        c.userAgent,
	} {
		req.Header.Set(name, value)
	}
	return req, nil
}
