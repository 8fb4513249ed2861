package failure

import "net/http"

// RetryableStatus are the answers that Graph documents or is known to give
// while a request would succeed a little later.
func RetryableStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		StatusBandwidthLimitExceeded:
		return true
	}
	return false
}

// StatusBandwidthLimitExceeded is Graph's other throttling answer
// (https://learn.microsoft.com/graph/errors).
const StatusBandwidthLimitExceeded = 509

// Excerpt is what an error repeats of a text that others wrote: its first n runes.
func Excerpt(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
