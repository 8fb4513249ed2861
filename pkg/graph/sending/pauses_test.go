package sending

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// pauseFor tells a sender that Graph wants no requests for so many seconds.
func pauseFor(t *testing.T, s *Sender, seconds string) {
	t.Helper()
	p, err := s.governor.Admit(context.Background(), []string{"/users"}, time.Minute)
	require.NoError(t, err)
	p.Learn(context.Background(), 0, http.StatusTooManyRequests, http.Header{"Retry-After": {seconds}}.Get)
	p.Done()
}

func TestOneWorkersRefusalHoldsBackTheOthers(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(429, "TooManyRequests", "Retry-After", "1"), graphtest.Answer(200, graphtest.EmptyPage))
	c := newTestSender(t, r)
	c.retry.MaxDelay = 5 * time.Second
	ctx, meter := pacing.WithWaitMeter(context.Background())
	start := time.Now()
	_, err := GetPage[row](ctx, c, "/users")
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(start), time.Second)
	require.Positive(t, meter.Total())

	r2 := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		graphtest.Answer(200, graphtest.EmptyPage, "x-ms-resource-unit", strconv.Itoa(1))(w, req)
	})
	c = newTestSender(t, r2)
	c.retry.MaxDelay = time.Second
	pauseFor(t, c, "0.3")
	var wg sync.WaitGroup
	start = time.Now()
	for range 5 {
		wg.Go(func() {
			_, err := GetPage[row](context.Background(), c, "/users")
			assert.NoError(t, err)
			assert.GreaterOrEqual(t, time.Since(start), 300*time.Millisecond)
		})
	}
	wg.Wait()
}

func TestAPauseThatIsTooLongIsSaidAndNotWaitedFor(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	c := newTestSender(t, r)
	pauseFor(t, c, "86400")
	_, err := GetPage[row](context.Background(), c, "/users")
	var refusal *failure.Error
	require.ErrorAs(t, err, &refusal)
	require.True(t, refusal.Throttled())
	require.Greater(t, refusal.RetryAfter, 10*time.Minute)
	require.Zero(t, r.Count(), "Graph is left alone")
}

// A sync waits out throttling for as long as FruitlessFor is short. A page token
// of several items is asked for again with all of them, so if the answers to the
// others counted, one broken object would hold a sync up for ever.
func TestOneItemThatIsRefusedForGoodIsNoticedThoughTheOthersSucceed(t *testing.T) {
	const broken = "/groups/6e7b768e-07e2-4810-8459-485f84f8f204/members"
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, _ int) string {
		if url == broken {
			return `"status":503,"headers":{},"body":{"error":{"code":"ServiceUnavailable"}}`
		}
		return graphtest.ItemOK
	}))
	c := newTestSender(t, r)
	at := time.Unix(1000, 0)
	c.streaks = pacing.NewStreaks(func() time.Time { return at })
	var refusal *failure.Error
	for range 20 {
		results, err := BatchPages[row](context.Background(), c, []string{"/groups/00000000-07e2-4810-8459-485f84f8f204/members", broken})
		require.NoError(t, err)
		require.NoError(t, results[0].Err)
		require.ErrorAs(t, results[1].Err, &refusal)
		at = at.Add(time.Minute)
	}
	require.Equal(t, 19*time.Minute, refusal.FruitlessFor)
}
