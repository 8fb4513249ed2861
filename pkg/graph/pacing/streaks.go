package pacing

import (
	"sync"
	"time"
)

// streakGap is how long a shape of request has to have gone without a refusal
// for the next one to be another trouble. It is longer than anybody waits
// between two attempts.
const streakGap = 10 * time.Minute

// Streaks remember since when requests of each shape are refused and none is
// answered: what the patience of callers is measured by. Answers to other
// requests say nothing about it: a service can go on reading the audit log for
// as long as the list of users is unavailable.
type Streaks struct {
	mu      sync.Mutex
	now     func() time.Time
	ongoing map[string]streak
}

type streak struct{ began, latest time.Time }

// NewStreaks knows of no refusal yet.
func NewStreaks(now func() time.Time) *Streaks {
	return &Streaks{now: now, ongoing: map[string]streak{}}
}

// Refused notes a refusal and gives how long the streak is.
func (s *Streaks) Refused(ref string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	shape, now := shapeOf(ref), s.now()
	one, known := s.ongoing[shape]
	if !known || now.Sub(one.latest) > streakGap {
		one.began = now
	}
	one.latest = now
	s.ongoing[shape] = one
	return now.Sub(one.began)
}

// Answered ends the streak.
func (s *Streaks) Answered(ref string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ongoing, shapeOf(ref))
}
