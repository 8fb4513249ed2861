package graphsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

const (
	messageUnreadable = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
	messageNoType     = "Write requests (excluding DELETE) must contain the Content-Type header declaration."
)

// commit makes a change: at once in the directory itself, after a while in what reads show. It runs in each of them, so
// that it has to depend on nothing but its argument and on what does not change.
func (c *call) commit(kind lagKind, ids []string, apply func(t *Tenant)) {
	now := c.graph.now()
	change := func(t *Tenant) {
		t.written.any = true
		apply(t)
		t.recount()
	}
	change(c.tenant)
	if r := c.graph.shown.Load(); r != nil {
		r.add(kind, now, change)
	}
	c.graph.recorder.addWrite(Write{Time: now, Method: c.method, Path: graphPrefix[:len(graphPrefix)-1] + "/" + c.path, IDs: slices.Clone(ids)})
}

// present is whether an object is there, also for writes: one made a moment ago is not.
func (c *call) present(r Ref) bool {
	if !c.tenant.live(r) {
		return false
	}
	shown := c.graph.view()
	if shown == c.tenant {
		return true
	}
	shown.mu.RLock()
	defer shown.mu.RUnlock()
	return r.index() < shown.count(r.Kind()) && shown.live(r)
}

// resolve finds an object of a kind by its id.
func (c *call) resolve(kind Kind, id string) (Ref, error) {
	r, ok := c.tenant.find(kind, id)
	if !ok || !c.present(r) {
		return 0, notFound(id)
	}
	return r, nil
}

// subject is the object in the path of a write.
func (c *call) subject() (Ref, error) {
	r, err := c.target()
	if err == nil && !c.present(r) {
		return 0, notFound(c.id)
	}
	return r, err
}

// decode reads a body into a struct that has every property the operation takes.
func (c *call) decode(into any) error {
	d := json.NewDecoder(strings.NewReader(string(c.body)))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return badRequest("Invalid property '%s'.", strings.Trim(name, `"`))
	}
	return badSyntax(messageUnreadable)
}

// done is the answer to a write that has nothing to say.
func done() reply {
	out := newReply(http.StatusNoContent, nil)
	out.header.Del("Content-Type")
	return out
}

// answerEntity answers the object a write made or changed.
func (c *call) answerEntity(status int, set string, r Ref) (reply, error) {
	c.single = true
	out, err := c.entity(set, r, false, oneOptions)
	out.status = status
	if err == nil && status == http.StatusCreated {
		out.header.Set("Location", c.graph.url+"/v1.0/"+set+"/"+c.tenant.id(r))
	}
	return out, err
}
