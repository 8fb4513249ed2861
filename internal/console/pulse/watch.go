package pulse

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/tasks/c1api"
	"go.opentelemetry.io/otel"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// The SDK (v0.26.0, pkg/tasks/c1api) tells nobody of its dealings with the platform:
// it has no callback, its log says only that something failed, and its client takes no
// option. It does make a span for each call, which ends with the call's error. Should a
// name change, the service is never ready, and the end-to-end test of this fails.
const (
	platformScope = "baton-sdk/pkg.tasks.c1api"
	uploadSpan    = "c1ServiceClient.Upload"
	syncSpan      = "fullSyncTaskHandler.HandleTask"
)

// callSpans are the calls that the platform answers.
var callSpans = []string{
	"c1ServiceClient.Hello", "c1ServiceClient.GetTask", "c1ServiceClient.GetTasks",
	"c1ServiceClient.Heartbeat", "c1ServiceClient.FinishTask", uploadSpan,
}

// Watch writes the SDK's dealings with the platform into a ledger from now on. It has
// to be called before anything else sets OpenTelemetry's global provider: the SDK's
// tracer keeps to the first one. What is set later, for a collector, still gets every
// span.
func Watch(l *Ledger) { otel.SetTracerProvider(&watcher{ledger: l}) }

// watcher is a provider that looks on.
type watcher struct {
	noop.TracerProvider
	ledger *Ledger
}

// Tracer makes a tracer that passes everything on, and looks at what it passes on if
// the scope is the one of the platform's client.
func (w *watcher) Tracer(scope string, options ...trace.TracerOption) trace.Tracer {
	return &tracer{watcher: w, scope: scope, options: options}
}

type tracer struct {
	noop.Tracer
	watcher *watcher
	scope   string
	options []trace.TracerOption
}

// Start begins a span.
func (t *tracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	ctx, passed := t.next().Start(ctx, name, options...)
	going, _ := ctx.Value(syncKey{}).(*syncing)
	switch {
	case t.scope == platformScope && name == syncSpan:
		going = &syncing{}
		return context.WithValue(ctx, syncKey{}, going), &span{Span: passed, ended: func(failed bool, err error) { t.watcher.synced(going, failed, err) }}
	case t.scope == platformScope && slices.Contains(callSpans, name):
		return ctx, &span{Span: passed, ended: func(failed bool, _ error) { t.watcher.called(going, name, failed) }}
	case going != nil:
		return ctx, &span{Span: passed, ended: func(_ bool, err error) { going.note(err, context.Cause(ctx)) }}
	}
	return ctx, passed
}

// next is where spans go: to what was set after the watcher, if anything was.
func (t *tracer) next() trace.Tracer {
	set := otel.GetTracerProvider()
	if _, own := set.(*watcher); own {
		return t.Tracer
	}
	return set.Tracer(t.scope, t.options...)
}

// syncKey is where what a sync does finds it.
type syncKey struct{}

// syncing is a sync under way.
type syncing struct {
	mu sync.Mutex
	// uploadFailed is whether the last try to upload did.
	uploadFailed bool
	// last is the last error in it that is not only of something given up. The SDK keeps
	// the whole sync's error back where a part of it is.
	last error
	// ended is why the platform, or its silence, put an end to it.
	ended error
}

// note notes how a part of a sync ended, and the cause of its context's end.
func (s *syncing) note(err, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.last = err
	}
	if errors.Is(cause, c1api.ErrTaskCancelled) || errors.Is(cause, c1api.ErrTaskHeartbeatFailed) {
		s.ended = cause
	}
}

// why is the kind of a sync's failure.
func (s *syncing) why(err error) Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind := kindOf(err); {
	case s.uploadFailed:
		return Platform
	case s.ended != nil:
		return kindOf(s.ended)
	case kind != Interrupted || s.last == nil:
		return kind
	}
	return kindOf(s.last)
}

func (w *watcher) called(during *syncing, name string, failed bool) {
	if !failed {
		w.ledger.Reached()
	}
	if during != nil && name == uploadSpan {
		during.mu.Lock()
		during.uploadFailed = failed // The span of all tries ends last.
		during.mu.Unlock()
	}
}

func (w *watcher) synced(s *syncing, failed bool, err error) {
	why := None
	if failed {
		why = s.why(err)
	}
	w.ledger.Ended(why)
}

// span is a span whose end is of interest.
type span struct {
	trace.Span
	ended func(failed bool, err error)

	mu     sync.Mutex
	failed bool
	err    error
}

// RecordError notes an error.
func (s *span) RecordError(err error, options ...trace.EventOption) {
	s.mu.Lock()
	s.failed, s.err = true, err
	s.mu.Unlock()
	s.Span.RecordError(err, options...)
}

// SetStatus notes that there was an error: of what was given up the SDK records none,
// and sets a status that says neither yes nor no. Without an error it sets none.
func (s *span) SetStatus(code otelcodes.Code, description string) {
	s.mu.Lock()
	s.failed = s.failed || code != otelcodes.Ok
	s.mu.Unlock()
	s.Span.SetStatus(code, description)
}

// End ends the span.
func (s *span) End(options ...trace.SpanEndOption) {
	s.mu.Lock()
	failed, err := s.failed, s.err
	s.mu.Unlock()
	s.ended(failed, err)
	s.Span.End(options...)
}
