package sending

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// tracerName is the instrumentation scope of this package's spans.
const tracerName = "github.com/conductorone/baton-azure-ad/pkg/graph"

// What a span says of a request to Graph: OpenTelemetry's own names where it has
// one (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). All of it
// is made of words of this program, numbers, and ids of requests: nothing names
// a person, an object, a query, a token or the contents of a body.
const (
	attrMethod   = attribute.Key("http.request.method")
	attrStatus   = attribute.Key("http.response.status_code")
	attrServer   = attribute.Key("server.address")
	attrRoute    = attribute.Key("url.template")
	attrError    = attribute.Key("error.type")
	attrRequest  = attribute.Key("msgraph.request_id")
	attrAttempt  = attribute.Key("msgraph.attempt")
	attrWaited   = attribute.Key("msgraph.waited_seconds")
	attrUnits    = attribute.Key("msgraph.resource_units")
	attrItems    = attribute.Key("msgraph.batch.items")
	attrRefused  = attribute.Key("msgraph.batch.items_refused")
	attrTemplate = attribute.Key("msgraph.batch.templates")
)

// span is one request to Graph, as OpenTelemetry sees it. Where nobody listens
// it costs next to nothing.
type span struct {
	trace.Span
	units, refused int64
}

// startSpan begins the span of a request that is about to be sent, below the span
// of the SDK's call if the context has one. waited is how long the request was
// held back for the tenant's budgets.
func (s *Sender) startSpan(ctx context.Context, k call, waited time.Duration) *span {
	tracer := s.tracer
	if tracer == nil {
		tracer = otel.Tracer(tracerName)
	}
	route := routeOf(k.ref)
	_, started := tracer.Start(ctx, k.method+" "+route, trace.WithSpanKind(trace.SpanKindClient))
	begun := &span{Span: started}
	if !begun.IsRecording() {
		return begun
	}
	begun.SetAttributes(
		attrMethod.String(k.method),
		attrRoute.String(route),
		attrServer.String(s.root.Hostname()),
		attrAttempt.Int(k.earlier+1),
		attrWaited.Float64((waited + k.slept).Seconds()),
	)
	if k.items != nil {
		var routes []string
		for _, ref := range k.items {
			routes = append(routes, routeOf(ref))
		}
		slices.Sort(routes)
		begun.SetAttributes(attrItems.Int(len(k.items)), attrTemplate.StringSlice(slices.Compact(routes)))
	}
	return begun
}

// answered notes what Graph said of the request, whatever it was.
func (s *span) answered(status int, header func(string) string) {
	if !s.IsRecording() {
		return
	}
	s.SetAttributes(attrStatus.Int(status))
	if id := header("request-id"); signin.IsGUID(id) { // A proxy's words are not repeated.
		s.SetAttributes(attrRequest.String(id))
	}
}

// charge adds what Graph charged for the request or for one item of its batch.
func (s *span) charge(units int64, status int) {
	s.units += units
	if status < http.StatusOK || status >= http.StatusMultipleChoices {
		s.refused++
	}
}

// finish ends the span with the outcome of the request. The error's own text is
// left out: it names objects.
func (s *span) finish(k call, err error) {
	defer s.End()
	if !s.IsRecording() {
		return
	}
	s.SetAttributes(attrUnits.Int64(s.units))
	if k.items != nil {
		s.SetAttributes(attrRefused.Int64(s.refused))
	}
	if err != nil {
		kind := errorKind(err)
		s.SetAttributes(attrError.String(kind))
		s.SetStatus(codes.Error, kind)
	}
}

// codeForm is what Graph's error codes look like.
var codeForm = regexp.MustCompile(`^[A-Za-z_.]{1,80}$`)

// errorKind is an error in a word: Graph's code, or the status, or what else it
// was.
func errorKind(err error) string {
	var refusal *failure.Error
	var broken *network.ConnectionError
	switch {
	case errors.As(err, &refusal) && codeForm.MatchString(refusal.Code):
		return refusal.Code
	case errors.As(err, &refusal):
		return strconv.Itoa(refusal.StatusCode)
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &broken):
		return "no_answer"
	default:
		return "refused_answer"
	}
}
