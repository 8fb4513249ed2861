package graphsim

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// serveCall answers a call: it routes, authorizes and runs it, and charges for it.
func (s *Server) serveCall(c *call) reply {
	out, err := s.run(c)
	if err != nil {
		var refused *graphError
		if !errors.As(err, &refused) {
			refused = &graphError{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}
		}
		out = c.errorReply(refused)
	}
	if c.route == nil || c.route.service != serviceDirectory {
		return out
	}
	if !c.metered {
		c.units = c.cost()
		out = s.meter.charge(c, out)
	}
	out.header.Set("x-ms-resource-unit", strconv.Itoa(c.units))
	return out
}

func (s *Server) run(c *call) (reply, error) {
	segments, err := splitPath(c.path)
	if err != nil {
		return reply{}, err
	}
	if err = c.checkSegments(segments); err != nil {
		return reply{}, err
	}
	if segments, err = c.splitCast(segments); err != nil {
		return reply{}, err
	}
	var ids []string
	if c.route, ids, err = s.find(c.method, segments); err != nil {
		return reply{}, err
	}
	if len(ids) > 0 {
		c.id, c.related = ids[0], ids[len(ids)-1]
	}
	c.matched = true
	c.single = c.route.single
	if c.cast != 0 && c.single {
		return reply{}, noSegment(segments[len(segments)-1])
	}
	if err := c.authorize(); err != nil {
		return reply{}, err
	}
	if err := s.meter.limitService(c); err != nil {
		return reply{}, err
	}
	if c.route.method != "" {
		return s.runWrite(c)
	}
	c.tenant = c.graph.view()
	c.tenant.mu.RLock()
	defer c.tenant.mu.RUnlock()
	return c.route.run(c)
}

// runWrite answers a call that changes the directory. It is charged for before it acts: what is refused for a budget did
// not happen.
func (s *Server) runWrite(c *call) (reply, error) {
	if refused, ok := s.meter.chargeWrite(c); !ok {
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

// cost is the resource units of the call: the endpoint's, less one for $select, less one for a $top under 20, one
// more for $expand, and never below one (throttling-limits).
func (c *call) cost() int {
	units := c.route.cost
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return units
	}
	for _, p := range pairs {
		switch p.name {
		case optSelect:
			units--
		case optExpand:
			units++
		case optTop:
			if n, err := strconv.Atoi(p.value); err == nil && n < 20 {
				units--
			}
		}
	}
	return max(1, units)
}
