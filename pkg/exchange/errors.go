package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Reason is why Exchange Online does not do what it is asked, as far as it can be told.
type Reason string

// The reasons. Each is the sentence that an error says.
const (
	ReasonAlreadyThere Reason = "it is there already"
	ReasonAlreadyGone  Reason = "it is not there"
	ReasonNoGroup      Reason = "Exchange Online does not know the group"
	ReasonNoRecipient  Reason = "Exchange Online knows no recipient under the id: members and owners need a mailbox, a mail address of their own or a mail-enabled group"
	ReasonNotKnown     Reason = "Exchange Online does not know the group or the recipient"
	ReasonLastOwner    Reason = "the group must have at least one owner, and this is the last one"
	ReasonNotManager   Reason = "the application's role does not let it change a group that it does not own; assign Exchange Administrator, or the Exchange role Security Group Creation and Membership"
	ReasonNoAppRole    Reason = "the application lacks the app role Exchange.ManageAsApp of Office 365 Exchange Online, or its admin consent"
	ReasonOnlyNewRole  Reason = "the application has Exchange.ManageAsAppV2, which does not reach this endpoint; it needs the app role Exchange.ManageAsApp"
	ReasonNoRole       Reason = "the application lacks a role in Exchange Online, such as Exchange Administrator or Exchange Recipient Administrator"
	ReasonToken        Reason = "the access token was not accepted; check that the cloud setting matches the tenant"
	ReasonNoTenant     Reason = "the tenant does not know Exchange Online; it may have no Exchange licence, or be in another cloud"
	ReasonNoToken      Reason = "there is no access token for Exchange Online" //nolint:gosec // A sentence.
	ReasonThrottled    Reason = "too many requests are under way in the tenant; try again later"
	ReasonBroken       Reason = "Exchange Online has a problem of its own; try again later"
	ReasonOther        Reason = "Exchange Online does not do it"
)

// Error is a refusal of Exchange Online, after retries, or one that needs no answer of
// it. It repeats no text of an answer: those name people and servers.
type Error struct {
	// Cmdlet is what was asked for, and GroupID the group it was about.
	Cmdlet, GroupID string
	Reason          Reason
	// StatusCode is the HTTP status; zero where nothing was sent.
	StatusCode int
	// Class is Exchange's own class for the refusal, without its namespace; empty
	// where the answer has none.
	Class string
	// RequestID is what Microsoft's support asks for.
	RequestID string
	// RetryAfter is how long Exchange asked to wait; zero if it did not say.
	RetryAfter time.Duration
	// Attempts is how often the request was sent.
	Attempts int
	// UnwrittenDirectory means that Exchange could not pass a change on to Microsoft
	// Entra ID, which passes.
	UnwrittenDirectory bool
	// Err is why there is no token.
	Err error

	// claims are what a token has to have. They name policies, and are shown to nobody.
	claims string
}

func operationOf(cmdlet, group string) string {
	if group == "" {
		return cmdlet
	}
	return cmdlet + " for group " + group
}

// Error is one sentence: what was asked, what came back, and what that means.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(operationOf(e.Cmdlet, e.GroupID) + ": ")
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, "Exchange Online answered %d %s", e.StatusCode, http.StatusText(e.StatusCode))
		if e.Class != "" {
			b.WriteString(" (" + e.Class + ")")
		}
		b.WriteString(": ")
	}
	b.WriteString(string(e.Reason))
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " [%d attempts]", e.Attempts)
	}
	if e.RequestID != "" {
		b.WriteString(" [request-id " + e.RequestID + "]")
	}
	return b.String()
}

// Unwrap answers the questions of package failure, or gives the cause.
func (e *Error) Unwrap() error {
	switch e.Reason {
	case ReasonAlreadyThere:
		return failure.ErrAlreadyThere
	case ReasonAlreadyGone:
		return failure.ErrAlreadyGone
	case ReasonNoGroup, ReasonNoRecipient, ReasonNotKnown:
		return failure.ErrNotFound
	default:
		return e.Err
	}
}

// throttled reports whether Exchange did nothing, for load.
func (e *Error) throttled() bool { return e.StatusCode == http.StatusTooManyRequests }

// unclear reports whether it may have done it all the same. A class that is known tells
// why it did not, whatever the status: Exchange gives some refusals as a server's error.
func (e *Error) unclear() bool {
	return e.UnwrittenDirectory || (e.Reason == ReasonOther || e.Reason == ReasonBroken) &&
		(e.StatusCode == http.StatusRequestTimeout || e.StatusCode >= http.StatusInternalServerError)
}

// classInText finds the class in "Ex6F9304|Microsoft.Exchange....Exception|text", the
// only part of it that is the same in all languages.
var classInText = regexp.MustCompile(`^[^|]*\|([A-Za-z0-9_.]{1,200})\|`)

