package graphsim

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Target is where a rule applies.
type Target uint8

// The places a rule may apply to.
const (
	AnyTarget     Target = iota // Requests and batch items of Graph, but not the batches that carry items.
	RequestsOnly                // HTTP requests of Graph, batches included.
	ItemsOnly                   // Items inside batches.
	AuthorityOnly               // Requests to the login authority.
)

// Rule makes some requests go wrong. All conditions that are set must hold; among the requests for which they do,
// First, Nth and Every choose; with none of these, all of them.
type Rule struct {
	Name   string // The name its hits are counted under in Stats.
	Method string
	Path   string         // Part of the path and query, such as "/users" or "$skiptoken=".
	Regexp *regexp.Regexp // On the path and query.
	Match  func(Request) bool
	On     Target
	First  int // The first so many.
	Nth    int // Only this one, counted from 1.
	Every  int // Each so-manyth.
	Action Action
}

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
}

// pageEffects are the faults inside a page that is otherwise right.
type pageEffects struct {
	foreignHost                                       string
	repeatLink, expireToken, emptyPage, duplicateRows bool
	linkLoop, dropLinks                               bool
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

// Truncate stops in the middle of the body.
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
func ExpirePageToken() Action { return Action{kind: actPage, page: pageEffects{expireToken: true}} }

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

// armed is a rule in force.
type armed struct {
	rule Rule
	seen int
}

// ruleSet is the rules in force, in the order they were added; the first that applies is taken.
type ruleSet struct {
	mu   sync.Mutex
	list []*armed
	hits map[string]int
}

func (s *ruleSet) add(r Rule) func() {
	a := &armed{rule: r}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, a)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i := range s.list {
			if s.list[i] == a {
				s.list = append(s.list[:i:i], s.list[i+1:]...)
				return
			}
		}
	}
}

// match finds the action for a request, or nil.
func (s *ruleSet) match(r Request) *Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.list {
		if !a.rule.applies(r) {
			continue
		}
		a.seen++
		if a.rule.chooses(a.seen) {
			if s.hits == nil {
				s.hits = map[string]int{}
			}
			s.hits[a.rule.Name]++
			action := a.rule.Action
			return &action
		}
	}
	return nil
}

func (s *ruleSet) counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]int, len(s.hits))
	for name, n := range s.hits {
		out[name] = n
	}
	return out
}

func (s *ruleSet) resetCounts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits = nil
}

func (r Rule) applies(req Request) bool {
	target := req.Path
	if req.Query != "" {
		target += "?" + req.Query
	}
	isBatch := strings.HasSuffix(req.Path, "/"+batchPath)
	switch {
	case (r.On == AuthorityOnly) != req.Authority:
		return false
	case r.On == RequestsOnly && req.Batch, r.On == ItemsOnly && !req.Batch:
		return false
	case r.On == AnyTarget && isBatch && !strings.Contains(r.Path, batchPath):
		return false
	case r.Method != "" && r.Method != req.Method:
		return false
	case r.Path != "" && !strings.Contains(target, r.Path):
		return false
	case r.Regexp != nil && !r.Regexp.MatchString(target):
		return false
	}
	return r.Match == nil || r.Match(req)
}

func (r Rule) chooses(n int) bool {
	switch {
	case r.Nth > 0:
		return n == r.Nth
	case r.First > 0:
		return n <= r.First
	case r.Every > 0:
		return n%r.Every == 0
	}
	return true
}

// wait delays until the time is over or the client gives up.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// respond is the answer an action gives in the place of Graph's.
func (a *Action) respond(c *call) reply {
	if a.html {
		out := newReply(a.status, []byte("<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"))
		out.header.Set("Content-Type", "text/html")
		out.header.Del("Odata-Version")
		return out
	}
	out := c.errorReply(&graphError{status: a.status, code: a.code, message: a.message})
	if a.resync {
		out.header.Set("Location", c.server.URL()+graphPrefix+c.path+"?"+optDeltaToken+"=")
	}
	return out
}

// perform serves a call with an action applied; a nil action applies nothing.
func (a *Action) perform(ctx context.Context, c *call) reply {
	if a == nil {
		return c.serve()
	}
	wait(ctx, a.delay)
	var out reply
	switch {
	case a.kind == actRespond, a.kind == actReset && c.method != http.MethodGet:
		out = a.respond(c)
	default:
		c.effects = a.page
		out = a.after(c, c.serve())
	}
	for name, values := range a.header {
		out.header[name] = values
	}
	if a.status == http.StatusTooManyRequests {
		out.header.Set("x-ms-throttle-scope", fmt.Sprintf("Tenant_Application/ReadWrite/%s/%s", c.claims.AppID, c.claims.TenantID))
	}
	return out
}

// after is what an action makes of the answer the server would have given.
func (a *Action) after(c *call, out reply) reply {
	if a == nil || a.kind != actActThenRespond {
		return out
	}
	return a.respond(c)
}

// onWire is whether the action breaks the connection rather than the answer.
func (a *Action) onWire() bool {
	return a != nil && (a.kind == actTruncate || a.kind == actReset || a.kind == actStall || a.kind == actActThenReset)
}

// itemReply is perform for a batch item, whose broken connections show as 504.
func (a *Action) itemReply(ctx context.Context, c *call) reply {
	if a.onWire() {
		timeout := &Action{kind: actRespond, status: http.StatusGatewayTimeout, code: codeUnknown, delay: a.delay}
		if a.kind == actActThenReset {
			timeout.kind = actActThenRespond
		}
		a = timeout
	}
	return a.perform(ctx, c)
}
