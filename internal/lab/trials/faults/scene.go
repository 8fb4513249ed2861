package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// scene is one tenant in which faults are armed before a sync of it.
type scene struct {
	*rand.Rand
	server *graphsim.Server
	trap   *trap
	// armed are the names that the simulated tenant counts strikes under.
	armed []string

	mu     sync.Mutex
	states []graphsim.Truth
	errs   []error
	struck map[string]int
	after  sync.WaitGroup
}

// newScene starts a tenant. The skew is how far its clock is from this one.
func newScene(random *rand.Rand, skew time.Duration) (*scene, error) {
	server, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 1), graphsim.Options{Now: func() time.Time { return time.Now().Add(skew) }})
	if err != nil {
		return nil, err
	}
	t, err := newTrap()
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	s := &scene{Rand: random, server: server, trap: t, struck: map[string]int{}}
	s.states = append(s.states, s.server.Tenant().Truth())
	return s, nil
}

// close ends the tenant and everything that the faults started.
func (s *scene) close() error {
	err := s.server.Close()
	s.after.Wait()
	return errors.Join(err, s.trap.close(), errors.Join(s.errs...))
}

// between is a duration from low on and below high.
func (s *scene) between(low, high time.Duration) time.Duration {
	return low + time.Duration(s.Int64N(int64(high-low)))
}

// strike arms a rule under the fault's name.
func (s *scene) strike(name string, rule graphsim.Rule) {
	rule.Name = name
	s.armed = append(s.armed, name)
	s.server.Fault(rule)
}

// strikes are how often each armed fault struck.
func (s *scene) strikes() map[string]int {
	counts := s.server.Stats().Faults // First: a rule that strikes holds the lock of these.
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]int{}
	for _, name := range s.armed {
		found[name] = counts[name] + s.struck[name]
	}
	return found
}

// midway makes something happen to the tenant when the sync has sent so many
// requests, the first of which only look at the tenant as a whole. What the
// tenant is afterwards becomes one of the states that the snapshot may show.
func (s *scene) midway(name string, happen func() error) {
	s.armed = append(s.armed, name)
	left := 1 + s.IntN(busyRequests)
	s.server.Fault(graphsim.Rule{Name: name, Match: func(r graphsim.Request) bool {
		if r.Authority || strings.HasSuffix(r.Path, "/organization") {
			return false
		}
		if left--; left != 0 {
			return false
		}
		err := happen()
		state := s.server.Tenant().Truth()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.struck[name]++
		s.states = append(s.states, state)
		if err != nil {
			s.errs = append(s.errs, fmt.Errorf("%s: %w", name, err))
		}
		return false
	}})
}

// busyRequests are about as many as any sync of the tenant sends, the items of
// batches counted each.
const busyRequests = 150

// trap is the other host of links and redirects. Nobody has to come.
type trap struct {
	listener net.Listener
	done     chan struct{}
	mu       sync.Mutex
	callers  int
}

func newTrap() (*trap, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("setting the trap: %w", err)
	}
	t := &trap{listener: listener, done: make(chan struct{})}
	go t.wait()
	return t, nil
}

func (t *trap) wait() {
	defer close(t.done)
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			return
		}
		t.mu.Lock()
		t.callers++
		t.mu.Unlock()
		_ = conn.Close()
	}
}

func (t *trap) host() string { return t.listener.Addr().String() }

func (t *trap) caught() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.callers
}

func (t *trap) close() error {
	err := t.listener.Close()
	<-t.done
	return err
}
