package pim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// isoDuration has the designators of ISO 8601 in their order; each number may have a
// fraction.
var isoDuration = regexp.MustCompile(`^P(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?` +
	`(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$`)

// isoUnits are what the designators stand for, with the months and years that .NET
// counts with.
var isoUnits = []time.Duration{365 * 24 * time.Hour, 30 * 24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second}

// ParseISODuration reads a length of time such as P6M, P1Y6M or PT8H30M, from a moment
// on. Microsoft does not say how it counts months, so they are the shorter of thirty
// days and the calendar's: a policy allows what is less than it allows. Kiota's own
// reader refuses months.
func ParseISODuration(s string, from time.Time) (time.Duration, error) {
	parts := isoDuration.FindStringSubmatch(s)
	var length time.Duration
	var numbers [2]float64
	given := false
	for i, unit := range isoUnits {
		if parts == nil || parts[i+1] == "" {
			continue
		}
		n, err := strconv.ParseFloat(strings.ReplaceAll(parts[i+1], ",", "."), 64)
		if err != nil || n > float64(100*isoUnits[0])/float64(unit) {
			return 0, fmt.Errorf("%q is too long a time", s)
		}
		if i < len(numbers) {
			numbers[i] = n
		}
		length += time.Duration(n * float64(unit))
		given = true
	}
	if !given {
		return 0, fmt.Errorf("%q is not a length of time as ISO 8601 has it", s)
	}
	counted := time.Duration(numbers[0]*float64(isoUnits[0]) + numbers[1]*float64(isoUnits[1]))
	calendar := from.AddDate(int(numbers[0]), int(numbers[1]), 0).Sub(from)
	return length + min(0, calendar-counted), nil
}
