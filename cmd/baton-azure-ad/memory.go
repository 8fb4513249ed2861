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
	// leastMemory is what the connector may hold however little is in use: enough for
	// a hundred thousand people.
	leastMemory = 52 << 20
	// besideHeap is for what Go holds besides the heap: stacks, and its own tables.
	besideHeap = 8 << 20
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

// memoryFor is the limit where so much is in use: half as much again, where the
// collector by itself aims for twice as much. A fixed one would make it collect without
// end in a tenant that is so large that more is in use.
func memoryFor(live uint64) int64 {
	return max(leastMemory, int64(live)+int64(live)/2+besideHeap) //nolint:gosec // No machine has so much.
}
