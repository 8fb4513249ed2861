package sending

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// readBatch sends refs and gives each answer to take, whose error says what is
// wrong with the item. What is to be sent again is: after a wait, in the next form
// where the form was refused, and alone where the answer cannot be read.
func readBatch[B any](ctx context.Context, s *Sender, refs []string, take func(int, *batchAnswer[B]) error) error {
	if len(refs) > MaxBatchSize {
		return fmt.Errorf("graph: a batch takes %d requests, not %d", MaxBatchSize, len(refs))
	}
	climbs := make([]*forms.Climb, len(refs))
	pending := make([]int, len(refs))
	for i := range refs {
		climbs[i], pending[i] = s.table.Climb(ctx, refs[i]), i
	}
	var slept time.Duration
	renewed := false // Whether there was another token for items that were refused theirs.
	refused := false // Whether the last round left an item that Graph refuses for now.
	for attempt := 1; len(pending) > 0; {
		answers, token, err := askAll[B](ctx, s, climbs, pending, attempt-1, slept)
		if err != nil {
			return err
		}
		var again []int
		var wait time.Duration
		refused = false
		before := renewed
		for _, i := range pending {
			err := s.judge(take(i, answers[i]), answers[i].ref, attempt)
			if errors.Is(err, ErrForeignLink) {
				return err
			}
			refused = refused || isPassing(err)
			if tokenRefusal(err) != nil && !before && token != "" {
				other, failed := s.renewed(ctx, token, err)
				if failed != nil {
					return fmt.Errorf("POST /$batch: Microsoft Graph refused the access token, and there is no other: %w", failed)
				}
				if other {
					renewed, again = true, append(again, i)
					continue
				}
			}
			if delay, retry := s.retryItem(err, answers[i].alone, attempt); retry {
				again = append(again, i)
				wait = max(wait, delay)
				continue
			}
			if isUnreadable(err) && !answers[i].alone {
				err = take(i, askAlone[B](ctx, s, answers[i].ref))
			}
			if forms.IsRefused(err) {
				if failed := climbs[i].Down(ctx, err); failed == nil {
					again = append(again, i)
				} else if failed != err { //nolint:errorlint // The same error, not one of its kind.
					_ = take(i, &batchAnswer[B]{ref: answers[i].ref, failed: failed})
				}
			}
		}
		if wait > 0 {
			ctxzap.Extract(ctx).Debug("graph: sending batch items again", zap.Int("items", len(again)), zap.Int("attempt", attempt), zap.Duration("wait", wait))
			s.waited(ctx, wait)
			if err := pacing.Sleep(ctx, wait); err != nil {
				return fmt.Errorf("POST /$batch: %w", err)
			}
			attempt++
		}
		slept = wait
		s.stats.retried.Add(int64(len(again)))
		pending = again
	}
	if !refused { // A caller that has to send one item again sends all of them: then no success counts.
		for _, ref := range refs {
			s.streaks.Answered(ref)
		}
	}
	return nil
}

// judge notes what Graph has said to an item, and adds to a refusal how long it has
// lasted.
func (s *Sender) judge(err error, ref string, attempt int) error {
	var refusal *failure.Error
	switch {
	case err == nil:
		s.stats.contacted.Store(true)
	case errors.As(err, &refusal):
		refusal.Attempts = attempt
		s.countThrottled(refusal.StatusCode)
		if failure.RetryableStatus(refusal.StatusCode) {
			refusal.FruitlessFor = s.streaks.Refused(ref)
		}
	}
	return err
}

// isPassing reports whether err is a refusal that a later attempt may not meet.
func isPassing(err error) bool {
	var refusal *failure.Error
	return errors.As(err, &refusal) && failure.RetryableStatus(refusal.StatusCode)
}

