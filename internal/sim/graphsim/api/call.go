// Package api is one call of Graph under way: what it says, whose token it carries, the objects it names, the change it
// makes, and how it is refused; and what all calls share: the directory, what reads show of it, the clock and the
// switches. It does not know which endpoints there are, nor what any of them answers.
package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Call is one Graph request: an HTTP request, or an item of a batch.
type Call struct {
	Graph     *Graph
	Tenant    *directory.Tenant
	Method    string
	Path      string // Below /v1.0/, as sent.
	RawQuery  string
	Host      string
	Header    http.Header
	Claims    Claims
	RequestID string
	Body      []byte

	Route       *Route
	ID          string
	Related     string // The second id in the path.
	Single      bool
	Cast        directory.Kind
	CastName    string
	CastAllowed bool // The cast has a permission of its own, which is held.
	BasicOnly   bool
	Effects     PageEffects
	Matched     bool
	Units       int
	Crowded     bool // Outlook has more requests under way than it takes.
	Rows        int  // Rows of the answer, related ones included.
	Paged       bool // The relationship is answered in pages.
	Metered     bool // The call was charged for before it ran.
	InBatch     bool
	Flickered   bool // Whether the reports answer was decided.
	BrokenAt    int  // Where the answer breaks off; zero for nowhere.

	MailboxTurns chan struct{} // Of a batch: a place for each item Outlook works on.
}

// Reply is an answer before it is put on the wire or in a batch.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Broken bool // The body is no JSON, and makes none of an envelope around it.
}

const (
	GraphPrefix = "/v1.0/"
	BatchPath   = "$batch"
	MaxBody     = 4 << 20 // Bytes that are read of a request.
)

const graphContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

// NewReply is an answer of Graph with the headers that all of them have.
func NewReply(status int, body []byte) Reply {
	return Reply{Status: status, Body: body, Header: http.Header{"Content-Type": {graphContentType}, "Odata-Version": {"4.0"}}}
}

// ClientRequestID is the id the client gave the call, or else the call's own.
func (c *Call) ClientRequestID() string {
	if id := c.Header.Get("client-request-id"); id != "" {
		return id
	}
	return c.RequestID
}

// Claims are what an access token says.
type Claims struct {
	Audience  string   `json:"aud"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	AppName   string   `json:"app_displayname,omitempty"`
	AppID     string   `json:"appid"`
	IDType    string   `json:"idtyp"`
	ObjectID  string   `json:"oid"`
	Subject   string   `json:"sub"`
	TenantID  string   `json:"tid"`
	Roles     []string `json:"roles,omitempty"`
	Scopes    string   `json:"scp,omitempty"`
	RoleIDs   []string `json:"wids,omitempty"`
	UPN       string   `json:"upn,omitempty"`
	Version   string   `json:"ver"`
	Moment    int64    `json:"xms_moment"` // When it was issued, to the nanosecond.
}

// Delegated is whether a person signed in.
func (c Claims) Delegated() bool { return c.Scopes != "" }

func (c Claims) permissions() []string {
	if c.Delegated() {
		return strings.Fields(c.Scopes)
	}
	return c.Roles
}

// Base is the root that links begin with.
func (c *Call) Base() string {
	if c.Effects.ForeignHost != "" {
		return "https://" + c.Effects.ForeignHost + GraphPrefix
	}
	return c.Graph.URL + GraphPrefix
}

// PageEffects are the faults inside a page that is otherwise right.
type PageEffects struct {
	ForeignHost                          string
	RefuseToken                          string // The code that the request's $skiptoken is refused with.
	RepeatLink, EmptyPage, DuplicateRows bool
	LinkLoop, DropLinks                  bool
}

// ForceNextLink is whether a page has a nextLink even when it is the last.
func (p PageEffects) ForceNextLink() bool {
	return p.ForeignHost != "" || p.RepeatLink || p.EmptyPage || p.LinkLoop
}

// Holds is whether the token carries a permission.
func (c *Call) Holds(name string) bool { return slices.Contains(c.Claims.permissions(), name) }
