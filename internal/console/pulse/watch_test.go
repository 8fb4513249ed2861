package pulse

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/conductorone/baton-sdk/pkg/tasks/c1api"
	"github.com/conductorone/baton-sdk/pkg/uotel"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The SDK's tracer is from before anything is set, and keeps to what is set first.
var (
	sdkTracer   = otel.Tracer(platformScope)
	firstLedger = func() *Ledger { l := NewLedger(); Watch(l); return l }()
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) wait(d time.Duration) { c.at = c.at.Add(d) }
func startClock() *clock              { return &clock{at: time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)} }
func (c *clock) ledger() *Ledger      { return newLedger(c.now) }
func deniedCall() error               { return status.Error(codes.PermissionDenied, "GET /users: 403") }
func wrapped(err error) error         { return fmt.Errorf("syncing: %w", err) }
func joined(errs ...error) error      { return wrapped(errors.Join(errs...)) }
func givenUp() error                  { return status.Error(codes.Canceled, "context canceled") }
func unanswered(c codes.Code) error   { return status.Error(c, "no connection") }

// platformSpan does what the SDK does around a call.
func platformSpan(ctx context.Context, name string, do func(context.Context) error) error {
	ctx, span := otel.Tracer(platformScope).Start(ctx, name)
	var err error
	defer func() { uotel.EndSpanWithError(span, err) }()
	err = do(ctx)
	return err
}

// part is a part of a sync, which the SDK's syncer makes a span of.
func part(ctx context.Context, err error) error {
	_, span := otel.Tracer("baton-sdk/sync").Start(ctx, "a part")
	uotel.EndSpanWithError(span, err)
	return err
}

func ending(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func TestACallThatGotNoAnswerCountsAsTheOneThatDid(t *testing.T) {
	c := startClock()
	l := c.ledger()
	Watch(l)
	for _, name := range callSpans {
		for _, err := range []error{unanswered(codes.Unavailable), context.DeadlineExceeded, givenUp(), unanswered(codes.DeadlineExceeded), errors.New("x")} {
			before := l.read().reached
			require.Error(t, platformSpan(t.Context(), name, ending(err)))
			require.Equal(t, before, l.read().reached, "%s ended with %v", name, err)
		}
		c.wait(time.Minute)
		require.NoError(t, platformSpan(t.Context(), name, ending(nil)))
		require.Equal(t, c.at, l.read().reached, name)
	}
	c.wait(time.Minute)
	before := l.read().reached
	_, other := otel.Tracer("another scope").Start(t.Context(), callSpans[0])
	uotel.EndSpanWithError(other, nil)
	require.NoError(t, platformSpan(t.Context(), "c1ApiTaskManager.Next", ending(nil)))
	require.Equal(t, before, l.read().reached, "what asks nobody has reached nobody")
}

func TestASyncThatFailedCountsAsUploadedOrAsAnotherFailure(t *testing.T) {
	upload := func(err error) func(context.Context) error {
		return func(ctx context.Context) error { return platformSpan(ctx, uploadSpan, ending(err)) }
	}
	secondUpload := func(ctx context.Context) error {
		return platformSpan(ctx, uploadSpan, func(ctx context.Context) error {
			_ = platformSpan(ctx, uploadSpan, ending(unanswered(codes.Unavailable)))
			return platformSpan(ctx, uploadSpan, ending(nil))
		})
	}
	for name, s := range map[string]struct {
		sync func(context.Context) error
		want Kind
	}{
		"whole":                        {upload(nil), None},
		"a permission is missing":      {ending(wrapped(deniedCall())), Permission},
		"the reason among the stopped": {ending(errors.Join(givenUp(), context.Canceled, deniedCall())), Permission},
		"Graph is away":                {ending(wrapped(unanswered(codes.Unavailable))), Unavailable},
		"a setting is wrong":           {ending(status.Error(codes.FailedPrecondition, "x")), Refused},
		"another sync got in the way":  {ending(status.Error(codes.Aborted, "x")), Aborted},
		"took too long":                {ending(wrapped(context.Canceled)), Interrupted},
		"the reason deeper down": {func(ctx context.Context) error {
			return joined(part(ctx, unanswered(codes.Unavailable)), part(ctx, wrapped(deniedCall())), part(ctx, givenUp()), context.Canceled)
		}, Permission},
		"no longer wanted": {func(ctx context.Context) error {
			_ = part(ctx, unanswered(codes.Unavailable)) // It was asked again.
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(c1api.ErrTaskCancelled)
			return part(ctx, ctx.Err())
		}, Interrupted},
		"no heartbeat is heard": {func(ctx context.Context) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(c1api.ErrTaskHeartbeatFailed)
			return part(ctx, ctx.Err())
		}, Platform},
		"not wanted at the start":    {ending(c1api.ErrTaskCancelled), Interrupted},
		"the first heartbeat fails":  {ending(errors.Join(c1api.ErrTaskHeartbeatFailed, unanswered(codes.Unavailable))), Platform},
		"the upload is refused":      {upload(unanswered(codes.Unavailable)), Platform},
		"the upload is not answered": {upload(context.DeadlineExceeded), Platform},
		"a defect":                   {ending(errors.New("disk full")), Other},
		"the second upload is taken": {secondUpload, None},
		"uploaded at last, and then a defect": {func(ctx context.Context) error {
			return errors.Join(secondUpload(ctx), errors.New("x"))
		}, Other},
	} {
		t.Run(name, func(t *testing.T) {
			c := startClock()
			l := c.ledger()
			Watch(l)
			c.wait(time.Minute)
			_ = platformSpan(t.Context(), syncSpan, s.sync)
			f := l.read()
			require.Equal(t, c.at, f.ended)
			require.Equal(t, s.want, f.last)
			if s.want == None {
				require.Equal(t, 1, f.uploaded)
				require.Zero(t, f.failures())
				require.Equal(t, c.at, f.good)
				return
			}
			require.Zero(t, f.uploaded)
			require.Zero(t, f.good, "a failed sync makes the last snapshot look new")
			require.Equal(t, map[Kind]int{s.want: 1}, f.failed)
		})
	}
}

// Whoever collects traces would lose those of the platform's client to the watcher.
func TestACollectorThatIsSetUpLaterWouldMissSpans(t *testing.T) {
	seen := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(seen)))
	t.Cleanup(func() { Watch(NewLedger()) })
	ctx, outer := sdkTracer.Start(t.Context(), syncSpan)
	_, inner := sdkTracer.Start(ctx, callSpans[0])
	uotel.EndSpanWithError(inner, deniedCall())
	uotel.EndSpanWithError(outer, nil)
	ended := seen.Ended()
	require.Len(t, ended, 2)
	require.Equal(t, callSpans[0], ended[0].Name())
	require.Equal(t, ended[1].SpanContext().SpanID(), ended[0].Parent().SpanID())
	require.Len(t, ended[0].Events(), 1, "the error is kept from the collector")
	require.Equal(t, 1, firstLedger.read().uploaded, "the watcher sees nothing any more")
}
