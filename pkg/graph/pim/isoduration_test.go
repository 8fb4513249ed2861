package pim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Policies of a year, of months and of both are what the portal offers.
func TestLongestDurationOfAPolicyIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	from := time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC) // Of the shortest month.
	for text, want := range map[string]time.Duration{
		"P6M": 180 * day, "P1M": 28 * day, "P1Y6M": 545 * day, "P1Y": 365 * day, "P15D": 15 * day, "P2W": 14 * day,
		"PT8H": 8 * time.Hour, "P1DT12H30M": day + 12*time.Hour + 30*time.Minute, "PT1.5H": 90 * time.Minute, "PT0,5S": time.Second / 2,
	} {
		got, err := ParseISODuration(text, from)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "P", "PT", "6M", "P6X", "P-1D", "P1D2Y", "PT1D", "P99999999999999999999Y"} {
		_, err := ParseISODuration(text, from)
		require.Error(t, err, text)
	}
}