// retryItem says whether an item is to be sent again as it is, and after which
// wait. One that was asked alone has been repeated enough.
func (s *Sender) retryItem(err error, alone bool, attempt int) (time.Duration, bool) {
	var refusal *failure.Error
	switch {
	case alone:
		return 0, false
	case errors.As(err, &refusal):
		if !passing(refusal, attempt) {
			return 0, false
		}
		return s.retry.Delay(attempt, refusal.RetryAfter)
	case isUnreadable(err) && attempt >= batchReadAttempts:
		return 0, false
	case err != nil:
		return s.retry.Delay(attempt, 0)
	}
	return 0, false
}

func hasStatus(err error, status int) bool {
	var refusal *failure.Error
	return errors.As(err, &refusal) && refusal.StatusCode == status
}

// Batches are the two ways to send several requests.
var Batches = &forms.Ladder{Name: "batches", Steps: []forms.Step{{Form: "20 requests in one"}, {Form: "one by one"}}}

// askAll sends the pending requests, together if that works: an item whose answer
// is no JSON spoils the answers to all. The token is the one that they were sent with
// together.
func askAll[B any](
	ctx context.Context, s *Sender, climbs []*forms.Climb, pending []int, earlier int, slept time.Duration,
) (map[int]*batchAnswer[B], string, error) {
	step := Batches.Step(ctx)
	if step == 0 {
		answers, token, err := sendBatch[B](ctx, s, climbs, pending, earlier, slept)
		switch {
		case err == nil:
			return answers, token, nil
		case isUnreadable(err), hasStatus(err, http.StatusBadRequest): // It may be about one of the requests.
			ctxzap.Extract(ctx).Info("azure-ad: a batch is not answered; its requests are sent one by one", zap.Error(err))
		default:
			_, ok, failed := Batches.Leave(ctx, step, err)
			if !ok || failed != nil {
				return nil, "", errors.Join(err, failed)
			}
		}
	}
	answers := make(map[int]*batchAnswer[B], len(pending))
	for _, i := range pending {
		a := askAlone[B](ctx, s, climbs[i].Current())
		if err := ctx.Err(); err != nil { // It may have ended after this answer came.
			return nil, "", fmt.Errorf("POST /$batch: %w", err)
		}
		answers[i] = a
	}
	return answers, "", nil
}

// askAlone sends one request of a batch by itself.
func askAlone[B any](ctx context.Context, s *Sender, ref string) *batchAnswer[B] {
	a := &batchAnswer[B]{Status: http.StatusOK, ref: ref, alone: true}
	a.failed = s.do(ctx, call{
		method:  http.MethodGet,
		ref:     ref,
		batched: true,
		consume: func(_ *sent, body io.Reader) error {
			a.Body = batchBody[B]{given: true}
			return decode(body, &a.Body.content)
		},
	})
	return a
}

// sendBatch sends the pending requests and returns their answers by index, and the
// token that they were sent with. They were sent so many times before, and then
// held back for so long.
func sendBatch[B any](
	ctx context.Context, s *Sender, climbs []*forms.Climb, pending []int, earlier int, slept time.Duration,
) (map[int]*batchAnswer[B], string, error) {
	items := make([]batchItem, 0, len(pending))
	pendingRefs := make([]string, 0, len(pending))
	for _, i := range pending {
		ref := climbs[i].Current()
		pendingRefs = append(pendingRefs, ref)
		if _, err := s.urlFor(ref); err != nil {
			return nil, "", err
		}
		items = append(items, batchItem{ID: strconv.Itoa(i), Method: http.MethodGet, URL: ref})
	}
	body, err := json.Marshal(struct {
		Requests []batchItem `json:"requests"`
	}{items})
	if err != nil {
		return nil, "", fmt.Errorf("graph: encoding a batch: %w", err)
	}
	s.stats.batchItems.Add(int64(len(items)))
	var answers map[int]*batchAnswer[B]
	var token string
	err = s.do(ctx, call{
		method: http.MethodPost,
		ref:    "/$batch",
		body:   body,
		items:  pendingRefs,

		earlier: earlier,
		slept:   slept,
		consume: func(p *sent, r io.Reader) error {
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
				answers[i].ref = pendingRefs[n]
				p.span.charge(s.meter(answers[i].header), answers[i].Status)
				p.Learn(ctx, n, answers[i].Status, answers[i].header)
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
