package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
)

// MaxBatchSize is how many requests one $batch carries at most
// (https://learn.microsoft.com/graph/json-batching).
const MaxBatchSize = 20

// errBatchMismatch guards against a batch answer that lacks an item, which
// would otherwise read as an empty page.
var errBatchMismatch = errors.New("it does not answer each request of the batch exactly once")

// PageResult is the answer to one request of a batch: a page, or the error of
// this request alone.
type PageResult[T any] struct {
	Page *Page[T]
	Err  error
}

// ObjectResult is the answer to one request of a batch: an object, or the error
// of this request alone.
type ObjectResult[T any] struct {
	Object *T
	Err    error
}

type batchItem struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	URL    string `json:"url"`
}

// batchAnswer is the answer to one request of a batch. Its body is decoded in
// place: a batch can carry twenty thousand rows.
type batchAnswer[B any] struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    batchBody[B]      `json:"body"`

	// ref is what was asked, alone or in a batch, and failed what came of it if
	// not an answer.
	ref    string
	alone  bool
	failed error
}

// batchBody is what was asked for, in the form of the struct B, or an error.
type batchBody[B any] struct {
	content B
	errorBody
	given  bool
	broken error
}

// errNoObject is about a body inside a batch that is not JSON; Graph puts it
// there as a base64 string.
var errNoObject = errors.New("it is not a JSON object")

// UnmarshalJSONFrom keeps a body that is no object to its own item.
func (b *batchBody[B]) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	b.given = true
	if decoder.PeekKind() != '{' {
		b.broken = errNoObject
		return decoder.SkipValue()
	}
	var body struct {
		Content B `json:",embed"`
		errorBody
	}
	err := json.UnmarshalDecode(decoder, &body)
	b.content, b.errorBody = body.Content, body.errorBody
	return err
}

