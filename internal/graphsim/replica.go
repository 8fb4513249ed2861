package graphsim

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// lagKind tells apart how long changes take to show.
type lagKind uint8

const (
	lagWrites  lagKind = iota // Of what there was.
	lagObjects                // New objects.
	lagKinds
)

// pendingWrite is a change that reads do not show yet.
type pendingWrite struct {
	due   time.Time
	apply func(t *Tenant)
}

// replica is what reads are shown: the directory as it was some time ago.
type replica struct {
	tenant *Tenant

	mu    sync.Mutex
	lags  [lagKinds]time.Duration
	queue [lagKinds][]pendingWrite // Each in the order of its moments.
}

// setLag says how long the next writes take to show in what clients read.
func (g *Graph) setLag(writes, objects time.Duration) {
	g.directory.mu.Lock()
	defer g.directory.mu.Unlock()
	r := g.shown.Load()
	if r == nil {
		if writes <= 0 && objects <= 0 {
			return
		}
		r = &replica{tenant: g.directory.copied()}
		g.shown.Store(r)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lags = [lagKinds]time.Duration{lagWrites: max(0, writes), lagObjects: max(0, objects)}
}

// view is the directory that reads show.
func (g *Graph) view() *Tenant {
	r := g.shown.Load()
	if r == nil {
		return g.directory
	}
	r.catchUp(g.now())
	return r.tenant
}

// add queues a change. Changes of one kind show in the order they were made, also when the lag was shortened between
// them: the indexes of new objects and edges depend on it.
func (r *replica) add(kind lagKind, now time.Time, apply func(t *Tenant)) {
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
		r.tenant.mu.Lock()
		one.apply(r.tenant)
		r.tenant.mu.Unlock()
	}
}

// copied is a directory that goes on by itself from the state this one has. Lists inside are shared: no write changes
// one in place. Callers hold t.mu.
func (t *Tenant) copied() *Tenant {
	out := &Tenant{
		size: t.size, shape: t.shape, seed: t.seed, model: t.model,
		units: slices.Clone(t.units), eligibilities: slices.Clone(t.eligibilities),
		groupEligible: t.groupEligible.copied(), groupActive: t.groupActive.copied(),
		groups: slices.Clone(t.groups), sps: slices.Clone(t.sps), registrations: slices.Clone(t.registrations),
		consents: t.consents, licensed: maps.Clone(t.licensed), bought: t.bought, roles: t.roles, roleByID: t.roleByID,
		assignments: slices.Clone(t.assignments), appAssigned: slices.Clone(t.appAssigned),
		memberOf: maps.Clone(t.memberOf), unitsOf: maps.Clone(t.unitsOf), owned: maps.Clone(t.owned),
		assignedTo: slices.Clone(t.assignedTo), assignedByRef: maps.Clone(t.assignedByRef),
		deleted: maps.Clone(t.deleted), written: t.written.copied(), plans: t.plans,
		quirks: t.quirks, names: &signInNames{}, seats: &takenSeats{}, riskSet: t.riskSet,
	}
	out.active, out.eligible = t.active.copied(out.assignments), t.eligible.copied(out.eligibilities)
	return out
}

func (s *roleSchedule) copied(of []roleAssignment) *roleSchedule {
	out := *s
	out.of, out.instances = of, slices.Clone(s.instances)
	return &out
}

func (s *groupSchedules) copied() *groupSchedules {
	return &groupSchedules{rows: slices.Clone(s.rows), byGroup: copiedLists(s.byGroup), byPrincipal: copiedLists(s.byPrincipal)}
}

func copiedLists[K comparable](index map[K][]int32) map[K][]int32 {
	out := make(map[K][]int32, len(index))
	for key, list := range index {
		out[key] = slices.Clone(list)
	}
	return out
}

func (w writtenState) copied() writtenState {
	w.objects, w.managers, w.revived, w.binned = maps.Clone(w.objects), maps.Clone(w.managers), maps.Clone(w.revived), maps.Clone(w.binned)
	w.direct, w.unserved, w.secrets = maps.Clone(w.direct), maps.Clone(w.unserved), maps.Clone(w.secrets)
	w.revoked, w.methods, w.restarted, w.log = maps.Clone(w.revoked), maps.Clone(w.methods), maps.Clone(w.restarted), slices.Clone(w.log)
	return w
}
