package graphsim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	batchPath  = "$batch"
	maxInBatch = 20
)

type batchEnvelope struct {
	Requests []batchItem `json:"requests"`
}

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type batchAnswer struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body,omitempty"`

	broken []byte // A body that is no JSON, as it is sent.
}

// parseBatch checks an envelope (json-batching); a malformed one is refused whole.
func parseBatch(body []byte) ([]batchItem, error) {
	var in batchEnvelope
	if err := json.Unmarshal(body, &in); err != nil || len(in.Requests) == 0 {
		return nil, badSyntax("Invalid batch payload format.")
	}
	if len(in.Requests) > maxInBatch {
		return nil, badSyntax("Number of batch request steps exceeds the maximum value of 20.")
	}
	ids := map[string]struct{}{}
	for _, item := range in.Requests {
		if _, dup := ids[item.ID]; dup || item.ID == "" {
			return nil, badSyntax("Request Id has to be unique in a batch.")
		}
		for _, parent := range item.DependsOn {
			if _, ok := ids[parent]; !ok {
				return nil, badSyntax("Dependency request id not found.")
			}
		}
		ids[item.ID] = struct{}{}
		if err := item.check(); err != nil {
			return nil, err
		}
	}
	return in.Requests, nil
}

func badSyntax(message string) error {
	return &graphError{status: http.StatusBadRequest, code: codeBadSyntax, message: message}
}

func (i batchItem) check() error {
	known := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}
	path, _, _ := strings.Cut(strings.TrimPrefix(i.URL, "/"), "?")
	switch {
	case !slices.Contains(known, i.Method):
		return badSyntax(fmt.Sprintf("Invalid method '%s' in a batch request step.", i.Method))
	case i.URL == "" || strings.Contains(path, "://"):
		return badSyntax("Batch request step URLs must be relative.")
	case strings.HasPrefix(path, "v1.0/") || strings.HasPrefix(path, "beta/"):
		return badSyntax("Batch request step URLs must not hold the version.")
	case path == batchPath:
		return badSyntax("Batch requests must not be nested.")
	case len(i.Body) > 0 && len(i.Headers) == 0:
		return badSyntax("Write request does not contain Content-Type header or body.")
	}
	return nil
}

// serveBatch answers an envelope: 200 whatever the items say, in an order of its own.
func (s *Server) serveBatch(ctx context.Context, outer *call) (reply, error) {
	items, err := parseBatch(outer.body)
	if err != nil {
		return reply{}, err
	}
	answers := make([]batchAnswer, len(items))
	broken := map[string][]byte{}
	outer.mailboxTurns = make(chan struct{}, outlookAtOnce)
	if slices.ContainsFunc(items, func(i batchItem) bool { return len(i.DependsOn) > 0 }) {
		s.runInOrder(ctx, outer, items, answers)
	} else {
		var wait sync.WaitGroup
		for n := range items {
			wait.Go(func() { answers[n] = s.runItem(ctx, outer, items[n]) })
		}
		wait.Wait()
	}
	raw, err := json.Marshal(map[string]any{"responses": s.shuffled(answers, outer.body)})
	if err != nil {
		return reply{}, err
	}
	for _, a := range answers {
		if a.broken != nil {
			broken[a.ID] = a.broken
		}
	}
	out := newReply(http.StatusOK, splice(raw, broken))
	out.header.Set("Content-Type", "application/json")
	return out, nil
}

func (s *Server) runInOrder(ctx context.Context, outer *call, items []batchItem, answers []batchAnswer) {
	failed := map[string]bool{}
	for n, item := range items {
		if slices.ContainsFunc(item.DependsOn, func(id string) bool { return failed[id] }) {
			c := s.itemCall(outer, item)
			answers[n] = asAnswer(item.ID, c.errorReply(&graphError{
				status: http.StatusFailedDependency, code: codeFailedDependency, message: "The request this one depends on failed.",
			}))
		} else {
			answers[n] = s.runItem(ctx, outer, item)
		}
		failed[item.ID] = answers[n].Status >= http.StatusBadRequest
	}
}

func (s *Server) itemCall(outer *call, item batchItem) *call {
	path, query, _ := strings.Cut(strings.TrimPrefix(item.URL, "/"), "?")
	header := http.Header{}
	for name, value := range item.Headers {
		header.Set(name, value)
	}
	for _, name := range []string{"Authorization", "User-Agent", "client-request-id", "x-ms-throttle-priority"} {
		if v := outer.header.Get(name); v != "" && header.Get(name) == "" {
			header.Set(name, v)
		}
	}
	return &call{
		graph: s.graph, tenant: s.graph.directory, method: item.Method, path: path, rawQuery: query, header: header,
		claims: outer.claims, requestID: newRequestID(), body: item.Body, inBatch: true,
	}
}

// runItem passes an item through the same rules, router and metering as a request.
func (s *Server) runItem(ctx context.Context, outer *call, item batchItem) batchAnswer {
	defer mailboxTurn(ctx, outer, item.URL)()
	c := s.itemCall(outer, item)
	defer s.meter.visitMailbox(c)()
	seen := c.record()
	seen.Batch, seen.BatchItemID, seen.Host = true, item.ID, outer.host
	action := s.rules.match(seen, c.body)
	wait(ctx, s.delay())
	out := action.itemReply(ctx, c, s.serveCall)
	wait(ctx, time.Duration(c.rows)*s.graph.settings().itemLatency)
	seen.Status, seen.ResourceUnits, seen.Unmatched = out.status, c.units, !c.matched && action == nil
	s.graph.recorder.add(seen)
	return asAnswer(item.ID, out)
}

func asAnswer(id string, out reply) batchAnswer {
	headers := map[string]string{"Cache-Control": "no-cache"}
	for name := range out.header {
		headers[itemHeaderName(name)] = out.header.Get(name)
	}
	answer := batchAnswer{ID: id, Status: out.status, Headers: headers}
	switch {
	case out.broken:
		answer.Body, answer.broken = brokenItem(id), out.body
	case json.Valid(out.body):
		answer.Body = out.body
	case len(out.body) > 0:
		answer.Body = appendJSON(nil, string(out.body))
	}
	return answer
}

// itemHeaderName keeps the spelling Graph uses inside a batch.
func itemHeaderName(name string) string {
	if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-ms-") || lower == "request-id" || lower == "client-request-id" {
		return lower
	}
	if name == "Odata-Version" {
		return "OData-Version"
	}
	return name
}

// shuffled puts the answers in an order that depends on the body, so that it is the same in every run.
func (s *Server) shuffled(answers []batchAnswer, body []byte) []batchAnswer {
	h := s.graph.directory.seed
	for _, b := range body {
		h = h*1099511628211 ^ uint64(b)
	}
	for i := len(answers) - 1; i > 0; i-- {
		h = mix64(h)
		j := below(h, i+1)
		answers[i], answers[j] = answers[j], answers[i]
	}
	return answers
}
