package graphsim

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	messageUnreadable = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
	messageNoType     = "Write requests (excluding DELETE) must contain the Content-Type header declaration."
)

// Write is a write that took effect.
type Write struct {
	Time   time.Time
	Method string
	Path   string   // With /v1.0.
	IDs    []string // The objects that changed, the one in the path first.
}

// Writes lists the writes that took effect since the start or the last Reset, in their order, whether or not the
// client was told.
func (s *Server) Writes() []Write {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	return append([]Write(nil), s.recorder.writes...)
}

// write answers a call that changes the directory. It is charged for before it acts: what is refused for a budget did
// not happen.
func (c *call) write() (reply, error) {
	if refused, ok := c.meterWrite(); !ok {
		return refused, nil
	}
	for part := range strings.SplitSeq(c.rawQuery, "&") {
		if name, _, _ := strings.Cut(part, "="); strings.HasPrefix(name, "$") || strings.HasPrefix(name, "%24") {
			return reply{}, badRequest("The query option '%s' is not allowed for the request target.", name)
		}
	}
	if err := c.checkBody(); err != nil {
		return reply{}, err
	}
	c.tenant.mu.Lock()
	defer c.tenant.mu.Unlock()
	return c.route.run(c)
}

// checkBody wants JSON where a body is wanted.
func (c *call) checkBody() error {
	if !c.route.bodied {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	switch {
	case err != nil:
		return badRequest(messageNoType)
	case kind != "application/json":
		return &graphError{status: http.StatusUnsupportedMediaType, code: codeBadSyntax, message: "The media type '" + kind + "' is not supported."}
	case !json.Valid(c.body):
		return badSyntax(messageUnreadable)
	}
	return nil
}

// meterWrite charges a call before it runs.
func (c *call) meterWrite() (reply, bool) {
	c.metered, c.units = true, max(1, c.route.cost)
	if out := c.meter(newReply(http.StatusOK, nil)); out.status != http.StatusOK {
		return out, false
	}
	_, wait := c.server.writes.charge(c.server.now(), 1)
	if wait == 0 {
		return reply{}, true
	}
	out := c.errorReply(&graphError{
		status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests.", retryAfter: strconv.Itoa(wait),
	})
	out.header.Set("x-ms-throttle-scope", "Tenant_Application/Write/"+c.claims.AppID+"/"+c.tenant.TenantID())
	out.header.Set("x-ms-throttle-information", "WriteLimitExceeded")
	return out, false
}

// commit makes a change: at once in the directory itself, after a while in what reads show. It runs in each of them, so
// that it has to depend on nothing but its argument and on what does not change.
func (c *call) commit(kind lagKind, ids []string, apply func(t *Tenant)) {
	now := c.server.now()
	change := func(t *Tenant) {
		t.written.any = true
		apply(t)
		t.recount()
	}
	change(c.tenant)
	if r := c.server.shown.Load(); r != nil {
		r.add(kind, now, change)
	}
	rec := &c.server.recorder
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.writes = append(rec.writes, Write{Time: now, Method: c.method, Path: graphPrefix[:len(graphPrefix)-1] + "/" + c.path, IDs: slices.Clone(ids)})
}

// present is whether an object is there, also for writes: one made a moment ago is not.
func (c *call) present(r Ref) bool {
	if !c.tenant.live(r) {
		return false
	}
	shown := c.server.view()
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
		out.header.Set("Location", c.server.URL()+"/v1.0/"+set+"/"+c.tenant.id(r))
	}
	return out, err
}
