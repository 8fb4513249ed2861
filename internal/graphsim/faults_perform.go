package graphsim

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

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
	if a.redirect != "" {
		out.header.Set("Location", "https://"+a.redirect+graphPrefix+c.path+"?"+c.rawQuery)
	}
	if a.resync {
		out.header.Set("Location", c.graph.url+graphPrefix+c.path+"?"+optDeltaToken+"=")
	}
	return out
}

// perform serves a call with an action applied, or answers in its place; a nil action applies nothing.
func (a *Action) perform(ctx context.Context, c *call, serve func(c *call) reply) reply {
	if a == nil {
		return serve(c)
	}
	wait(ctx, a.delay)
	var out reply
	switch {
	case a.kind == actRespond, a.kind == actReset && c.method != http.MethodGet:
		out = a.respond(c)
	default:
		c.effects = a.page
		out = a.after(c, serve(c))
	}
	for name, values := range a.header {
		out.header[name] = values
	}
	if a.dated != 0 {
		out.header.Set("Retry-After", c.graph.now().Add(a.dated).UTC().Format(http.TimeFormat))
	}
	if a.status == http.StatusTooManyRequests {
		out.header.Set("x-ms-throttle-scope", fmt.Sprintf("Tenant_Application/ReadWrite/%s/%s", c.claims.AppID, c.claims.TenantID))
	}
	return out
}

// after is what an action makes of the answer the server would have given.
func (a *Action) after(c *call, out reply) reply {
	switch {
	case a == nil:
		return out
	case a.kind == actActThenRespond:
		return a.respond(c)
	}
	return a.spoilt(out)
}

// onWire is whether the action breaks the connection rather than the answer.
func (a *Action) onWire() bool {
	if a == nil {
		return false
	}
	switch a.kind {
	case actTruncate, actReset, actStall, actActThenReset, actBadGzip, actCutGzip, actEndless:
		return true
	default:
		return false
	}
}

// itemReply is perform for a batch item, whose broken connections show as 504.
func (a *Action) itemReply(ctx context.Context, c *call, serve func(c *call) reply) reply {
	if a.onWire() {
		timeout := &Action{kind: actRespond, status: http.StatusGatewayTimeout, code: codeUnknown, delay: a.delay}
		if a.kind == actActThenReset {
			timeout.kind = actActThenRespond
		}
		a = timeout
	}
	return a.perform(ctx, c, serve)
}
