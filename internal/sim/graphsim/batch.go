package graphsim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
)

const (
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
		return nil, api.BadSyntax("Invalid batch payload format.")
	}
	if len(in.Requests) > maxInBatch {
		return nil, api.BadSyntax("Number of batch request steps exceeds the maximum value of 20.")
	}
	ids := map[string]struct{}{}
	for _, item := range in.Requests {
		if _, dup := ids[item.ID]; dup || item.ID == "" {
			return nil, api.BadSyntax("Request Id has to be unique in a batch.")
		}
		for _, parent := range item.DependsOn {
			if _, ok := ids[parent]; !ok {
				return nil, api.BadSyntax("Dependency request id not found.")
			}
		}
		ids[item.ID] = struct{}{}
		if err := item.check(); err != nil {
			return nil, err
		}
	}
	return in.Requests, nil
}

func (i batchItem) check() error {
	known := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}
	path, _, _ := strings.Cut(strings.TrimPrefix(i.URL, "/"), "?")
	switch {
	case !slices.Contains(known, i.Method):
		return api.BadSyntax(fmt.Sprintf("Invalid method '%s' in a batch request step.", i.Method))
	case i.URL == "" || strings.Contains(path, "://"):
		return api.BadSyntax("Batch request step URLs must be relative.")
	case strings.HasPrefix(path, "v1.0/") || strings.HasPrefix(path, "beta/"):
		return api.BadSyntax("Batch request step URLs must not hold the version.")
	case path == api.BatchPath:
		return api.BadSyntax("Batch requests must not be nested.")
	case len(i.Body) > 0 && len(i.Headers) == 0:
		return api.BadSyntax("Write request does not contain Content-Type header or body.")
	}
	return nil
}

// serveBatch answers an envelope: 200 whatever the items say, in an order of its own.
func (s *Server) serveBatch(ctx context.Context, outer *api.Call) (api.Reply, error) {
	items, err := parseBatch(outer.Body)
	if err != nil {
		return api.Reply{}, err
	}
	answers := make([]batchAnswer, len(items))
	broken := map[string][]byte{}
	outer.MailboxTurns = make(chan struct{}, limits.OutlookAtOnce)
	if slices.ContainsFunc(items, func(i batchItem) bool { return len(i.DependsOn) > 0 }) {
		s.runInOrder(ctx, outer, items, answers)
	} else {
		var wait sync.WaitGroup
		for n := range items {
			wait.Go(func() { answers[n] = s.runItem(ctx, outer, items[n]) })
		}
		wait.Wait()
	}
	raw, err := json.Marshal(map[string]any{"responses": s.shuffled(answers, outer.Body)})
	if err != nil {
		return api.Reply{}, err
	}
	for _, a := range answers {
		if a.broken != nil {
			broken[a.ID] = a.broken
		}
	}
	out := api.NewReply(http.StatusOK, splice(raw, broken))
	out.Header.Set("Content-Type", "application/json")
	return out, nil
}

func (s *Server) runInOrder(ctx context.Context, outer *api.Call, items []batchItem, answers []batchAnswer) {
	failed := map[string]bool{}
	for n, item := range items {
		if slices.ContainsFunc(item.DependsOn, func(id string) bool { return failed[id] }) {
			c := s.itemCall(outer, item)
			answers[n] = asAnswer(item.ID, c.ErrorReply(&api.Error{
				Status: http.StatusFailedDependency, Code: api.CodeFailedDependency, Message: "The request this one depends on failed.",
			}))
		} else {
			answers[n] = s.runItem(ctx, outer, item)
		}
		failed[item.ID] = answers[n].Status >= http.StatusBadRequest
	}
}

func (s *Server) itemCall(outer *api.Call, item batchItem) *api.Call {
	path, query, _ := strings.Cut(strings.TrimPrefix(item.URL, "/"), "?")
	header := http.Header{}
	for name, value := range item.Headers {
		header.Set(name, value)
	}
	for _, name := range []string{"Authorization", "User-Agent", "client-request-id", "x-ms-throttle-priority"} {
		if v := outer.Header.Get(name); v != "" && header.Get(name) == "" {
			header.Set(name, v)
		}
	}
	return &api.Call{
		Graph: s.graph, Tenant: s.graph.Directory, Method: item.Method, Path: path, RawQuery: query, Header: header,
		Claims: outer.Claims, RequestID: api.NewRequestID(), Body: item.Body, InBatch: true,
	}
}

// runItem passes an item through the same rules, router and metering as a request.
func (s *Server) runItem(ctx context.Context, outer *api.Call, item batchItem) batchAnswer {
	defer limits.MailboxTurn(ctx, outer, item.URL)()
	c := s.itemCall(outer, item)
	defer s.meter.VisitMailbox(c)()
	seen := c.Record()
	seen.Batch, seen.BatchItemID, seen.Host = true, item.ID, outer.Host
	action := s.rules.Match(seen, c.Body)
	faults.Wait(ctx, s.delay())
	out := action.ItemReply(ctx, c, s.serveCall)
	faults.Wait(ctx, time.Duration(c.Rows)*s.graph.Settings().ItemLatency)
	seen.Status, seen.ResourceUnits, seen.Unmatched = out.Status, c.Units, !c.Matched && action == nil
	s.graph.Recorder.Add(seen)
	return asAnswer(item.ID, out)
}

func asAnswer(id string, out api.Reply) batchAnswer {
	headers := map[string]string{"Cache-Control": "no-cache"}
	for name := range out.Header {
		headers[itemHeaderName(name)] = out.Header.Get(name)
	}
	answer := batchAnswer{ID: id, Status: out.Status, Headers: headers}
	switch {
	case out.Broken:
		answer.Body, answer.broken = brokenItem(id), out.Body
	case json.Valid(out.Body):
		answer.Body = out.Body
	case len(out.Body) > 0:
		answer.Body = encode.JSON(nil, string(out.Body))
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
	h := s.graph.Directory.Seed
	for _, b := range body {
		h = h*1099511628211 ^ uint64(b)
	}
	for i := len(answers) - 1; i > 0; i-- {
		h = directory.Mix64(h)
		j := directory.Below(h, i+1)
		answers[i], answers[j] = answers[j], answers[i]
	}
	return answers
}

// brokenItem stands for the broken answer of an item until the envelope is written.
func brokenItem(id string) []byte { return encode.JSON(nil, fmt.Sprintf("broken off %q", id)) }

// splice puts broken answers into an envelope, which is no JSON any more.
func splice(envelope []byte, broken map[string][]byte) []byte {
	for id, body := range broken {
		envelope = bytes.Replace(envelope, brokenItem(id), body, 1)
	}
	return envelope
}
