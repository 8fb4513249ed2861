package faults

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/delta"
)

// Wait delays until the time is over or the client gives up.
func Wait(ctx context.Context, d time.Duration) {
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
func (a *Action) respond(c *api.Call) api.Reply {
	if a.html {
		out := api.NewReply(a.status, []byte("<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"))
		out.Header.Set("Content-Type", "text/html")
		out.Header.Del("Odata-Version")
		return out
	}
	out := c.ErrorReply(&api.Error{Status: a.status, Code: a.code, Message: a.message})
	if a.redirect != "" {
		out.Header.Set("Location", "https://"+a.redirect+api.GraphPrefix+c.Path+"?"+c.RawQuery)
	}
	if a.resync {
		out.Header.Set("Location", c.Graph.URL+api.GraphPrefix+c.Path+"?"+delta.OptDeltaToken+"=")
	}
	return out
}

// Perform serves a call with an action applied, or answers in its place; a nil action applies nothing.
func (a *Action) Perform(ctx context.Context, c *api.Call, serve func(c *api.Call) api.Reply) api.Reply {
	if a == nil {
		return serve(c)
	}
	Wait(ctx, a.Delay)
	var out api.Reply
	switch {
	case a.Kind == ActRespond, a.Kind == ActReset && c.Method != http.MethodGet:
		out = a.respond(c)
	default:
		c.Effects = a.page
		out = a.After(c, serve(c))
	}
	for name, values := range a.header {
		out.Header[name] = values
	}
	if a.dated != 0 {
		out.Header.Set("Retry-After", c.Graph.Now().Add(a.dated).UTC().Format(http.TimeFormat))
	}
	if a.status == http.StatusTooManyRequests {
		out.Header.Set("x-ms-throttle-scope", fmt.Sprintf("Tenant_Application/ReadWrite/%s/%s", c.Claims.AppID, c.Claims.TenantID))
	}
	return out
}

// After is what an action makes of the answer the server would have given.
func (a *Action) After(c *api.Call, out api.Reply) api.Reply {
	switch {
	case a == nil:
		return out
	case a.Kind == actActThenRespond:
		return a.respond(c)
	}
	return a.spoilt(out)
}

// OnWire is whether the action breaks the connection rather than the answer.
func (a *Action) OnWire() bool {
	if a == nil {
		return false
	}
	switch a.Kind {
	case actTruncate, ActReset, ActStall, ActActThenReset, ActBadGzip, ActCutGzip, ActEndless:
		return true
	default:
		return false
	}
}

// ItemReply is perform for a batch item, whose broken connections show as 504.
func (a *Action) ItemReply(ctx context.Context, c *api.Call, serve func(c *api.Call) api.Reply) api.Reply {
	if a.OnWire() {
		timeout := &Action{Kind: ActRespond, status: http.StatusGatewayTimeout, code: api.CodeUnknown, Delay: a.Delay}
		if a.Kind == ActActThenReset {
			timeout.Kind = actActThenRespond
		}
		a = timeout
	}
	return a.Perform(ctx, c, serve)
}
