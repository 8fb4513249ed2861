package connector

import (
	"context"
	"sync/atomic"
)

// sizeLimit is how many bytes an answer to the SDK, a value in the session
// store, or a batch of values may have as encoded. gRPC refuses a message of
// more than 4 MiB in either direction, and what goes around the rows and values
// has to fit as well.
const sizeLimit = 3 << 20

// sizes are the largest answer and the largest stored value of a sync in this
// process, in bytes. They are for the log line at the end of a sync.
type sizes struct{ answer, value largest }

// largest is the largest of the numbers that were noted.
type largest struct{ n atomic.Int64 }

func (l *largest) note(n int) {
	for {
		before := l.n.Load()
		if int64(n) <= before || l.n.CompareAndSwap(before, int64(n)) {
			return
		}
	}
}

// take returns the largest number and starts over.
func (l *largest) take() int64 { return l.n.Swap(0) }

type sizesKey struct{}

// withSizes lets what is stored under a context be noted.
func withSizes(ctx context.Context, s *sizes) context.Context {
	return context.WithValue(ctx, sizesKey{}, s)
}

// noteValue notes the size of a value that goes to the session store.
func noteValue(ctx context.Context, n int) {
	if s, ok := ctx.Value(sizesKey{}).(*sizes); ok {
		s.value.note(n)
	}
}