// BatchPages reads up to MaxBatchSize pages of collections in one round trip.
// The results are in the order of refs. Items that were throttled or failed
// for a passing reason are sent again, alone, after their own Retry-After;
// what still fails after that is the item's Err (an *Error). The error of
// BatchPages itself is about the whole batch.
func BatchPages[T any](ctx context.Context, c *Client, refs []string) ([]PageResult[T], error) {
	results := make([]PageResult[T], len(refs))
	err := readBatch(ctx, c, refs, func(i int, a *batchAnswer[pageBody[T]]) error {
		page, err := batchPage(c, a)
		results[i] = PageResult[T]{Page: page, Err: err}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// BatchObjects reads up to MaxBatchSize single objects in one round trip, as
// BatchPages reads pages. T is a struct.
func BatchObjects[T any](ctx context.Context, c *Client, refs []string) ([]ObjectResult[T], error) {
	results := make([]ObjectResult[T], len(refs))
	err := readBatch(ctx, c, refs, func(i int, a *batchAnswer[T]) error {
		object, err := a.object()
		results[i] = ObjectResult[T]{Object: object, Err: err}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// readBatch sends refs and gives each answer to take, whose error says what is
// wrong with the item. What is to be sent again is: after a wait, in the next form
// where the form was refused, and alone where the answer cannot be read.
func readBatch[B any](ctx context.Context, c *Client, refs []string, take func(int, *batchAnswer[B]) error) error {
	if len(refs) > MaxBatchSize {
		return fmt.Errorf("graph: a batch takes %d requests, not %d", MaxBatchSize, len(refs))
	}
	climbs := make([]*climb, len(refs))
	pending := make([]int, len(refs))
	for i := range refs {
		climbs[i], pending[i] = climbOf(ctx, refs[i]), i
	}
	var slept time.Duration
	refused := false // Whether the last round left an item that Graph refuses for now.
	for attempt := 1; len(pending) > 0; {
		answers, err := askAll[B](ctx, c, climbs, pending, attempt-1, slept)
		if err != nil {
			return err
		}
		var again []int
		var wait time.Duration
		refused = false
		for _, i := range pending {
			err := c.judge(take(i, answers[i]), answers[i].ref, attempt)
			if errors.Is(err, ErrForeignLink) {
				return err
			}
			refused = refused || isPassing(err)
			if delay, retry := c.retryItem(err, attempt); retry {
				again = append(again, i)
				wait = max(wait, delay)
				continue
			}
			if isUnreadable(err) && !answers[i].alone {
				err = take(i, askAlone[B](ctx, c, answers[i].ref))
			}
			if IsRefusedForm(err) {
				if failed := climbs[i].down(ctx, err); failed == nil {
					again = append(again, i)
				} else if failed != err { //nolint:errorlint // The same error, not one of its kind.
					_ = take(i, &batchAnswer[B]{ref: answers[i].ref, failed: failed})
				}
			}
		}
		if wait > 0 {
			ctxzap.Extract(ctx).Debug("graph: sending batch items again", zap.Int("items", len(again)), zap.Int("attempt", attempt), zap.Duration("wait", wait))
			c.waited(ctx, wait)
			if err := sleep(ctx, wait); err != nil {
				return fmt.Errorf("POST /$batch: %w", err)
			}
			attempt++
		}
		slept = wait
		c.stats.retried.Add(int64(len(again)))
		pending = again
	}
	if !refused { // A caller that has to send one item again sends all of them: then no success counts.
		for _, ref := range refs {
			c.streaks.answered(ref)
		}
	}
	return nil
}

// judge notes what Graph has said to an item, and adds to a refusal how long it has
// lasted.
func (c *Client) judge(err error, ref string, attempt int) error {
	var refusal *Error
	switch {
	case err == nil:
		c.stats.contacted.Store(true)
	case errors.As(err, &refusal):
		refusal.Attempts = attempt
		c.countThrottled(refusal.StatusCode)
		if retryableStatus(refusal.StatusCode) {
			refusal.FruitlessFor = c.streaks.refused(ref)
		}
	}
	return err
}

// isPassing reports whether err is a refusal that a later attempt may not meet.
func isPassing(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && retryableStatus(refusal.StatusCode)
}

// isUnreadable reports whether err says that an answer came that cannot be read.
func isUnreadable(err error) bool {
	var broken *ConnectionError
	return errors.As(err, &broken) && broken.Unreadable
}

// retryItem says whether an item is to be sent again as it is, and after which
// wait.
func (c *Client) retryItem(err error, attempt int) (time.Duration, bool) {
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		if !refusal.passing(attempt) {
			return 0, false
		}
		return c.retry.delay(attempt, refusal.RetryAfter)
	case isUnreadable(err) && attempt >= readAttempts:
		return 0, false
	case err != nil:
		return c.retry.delay(attempt, 0)
	}
	return 0, false
}

// batches are the two ways to send several requests.
var batches = &Ladder{Name: "batches", Steps: []Step{{Form: "20 requests in one"}, {Form: "one by one"}}}

// askAll sends the pending requests, together if that works: an item whose answer
// is no JSON spoils the answers to all.
func askAll[B any](ctx context.Context, c *Client, climbs []*climb, pending []int, earlier int, slept time.Duration) (map[int]*batchAnswer[B], error) {
	step := batches.Step(ctx)
	if step == 0 {
		answers, err := sendBatch[B](ctx, c, climbs, pending, earlier, slept)
		switch {
		case err == nil:
			return answers, nil
		case isUnreadable(err):
			ctxzap.Extract(ctx).Info("azure-ad: the answer to a batch cannot be read; its requests are sent one by one", zap.Error(err))
		default:
			_, ok, failed := batches.Leave(ctx, step, err)
			if !ok || failed != nil {
				return nil, errors.Join(err, failed)
			}
		}
	}
	answers := make(map[int]*batchAnswer[B], len(pending))
	for _, i := range pending {
		a := askAlone[B](ctx, c, climbs[i].current())
		if ctx.Err() != nil {
			return nil, a.failed
		}
		answers[i] = a
	}
	return answers, nil
}

// askAlone sends one request of a batch by itself.
func askAlone[B any](ctx context.Context, c *Client, ref string) *batchAnswer[B] {
	a := &batchAnswer[B]{Status: http.StatusOK, ref: ref, alone: true}
	a.failed = c.do(ctx, call{
		method: http.MethodGet,
		ref:    ref,
		consume: func(_ *permit, body io.Reader) error {
			a.Body = batchBody[B]{given: true}
			return decode(body, &a.Body.content)
		},
	})
	return a
}

// sendBatch sends the pending requests and returns their answers by index. They were
// sent so many times before, and then held back for so long.
func sendBatch[B any](ctx context.Context, c *Client, climbs []*climb, pending []int, earlier int, slept time.Duration) (map[int]*batchAnswer[B], error) {
	items := make([]batchItem, 0, len(pending))
	pendingRefs := make([]string, 0, len(pending))
	for _, i := range pending {
		ref := climbs[i].current()
		pendingRefs = append(pendingRefs, ref)
		if _, err := c.urlFor(ref); err != nil {
			return nil, err
		}
		items = append(items, batchItem{ID: strconv.Itoa(i), Method: http.MethodGet, URL: ref})
	}
	body, err := json.Marshal(struct {
		Requests []batchItem `json:"requests"`
	}{items})
	if err != nil {
		return nil, fmt.Errorf("graph: encoding a batch: %w", err)
	}
	c.stats.batchItems.Add(int64(len(items)))
	var answers map[int]*batchAnswer[B]
	err = c.do(ctx, call{
		method: http.MethodPost,
		ref:    "/$batch",
		body:   body,
		items:  pendingRefs,

		earlier: earlier,
		slept:   slept,
		consume: func(p *permit, r io.Reader) error {
			var decoded struct {
				Responses []batchAnswer[B] `json:"responses"`
			}
			if err := decode(r, &decoded); err != nil {
				return err
			}
			var err error
			if answers, err = matchAnswers(decoded.Responses, pending); err != nil {
				return err
			}
			for n, i := range pending {
				answers[i].ref = pendingRefs[n]
				p.span.charge(c.meter(answers[i].header), answers[i].Status)
				p.learn(ctx, n, answers[i].Status, answers[i].header)
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return answers, nil
}

// matchAnswers pairs answers, which come in any order, with the requests.
func matchAnswers[B any](responses []batchAnswer[B], pending []int) (map[int]*batchAnswer[B], error) {
	answers := make(map[int]*batchAnswer[B], len(pending))
	for n := range responses {
		id := responses[n].ID
		i, err := strconv.Atoi(id)
		if err != nil || strconv.Itoa(i) != id || answers[i] != nil {
			return nil, errBatchMismatch
		}
		answers[i] = &responses[n]
	}
	for _, i := range pending {
		if answers[i] == nil {
			return nil, errBatchMismatch
		}
	}
	if len(answers) != len(pending) {
		return nil, errBatchMismatch
	}
	return answers, nil
}

// batchPage turns one answer of a batch into a page or its error.
func batchPage[T any](c *Client, a *batchAnswer[pageBody[T]]) (*Page[T], error) {
	body, err := a.result()
	if err != nil {
		return nil, err
	}
	page, err := newPage(c, a.ref, body)
	if err != nil && !errors.Is(err, ErrForeignLink) && !errors.Is(err, ErrRepeatedLink) {
		return nil, brokenAnswer(a.ref, err)
	}
	return page, err
}

// result is what was asked for, or the error of this request alone.
func (a *batchAnswer[B]) result() (*B, error) {
	if a.failed != nil {
		return nil, a.failed
	}
	if a.Status < 200 || a.Status > 299 {
		e := newError(call{method: http.MethodGet, ref: a.ref}.operation(), a.Status, a.header("Retry-After"), a.header("request-id"))
		e.take(a.Body.errorBody)
		return nil, e
	}
	if err := a.Body.broken; err != nil {
		return nil, brokenAnswer(a.ref, err)
	}
	if !a.Body.given {
		return nil, brokenAnswer(a.ref, errNoObject)
	}
	return &a.Body.content, nil
}

// object is result for a single object, which has its id.
func (a *batchAnswer[B]) object() (*B, error) {
	content, err := a.result()
	if err == nil && !identified([]B{*content}) {
		return nil, brokenAnswer(a.ref, errNoID)
	}
	return content, err
}

func brokenAnswer(ref string, err error) error {
	return &ConnectionError{
		Operation:   call{method: http.MethodGet, ref: ref}.operation(),
		Explanation: "the answer inside the batch was not valid: " + describeBroken(err),
		Unreadable:  true,
		Err:         err,
	}
}

func (a *batchAnswer[B]) header(name string) string {
	for n, v := range a.Headers {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return ""
}