// reasons are the classes that are told apart.
var reasons = map[string]Reason{
	"MemberAlreadyExistsException":           ReasonAlreadyThere,
	"MemberNotFoundException":                ReasonAlreadyGone,
	"ManagementObjectNotFoundException":      ReasonNotKnown,
	"ManagementObjectAmbiguousException":     ReasonNotKnown,
	"OperationRequiresGroupManagerException": ReasonNotManager,
	"ParameterBindingException":              ReasonNotManager, // The role has the cmdlet without the parameter.
	"CmdletAccessDeniedException":            ReasonNoRole,
	unwritten:                                ReasonBroken,
}

// unwritten names the trouble of passing a change on.
const unwritten = "UnableToWriteToAadException"

// refused reads an answer other than success.
func refused(k command, resp *http.Response, requestID string, claims *signin.Claims) error {
	e := &Error{
		Cmdlet: k.name, GroupID: k.group, StatusCode: resp.StatusCode, RequestID: requestID, Attempts: 1, Reason: ReasonOther,
		RetryAfter:         pacing.ParseRetryAfter(resp.Header.Get("Retry-After"), time.Now()),
		UnwrittenDirectory: strings.HasSuffix(resp.Header.Get("X-ExceptionType"), unwritten),
	}
	var said []string
	// A body that cannot be read leaves the class empty: it is a page, or padded with
	// zeros, and the status is what counts.
	if raw, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBytes)); err == nil {
		said = textsOf(raw)
	}
	for _, text := range said {
		if found := classInText.FindStringSubmatch(text); found != nil {
			e.Class = found[1][strings.LastIndexByte(found[1], '.')+1:]
			if reason, known := reasons[e.Class]; known {
				e.Reason = reason
			}
			break
		}
	}
	switch {
	case e.UnwrittenDirectory || e.Class == unwritten:
		e.UnwrittenDirectory, e.Reason = true, ReasonBroken
	case e.Reason == ReasonNotKnown:
		e.Reason = whichIsNotKnown(k, said)
	case e.Reason != ReasonOther:
	case e.StatusCode == http.StatusUnauthorized:
		e.Reason, e.claims = ReasonToken, signin.ChallengeClaims(resp.Header.Values("WWW-Authenticate"))
	case e.StatusCode == http.StatusForbidden:
		e.Reason = whyForbidden(claims)
	case e.throttled():
		e.Reason = ReasonThrottled
	case e.unclear():
		e.Reason = ReasonBroken
	}
	return e
}

// textsOf are the texts of a refusal, the most telling first.
func textsOf(raw []byte) []string {
	var body struct {
		Error struct {
			Message string `json:"message"`
			Details []struct {
				Message string `json:"message"`
			} `json:"details"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(strings.Trim(string(raw), "\x00")), &body) != nil {
		return nil
	}
	var texts []string
	for _, d := range body.Error.Details {
		texts = append(texts, d.Message)
	}
	return append(texts, body.Error.Message)
}

// whichIsNotKnown tells the group from the recipient: Exchange has one class for both,
// and the id in its text.
func whichIsNotKnown(k command, said []string) Reason {
	text := strings.ToLower(strings.Join(said, "\n"))
	about := func(id string) bool { return id != "" && strings.Contains(text, strings.ToLower(id)) }
	switch {
	case about(k.principal):
		return ReasonNoRecipient
	case about(k.group):
		return ReasonNoGroup
	}
	return ReasonNotKnown
}

// The app roles of Office 365 Exchange Online that matter here.
const (
	appRole    = "Exchange.ManageAsApp"
	newAppRole = "Exchange.ManageAsAppV2"
)

// whyForbidden goes by the token: the answer itself is empty.
func whyForbidden(claims *signin.Claims) Reason {
	has := map[string]bool{}
	for _, role := range claims.Roles {
		has[role] = true
	}
	switch {
	case claims.TenantID == "": // It cannot be read.
		return ReasonNoRole
	case has[appRole]:
		return ReasonNoRole
	case has[newAppRole]:
		return ReasonOnlyNewRole
	}
	return ReasonNoAppRole
}

// unknownResource is the code for a resource that the tenant does not have
// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
const unknownResource = 500011

// errSameToken says that the token that was refused is the only one.
var errSameToken = errors.New("the credential has no other one")

// noToken is for requests that were not sent for want of a token.
func (c *Client) noToken(k command, err error) error {
	var authority *signin.AuthorityError
	switch {
	case errors.Is(err, signin.ErrNoOtherToken):
		return &Error{Cmdlet: k.name, GroupID: k.group, Reason: ReasonToken, Err: errSameToken}
	case errors.As(err, &authority) && authority.Code == unknownResource:
		return &Error{Cmdlet: k.name, GroupID: k.group, Reason: ReasonNoTenant}
	}
	return &Error{Cmdlet: k.name, GroupID: k.group, Reason: ReasonNoToken, Err: err}
}

// requestIDOf is Exchange's own id of a request, or else the one it was sent with.
func requestIDOf(resp *http.Response, req *http.Request) string {
	if id := resp.Header.Get("request-id"); id != "" {
		const longest = 100
		return terminal.Harmless(failure.Excerpt(id, longest))
	}
	return req.Header.Get("client-request-id")
}
