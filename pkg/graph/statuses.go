package graph

import "net/http"

// retryableStatus are the answers that Graph documents or is known to give
// while a request would succeed a little later.
func retryableStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		statusBandwidthLimitExceeded:
		return true
	}
	return false
}

// statusBandwidthLimitExceeded is Graph's other throttling answer
// (https://learn.microsoft.com/graph/errors).
const statusBandwidthLimitExceeded = 509

// firstRunes is what an error repeats of a text that others wrote.
func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
