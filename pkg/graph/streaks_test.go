package graph

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sync waits out throttling for as long as FruitlessFor is short. A page token
// of several items is asked for again with all of them, so if the answers to the
// others counted, one broken object would hold a sync up for ever.
func TestOneItemThatIsRefusedForGoodIsNoticedThoughTheOthersSucceed(t *testing.T) {
	const broken = "/groups/6e7b768e-07e2-4810-8459-485f84f8f204/members"
	r := newRecorder(t, batchHandler(t, func(url string, _ int) string {
		if url == broken {
			return `"status":503,"headers":{},"body":{"error":{"code":"ServiceUnavailable"}}`
		}
		return itemOK
	}))
	c := newTestClient(t, r)
	at := &clock{at: time.Unix(1000, 0)}
	c.streaks.now = func() time.Time { return at.at }
	var refusal *Error
	for range 20 {
		results, err := BatchPages[Reference](context.Background(), c.Sender, []string{"/groups/00000000-07e2-4810-8459-485f84f8f204/members", broken})
		require.NoError(t, err)
		require.NoError(t, results[0].Err)
		require.ErrorAs(t, results[1].Err, &refusal)
		at.at = at.at.Add(time.Minute)
	}
	require.Equal(t, 19*time.Minute, refusal.FruitlessFor)
}

// In a service other tasks go on reading the tenant meanwhile.
func TestAnswersToOtherRequestsDoNotProlongTheWait(t *testing.T) {
	at := &clock{at: time.Unix(1000, 0)}
	s := newStreaks(func() time.Time { return at.at })
	require.Zero(t, s.refused("/users?$top=999"))
	at.at = at.at.Add(5 * time.Minute)
	s.answered("/auditLogs/directoryAudits")
	require.Equal(t, 5*time.Minute, s.refused("/users?$skiptoken=x"))
	s.answered("/users?$top=999")
	require.Zero(t, s.refused("/users?$top=999"))
}

func TestATroubleOfYesterdayDoesNotShortenTodaysPatience(t *testing.T) {
	at := &clock{at: time.Unix(1000, 0)}
	s := newStreaks(func() time.Time { return at.at })
	s.refused("/users")
	at.at = at.at.Add(24 * time.Hour)
	require.Zero(t, s.refused("/users"))
}
