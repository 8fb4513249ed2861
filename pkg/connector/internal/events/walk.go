package events

import (
	"context"
	"errors"
	"slices"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// A log is read in windows of whole seconds, from the cursor's floor to the
// present, and each window as one page. Entries come to light minutes after
// their time, so that each walk begins again at the floor, which stays behind
// the present; the cursor remembers what was given from there on.
//
//	lateFor     how far behind the floor stays if there is room to remember
//	settledFor  how far behind it stays in any case
//
// Microsoft names 5 minutes for 99 % of the entries
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency).
const (
	lateFor    = time.Hour
	settledFor = 10 * time.Minute
)

const (
	// firstWidth is the first window of a log that Graph does not sort.
	firstWidth = int64(3600)
	// widest is as long as a log reaches back.
	widest = int64(logRetention / time.Second)
	// narrow is a window that cannot be halved.
	narrow = int64(1)
)

// eventLog is a log of Microsoft Entra.
type eventLog[T any] struct {
	read func(context.Context, graph.LogWindow, string) (*sending.Page[T], error)
	// sorted means that Graph is asked for the oldest entries first. A window
	// of another log has to fit on a page.
	sorted bool
	key    func(*T) (string, time.Time)
	// events gives the events of each entry.
	events func(context.Context, []T) ([][]*v2.Event, error)
}

// advance reads the next window, moves the cursor past what it gives, and
// reports whether the next call has more to read.
func (l *eventLog[T]) advance(ctx context.Context, c *eventCursor, size int, now time.Time) ([]*v2.Event, bool, error) {
	present := now.Unix()
	c.begin(present)
	start := max(c.Floor, c.At)
	until := present
	if c.Width > 0 {
		until = min(start+c.Width, present)
	}
	if until <= start {
		c.end()
		return nil, false, nil
	}
	if c.Dense {
		return l.advanceBySecond(ctx, c, size, start)
	}
	top := min(len(c.Seen)+size, sending.MaxPageSize)
	if c.Width == narrow {
		top = sending.MaxPageSize
	}
	page, err := l.readWindow(ctx, window(start, until, top))
	if err != nil {
		return nil, false, err
	}
	rows := l.sort(page.Items)
	end := until
	if page.Next != "" {
		if end = l.wholeUntil(page.Items, start); end == start {
			l.narrow(c, start, until)
			return nil, true, nil
		}
		rows = slices.DeleteFunc(rows, func(row T) bool { return l.second(&row) >= end })
	} else {
		c.Width = l.wider(c.Width, len(rows), top)
	}
	events, at, err := l.give(ctx, c, rows, size)
	if err != nil {
		return nil, false, err
	}
	switch at {
	case givenAll:
		c.At = end
	case cannotRemember:
		ctxzap.Extract(ctx).Info("azure-ad: more happens than a cursor can remember; the feed falls behind by some minutes", zap.String("feed", c.Feed))
		c.end()
		return events, false, nil
	default:
		c.At = at
	}
	c.raise(min(c.At, c.late()))
	if c.At >= present {
		c.end()
		return events, false, nil
	}
	return events, true, nil
}

func window(start, until int64, top int) graph.LogWindow {
	return graph.LogWindow{From: time.Unix(start, 0), Until: time.Unix(until, 0), Top: top}
}

// readWindow reads the first page of a window that has rows, if one has: a page
// without rows can still have a next one.
func (l *eventLog[T]) readWindow(ctx context.Context, w graph.LogWindow) (*sending.Page[T], error) {
	page, err := l.read(ctx, w, "")
	for range walk.MaxRestarts {
		if err != nil || len(page.Items) > 0 || page.Next == "" {
			break
		}
		page, err = l.read(ctx, w, page.Next)
	}
	return page, err
}

// wider is the window after one that fitted on a page.
func (l *eventLog[T]) wider(width int64, rows, top int) int64 {
	switch {
	case l.sorted:
		return 0
	case 2*rows < top:
		return min(2*width, widest)
	default:
		return width
	}
}

func (l *eventLog[T]) second(row *T) int64 {
	_, at := l.key(row)
	return at.Unix()
}

// sort gives the rows of a page, each once, oldest first.
func (l *eventLog[T]) sort(page []T) []T {
	ids := map[string]bool{}
	rows := slices.DeleteFunc(slices.Clone(page), func(row T) bool {
		id, _ := l.key(&row)
		again := ids[id]
		ids[id] = true
		return again
	})
	slices.SortStableFunc(rows, func(a, b T) int {
		_, first := l.key(&a)
		_, second := l.key(&b)
		return first.Compare(second)
	})
	return rows
}

