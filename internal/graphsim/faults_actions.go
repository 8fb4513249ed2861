package graphsim

import (
	"net/http"
	"time"
)

// actionKind is what goes wrong.
type actionKind uint8

const (
	actNone actionKind = iota
	actRespond
	actTruncate
	actReset
	actActThenReset
	actActThenRespond
	actStall
	actBadGzip
	actCutGzip
	actEndless
	actPage
)

// Action is what a rule does to a request. Make one with the functions below.
type Action struct {
	kind    actionKind
	status  int
	code    string
	message string
	header  http.Header
	html    bool
	resync  bool // The answer tells where to start over.
	delay   time.Duration
	page    pageEffects

	redirect string        // The host that a redirect names.
	dated    time.Duration // Retry-After is the date so far from now.
	spoil    func([]byte) []byte
	typed    string // The content type, in the place of the right one.
}

// pageEffects are the faults inside a page that is otherwise right.
type pageEffects struct {
	foreignHost                          string
	refuseToken                          string // The code that the request's $skiptoken is refused with.
	repeatLink, emptyPage, duplicateRows bool
	linkLoop, dropLinks                  bool
}

// forceNextLink is whether a page has a nextLink even when it is the last.
func (p pageEffects) forceNextLink() bool {
	return p.foreignHost != "" || p.repeatLink || p.emptyPage || p.linkLoop
}

// Respond answers with a Graph error.
func Respond(status int, code, message string) Action {
	return Action{kind: actRespond, status: status, code: code, message: message}
}

// BadGateway answers 502 with a page of HTML, as a gateway in front of Graph does.
func BadGateway() Action { return Action{kind: actRespond, status: http.StatusBadGateway, html: true} }

// Throttle answers 429 with a Retry-After, or without one when retryAfter is empty.
func Throttle(retryAfter string) Action {
	a := Respond(http.StatusTooManyRequests, "TooManyRequests", "Too many requests.")
	a.header = http.Header{"X-Ms-Throttle-Information": {"ResourceUnitLimitExceeded"}}
	if retryAfter != "" {
		a.header.Set("Retry-After", retryAfter)
	}
	return a
}

// ThrottleUntil is Throttle with a date as the Retry-After: so far from now, by the server's clock, in whole seconds.
func ThrottleUntil(d time.Duration) Action {
	a := Throttle("")
	a.dated = d
	return a
}

// Redirect answers 307 with the same address at another host.
func Redirect(host string) Action {
	a := Respond(http.StatusTemporaryRedirect, codeUnknown, "")
	a.redirect = host
	return a
}

// Truncate breaks the connection off in the middle of the body.
func Truncate() Action { return Action{kind: actTruncate} }

// ActThenReset lets the server act, and closes the connection in the place of its answer: the client cannot tell.
func ActThenReset() Action { return Action{kind: actActThenReset} }

// ActThenRespond lets the server act, and answers with a Graph error, as a gateway does that lost patience.
func ActThenRespond(status int, code string) Action {
	return Action{kind: actActThenRespond, status: status, code: code, message: "The request may have been carried out."}
}

// ResetConnection closes the connection before answering; a write does not happen.
func ResetConnection() Action { return Action{kind: actReset} }

// Stall sends half of the body and then nothing, until the client gives up.
func Stall() Action { return Action{kind: actStall} }

// ForeignNextLink puts another host in the page's nextLink.
func ForeignNextLink(host string) Action {
	return Action{kind: actPage, page: pageEffects{foreignHost: host}}
}

// RepeatNextLink makes the page's nextLink the link of the page itself.
func RepeatNextLink() Action { return Action{kind: actPage, page: pageEffects{repeatLink: true}} }

// ExpirePageToken refuses the request's $skiptoken as expired.
func ExpirePageToken() Action {
	return Action{kind: actPage, page: pageEffects{refuseToken: codeExpiredPageToken}}
}

// ForgetPageToken refuses the request's $skiptoken as one the service does not know, as it does with tokens out of the
// answers to repeated requests (paging).
func ForgetPageToken() Action {
	return Action{kind: actPage, page: pageEffects{refuseToken: codePageTokenNotFound}}
}

// EmptyPage answers no rows and a nextLink to the same place.
func EmptyPage() Action { return Action{kind: actPage, page: pageEffects{emptyPage: true}} }

// DuplicateRows makes the next page repeat the second half of this one.
func DuplicateRows() Action { return Action{kind: actPage, page: pageEffects{duplicateRows: true}} }

// LoopLinks makes the page's nextLink lead to a page whose nextLink leads back, for ever, with the same two links.
func LoopLinks() Action { return Action{kind: actPage, page: pageEffects{linkLoop: true}} }

// DropLinks leaves nextLink and deltaLink out of the page, as a chain cut short has it.
func DropLinks() Action { return Action{kind: actPage, page: pageEffects{dropLinks: true}} }

// ResyncRequired answers 410 with the address to start a delta query over (delta-query-overview).
func ResyncRequired() Action {
	a := Respond(http.StatusGone, codeResync, "Resync required. Replace any local items with the server's version.")
	a.resync = true
	return a
}

// StateNotFound refuses a delta token the service no longer knows (delta-query-overview).
func StateNotFound() Action {
	return Respond(http.StatusNotFound, codeStateNotFound, "The sync state generation is not found.")
}

// Latency answers right, after a while.
func Latency(d time.Duration) Action { return Action{delay: d} }

// WithHeader answers right, with one more header, such as x-ms-throttle-limit-percentage.
func WithHeader(name, value string) Action {
	h := http.Header{}
	h.Set(name, value)
	return Action{header: h}
}

// Delayed is an action that happens after a while.
func Delayed(d time.Duration, a Action) Action {
	a.delay = d
	return a
}
