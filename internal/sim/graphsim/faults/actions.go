package faults

import (
	"bytes"
	"net/http"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/delta"
)

// ActionKind is what goes wrong.
type ActionKind uint8

const (
	actNone ActionKind = iota
	ActRespond
	actTruncate
	ActReset
	ActActThenReset
	actActThenRespond
	ActStall
	ActBadGzip
	ActCutGzip
	ActEndless
	actPage
)

// Action is what a rule does to a request. Make one with the functions below.
type Action struct {
	Kind    ActionKind
	status  int
	code    string
	message string
	header  http.Header
	html    bool
	resync  bool // The answer tells where to start over.
	Delay   time.Duration
	page    api.PageEffects

	redirect string        // The host that a redirect names.
	dated    time.Duration // Retry-After is the date so far from now.
	spoil    func([]byte) []byte
	typed    string // The content type, in the place of the right one.
}

// Respond answers with a Graph error.
func Respond(status int, code, message string) Action {
	return Action{Kind: ActRespond, status: status, code: code, message: message}
}

// BadGateway answers 502 with a page of HTML, as a gateway in front of Graph does.
func BadGateway() Action { return Action{Kind: ActRespond, status: http.StatusBadGateway, html: true} }

// Throttle answers 429 with a Retry-After, or without one when RetryAfter is empty.
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
	a := Respond(http.StatusTemporaryRedirect, api.CodeUnknown, "")
	a.redirect = host
	return a
}

// Truncate breaks the connection off in the middle of the body.
func Truncate() Action { return Action{Kind: actTruncate} }

// ActThenReset lets the server act, and closes the connection in the place of its answer: the client cannot tell.
func ActThenReset() Action { return Action{Kind: ActActThenReset} }

// ActThenRespond lets the server act, and answers with a Graph error, as a gateway does that lost patience.
func ActThenRespond(status int, code string) Action {
	return Action{Kind: actActThenRespond, status: status, code: code, message: "The request may have been carried out."}
}

// ResetConnection closes the connection before answering; a write does not happen.
func ResetConnection() Action { return Action{Kind: ActReset} }

// Stall sends half of the body and then nothing, until the client gives up.
func Stall() Action { return Action{Kind: ActStall} }

// ForeignNextLink puts another host in the page's nextLink.
func ForeignNextLink(host string) Action {
	return Action{Kind: actPage, page: api.PageEffects{ForeignHost: host}}
}

// RepeatNextLink makes the page's nextLink the link of the page itself.
func RepeatNextLink() Action { return Action{Kind: actPage, page: api.PageEffects{RepeatLink: true}} }

// ExpirePageToken refuses the request's $skiptoken as expired.
func ExpirePageToken() Action {
	return Action{Kind: actPage, page: api.PageEffects{RefuseToken: api.CodeExpiredPageToken}}
}

// ForgetPageToken refuses the request's $skiptoken as one the service does not know, as it does with tokens out of the
// answers to repeated requests (paging).
func ForgetPageToken() Action {
	return Action{Kind: actPage, page: api.PageEffects{RefuseToken: api.CodePageTokenNotFound}}
}

// EmptyPage answers no rows and a nextLink to the same place.
func EmptyPage() Action { return Action{Kind: actPage, page: api.PageEffects{EmptyPage: true}} }

// DuplicateRows makes the next page repeat the second half of this one.
func DuplicateRows() Action { return Action{Kind: actPage, page: api.PageEffects{DuplicateRows: true}} }

// LoopLinks makes the page's nextLink lead to a page whose nextLink leads back, for ever, with the same two links.
func LoopLinks() Action { return Action{Kind: actPage, page: api.PageEffects{LinkLoop: true}} }

// DropLinks leaves nextLink and deltaLink out of the page, as a chain cut short has it.
func DropLinks() Action { return Action{Kind: actPage, page: api.PageEffects{DropLinks: true}} }

// ResyncRequired answers 410 with the address to start a delta query over (delta-query-overview).
func ResyncRequired() Action {
	a := Respond(http.StatusGone, delta.CodeResync, "Resync required. Replace any local items with the server's version.")
	a.resync = true
	return a
}

// StateNotFound refuses a delta token the service no longer knows (delta-query-overview).
func StateNotFound() Action {
	return Respond(http.StatusNotFound, delta.CodeStateNotFound, "The sync state generation is not found.")
}

// Latency answers right, after a while.
func Latency(d time.Duration) Action { return Action{Delay: d} }

// WithHeader answers right, with one more header, such as x-ms-throttle-limit-percentage.
func WithHeader(name, value string) Action {
	h := http.Header{}
	h.Set(name, value)
	return Action{header: h}
}

// Delayed is an action that happens after a while.
func Delayed(d time.Duration, a Action) Action {
	a.Delay = d
	return a
}

// HalfBody answers half of the body as if that were all of it.
func HalfBody() Action {
	return Action{spoil: func(body []byte) []byte { return body[:len(body)/2] }}
}

// InvalidJSON answers with a byte in the middle of the body that JSON has no use for.
func InvalidJSON() Action {
	return Action{spoil: func(body []byte) []byte {
		at := len(body) / 2
		return bytes.Join([][]byte{body[:at], body[at:]}, []byte{0})
	}}
}

// WrongContentType answers success with a page of HTML, as a captive portal does.
func WrongContentType() Action {
	return Action{typed: "text/html; charset=utf-8", spoil: func([]byte) []byte {
		return []byte("<html><body>Sign in to the network to go on.</body></html>")
	}}
}

// EmptyObject answers success with an object that has none of what was asked for.
func EmptyObject() Action {
	return Action{spoil: func([]byte) []byte { return []byte("{}") }}
}

// NotGzip says that the body is compressed, and it is not.
func NotGzip() Action { return Action{Kind: ActBadGzip} }

// CutGzip compresses the body and leaves out the end, checksum and all.
func CutGzip() Action { return Action{Kind: ActCutGzip} }

// Endless begins the body and goes on with a string that has no end.
func Endless() Action { return Action{Kind: ActEndless} }

// spoilt is the answer with the body and the type that the action gives it.
func (a *Action) spoilt(out api.Reply) api.Reply {
	if a.spoil != nil && out.Status < http.StatusMultipleChoices {
		out.Body = a.spoil(out.Body)
	}
	if a.typed != "" {
		out.Header.Set("Content-Type", a.typed)
	}
	return out
}
