package model

import (
	"context"
	"sync/atomic"
)

// SizeLimit is how many bytes an answer to the SDK, a value in the session
// store, or a batch of values may have as encoded. gRPC refuses a message of
// more than 4 MiB in either direction, and what goes around the rows and values
// has to fit as well.
const SizeLimit = 3 << 20

// Sizes are the largest answer and the largest stored value of a sync in this
// process, in bytes. They are for the log line at the end of a sync.
type Sizes struct{ Answer, Value Largest }

// Largest is the largest of the numbers that were noted.
type Largest struct{ n atomic.Int64 }

func (l *Largest) Note(n int) {
	for {
		before := l.n.Load()
		if int64(n) <= before || l.n.CompareAndSwap(before, int64(n)) {
			return
		}
	}
}

// Take returns the largest number and starts over.
func (l *Largest) Take() int64 { return l.n.Swap(0) }

type sizesKey struct{}

// WithSizes lets what is stored under a context be noted.
func WithSizes(ctx context.Context, s *Sizes) context.Context {
	return context.WithValue(ctx, sizesKey{}, s)
}

// NoteValue notes the size of a value that goes to the session store.
func NoteValue(ctx context.Context, n int) {
	if s, ok := ctx.Value(sizesKey{}).(*Sizes); ok {
		s.Value.Note(n)
	}
}
