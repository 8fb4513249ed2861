package api

import (
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// lagKind tells apart how long changes take to show.
type lagKind uint8

const (
	LagWrites  lagKind = iota // Of what there was.
	LagObjects                // New objects.
	lagKinds
)

// pendingWrite is a change that reads do not show yet.
type pendingWrite struct {
	due   time.Time
	apply func(t *directory.Tenant)
}

// replica is what reads are shown: the directory as it was some time ago.
type replica struct {
	tenant *directory.Tenant

	mu    sync.Mutex
	lags  [lagKinds]time.Duration
	queue [lagKinds][]pendingWrite // Each in the order of its moments.
}

// SetLag says how long the next writes take to show in what clients read.
func (g *Graph) SetLag(writes, objects time.Duration) {
	g.Directory.Lock()
	defer g.Directory.Unlock()
	r := g.shown.Load()
	if r == nil {
		if writes <= 0 && objects <= 0 {
			return
		}
		r = &replica{tenant: g.Directory.Copied()}
		g.shown.Store(r)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lags = [lagKinds]time.Duration{LagWrites: max(0, writes), LagObjects: max(0, objects)}
}

// View is the directory that reads show.
func (g *Graph) View() *directory.Tenant {
	r := g.shown.Load()
	if r == nil {
		return g.Directory
	}
	r.catchUp(g.Now())
	return r.tenant
}

// add queues a change. Changes of one kind show in the order they were made, also when the lag was shortened between
// them: the indexes of new objects and edges depend on it.
func (r *replica) add(kind lagKind, now time.Time, apply func(t *directory.Tenant)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := now.Add(r.lags[kind])
	if q := r.queue[kind]; len(q) > 0 && due.Before(q[len(q)-1].due) {
		due = q[len(q)-1].due
	}
	r.queue[kind] = append(r.queue[kind], pendingWrite{due, apply})
}

// catchUp makes the changes that are due, the earliest first.
func (r *replica) catchUp(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		next := lagKinds
		for kind := range lagKinds {
			q := r.queue[kind]
			if len(q) > 0 && !q[0].due.After(now) && (next == lagKinds || q[0].due.Before(r.queue[next][0].due)) {
				next = kind
			}
		}
		if next == lagKinds {
			return
		}
		one := r.queue[next][0]
		r.queue[next] = r.queue[next][1:]
		r.tenant.Lock()
		one.apply(r.tenant)
		r.tenant.Unlock()
	}
}
