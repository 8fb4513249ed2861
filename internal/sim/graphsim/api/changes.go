package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	MessageUnreadable = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
	MessageNoType     = "Write requests (excluding DELETE) must contain the Content-Type header declaration."
)

// Commit makes a change: at once in the directory itself, after a while in what reads show. It runs in each of them, so
// that it has to depend on nothing but its argument and on what does not change.
func (c *Call) Commit(kind lagKind, ids []string, apply func(t *directory.Tenant)) {
	now := c.Graph.Now()
	change := func(t *directory.Tenant) {
		t.Written.Any = true
		apply(t)
		t.Recount()
	}
	change(c.Tenant)
	if r := c.Graph.shown.Load(); r != nil {
		r.add(kind, now, change)
	}
	c.Graph.Recorder.addWrite(Write{Time: now, Method: c.Method, Path: GraphPrefix[:len(GraphPrefix)-1] + "/" + c.Path, IDs: slices.Clone(ids)})
}

// Decode reads a body into a struct that has every property the operation takes.
func (c *Call) Decode(into any) error {
	d := json.NewDecoder(strings.NewReader(string(c.Body)))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return BadRequest("Invalid property '%s'.", strings.Trim(name, `"`))
	}
	return BadSyntax(MessageUnreadable)
}

// Done is the answer to a write that has nothing to say.
func Done() Reply {
	out := NewReply(http.StatusNoContent, nil)
	out.Header.Del("Content-Type")
	return out
}
