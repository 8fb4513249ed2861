package events

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// logLine is an entry of a log that lives in a test.
type logLine struct {
	id      string
	at      time.Time
	visible time.Time
}

// fakeLog answers as Graph does: what is visible, a page at a time.
type fakeLog struct {
	now      time.Time
	lines    []logLine
	newest   bool // First, whatever is asked for.
	expire   int  // So many links are refused as expired.
	overlap  int  // So many rows of a page come again on the next.
	circle   bool // The last page names the first one as the next.
	itself   int  // So many later pages name themselves as the next.
	requests int
}

func (f *fakeLog) read(_ context.Context, w graph.LogWindow, next string) (*sending.Page[logLine], error) {
	f.requests++
	if next != "" && f.expire > 0 {
		f.expire--
		return nil, &failure.Error{StatusCode: http.StatusBadRequest, Code: failure.CodeExpiredPageToken}
	}
	if next != "" && f.itself > 0 {
		f.itself--
		return nil, fmt.Errorf("GET /log: %w", sending.ErrRepeatedLink)
	}
	var rows []logLine
	for _, l := range f.lines {
		if !l.visible.After(f.now) && !l.at.Before(w.From) && l.at.Before(w.Until) {
			rows = append(rows, l)
		}
	}
	slices.SortStableFunc(rows, func(a, b logLine) int { return a.at.Compare(b.at) })
	if f.newest {
		slices.Reverse(rows)
	}
	offset, _ := strconv.Atoi(strings.TrimPrefix(next, "/log?"))
	end := min(offset+w.Top, len(rows))
	page := &sending.Page[logLine]{Items: slices.Clone(rows[min(offset, end):end])}
	if end < len(rows) {
		page.Next = fmt.Sprintf("/log?%d", end-min(f.overlap, w.Top/2))
	} else if f.circle && next != "" {
		page.Next = "/log?0"
	}
	return page, nil
}

// reader polls a feed as the platform does, and keeps nothing but the cursor.
type reader struct {
	t      *testing.T
	log    *fakeLog
	cursor string
	start  time.Time
	size   int
	given  map[string]int
	calls  int
}

func newReader(t *testing.T, log *fakeLog, start time.Time, size int) *reader {
	return &reader{t: t, log: log, start: start, size: size, given: map[string]int{}}
}

func (r *reader) feed() *eventFeed[logLine] {
	return &eventFeed[logLine]{
		id: "test", now: func() time.Time { return r.log.now },
		log: eventLog[logLine]{
			read: r.log.read, sorted: !r.log.newest,
			key: func(l *logLine) (string, time.Time) { return l.id, l.at },
			events: func(_ context.Context, rows []logLine) ([][]*v2.Event, error) {
				made := make([][]*v2.Event, len(rows))
				for i := range rows {
					made[i] = []*v2.Event{v2.Event_builder{Id: rows[i].id}.Build()}
				}
				return made, nil
			},
		},
	}
}

// call reads one page in a process of its own.
func (r *reader) call() bool {
	r.t.Helper()
	r.calls++
	before := r.log.requests
	events, state, _, err := r.feed().ListEvents(context.Background(), timestamppb.New(r.start), &pagination.StreamToken{Size: r.size, Cursor: r.cursor})
	require.NoError(r.t, err)
	require.NotNil(r.t, state, "the SDK panics")
	require.LessOrEqual(r.t, len(state.Cursor), maxEventCursor)
	require.LessOrEqual(r.t, r.log.requests-before, 1, "one request a call")
	require.False(r.t, state.HasMore && state.Cursor == r.cursor, "the feed stands still")
	r.cursor = state.Cursor
	for _, e := range events {
		r.given[e.GetId()]++
	}
	return state.HasMore
}

// poll reads until there is no more.
func (r *reader) poll() {
	r.t.Helper()
	for n := 0; r.call(); n++ {
		require.Less(r.t, n, 20000, "the feed does not end")
	}
}

// requireOnce makes sure that each line was given once.
func (r *reader) requireOnce() {
	r.t.Helper()
	var lost, again []string
	for _, l := range r.log.lines {
		switch n := r.given[l.id]; {
		case n == 0:
			lost = append(lost, l.id)
		case n > 1:
			again = append(again, l.id)
		}
	}
	require.Empty(r.t, lost, "lost")
	require.Empty(r.t, again, "repeated")
}

var testNow = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func (f *fakeLog) add(at, visible time.Time) {
	f.lines = append(f.lines, logLine{fmt.Sprintf("e%d", len(f.lines)), at, visible})
}

