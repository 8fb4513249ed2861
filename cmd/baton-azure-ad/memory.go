package main

import (
	"context"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// leastMemory is what the connector may hold however little is in use.
	leastMemory = 40 << 20
	// besideHeap is for what Go holds besides what the collector aims for: stacks,
	// its own tables, and gaps in the heap.
	besideHeap = 12 << 20
	// memoryStep is how much the limit has to differ to be set again.
	memoryStep   = 1 << 20
	adjustMemory = time.Second
	// liveBytes is what the last collection found in use
	// (https://pkg.go.dev/runtime/metrics).
	liveBytes = "/gc/heap/live:bytes"
)

// keepMemoryLow has the process that reads Graph give back what it does not need,
// unless whoever started it has set that in the environment: near a soft limit
// (https://go.dev/doc/gc-guide#Memory_limit) the collector returns free memory, which
// it would keep for minutes, and begins a little earlier.
func keepMemoryLow(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	go func() {
		defer debug.SetMemoryLimit(math.MaxInt64) // Nobody adjusts it any more.
		tick := time.NewTicker(adjustMemory)
		defer tick.Stop()
		sample := []metrics.Sample{{Name: liveBytes}}
		for current := int64(0); ; {
			metrics.Read(sample)
			if limit := memoryFor(sample[0].Value.Uint64()); limit > current+memoryStep || limit < current-memoryStep {
				debug.SetMemoryLimit(limit)
				current = limit
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
}

// memoryFor is the limit where so much is in use. It is above the twice of it that the
// collector aims for anyway: a fixed one would make it collect without end where a
// tenant is so large that more is in use.
func memoryFor(live uint64) int64 {
	return max(leastMemory, 2*int64(live)+besideHeap) //nolint:gosec // No machine has so much.
}
