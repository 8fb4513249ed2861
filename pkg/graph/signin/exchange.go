package signin

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// exchange remembers how the requests behind one GetToken went. azidentity
// keeps only the text of a network error, and for the device code flow loses
// the answer as well, so both are noted where they pass.
type exchange struct {
	mu sync.Mutex
	// host is where the last request went.
	host string
	// answered says that the last answer was a success, which then could not
	// be used.
	answered bool
	// refusal is the last answer if it was none.
	refusal *refusal
	// err is the network error, if there was no answer.
	err error
}

type exchangeKey struct{}

// note keeps the latest outcome. Running out of time does not replace an
// outcome that says more.
func (x *exchange) note(host string, resp *http.Response, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	gaveUp := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	if gaveUp && (x.refusal != nil || x.err != nil) {
		return
	}
	x.host, x.answered, x.refusal, x.err = host, false, nil, err
	switch {
	case err != nil:
	case resp.StatusCode < http.StatusMultipleChoices:
		x.answered = true
	default:
		x.refusal = readRefusal(resp)
	}
}

// observePolicy notes the outcome of every attempt of a token request.
type observePolicy struct{}

// Do implements policy.Policy.
func (observePolicy) Do(req *policy.Request) (*http.Response, error) {
	resp, err := req.Next()
	if seen, ok := req.Raw().Context().Value(exchangeKey{}).(*exchange); ok {
		seen.note(req.Raw().URL.Host, resp, err)
	}
	if err != nil && !network.WorthRetrying(err) {
		return resp, &finalError{err}
	}
	return resp, err
}

// finalError tells azcore not to try again: it looks for this method
// (azcore/runtime/policy_retry.go).
type finalError struct{ error }

// NonRetriable marks the error.
func (*finalError) NonRetriable() {}

// Unwrap gives the error that is final.
func (e *finalError) Unwrap() error { return e.error }

// readRefusal parses an answer that is not a success. azcore has the body in
// memory by then and leaves it readable for azidentity.
func readRefusal(resp *http.Response) *refusal {
	body, err := runtime.Payload(resp)
	if err != nil {
		body = nil
	}
	return parseRefusal(resp.StatusCode, body)
}
