// Package exchange is an Exchange Online as far as groups go: the endpoint that Microsoft's PowerShell module sends its
// cmdlets to. Microsoft does not document it; what it wants and how it refuses is put together from what programs that
// use it have published. It does not know how tokens are issued, nor what Graph answers.
package exchange

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Role is what an application may do in Exchange.
type Role uint8

// The roles.
const (
	NoRole                 Role = iota
	RecipientAdministrator      // Changes groups that it owns: it lacks the role Security Group Creation and Membership.
	ExchangeAdministrator
)

// AppRole lets an application in; the newer one of a similar name does not.
const AppRole = "Exchange.ManageAsApp"

// Audience is whom tokens are for, after the root.
const Audience = "/adminapi"

const (
	prefix        = "/adminapi/beta/"
	suffix        = "/InvokeCommand"
	systemMailbox = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@"
	server        = "SIM0001.PROD.OUTLOOK.COM"
)

// Trouble is what goes wrong for a while.
type Trouble uint8

// The troubles.
const (
	Busy      Trouble = iota // 429, as text: too many requests of the tenant at the same time.
	Unwritten                // The change could not be passed on to Entra, and was not made.
)

// Service is the Exchange of a tenant.
type Service struct {
	mu         sync.Mutex
	role       Role
	troubles   map[Trouble]int
	retryAfter string
}

// SetRole says what the connector's application may do from now on.
func (s *Service) SetRole(role Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.role = role
}

// SetTrouble makes the next so many requests go wrong, each of which names this Retry-After, or none when it is empty.
func (s *Service) SetTrouble(kind Trouble, requests int, retryAfter string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.troubles == nil {
		s.troubles = map[Trouble]int{}
	}
	s.troubles[kind], s.retryAfter = requests, retryAfter
}

func (s *Service) strikes(kind Trouble) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.troubles[kind] == 0 {
		return false
	}
	s.troubles[kind]--
	return true
}

func (s *Service) held() (Role, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.role, s.retryAfter
}

// Owns is whether a path is the endpoint's.
func Owns(path string) bool { return strings.HasPrefix(path, prefix) }

// Serve answers a call whose token was taken. The path in it is the whole one.
func (s *Service) Serve(c *api.Call) api.Reply {
	c.Matched = true
	role, retryAfter := s.held()
	tenant, ok := strings.CutSuffix(strings.TrimPrefix(c.Path, prefix), suffix)
	switch {
	case !ok || c.Method != http.MethodPost:
		c.Matched = false
		return plain(http.StatusNotFound, "")
	case !strings.EqualFold(tenant, c.Tenant.TenantID()):
		return forbidden("The tenant of the token is another one.", "")
	case !slices.Contains(c.Claims.Roles, AppRole):
		return forbidden("The role in the token is not enough.", strings.Repeat("\x00", 64))
	case role == NoRole:
		return forbidden("The application has no role assigned.", "")
	case s.strikes(Busy):
		out := plain(http.StatusTooManyRequests, "Too many concurrent requests were made for this tenant.")
		setRetryAfter(out, retryAfter)
		return out
	}
	k, err := parse(c, tenant)
	if err != nil {
		return errorReply(err)
	}
	if k.changes() && s.strikes(Unwritten) {
		const class = "UnableToWriteToAadException"
		out := errorReply(&refusal{http.StatusInternalServerError, "Microsoft.Exchange.Management.Tasks." + class, "The directory could not be kept in sync."})
		out.Header.Set("X-ExceptionType", class)
		setRetryAfter(out, retryAfter)
		return out
	}
	c.Path = k.name // What it changes is noted under.
	c.Tenant.Lock()
	defer c.Tenant.Unlock()
	rows, err := k.run(c, role)
	if err != nil {
		return errorReply(err)
	}
	return value(c, rows)
}

func setRetryAfter(out api.Reply, value string) {
	if value != "" {
		out.Header.Set("Retry-After", value)
	}
}

func plain(status int, text string) api.Reply {
	return api.Reply{Status: status, Body: []byte(text), Header: http.Header{"Content-Type": {"text/plain"}}}
}

// forbidden says why in a header alone.
func forbidden(reason, body string) api.Reply {
	out := plain(http.StatusForbidden, body)
	out.Header.Set("x-ms-diagnostics", `2000008;reason="`+reason+`";error_category="invalid_grant"`)
	return out
}

// refusal is an exception of a cmdlet.
type refusal struct {
	status int
	class  string
	text   string
}

func (r *refusal) Error() string { return r.class + ": " + r.text }

func exception(class, format string, args ...any) error {
	return &refusal{http.StatusBadRequest, class, fmt.Sprintf(format, args...)}
}

// malformed refuses a request that no cmdlet gets to see.
func malformed(format string, args ...any) error {
	return exception("", format, args...)
}

func errorReply(err error) api.Reply {
	r, ok := err.(*refusal) //nolint:errorlint // None of them is wrapped.
	if !ok {
		r = &refusal{http.StatusInternalServerError, "System.Exception", err.Error()}
	}
	code, message := "BadRequest", r.text
	details := []map[string]any{}
	if r.class != "" {
		message = "Error executing cmdlet"
		details = append(details, map[string]any{"code": "Context", "target": "", "message": "Ex6F9304|" + r.class + "|" + r.text})
	}
	if r.status >= http.StatusInternalServerError {
		code = "InternalServerError"
	}
	body, err := json.Marshal(map[string]any{"error": map[string]any{
		"code": code, "message": message, "details": details,
		"innererror": map[string]any{"message": message, "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"},
	}})
	if err != nil {
		body = nil
	}
	return api.Reply{Status: r.status, Body: body, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}
}

func value(c *api.Call, rows []map[string]any) api.Reply {
	if rows == nil {
		rows = []map[string]any{}
	}
	body, err := json.Marshal(map[string]any{"@odata.context": c.Graph.URL + prefix + "$metadata#Collection(Exchange.CmdletResult)", "@adminapi.warnings": []string{}, "value": rows})
	if err != nil {
		return errorReply(err)
	}
	return api.Reply{Status: http.StatusOK, Body: body, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}
}

// parse reads a cmdlet and checks what routes it.
func parse(c *api.Call, tenant string) (*cmdlet, error) {
	var body struct {
		CmdletInput struct {
			CmdletName string
			Parameters map[string]json.RawMessage
		}
	}
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || json.Unmarshal(c.Body, &body) != nil {
		return nil, malformed("The request body cannot be read.")
	}
	k := &cmdlet{name: body.CmdletInput.CmdletName, parameters: body.CmdletInput.Parameters}
	if !strings.EqualFold(c.Header.Get("X-AnchorMailbox"), systemMailbox+tenant) {
		return nil, malformed("The anchor mailbox is missing or is not of this tenant.")
	}
	if c.Header.Get("X-CmdletName") != k.name || c.Header.Get("X-ResponseFormat") != "json" || c.Header.Get("Prefer") != "odata.maxpagesize=1000" {
		return nil, malformed("The headers do not belong to the command.")
	}
	for _, name := range []string{"client-request-id", "connection-id"} {
		if _, ok := directory.ParseGUID(c.Header.Get(name)); !ok {
			return nil, malformed("The header %s is not an id.", name)
		}
	}
	return k, nil
}