// orders are the two orders in which a log may come.
func orders(t *testing.T, run func(t *testing.T, newest bool)) {
	for name, newest := range map[string]bool{"oldest first": false, "newest first": true} {
		t.Run(name, func(t *testing.T) { run(t, newest) })
	}
}

func TestEventAtAPageEdgeWouldBeSkipped(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		log := &fakeLog{now: testNow, newest: newest}
		for i := range 3000 { // Twenty to a second, in bursts, over eleven hours.
			at := testNow.Add(-20*time.Hour + time.Duration(i/20)*4*time.Minute).Add(time.Duration(i%20) * 7 * time.Millisecond)
			log.add(at, at)
		}
		for _, size := range []int{1, 7, 100, 999, 1000} {
			r := newReader(t, log, testNow.Add(-24*time.Hour), size)
			r.poll()
			r.requireOnce()
			r.poll()
			r.requireOnce()
		}
	})
}

func TestEventsOfOneMomentWouldBeSkippedOrHoldUpTheFeed(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		for _, many := range []int{300, 999, 1000, 2500} {
			log := &fakeLog{now: testNow, newest: newest}
			moment := testNow.Add(-3 * time.Hour)
			log.add(moment.Add(-time.Second), moment)
			for range many {
				log.add(moment, moment)
			}
			log.add(moment.Add(time.Second), moment)
			for _, size := range []int{100, 1000} {
				r := newReader(t, log, testNow.Add(-24*time.Hour), size)
				r.poll()
				r.requireOnce()
			}
		}
	})
}

func TestRowsThatComeOnTwoPagesWouldBeRepeated(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		log := &fakeLog{now: testNow, newest: newest, overlap: 100}
		for range 2500 {
			log.add(testNow.Add(-3*time.Hour), testNow.Add(-3*time.Hour))
		}
		r := newReader(t, log, testNow.Add(-24*time.Hour), 1000)
		r.poll()
		r.requireOnce()
	})
}

func TestLinkThatLeadsNowhereWouldEndTheFeed(t *testing.T) {
	for name, log := range map[string]*fakeLog{"expired": {now: testNow, expire: 20}, "to its own page": {now: testNow, itself: 20}} {
		t.Run(name, func(t *testing.T) {
			for range 2500 {
				log.add(testNow.Add(-3*time.Hour), testNow.Add(-3*time.Hour))
			}
			r := newReader(t, log, testNow.Add(-24*time.Hour), 1000)
			for range 21 {
				r.poll()
			}
			for _, l := range log.lines {
				require.GreaterOrEqual(t, r.given[l.id], 1, "lost")
			}
		})
	}
}

func TestFeedWouldBeReadInACircleForEver(t *testing.T) {
	log := &fakeLog{now: testNow, circle: true}
	for range 2500 {
		log.add(testNow.Add(-3*time.Hour), testNow.Add(-3*time.Hour))
	}
	r := newReader(t, log, testNow.Add(-24*time.Hour), 1000)
	for range 3 {
		r.poll()
	}
	for _, l := range log.lines {
		require.GreaterOrEqual(t, r.given[l.id], 1, "lost")
	}
	log.circle = false
	r.poll()
	c, err := decodeEventCursor(r.cursor, "test")
	require.NoError(t, err)
	require.Greater(t, c.Floor, testNow.Add(-3*time.Hour).Unix(), "the feed goes on once Graph's links lead on")
}

func TestEventThatComesLateWouldBeLost(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // A test's data.
		log := &fakeLog{newest: newest}
		for i := range 2000 { // Some ten a minute, each up to nine minutes late.
			at := testNow.Add(time.Duration(i) * 6 * time.Second)
			log.add(at, at.Add(time.Duration(random.IntN(540))*time.Second))
		}
		r := newReader(t, log, testNow, 500)
		for log.now = testNow; log.now.Before(testNow.Add(4 * time.Hour)); log.now = log.now.Add(90 * time.Second) {
			r.poll()
		}
		r.requireOnce()
	})
}

func TestQuietFeedWouldLoseWhatComesAnHourLate(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		log := &fakeLog{newest: newest}
		for i := range 100 {
			at := testNow.Add(time.Duration(i) * time.Minute)
			log.add(at, at.Add(time.Duration(i%59)*time.Minute))
		}
		r := newReader(t, log, testNow, 500)
		for log.now = testNow; log.now.Before(testNow.Add(4 * time.Hour)); log.now = log.now.Add(time.Minute) {
			r.poll()
		}
		r.requireOnce()
	})
}

