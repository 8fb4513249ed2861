package graphsim

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startAt is a server whose clock is moved by hand.
func startAt(t *testing.T) (*bench, *atomic.Int64) {
	t.Helper()
	clock := &atomic.Int64{}
	clock.Store(time.Now().UnixNano())
	server, err := Start(NewTenant(Small, 1), Options{Now: func() time.Time { return time.Unix(0, clock.Load()) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	b := &bench{t: t, server: server, client: clientOf(t, server)}
	b.bearer = b.login()
	b.withPeoplePermissions()
	server.Kindly(QuirkReportsFlicker)
	return b, clock
}

func TestReportsAreLimitedToFiveInTenSeconds(t *testing.T) {
	b, clock := startAt(t)
	const report, activity = "reports/authenticationMethods/userRegistrationDetails?$top=1", "users?$select=id,signInActivity&$top=1"
	for range 12 {
		require.Equal(t, http.StatusOK, b.get(report).status, "no limit without a budget")
	}
	b.server.SetBudget(BudgetS)
	for _, path := range []string{report, activity, report, activity, report} {
		require.Equal(t, http.StatusOK, b.get(path).status)
	}
	a := b.get(activity)
	assert.Equal(t, http.StatusTooManyRequests, a.status, "sign-in activity is read from the reports")
	assert.Equal(t, "10", a.header.Get("Retry-After"))
	assert.Equal(t, http.StatusOK, b.get("users?$select=id&$top=1").status, "the directory goes on")
	assert.Equal(t, 1, b.server.Stats().ServiceThrottled)
	clock.Add(int64(10 * time.Second))
	assert.Equal(t, http.StatusOK, b.get(activity).status)
}

func TestIdentityProtectionRefusesWithoutSayingForHowLong(t *testing.T) {
	b, clock := startAt(t)
	const path = "identityProtection/riskyUsers?$top=1"
	for range 3 {
		require.Equal(t, http.StatusOK, b.get(path).status)
	}
	b.server.SetServiceLimits(true)
	require.Equal(t, http.StatusOK, b.get(path).status)
	a := b.get(path)
	assert.Equal(t, http.StatusTooManyRequests, a.status)
	assert.NotContains(t, a.header, "Retry-After")
	clock.Add(int64(time.Second))
	assert.Equal(t, http.StatusOK, b.get(path).status)
}

func TestOtherServicesCostNoResourceUnits(t *testing.T) {
	b := start(t)
	b.withPeoplePermissions()
	for _, path := range []string{"identityProtection/riskyUsers", "reports/authenticationMethods/userRegistrationDetails"} {
		assert.NotContains(t, b.get(path).header, "X-Ms-Resource-Unit", path)
	}
	assert.Zero(t, b.server.Stats().ResourceUnits)
}
