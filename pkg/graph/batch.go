package graph

import (
	"bytes"
	"context"
	"encoding/base64"
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
	ID      string       `json:"id"`
	Status  int          `json:"status"`
	Headers batchHeaders `json:"headers"`
	Body    batchBody[B] `json:"body"`
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
	var body struct {
		Content B `json:",embed"`
		errorBody
	}
	if decoder.PeekKind() != '{' {
		value, err := decoder.ReadValue()
		if err != nil {
			return err
		}
		if object := wrappedObject(value); object == nil || json.Unmarshal(object, &body, decodeOptions) != nil {
			b.broken = errNoObject
			return nil
		}
	} else if err := json.UnmarshalDecode(decoder, &body); err != nil {
		return err
	}
	b.content, b.errorBody = body.Content, body.errorBody
	return nil
}

// wrappedObject is the JSON object in a body that Graph took for something else
// and sent as a string, plain or in base64: a byte order mark before it is enough.
func wrappedObject(value jsontext.Value) []byte {
	text := []byte(plainText(value))
	if decoded, err := base64.StdEncoding.DecodeString(string(text)); err == nil {
		text = decoded
	}
	if text = bytes.TrimPrefix(text, byteOrderMark); len(text) == 0 || text[0] != '{' {
		return nil
	}
	return text
}

