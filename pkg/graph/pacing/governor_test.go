package pacing

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func headers(pairs ...string) func(string) string {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h.Get
}

// spendFor asks for cost as fast as the budget gives it, for d, and returns
// what was spent. after is told of each request.
func spendFor(c *clock, b *budget, cost float64, d time.Duration, after func(total float64)) float64 {
	total := 0.0
	for end := c.at.Add(d); c.at.Before(end); {
		if wait := b.admit(c.at, cost); wait > 0 {
			c.at = c.at.Add(min(wait, 100*time.Millisecond))
			continue
		}
		total += cost
		b.release()
		if after != nil {
			after(total)
		}
	}
	return total
}

func TestTheSmallestBudgetIsNeverOverspentWhileNothingIsKnown(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 3500, 8000)
	require.LessOrEqual(t, spendFor(c, b, 20, window, nil), 3500.0)
}

func TestMoreIsSpentOnlyWhileGraphIsSilent(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 3500, 8000)
	spendFor(c, b, 20, 2*time.Minute, nil)
	require.InDelta(t, 8000, b.limit, 1, "the largest documented budget is the end")

	b = newBudget(c.at, 3500, 8000)
	spendFor(c, b, 20, 2*time.Minute, func(float64) { b.near(c.at, 0.81) })
	require.LessOrEqual(t, b.limit, 3500.0)
}

func TestAWarningLowersTheRateBeforeARefusal(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 8000, 8000)
	spendFor(c, b, 20, window, nil)
	before := b.rate
	require.True(t, b.near(c.at, 1.1), "most of what Graph allows is spent")
	require.Less(t, b.rate, before)
	require.Less(t, b.rate*window.Seconds(), b.limit)
}

func TestARefusalStopsEverybodyForAsLongAsGraphAsks(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 3500, 8000)
	require.Zero(t, b.admit(c.at, 1))
	slots := b.slots
	b.refused(c.at, 7*time.Second)
	require.Equal(t, 7*time.Second, b.admit(c.at, 1))
	c.at = c.at.Add(7*time.Second - time.Millisecond)
	require.Positive(t, b.admit(c.at, 1))
	c.at = c.at.Add(time.Second)
	require.Zero(t, b.admit(c.at, 1))
	require.Less(t, b.slots, slots)
}

func TestARefusalWithoutATimeStillPauses(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 3500, 8000)
	b.refused(c.at, 0)
	require.Equal(t, unnamedPause, b.admit(c.at, 1))
}

func TestARequestDearerThanTheBucketIsNotStarved(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 5, 5)
	for b.admit(c.at, 20) > 0 {
		c.at = c.at.Add(100 * time.Millisecond)
		require.Less(t, c.at.Unix(), int64(1100))
	}
}

func TestReportsAreAskedForFiveAtOnceAndThenNoMoreForAWindow(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newWholeBudget(c.at, 5)
	for range 5 {
		require.Zero(t, b.admit(c.at, 1))
	}
	require.Positive(t, b.admit(c.at, 1))
	c.at = c.at.Add(window - time.Millisecond)
	require.Positive(t, b.admit(c.at, 1), "Graph counts the window from each request")
	c.at = c.at.Add(2 * time.Second)
	require.Zero(t, b.admit(c.at, 1))
	require.Zero(t, newWholeBudget(c.at, 5).admit(c.at, 20), "a batch that is larger than the budget is not starved")
}

func TestOutlookIsAskedOneBatchAtATime(t *testing.T) {
	g := NewGovernor(time.Now, reportsPerWindow)
	ref := "/users/6e7b768e-07e2-4810-8459-485f84f8f204/mailboxSettings?$select=userPurpose"
	require.Equal(t, serviceOutlook, serviceOf(ref))
	first, err := g.Admit(context.Background(), []string{ref}, time.Hour)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = g.Admit(ctx, []string{ref}, time.Hour)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	first.Done()
	_, err = g.Admit(context.Background(), []string{ref}, time.Hour)
	require.NoError(t, err)
}

func TestAFullHouseWaitsForARelease(t *testing.T) {
	c := &clock{at: time.Unix(1000, 0)}
	b := newBudget(c.at, 8000, 8000)
	for range firstSlots {
		require.Zero(t, b.admit(c.at, 1))
	}
	changed := b.changed
	require.Positive(t, b.admit(c.at, 1))
	b.release()
	select {
	case <-changed:
	default:
		t.Fatal("the release woke nobody")
	}
	require.Zero(t, b.admit(c.at, 1))
}

func TestReportsAndDirectoryDoNotShareABudget(t *testing.T) {
	g := NewGovernor(time.Now, reportsPerWindow)
	for ref, want := range map[string]service{
		"/users?$select=id":                     serviceDirectory,
		"/users?$select=id,signInActivity":      serviceReports,
		"/auditLogs/directoryAudits":            serviceReports,
		"/reports/authenticationMethods/x":      serviceReports,
		"/identityProtection/riskyUsers":        serviceIdentityProtection,
		"/teams/x/channels?$select=id":          serviceTeams,
		"/roleManagement/directory/roleX?$top=": serviceDirectory,
	} {
		require.Equal(t, want, serviceOf(ref), ref)
	}
	p, err := g.Admit(context.Background(), []string{"/auditLogs/signIns"}, time.Hour)
	require.NoError(t, err)
	p.Learn(context.Background(), 0, http.StatusTooManyRequests, headers("Retry-After", "60"))
	_, err = g.Admit(context.Background(), []string{"/users"}, time.Hour)
	require.NoError(t, err, "the directory goes on")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = g.Admit(ctx, []string{"/auditLogs/signIns"}, time.Hour)
	require.ErrorIs(t, err, context.DeadlineExceeded, "and the wait ends with the context")
}

func TestCostsAreLearntByShape(t *testing.T) {
	g := NewGovernor(time.Now, reportsPerWindow)
	const members = "/groups/6e7b768e-07e2-4810-8459-485f84f8f204/members?$select=id&$top=999"
	p, err := g.Admit(context.Background(), []string{members, "/users"}, time.Hour)
	require.NoError(t, err)
	require.EqualValues(t, 2*assumedCost, p.cost)
	p.Learn(context.Background(), 0, 200, headers("x-ms-resource-unit", "5"))
	p.Done()
	p, err = g.Admit(context.Background(), []string{"/groups/00000000-07e2-4810-8459-485f84f8f204/members?$select=id"}, time.Hour)
	require.NoError(t, err)
	require.EqualValues(t, 5, p.cost)
}

func TestAnAbsurdPauseIsTheCallersDecisionAndEnds(t *testing.T) {
	at := &clock{at: time.Unix(1000, 0)}
	g := NewGovernor(func() time.Time { return at.at }, reportsPerWindow)
	p, err := g.Admit(context.Background(), []string{"/users"}, time.Minute)
	require.NoError(t, err)
	p.Learn(context.Background(), 0, http.StatusTooManyRequests, headers("Retry-After", "86400"))
	p.Done()
	var paused *PausedError
	_, err = g.Admit(context.Background(), []string{"/groups"}, time.Minute)
	require.ErrorAs(t, err, &paused, "nobody waits for a day without a word")
	at.at = at.at.Add(longestPause)
	_, err = g.Admit(context.Background(), []string{"/groups"}, time.Minute)
	require.NoError(t, err, "Graph is asked again the same day")
}
