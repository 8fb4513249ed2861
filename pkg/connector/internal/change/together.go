package change

import (
	"context"
	"sync"
	"time"
)

// Together does for many at once what each of them would otherwise ask for: something
// that is the same for all who share a key. Its zero value is ready.
type Together struct {
	locks KeyedLocks
	mu    sync.Mutex
	last  map[string]lastTime
}

// lastTime is when something was done last, and what came of it.
type lastTime struct {
	began time.Time
	err   error
}

// Do does something after the caller asked for it, and not before apart has passed
// since it was done last. Whoever asked before it began has nothing left to ask for,
// and is told that it was done, and what came of it. It is done in the time of one of
// those who wait, so that nothing goes on after their answers.
func (t *Together) Do(ctx context.Context, key string, apart time.Duration, do func(context.Context) error) (bool, error) {
	asked := time.Now()
	unlock, err := t.locks.Lock(ctx, key)
	if err != nil {
		return false, err
	}
	defer unlock()
	last := t.latest(key, apart)
	if last.began.After(asked) {
		return true, last.err
	}
	if wait := apart - time.Since(last.began); wait > 0 {
		if err := Pause(ctx, wait); err != nil {
			return false, err
		}
	}
	began := time.Now()
	err = do(ctx)
	if ctx.Err() == nil { // Who gave up speaks for nobody else.
		t.note(key, lastTime{began, err})
	}
	return false, err
}

// latest forgets what is too long ago to matter to anybody who waits.
func (t *Together) latest(key string, apart time.Duration) lastTime {
	t.mu.Lock()
	defer t.mu.Unlock()
	for other, at := range t.last {
		if time.Since(at.began) > max(apart, createPatience) {
			delete(t.last, other)
		}
	}
	return t.last[key]
}

func (t *Together) note(key string, at lastTime) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = map[string]lastTime{}
	}
	t.last[key] = at
}
