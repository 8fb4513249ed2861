package model

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.opentelemetry.io/otel"
	"go.uber.org/zap"
)

// flushPatience is how long an answer may wait for OpenTelemetry's collector.
const flushPatience = 2 * time.Second

// FlushSpans sends the spans that are still held back. The SDK ends this process
// without that, when a sync is over or has failed, and the last five seconds
// would be missing from every trace.
func FlushSpans(ctx context.Context) {
	provider, ok := otel.GetTracerProvider().(interface{ ForceFlush(context.Context) error })
	if !ok {
		return // Nobody collects spans.
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushPatience)
	defer cancel()
	if err := provider.ForceFlush(bounded); err != nil {
		ctxzap.Extract(ctx).Warn("azure-ad: the last spans did not reach the OpenTelemetry collector", zap.Error(err))
	}
}
