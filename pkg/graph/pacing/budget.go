package pacing

import (
	"time"
)

const (
	// window is the time that Graph's limits are given for.
	window = 10 * time.Second
	// share is how much of the believed limit is spent: below the 80 % from
	// which Graph warns, with room for a burst.
	share = 0.7
	// burst is how much may be spent at once after a pause.
	burst = 2 * time.Second
	// firstSlots and maxSlots bound the requests under way at the same time.
	firstSlots, maxSlots = 16, 64
	// calmFor is how long Graph has to be silent before more is tried, and
	// growth how much more.
	calmFor = 10 * time.Second
	growth  = 1.25
	// unnamedPause is the pause after a refusal that names no time.
	unnamedPause = 2 * time.Second
	// longestPause is when Graph is asked again, however long it wanted to be
	// left alone: a process that serves for years must not stand still for one
	// wrong answer.
	longestPause = 15 * time.Minute
	// successesPerSlot is how many answers earn a slot back after a refusal.
	successesPerSlot = 20
)

// budget is what one service allows, as far as it is known. It is a token
// bucket whose rate is learnt, a pause that all callers share, and a number of
// slots.
type budget struct {
	// limit is what is believed to be allowed in a window, at most most.
	limit, most float64
	// rate is what is spent in a second at most.
	rate   float64
	tokens float64
	filled time.Time
	// whole budgets are spent as Graph counts them: the limit at once, and no
	// more until a window has passed. That is for small numbers of requests.
	whole bool
	// spent are the units of the last seconds, the latest at index second % 11:
	// a window and the second that is not over.
	spent  [11]float64
	second int64

	pausedUntil time.Time
	// lastSignal is when Graph last warned or refused.
	lastSignal time.Time
	// hungry means that callers had to wait for the rate since it last grew.
	hungry bool

	// HeldBack are the callers that have to wait noticeably long.
	heldBack int

	slots, mostSlots, inFlight, successes int
	// changed is closed when somebody who waits may look again.
	changed chan struct{}
}

func newBudget(now time.Time, limit, most float64) *budget {
	b := &budget{most: most, filled: now, lastSignal: now, slots: firstSlots, mostSlots: maxSlots, changed: make(chan struct{})}
	b.setLimit(limit)
	b.tokens = b.rate * burst.Seconds()
	return b
}

func newWholeBudget(now time.Time, limit float64) *budget {
	b := newBudget(now, limit, limit)
	b.whole = true
	return b
}

// newSerialBudget lets one request go at a time, and as many as there are.
func newSerialBudget(now time.Time) *budget {
	const plenty = 10_000
	b := newBudget(now, plenty, plenty)
	b.slots, b.mostSlots = 1, 1
	return b
}

func (b *budget) setLimit(limit float64) {
	b.limit = min(max(limit, b.most/100), b.most)
	b.rate = b.limit * share / window.Seconds()
}

// admit takes cost from the budget and a slot, or says how long to wait before
// asking again.
func (b *budget) admit(now time.Time, cost float64) time.Duration {
	b.refill(now)
	if wait := b.pausedUntil.Sub(now); wait > 0 {
		return wait
	}
	if b.inFlight >= b.slots {
		return window // A release ends the wait before.
	}
	if b.whole {
		if used := b.used(); used > 0 && used+cost > b.limit {
			return time.Second
		}
		b.take(cost)
		return 0
	}
	// A request dearer than the bucket is deep goes when the bucket is full.
	if need := min(cost, b.rate*burst.Seconds()); b.tokens < need {
		b.hungry = true
		return max(time.Duration((need-b.tokens)/b.rate*float64(time.Second)), time.Millisecond)
	}
	b.tokens -= cost
	b.take(cost)
	return 0
}

// take notes what is spent by a request that goes now.
func (b *budget) take(cost float64) {
	b.spent[b.second%int64(len(b.spent))] += cost
	b.inFlight++
}

// used is what was spent in the last window.
func (b *budget) used() float64 {
	used := 0.0
	for _, units := range b.spent {
		used += units
	}
	return used
}

// refill adds what time has earned, and tries a higher rate where callers wait
// and Graph has been silent.
func (b *budget) refill(now time.Time) {
	if elapsed := now.Sub(b.filled).Seconds(); elapsed > 0 {
		b.tokens = min(b.tokens+elapsed*b.rate, b.rate*burst.Seconds())
		b.filled = now
	}
	for second := now.Unix(); b.second < second; {
		b.second = max(b.second+1, second-int64(len(b.spent))+1)
		b.spent[b.second%int64(len(b.spent))] = 0
	}
	if b.hungry && b.limit < b.most && now.Sub(b.lastSignal) >= calmFor {
		b.setLimit(b.limit * growth)
		b.hungry = false
		b.lastSignal = now
	}
}

// correct accounts for a request that cost more or less than was thought.
func (b *budget) correct(difference float64) {
	b.tokens -= difference
	b.spent[b.second%int64(len(b.spent))] += difference
}

// near takes Graph's warning that a part of the limit is used up (0.8 is 80 %),
// and reports whether the rate was lowered for it.
func (b *budget) near(now time.Time, percentage float64) bool {
	b.refill(now)
	b.lastSignal = now
	b.hungry = false
	used := b.used()
	if percentage <= 0 || used <= 0 {
		return false
	}
	if limit := used / percentage; limit < b.limit {
		b.setLimit(limit)
		return true
	}
	return false
}

// refused takes a refusal: everybody pauses, and goes on more slowly.
func (b *budget) refused(now time.Time, retryAfter time.Duration) {
	if retryAfter == 0 {
		retryAfter = unnamedPause
	}
	if until := now.Add(min(retryAfter, longestPause)); until.After(b.pausedUntil) {
		b.pausedUntil = until
	}
	b.lastSignal = now
	b.hungry = false
	b.setLimit(b.limit * 0.8)
	b.tokens = min(b.tokens, 0)
	b.slots = max(b.slots/2, 1)
	b.successes = 0
}

// release gives a slot back.
func (b *budget) release() {
	b.inFlight--
	if b.successes++; b.successes >= successesPerSlot && b.slots < b.mostSlots {
		b.successes = 0
		b.slots++
	}
	close(b.changed)
	b.changed = make(chan struct{})
}
