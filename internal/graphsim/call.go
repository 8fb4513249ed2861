package graphsim

import (
	"net/http"
)

// call is one Graph request: an HTTP request, or an item of a batch.
type call struct {
	graph     *Graph
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
