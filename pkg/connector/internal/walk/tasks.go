package walk

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Task is the page token of grants that are read for many objects at once. A
// type's first task plans; the tasks it enqueues run side by side, each a chain
// of page tokens of its own.
type Task struct {
	Version int `json:"v"`
	// Do names what the task reads; see the constants of the syncer it is for.
	Do string `json:"do"`
	// Page is the index page that a planning or replaying task is at.
	Page int `json:"p,omitempty"`
	// Offset is the row that a replaying task is at.
	Offset int `json:"o,omitempty"`
	// Cycle is the number of the group cycle that the task is for.
	Cycle int `json:"c,omitempty"`
	// Work are the objects whose relations are still to be read.
	Work []WorkItem `json:"w,omitempty"`
	// Then is the task that follows when this one's work is done.
	Then *Task `json:"t,omitempty"`
	// Again means that the task gives grants that were given before, so that
	// they are the last.
	Again bool `json:"again,omitempty"`
	// Seen tells tasks apart that are for the same but come from different
	// pages.
	Seen uint32 `json:"seen,omitempty"`
	// At is where a listing is.
	At *Cursor `json:"a,omitempty"`
	// Lanes are the walks over memberships that the task takes forward.
	Lanes []Lane `json:"s,omitempty"`
}

// DoPlan is the task that walks what was listed and hands out the other tasks.
const DoPlan = "plan"

// DecodeTask reads a task's page token; an empty one is the task named first.
func DecodeTask(token, first string) (Task, error) {
	t := Task{Version: TokenVersion, Do: first}
	err := decodeToken(token, &t, &t.Version)
	return t, err
}

func (t *Task) sound() bool {
	counts := []int{t.Page, t.Offset, t.Cycle}
	for i := range t.Work {
		counts = append(counts, t.Work[i].Restarts)
	}
	return CountsAreSound(counts...) && (t.At == nil || t.At.sound()) && (t.Then == nil || t.Then.sound()) &&
		!slices.ContainsFunc(t.Lanes, func(l Lane) bool { return !l.sound() })
}

// Split makes one task for every so many items.
func Split(do string, items []WorkItem, size int) []Task {
	var tasks []Task
	for len(items) > 0 {
		n := min(len(items), size)
		tasks = append(tasks, Task{Version: TokenVersion, Do: do, Work: items[:n]})
		items = items[n:]
	}
	return tasks
}

// maxTaskToken is how many bytes the page token of a new task may have. The SDK
// takes 1 MiB, and the token grows by Graph's references of the pages that the
// task is at.
const maxTaskToken = 512 << 10

// tokens are the task's page token, or those of several tasks that share its
// work. Each of them is followed by what the task is followed by, so that what is
// to be given last still is.
func (t Task) tokens() ([]string, error) {
	token, err := EncodeToken(t)
	if err != nil || len(token) <= maxTaskToken || len(t.Work) < 2 {
		return []string{token}, err
	}
	var tokens []string
	for work := range slices.Chunk(t.Work, (len(t.Work)+1)/2) {
		t.Work = work
		some, err := t.tokens()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, some...)
	}
	return tokens, nil
}

// Planned hands tasks to the SDK's workers, and goes on planning with the next
// index page if there is more.
func Planned(tasks []Task, nextPage int, more bool) (*rs.SyncOpResults, error) {
	if !more {
		return Enqueue(tasks, nil)
	}
	return Enqueue(tasks, &Task{Version: TokenVersion, Do: DoPlan, Page: nextPage})
}

// Enqueue hands tasks to the SDK's workers and goes on with next; nil ends the
// chain.
func Enqueue(tasks []Task, follow *Task) (*rs.SyncOpResults, error) {
	next := ""
	if follow != nil {
		var err error
		if next, err = EncodeToken(follow); err != nil {
			return nil, err
		}
	}
	if len(tasks) == 0 {
		if next == "" {
			return nil, nil
		}
		return Results(next), nil
	}
	spawn := &v2.EnqueuePageTokens{}
	for i := range tasks {
		tokens, err := tasks[i].tokens()
		if err != nil {
			return nil, err
		}
		spawn.PageTokens = append(spawn.PageTokens, tokens...)
	}
	return Results(next, annotations.New(spawn)), nil
}

// FinishTask turns what a task did into the SDK's answer. next is the task that
// follows; nil ends the chain.
func FinishTask(grants []*v2.Grant, next *Task, err error) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return FinishAndSpawn(grants, next, nil, err)
}

// FinishAndSpawn is FinishTask with further tasks for the SDK's workers.
func FinishAndSpawn(grants []*v2.Grant, next *Task, spawned []Task, err error) ([]*v2.Grant, *rs.SyncOpResults, error) {
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := Enqueue(spawned, next)
	return grants, res, err
}

// Cursor is where the task's listing is; the beginning if nowhere.
func (t Task) Cursor() Cursor {
	if t.At == nil {
		return Cursor{Version: TokenVersion}
	}
	return *t.At
}

// ResumeAt is the task with its listing at next; nil if there is no more.
func (t Task) ResumeAt(next *Cursor) *Task {
	if next == nil {
		return nil
	}
	t.At = next
	return &t
}

// WithWork is the task with the work that is left; nil if none is.
func (t Task) WithWork(rest []WorkItem) *Task {
	if len(rest) == 0 {
		return nil
	}
	t.Work = rest
	return &t
}
