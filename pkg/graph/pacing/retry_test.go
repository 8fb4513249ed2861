package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryAfterIsReadInEveryForm(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                              0,
		"10":                            10 * time.Second,
		"2.128":                         2128 * time.Millisecond,
		"0.9":                           900 * time.Millisecond,
		"-5":                            0,
		"NaN":                           0,
		"soon":                          0,
		"Mon, 23 Nov 2026 12:00:30 GMT": 30 * time.Second,
		"Mon, 23 Nov 2026 11:00:00 GMT": 0,
		"1e300":                         365 * 24 * time.Hour,
	} {
		require.Equal(t, want, ParseRetryAfter(value, now), "%q", value)
	}
}

func TestWaitsGrowAndStayUnderTheirCeiling(t *testing.T) {
	p := RetryPolicy{Attempts: 20, BaseDelay: time.Second, MaxDelay: 10 * time.Second}
	for n := 1; n < 20; n++ {
		d, again := p.Delay(n, 0)
		require.True(t, again)
		require.LessOrEqual(t, d, p.MaxDelay)
		require.Positive(t, d)
	}
	_, again := p.Delay(20, 0)
	require.False(t, again)
	d, again := p.Delay(1, 3*time.Second)
	require.True(t, again)
	require.GreaterOrEqual(t, d, 3*time.Second, "never before Graph asked")
}

// FuzzRetryAfter is about waits that never end, or end before they begin.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "10", "0.5", "-1", "NaN", "Inf", "1e300", "Wed, 21 Oct 2037 07:28:00 GMT", "Wed, 21 Oct 9999 07:28:00 GMT", "0x1p-2"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait := ParseRetryAfter(value, now)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		delay, again := DefaultRetryPolicy().Delay(1, wait)
		require.LessOrEqual(t, delay, 2*DefaultRetryPolicy().MaxDelay)
		require.Equal(t, wait <= DefaultRetryPolicy().MaxDelay, again)
	})
}
