package main

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// kiotaScope is where Microsoft's request builders make spans of their own.
const kiotaScope = "github.com/microsoft/kiota-http-go"

// withoutKiota keeps those spans back: they hold the text of errors, addresses
// of people and objects included, and say nothing that the connector's own span
// of the same request does not.
type withoutKiota struct{ trace.TracerProvider }

// Tracer makes the tracer of a scope; kiota's makes nothing.
func (p withoutKiota) Tracer(scope string, options ...trace.TracerOption) trace.Tracer {
	if scope == kiotaScope {
		return noop.NewTracerProvider().Tracer(scope)
	}
	return p.TracerProvider.Tracer(scope, options...)
}

// flusher is a provider that collects spans.
type flusher interface {
	ForceFlush(ctx context.Context) error
}

// ForceFlush sends what the provider holds back.
func (p withoutKiota) ForceFlush(ctx context.Context) error {
	if provider, ok := p.TracerProvider.(flusher); ok {
		return provider.ForceFlush(ctx)
	}
	return nil
}

// silenceKiota puts withoutKiota around what the SDK has set up. kiota takes the
// provider from nowhere but OpenTelemetry's global. Where there is none, nothing
// is collected; OpenTelemetry's placeholder must not be wrapped, because it would
// pass everything on to the wrapper.
func silenceKiota() {
	current := otel.GetTracerProvider()
	_, collects := current.(flusher)
	if _, silent := current.(withoutKiota); collects && !silent {
		otel.SetTracerProvider(withoutKiota{current})
	}
}
