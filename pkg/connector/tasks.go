package connector

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

// task is the page token of grants that are read for many objects at once. A
// type's first task plans; the tasks it enqueues run side by side, each a chain
// of page tokens of its own.
type task struct {
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
	Work []workItem `json:"w,omitempty"`
	// Then is the task that follows when this one's work is done.
	Then *task `json:"t,omitempty"`
	// Again means that the task gives grants that were given before, so that
	// they are the last.
	Again bool `json:"again,omitempty"`
	// Seen tells tasks apart that are for the same but come from different
	// pages.
	Seen uint32 `json:"seen,omitempty"`
	// At is where a listing is.
	At *cursor `json:"a,omitempty"`
	// Lanes are the walks over memberships that the task takes forward.
	Lanes []lane `json:"s,omitempty"`
}

// doPlan is the task that walks what was listed and hands out the other tasks.
const doPlan = "plan"

// decodeTask reads a task's page token; an empty one is the task named first.
func decodeTask(token, first string) (task, error) {
	t := task{Version: tokenVersion, Do: first}
	err := decodeToken(token, &t, &t.Version)
	return t, err
}

func (t *task) sound() bool {
	counts := []int{t.Page, t.Offset, t.Cycle}
	for i := range t.Work {
		counts = append(counts, t.Work[i].Restarts)
	}
	return countsAreSound(counts...) && (t.At == nil || t.At.sound()) && (t.Then == nil || t.Then.sound()) &&
		!slices.ContainsFunc(t.Lanes, func(l lane) bool { return !l.sound() })
}

// split makes one task for every so many items.
func split(do string, items []workItem, size int) []task {
	var tasks []task
	for len(items) > 0 {
		n := min(len(items), size)
		tasks = append(tasks, task{Version: tokenVersion, Do: do, Work: items[:n]})
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
func (t task) tokens() ([]string, error) {
	token, err := encodeToken(t)
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

// planned hands tasks to the SDK's workers, and goes on planning with the next
// index page if there is more.
func planned(tasks []task, nextPage int, more bool) (*rs.SyncOpResults, error) {
	if !more {
		return enqueue(tasks, nil)
	}
	return enqueue(tasks, &task{Version: tokenVersion, Do: doPlan, Page: nextPage})
}

// enqueue hands tasks to the SDK's workers and goes on with next; nil ends the
// chain.
func enqueue(tasks []task, follow *task) (*rs.SyncOpResults, error) {
	next := ""
	if follow != nil {
		var err error
		if next, err = encodeToken(follow); err != nil {
			return nil, err
		}
	}
	if len(tasks) == 0 {
		if next == "" {
			return nil, nil
		}
		return results(next), nil
	}
	spawn := &v2.EnqueuePageTokens{}
	for i := range tasks {
		tokens, err := tasks[i].tokens()
		if err != nil {
			return nil, err
		}
		spawn.PageTokens = append(spawn.PageTokens, tokens...)
	}
	return results(next, annotations.New(spawn)), nil
}

// finishTask turns what a task did into the SDK's answer. next is the task that
// follows; nil ends the chain.
func finishTask(grants []*v2.Grant, next *task, err error) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return finishAndSpawn(grants, next, nil, err)
}

// finishAndSpawn is finishTask with further tasks for the SDK's workers.
func finishAndSpawn(grants []*v2.Grant, next *task, spawned []task, err error) ([]*v2.Grant, *rs.SyncOpResults, error) {
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := enqueue(spawned, next)
	return grants, res, err
}

// cursor is where the task's listing is; the beginning if nowhere.
func (t task) cursor() cursor {
	if t.At == nil {
		return cursor{Version: tokenVersion}
	}
	return *t.At
}

// resumeAt is the task with its listing at next; nil if there is no more.
func (t task) resumeAt(next *cursor) *task {
	if next == nil {
		return nil
	}
	t.At = next
	return &t
}

// withWork is the task with the work that is left; nil if none is.
func (t task) withWork(rest []workItem) *task {
	if len(rest) == 0 {
		return nil
	}
	t.Work = rest
	return &t
}
