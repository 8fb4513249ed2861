package platformsim

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// taskIDLength is what the platform's own rules ask of a task id.
const taskIDLength = 27

// Task is a task that a test has pushed.
type Task struct {
	// ID is the task's id.
	ID string

	message   *v1.Task
	taken     chan struct{}
	done      chan struct{}
	outcome   *Outcome
	assets    []Asset
	cancelled bool
}

// Outcome is what a client made of a task.
type Outcome struct {
	// Failure is why the task failed; nil if it succeeded.
	Failure *status.Status
	// NonRetryable is whether the client says that a second try is in vain.
	NonRetryable bool
	// Response is the client's answer, if it gave one.
	Response *anypb.Any
	// Annotations came with the answer.
	Annotations []*anypb.Any
	// Assets are the files that the client uploaded before, complete ones only.
	Assets []Asset
}

// tasks are all tasks of a platform: those that wait for a client in order, and
// all by their ids.
type tasks struct {
	mu      sync.Mutex
	waiting []*Task
	known   map[string]*Task
}

// Push lines up a task for the client. It gets an id if it has none.
func (s *Server) Push(message *v1.Task) *Task {
	message = proto.CloneOf(message)
	if message.GetId() == "" {
		message.SetId((rand.Text() + rand.Text())[:taskIDLength])
	}
	message.SetStatus(v1.Task_STATUS_PENDING)
	t := &Task{ID: message.GetId(), message: message, taken: make(chan struct{}), done: make(chan struct{})}
	s.tasks.mu.Lock()
	defer s.tasks.mu.Unlock()
	s.tasks.waiting = append(s.tasks.waiting, t)
	s.tasks.known[t.ID] = t
	return t
}

// Cancel lets the client know, with the next heartbeat, that a task is no longer
// wanted.
func (s *Server) Cancel(t *Task) {
	s.tasks.mu.Lock()
	defer s.tasks.mu.Unlock()
	t.cancelled = true
}

// Taken waits until a client has the task.
func (t *Task) Taken(ctx context.Context) error {
	select {
	case <-t.taken:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("task %s was not taken: %w", t.ID, ctx.Err())
	}
}

// Await waits for the task's outcome.
func (t *Task) Await(ctx context.Context) (*Outcome, error) {
	select {
	case <-t.done:
		return t.outcome, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("task %s was not finished: %w", t.ID, ctx.Err())
	}
}

// Finished is whether the task has an outcome.
func (t *Task) Finished() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (l *tasks) take(most int, except []string) []*v1.Task {
	l.mu.Lock()
	defer l.mu.Unlock()
	var given []*v1.Task
	rest := l.waiting[:0]
	for _, t := range l.waiting {
		if len(given) == most || slices.Contains(except, t.ID) {
			rest = append(rest, t)
			continue
		}
		t.message.SetStatus(v1.Task_STATUS_SCHEDULED)
		close(t.taken)
		given = append(given, t.message)
	}
	l.waiting = rest
	return given
}

// running is the task of an id, if a client may still work on it. Its caller
// holds the lock.
func (l *tasks) running(id string) (*Task, error) {
	t, ok := l.known[id]
	switch {
	case !ok:
		return nil, status.Errorf(codes.NotFound, "there is no task %s", id)
	case t.Finished():
		return nil, status.Errorf(codes.FailedPrecondition, "task %s is finished", id)
	}
	return t, nil
}

func (l *tasks) cancelled(id string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := l.running(id)
	if err != nil {
		return false, err
	}
	return t.cancelled, nil
}

func (l *tasks) finish(id string, o *Outcome) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := l.running(id)
	if err != nil {
		return err
	}
	o.Assets = slices.Clone(t.assets)
	t.outcome = o
	close(t.done)
	return nil
}

func (l *tasks) attach(id string, a Asset) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := l.running(id)
	if err != nil {
		return err
	}
	t.assets = append(t.assets, a)
	return nil
}