// BatchPages reads up to MaxBatchSize pages of collections in one round trip.
// The results are in the order of refs. Items that were throttled or failed
// for a passing reason are sent again, alone, after their own Retry-After;
// what still fails after that is the item's Err (an *Error). The error of
// BatchPages itself is about the whole batch.
func BatchPages[T any](ctx context.Context, c *Client, refs []string) ([]PageResult[T], error) {
	results := make([]PageResult[T], len(refs))
	err := readBatch(ctx, c, refs, func(i int, a *batchAnswer[pageBody[T]]) error {
		page, err := batchPage(c, refs[i], a)
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
		object, err := a.object(refs[i])
		results[i] = ObjectResult[T]{Object: object, Err: err}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// readBatch sends refs and gives each answer to take, whose error says whether
// the item is to be sent again.
func readBatch[B any](ctx context.Context, c *Client, refs []string, take func(int, *batchAnswer[B]) error) error {
	if len(refs) > MaxBatchSize {
		return fmt.Errorf("graph: a batch takes %d requests, not %d", MaxBatchSize, len(refs))
	}
	pending := make([]int, len(refs))
	for i := range refs {
		pending[i] = i
	}
	var slept time.Duration
	renewed := false // Whether there was another token for items that were refused theirs.
	refused := false // Whether the last round left an item that Graph refuses for now.
	for attempt := 1; len(pending) > 0; attempt++ {
		answers, token, err := sendBatch[B](ctx, c, refs, pending, attempt-1, slept)
		if err != nil {
			return err
		}
		var again []int
		var wait time.Duration
		refused = false
		before := renewed
		for _, i := range pending {
			err := take(i, answers[i])
			if err != nil && errors.Is(err, ErrForeignLink) {
				return err
			}
			var refusal *Error
			if errors.As(err, &refusal) {
				refusal.Attempts = attempt
				c.countThrottled(refusal.StatusCode)
				if retryableStatus(refusal.StatusCode) {
					refusal.FruitlessFor = c.streaks.refused(refs[i])
					refused = true
				}
			}
			if err == nil {
				c.stats.contacted.Store(true)
			}
			if tokenRefusal(err) != nil && !before {
				other, failed := c.renewed(ctx, token, err)
				if failed != nil {
					return fmt.Errorf("POST /$batch: Microsoft Graph refused the access token, and there is no other: %w", failed)
				}
				if other {
					renewed, again = true, append(again, i)
					continue
				}
			}
			if delay, retry := c.retryItem(err, attempt); retry {
				again = append(again, i)
				wait = max(wait, delay)
			}
		}
		if len(again) == 0 {
			break
		}
		ctxzap.Extract(ctx).Debug("graph: sending batch items again", zap.Int("items", len(again)), zap.Int("attempt", attempt), zap.Duration("wait", wait))
		c.waited(ctx, wait)
		if err := sleep(ctx, wait); err != nil {
			return fmt.Errorf("POST /$batch: %w", err)
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

// retryItem says whether an item is to be sent again, and after which wait.
func (c *Client) retryItem(err error, attempt int) (time.Duration, bool) {
	var refusal *Error
	if errors.As(err, &refusal) {
		if !retryableStatus(refusal.StatusCode) {
			return 0, false
		}
		return c.retry.delay(attempt, refusal.RetryAfter)
	}
	if err != nil {
		return c.retry.delay(attempt, 0)
	}
	return 0, false
}

// sendBatch sends the pending refs and returns their answers by index, and the
// token that they were sent with. They were sent so many times before, and then
// held back for so long.
func sendBatch[B any](ctx context.Context, c *Client, refs []string, pending []int, earlier int, slept time.Duration) (answers map[int]*batchAnswer[B], token string, err error) {
	items := make([]batchItem, 0, len(pending))
	pendingRefs := make([]string, 0, len(pending))
	for _, i := range pending {
		pendingRefs = append(pendingRefs, refs[i])
		if _, err := c.urlFor(refs[i]); err != nil {
			return nil, "", err
		}
		items = append(items, batchItem{ID: strconv.Itoa(i), Method: http.MethodGet, URL: refs[i]})
	}
	body, err := json.Marshal(struct {
		Requests []batchItem `json:"requests"`
	}{items})
	if err != nil {
		return nil, "", fmt.Errorf("graph: encoding a batch: %w", err)
	}
	c.stats.batchItems.Add(int64(len(items)))
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
			token = p.token
			for n, i := range pending {
				p.span.charge(c.meter(answers[i].header), answers[i].Status)
				p.learn(ctx, n, answers[i].Status, answers[i].header)
			}
			return nil
		},
	})
	if err != nil {
		return nil, "", err
	}
	return answers, token, nil
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
func batchPage[T any](c *Client, ref string, a *batchAnswer[pageBody[T]]) (*Page[T], error) {
	body, err := a.result(ref)
	if err != nil {
		return nil, err
	}
	page, err := newPage(c, ref, body)
	if err != nil && !errors.Is(err, ErrForeignLink) && !errors.Is(err, ErrRepeatedLink) {
		return nil, brokenAnswer(ref, err)
	}
	return page, err
}

// result is what was asked for, or the error of this request alone.
func (a *batchAnswer[B]) result(ref string) (*B, error) {
	if a.Status < 200 || a.Status > 299 {
		e := newError(call{method: http.MethodGet, ref: ref}.operation(), a.Status, a.header("Retry-After"), a.header("request-id"))
		e.take(a.Body.errorBody)
		e.claims = parseChallenge([]string{a.header("WWW-Authenticate")})
		return nil, e
	}
	if err := a.Body.broken; err != nil {
		return nil, brokenAnswer(ref, err)
	}
	if !a.Body.given {
		return nil, brokenAnswer(ref, errNoObject)
	}
	return &a.Body.content, nil
}

// object is result for a single object, which has its id.
func (a *batchAnswer[B]) object(ref string) (*B, error) {
	content, err := a.result(ref)
	if err == nil && !identified([]B{*content}) {
		return nil, brokenAnswer(ref, errNoID)
	}
	return content, err
}

func brokenAnswer(ref string, err error) error {
	return &ConnectionError{
		Operation:   call{method: http.MethodGet, ref: ref}.operation(),
		Explanation: "the answer inside the batch was not valid: " + describeBroken(err),
		Err:         err,
	}
}

// batchHeaders are the headers of one answer of a batch. They are strings by the
// book; a number is taken too, and what is neither is left out.
type batchHeaders map[string]string

// UnmarshalJSONFrom fails for broken JSON only.
func (h *batchHeaders) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	var fields map[string]jsontext.Value
	value, err := decoder.ReadValue()
	if err != nil || json.Unmarshal(value, &fields, decodeOptions) != nil {
		return err
	}
	*h = make(batchHeaders, len(fields))
	for name, value := range fields {
		if text := plainText(value); text != "" {
			(*h)[name] = text
		}
	}
	return nil
}

func (a *batchAnswer[B]) header(name string) string {
	for n, v := range a.Headers {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return ""
}
