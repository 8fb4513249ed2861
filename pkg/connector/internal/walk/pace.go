package walk

import (
	"sync"
	"time"
)

// enoughToJudge is how long a walk is watched before its speed is told.
const enoughToJudge = 3 * time.Second

// Pace is how far the walks over people are that come before the people themselves:
// they give no rows, and nothing else would show for minutes. It is for the progress;
// nothing is decided on it. A nil Pace watches nothing.
type Pace struct {
	mu  sync.Mutex
	now func() time.Time // Nil for the clock.

	data  string
	rows  int
	whole bool // This process has seen the walk from its beginning.
	// since is when the first page was there, and first how many rows it had.
	since time.Time
	first int
	// people is how many rows a walk over everybody had, once one is over.
	people int
}

// Step is how far the walk under way is.
type Step struct {
	Data string
	Rows int
	// Of is about how many rows there are, and PerSecond how many come; zero while that
	// is not known.
	Of        int
	PerSecond float64
}

// Begin notes that a page of a walk is being read, the first one or a further one.
func (p *Pace) Begin(data string, beginning bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if beginning || p.data != data {
		p.data, p.whole = data, beginning
		p.rows, p.first, p.since = 0, 0, time.Time{}
	}
}

// Add notes the rows of a page, and whether it was the last one.
func (p *Pace) Add(rows int, last bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows += rows
	if p.since.IsZero() {
		p.since, p.first = p.clock(), p.rows
	}
	if !last {
		return
	}
	if p.whole {
		p.people = max(p.people, p.rows)
	}
	p.data = ""
}

// Step is the walk under way; there is none if its Data is empty.
func (p *Pace) Step() Step {
	if p == nil {
		return Step{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.data == "" {
		return Step{}
	}
	s := Step{Data: p.data, Rows: p.rows}
	if p.whole && p.people > p.rows {
		s.Of = p.people
	}
	if p.since.IsZero() {
		return s
	}
	if took := p.clock().Sub(p.since); took >= enoughToJudge {
		s.PerSecond = float64(p.rows-p.first) / took.Seconds()
	}
	return s
}

func (p *Pace) clock() time.Time {
	if p.now != nil {
		return p.now()
	}
	return time.Now()
}
