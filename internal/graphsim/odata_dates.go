package graphsim

import (
	"strings"
	"time"
)

func isDate(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

// compareDates compares moments, which may be written with and without fractions of a second.
func compareDates(a, b string) int {
	first, errA := time.Parse(time.RFC3339Nano, a)
	second, errB := time.Parse(time.RFC3339Nano, b)
	if errA != nil || errB != nil {
		return strings.Compare(a, b)
	}
	return first.Compare(second)
}
