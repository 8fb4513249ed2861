package change

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManyWhoAskAtOnceAreServedByFew(t *testing.T) {
	var all Together
	var done atomic.Int32
	var waiting sync.WaitGroup
	for range 20 {
		waiting.Go(func() {
			asked := done.Load()
			_, err := all.Do(t.Context(), "app", 50*time.Millisecond, func(context.Context) error {
				time.Sleep(10 * time.Millisecond)
				done.Add(1)
				return nil
			})
			assert.NoError(t, err)
			assert.Greater(t, done.Load(), asked, "nothing was done after it was asked for")
		})
	}
	waiting.Wait()
	require.LessOrEqual(t, done.Load(), int32(2))
}

func TestOneWhoAsksAfterItBeganIsNotPutOffWithIt(t *testing.T) {
	var all Together
	began, done := make(chan struct{}), 0
	var first sync.WaitGroup
	first.Go(func() {
		_, err := all.Do(t.Context(), "app", 0, func(context.Context) error {
			close(began)
			time.Sleep(20 * time.Millisecond)
			done++
			return nil
		})
		assert.NoError(t, err)
	})
	<-began
	joined, err := all.Do(t.Context(), "app", 0, func(context.Context) error { done++; return nil })
	require.NoError(t, err)
	require.False(t, joined)
	first.Wait()
	require.Equal(t, 2, done)
}

func TestOneWhoGivesUpDoesNotSpeakForTheOthers(t *testing.T) {
	var all Together
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() {
		_, err := all.Do(ctx, "app", 0, func(ctx context.Context) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		})
		assert.ErrorIs(t, err, context.Canceled)
	})
	<-began
	both.Go(func() {
		joined, err := all.Do(t.Context(), "app", 0, func(context.Context) error { return nil })
		assert.NoError(t, err)
		assert.False(t, joined)
	})
	cancel()
	both.Wait()
}
