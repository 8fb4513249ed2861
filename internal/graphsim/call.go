package graphsim

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one Graph request: an HTTP request, or an item of a batch.
type call struct {
	server    *Server
	tenant    *Tenant
	method    string
	path      string // Below /v1.0/, as sent.
	rawQuery  string
	host      string
	header    http.Header
	claims    claims
	requestID string
	body      []byte

	route       *route
	id          string
	related     string // The second id in the path.
	single      bool
	cast        Kind
	castName    string
	castAllowed bool // The cast has a permission of its own, which is held.
	basicOnly   bool
	effects     pageEffects
	matched     bool
	units       int
	crowded     bool // Outlook has more requests under way than it takes.
	rows        int  // Rows of the answer, related ones included.
	paged       bool // The relationship is answered in pages.
	metered     bool // The call was charged for before it ran.
	inBatch     bool
	flickered   bool // Whether the reports answer was decided.
	brokenAt    int  // Where the answer breaks off; zero for nowhere.

	mailboxTurns chan struct{} // Of a batch: a place for each item Outlook works on.
}

// reply is an answer before it is put on the wire or in a batch.
type reply struct {
	status int
	header http.Header
	body   []byte
	broken bool // The body is no JSON, and makes none of an envelope around it.
}

const graphContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

func newReply(status int, body []byte) reply {
	return reply{status: status, body: body, header: http.Header{"Content-Type": {graphContentType}, "Odata-Version": {"4.0"}}}
}

func (c *call) clientRequestID() string {
	if id := c.header.Get("client-request-id"); id != "" {
		return id
	}
	return c.requestID
}

// serve answers a call: it routes, authorizes and runs it, and charges for it.
func (c *call) serve() reply {
	out, err := c.run()
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
		out = c.meter(out)
	}
	out.header.Set("x-ms-resource-unit", strconv.Itoa(c.units))
	return out
}

func (c *call) run() (reply, error) {
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
	if c.route, ids, err = c.server.find(c.method, segments); err != nil {
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
	if err := c.limitService(); err != nil {
		return reply{}, err
	}
	if c.route.method != "" {
		return c.write()
	}
	c.tenant = c.server.view()
	c.tenant.mu.RLock()
	defer c.tenant.mu.RUnlock()
	return c.route.run(c)
}

func splitPath(path string) ([]string, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		s, err := url.PathUnescape(p)
		if err != nil || s == "" {
			return nil, badRequest("Invalid path.")
		}
		parts[i] = s
	}
	return parts, nil
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