// wholeUntil is the second before which a page that is not the last one has all
// entries: that of its last row, if the page really begins with the oldest.
// Graph leaves options out that a collection does not support.
func (l *eventLog[T]) wholeUntil(page []T, start int64) int64 {
	if !l.sorted || len(page) == 0 {
		return start
	}
	for i := 1; i < len(page); i++ {
		_, before := l.key(&page[i-1])
		if _, at := l.key(&page[i]); at.Before(before) {
			return start
		}
	}
	return l.second(&page[len(page)-1])
}

// narrow makes the next window smaller where a page does not hold one. One
// second is read through Graph's links.
func (l *eventLog[T]) narrow(c *eventCursor, start, until int64) {
	c.At = start
	switch {
	case until-start == narrow:
		c.Dense = true
	case l.sorted:
		c.Width = narrow
	default:
		c.Width = (until - start) / 2
	}
}

// How far give came, if not to a second at which the answer is full.
const (
	givenAll int64 = 0
	// cannotRemember means that the cursor has no room until earlier entries are
	// settled.
	cannotRemember int64 = -1
)

// give makes events of rows that are all there is of their time, and tells the
// second to go on with.
func (l *eventLog[T]) give(ctx context.Context, c *eventCursor, rows []T, size int) ([]*v2.Event, int64, error) {
	rows = slices.DeleteFunc(rows, func(row T) bool {
		id, at := l.key(&row)
		return c.seen(at.Unix(), id)
	})
	made, err := l.events(ctx, rows)
	if err != nil {
		return nil, 0, err
	}
	var events []*v2.Event
	for first := 0; first < len(rows); {
		second := l.second(&rows[first])
		var ids []string
		var fresh []*v2.Event
		next := first
		for ; next < len(rows) && l.second(&rows[next]) == second; next++ {
			id, _ := l.key(&rows[next])
			ids = append(ids, id)
			fresh = append(fresh, made[next]...)
		}
		if len(events) > 0 && len(events)+len(fresh) > size {
			return events, second, nil
		}
		if !c.remember(second, ids) {
			return events, cannotRemember, nil
		}
		events = append(events, fresh...)
		first = next
	}
	return events, givenAll, nil
}

// advanceBySecond reads one page of a second that has more entries than a page,
// once the second is settled.
func (l *eventLog[T]) advanceBySecond(ctx context.Context, c *eventCursor, size int, second int64) ([]*v2.Event, bool, error) {
	if second >= c.settled() {
		c.end()
		return nil, false, nil
	}
	page, err := l.read(ctx, window(second, second+1, sending.MaxPageSize), c.Next)
	if c.Next != "" && (failure.IsExpiredPageToken(err) || failure.IsUnsupportedQuery(err) || errors.Is(err, sending.ErrRepeatedLink)) {
		c.readAgain(ctx, err)
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	rows := page.Items[min(c.Skip, len(page.Items)):]
	made, err := l.events(ctx, rows)
	if err != nil {
		return nil, false, err
	}
	var events []*v2.Event
	for i := range rows {
		id, _ := l.key(&rows[i])
		if c.seen(second, id) {
			c.Skip++
			continue
		}
		if len(events) > 0 && len(events)+len(made[i]) > size {
			return events, true, nil
		}
		c.follow(second, id)
		events = append(events, made[i]...)
		c.Skip++
	}
	c.Next, c.Skip = page.Next, 0
	if c.Next != "" {
		if err := c.Trail.Follow(len(page.Items), c.Next); err != nil {
			c.readAgain(ctx, err)
			return events, false, nil
		}
	} else {
		c.raise(second + 1)
		c.At, c.Trail, c.Width, c.Dense = second+1, walk.Trail{}, 0, false
		if !l.sorted {
			c.Width = firstWidth
		}
	}
	return events, true, nil
}

// ReadAgain begins the reading of a second again, with the next call. An error
// would leave the cursor at a link that leads nowhere, and the feed there for
// good; so that the next call comes later, this one must say that there is no
// more.
func (c *eventCursor) readAgain(ctx context.Context, why error) {
	ctxzap.Extract(ctx).Warn("azure-ad: Graph's links did not lead to the end of a second of the log; it is read again, and its events can come twice",
		zap.String("feed", c.Feed), zap.Time("second", time.Unix(c.At, 0)), zap.Error(why))
	c.end()
}
