package main

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A limit below what is in use would make the collector run without end.
func TestLimitOfMemoryIsWellAboveWhatIsInUse(t *testing.T) {
	assert.Equal(t, int64(leastMemory), memoryFor(0, 0))
	for _, live := range []uint64{1 << 20, 22 << 20, 1 << 30, 1 << 40} {
		for _, beside := range []uint64{0, 17 << 20, 1 << 30} {
			assert.GreaterOrEqual(t, memoryFor(live, beside), int64(live+live/2+beside)) //nolint:gosec // A heap is far smaller.
		}
	}
}

func TestWhatGoHoldsBesideTheHeapIsNotTheHeap(t *testing.T) {
	runtime.GC()
	before, beside := memoryHeld()
	kept := make([]byte, 64<<20)
	runtime.GC()
	live, after := memoryHeld()
	assert.InDelta(t, before+uint64(len(kept)), live, 8<<20)
	assert.InDelta(t, beside, after, 8<<20)
	runtime.KeepAlive(kept)
}

func TestMemoryIsLimitedUnlessTheEnvironmentSaysHow(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	for _, variable := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, "1000GiB")
			keepMemoryLow(t.Context())
			time.Sleep(10 * time.Millisecond)
			assert.Equal(t, int64(math.MaxInt64), debug.SetMemoryLimit(-1))
		})
	}
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	keepMemoryLow(ctx)
	require.Eventually(t, func() bool { return debug.SetMemoryLimit(-1) < 1<<40 }, 10*time.Second, time.Millisecond)
}