func TestBurstThatNoCursorRemembersWouldBeRepeatedOrLost(t *testing.T) {
	orders(t, func(t *testing.T, newest bool) {
		random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // A test's data.
		log := &fakeLog{newest: newest}
		for i := range 9000 { // Fifty in three seconds, for nine minutes.
			at := testNow.Add(time.Duration(i) * 60 * time.Millisecond)
			log.add(at, at.Add(time.Duration(random.IntN(400))*time.Second))
		}
		r := newReader(t, log, testNow, 1000)
		for log.now = testNow; log.now.Before(testNow.Add(time.Hour)); log.now = log.now.Add(20 * time.Second) {
			r.poll()
		}
		r.requireOnce()
	})
}

func TestFeedWouldNotBeginWhereItIsTold(t *testing.T) {
	log := &fakeLog{now: testNow}
	log.add(testNow.Add(-2*time.Hour), testNow)
	log.add(testNow.Add(-time.Hour), testNow)
	log.add(testNow.Add(-25*time.Hour), testNow)
	r := newReader(t, log, testNow.Add(-time.Hour), 100)
	r.poll()
	require.Equal(t, map[string]int{"e1": 1}, r.given)

	events, _, _, err := r.feed().ListEvents(context.Background(), nil, &pagination.StreamToken{})
	require.NoError(t, err)
	require.Len(t, events, 2, "a day back unless told")
}

func TestFeedThatWasNotReadForLongWouldAskForWhatIsGone(t *testing.T) {
	log := &fakeLog{now: testNow}
	r := newReader(t, log, testNow.Add(-time.Hour), 100)
	r.poll()
	log.now = testNow.Add(90 * 24 * time.Hour)
	log.add(log.now.Add(-time.Hour), log.now)
	r.poll()
	r.requireOnce()
}

func TestCursorOfAnotherFeedWouldBeFollowed(t *testing.T) {
	feed := newReader(t, &fakeLog{now: testNow}, testNow, 1).feed()
	for _, cursor := range []string{"nonsense", "{}", `{"v":1,"d":"other","f":1}`, `{"v":2,"d":"test","f":1}`, `{"v":1,"d":"test","f":1,"s":"AAA"}`} {
		_, _, _, err := feed.ListEvents(context.Background(), nil, &pagination.StreamToken{Cursor: cursor})
		require.Equal(t, codes.InvalidArgument, status.Code(err), cursor)
		require.ErrorContains(t, err, "begin the feed again")
	}
}

func TestDamagedCursorWouldRunOutOfItsRows(t *testing.T) {
	for _, damage := range []string{`"k":-1`, `"w":-1`, `"f":-1`, `"p":9223372036854775807`} {
		_, err := decodeEventCursor(`{"v":1,"d":"test",`+damage+`}`, "test")
		require.ErrorContains(t, err, "damaged", damage)
	}
}

func TestQuietLogWouldBeAskedForWindowsWithoutEnd(t *testing.T) {
	log := &fakeLog{now: testNow, newest: true}
	r := newReader(t, log, testNow.Add(-time.Hour), 100)
	for range 100 {
		r.poll()
		log.now = log.now.Add(time.Hour)
		c, err := decodeEventCursor(r.cursor, "test")
		require.NoError(t, err)
		require.LessOrEqual(t, c.Width, widest)
		require.Positive(t, c.Width)
	}
}

func TestFullCursorWouldNotFit(t *testing.T) {
	c := newEventCursor(decide.FeedDirectoryChanges, testNow.Unix())
	c.At, c.Width, c.Skip = testNow.Unix()+1000, 3600, 999
	c.Next = "/auditLogs/directoryAudits?" + strings.Repeat("x", 1150)
	for i := range 100 {
		require.NoError(t, c.Trail.Follow(1, fmt.Sprint(c.Next, i)))
	}
	for i := range maxSeen {
		c.Seen = append(c.Seen, seenEntry{c.Floor + int64(i), hashOf(strconv.Itoa(i))})
	}
	token, err := c.encode()
	require.NoError(t, err)
	require.LessOrEqual(t, len(token), maxEventCursor)
	require.Equal(t, 100, c.Trail.Links, "without its anchor a circle is followed for ever")
	back, err := decodeEventCursor(token, decide.FeedDirectoryChanges)
	require.NoError(t, err)
	require.Equal(t, c, back)
}
