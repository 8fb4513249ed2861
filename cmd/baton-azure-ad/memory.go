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
	// leastMemory is what a process may hold however little is in use: enough for a
	// thousand people.
	leastMemory = 52 << 20
	// memoryStep is how much the limit has to differ to be set again.
	memoryStep   = 1 << 20
	adjustMemory = time.Second
)

// keepMemoryLow has the process, be it the one that reads Graph or the one that writes
// the snapshot, give back what it does not need, unless whoever started it has set that
// in the environment: near a soft limit (https://go.dev/doc/gc-guide#Memory_limit) the
// collector returns free memory, which it would keep for minutes, and begins a little
// earlier.
func keepMemoryLow(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return
	}
	go func() {
		defer debug.SetMemoryLimit(math.MaxInt64) // Nobody adjusts it any more.
		tick := time.NewTicker(adjustMemory)
		defer tick.Stop()
		for current := int64(0); ; {
			if limit := memoryFor(memoryHeld()); limit > current+memoryStep || limit < current-memoryStep {
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

// memoryHeld is what the last collection found in use, and what Go holds besides the
// heap's objects and the room for more: stacks, its own tables, gaps between objects
// (https://pkg.go.dev/runtime/metrics).
func memoryHeld() (uint64, uint64) {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples)
	beside := samples[1].Value.Uint64()
	for _, s := range samples[2:] {
		beside -= min(beside, s.Value.Uint64())
	}
	return samples[0].Value.Uint64(), beside
}

// memoryFor is the limit where so much is in use and beside it: half as much again for
// the heap, where the collector by itself aims for twice as much. The limit is one of
// all that Go holds, so that what is beside the heap has to have its room too: without
// it the collector runs many times a second. A fixed limit would make it collect without
// end in a tenant that is so large that more is in use.
func memoryFor(live, beside uint64) int64 {
	return max(leastMemory, int64(live+live/2+beside)) //nolint:gosec // No machine has so much.
}
