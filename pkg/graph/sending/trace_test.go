package sending

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

const (
	spannedID      = "6e7b768e-07e2-4810-8459-485f84f8f204"
	graphRequestID = "11111111-2222-3333-4444-555555555555"
)

// traced is a client whose spans are kept.
func traced(t *testing.T, r *graphtest.Server) (*Sender, *tracetest.SpanRecorder, context.Context) {
	t.Helper()
	recorded := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorded))
	c := newTestSender(t, r)
	c.tracer = provider.Tracer(tracerName)
	ctx, parent := provider.Tracer("sdk").Start(context.Background(), "the SDK's call")
	t.Cleanup(func() { parent.End() })
	return c, recorded, ctx
}

func attributes(span sdktrace.ReadOnlySpan) map[attribute.Key]attribute.Value {
	found := map[attribute.Key]attribute.Value{}
	for _, a := range span.Attributes() {
		found[a.Key] = a.Value
	}
	return found
}

func TestEachRequestIsOneSpanRetriesIncluded(t *testing.T) {
	t.Parallel()
	r := graphtest.NewServer(t,
		graphtest.Refusal(429, "TooManyRequests", "Retry-After", "0.01", "request-id", graphRequestID),
		graphtest.Answer(200, `{"value":[]}`, "x-ms-resource-unit", "3"))
	c, recorded, ctx := traced(t, r)
	_, err := GetPage[row](ctx, c, "/groups/"+spannedID+"/members?$select=id&$skiptoken=a-secret-place")
	require.NoError(t, err)
	spans := recorded.Ended()
	require.Len(t, spans, r.Count(), "one for each request")
	for i, s := range spans {
		require.Equal(t, "GET /groups/{id}/members", s.Name())
		require.Equal(t, "the SDK's call", recorded.Started()[0].Name())
		require.Equal(t, recorded.Started()[0].SpanContext().SpanID(), s.Parent().SpanID(), "a request outside the SDK's call is in no picture")
		require.EqualValues(t, i+1, attributes(s)[attrAttempt].AsInt64())
	}
	first, second := attributes(spans[0]), attributes(spans[1])
	require.EqualValues(t, 429, first[attrStatus].AsInt64())
	require.Equal(t, graphRequestID, first[attrRequest].AsString())
	require.Equal(t, "TooManyRequests", first[attrError].AsString())
	require.Equal(t, codes.Error, spans[0].Status().Code)
	require.EqualValues(t, 200, second[attrStatus].AsInt64())
	require.EqualValues(t, 3, second[attrUnits].AsInt64())
	require.Greater(t, second[attrWaited].AsFloat64(), 0.005, "the time that Graph asked for")
	require.NotContains(t, second, attrError)
}

func TestSpanOfABatchCountsItsItemsAndWhatWasRefusedOfThem(t *testing.T) {
	t.Parallel()
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, nth int) string {
		if url == "/groups/b/owners" && nth < 2 {
			return graphtest.ItemThrottled
		}
		return `"status":200,"headers":{"x-ms-resource-unit":"2"},"body":{"value":[]}`
	}))
	c, recorded, ctx := traced(t, r)
	_, err := BatchPages[row](ctx, c, []string{"/groups/a/owners", "/groups/b/owners", "/users/jane@contoso.com/memberOf"})
	require.NoError(t, err)
	spans := recorded.Ended()
	require.Len(t, spans, 2)
	for i, want := range []struct{ items, refused, units, attempt int64 }{{3, 1, 4, 1}, {1, 0, 2, 2}} {
		got := attributes(spans[i])
		require.Equal(t, "POST /$batch", spans[i].Name())
		require.Equal(t, want.items, got[attrItems].AsInt64())
		require.Equal(t, want.refused, got[attrRefused].AsInt64())
		require.Equal(t, want.units, got[attrUnits].AsInt64())
		require.Equal(t, want.attempt, got[attrAttempt].AsInt64())
	}
	require.Equal(t, []string{"/groups/{id}/owners", "/users/{id}/memberOf"}, attributes(spans[0])[attrTemplate].AsStringSlice())
}

func TestSpansNameNoPersonNoObjectNoQueryAndNoToken(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"success":         graphtest.Answer(200, `{"value":[{"id":"`+spannedID+`"}],"@odata.nextLink":"https://evil.example/v1.0/users"}`),
		"refusal":         graphtest.Refusal(403, "Authorization_RequestDenied", "request-id", "Bearer "+graphtest.SecretToken),
		"a strange code":  graphtest.Refusal(400, "Alice may not 6e7b768e"),
		"a page of HTML":  graphtest.Answer(502, `<html>Alice</html>`),
		"a broken answer": graphtest.Answer(200, `{"value":[{"id":"Alice`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := graphtest.NewServer(t, handler)
			c, recorded, ctx := traced(t, r)
			for _, ref := range []string{
				"/users/alice@contoso.com?$select=id", "/users/alice", "/groups/" + spannedID + "/members/" + spannedID + "/$ref",
				"/auditLogs/signIns?$filter=userId%20eq%20'alice'", "/users?$skiptoken=RFNwdAIA",
			} {
				_, _ = GetPage[row](ctx, c, ref) // What comes of it is in the spans.
			}
			_ = c.send(ctx, call{method: http.MethodPost, ref: "/users", body: []byte(`{"password":"hunter2"}`), consume: func(*sent, io.Reader) error { return nil }})
			require.Len(t, recorded.Ended(), r.Count())
			for _, s := range recorded.Ended() {
				said := fmt.Sprint(s.Name(), s.Attributes(), s.Events(), s.Status())
				for _, private := range []string{"alice", "Alice", "contoso", "6e7b768e", "skiptoken", "RFNwdAIA", "filter", graphtest.SecretToken, "Bearer", "hunter2", "evil"} {
					require.NotContains(t, said, private)
				}
			}
		})
	}
}

func TestRequestThatIsNotSentIsNoSpan(t *testing.T) {
	t.Parallel()
	c, recorded, ctx := traced(t, graphtest.NewServer(t, graphtest.Answer(200, `{"value":[]}`)))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := GetPage[row](ended, c, "/users")
	require.Error(t, err)
	_, err = GetPage[row](ctx, c, "/users/../../beta")
	require.ErrorIs(t, err, ErrForeignLink)
	for _, s := range recorded.Ended() {
		require.Equal(t, "canceled", attributes(s)[attrError].AsString())
	}
}
