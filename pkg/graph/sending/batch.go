package sending

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// MaxBatchSize is how many requests one $batch carries at most
// (https://learn.microsoft.com/graph/json-batching).
const MaxBatchSize = 20

// errBatchMismatch guards against a batch answer that lacks an item, which
// would otherwise read as an empty page.
const errBatchMismatch misshapen = "it does not answer each request of the batch exactly once"

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
const errNoObject misshapen = "it is not a JSON object"

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
			return nil //nolint:nilerr // It is the item's error, not the batch's.
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
// what still fails after that is the item's Err (a *failure.Error). The error of
// BatchPages itself is about the whole batch.
func BatchPages[T any](ctx context.Context, s *Sender, refs []string) ([]PageResult[T], error) {
	results := make([]PageResult[T], len(refs))
	err := readBatch(ctx, s, refs, func(i int, a *batchAnswer[pageBody[T]]) error {
		page, err := batchPage(s, a)
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
func BatchObjects[T any](ctx context.Context, s *Sender, refs []string) ([]ObjectResult[T], error) {
	results := make([]ObjectResult[T], len(refs))
	err := readBatch(ctx, s, refs, func(i int, a *batchAnswer[T]) error {
		object, err := a.object()
		results[i] = ObjectResult[T]{Object: object, Err: err}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// batchPage turns one answer of a batch into a page or its error.
func batchPage[T any](s *Sender, a *batchAnswer[pageBody[T]]) (*Page[T], error) {
	body, err := a.result()
	if err != nil {
		return nil, err
	}
	page, err := newPage(s, a.ref, body)
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
		take(e, a.Body.errorBody)
		e.Claims = signin.ChallengeClaims([]string{a.header("WWW-Authenticate")})
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
	return &network.ConnectionError{
		Operation:   call{method: http.MethodGet, ref: ref}.operation(),
		Explanation: "the answer inside the batch was not valid: " + describeBroken(err),
		Unreadable:  true,
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
