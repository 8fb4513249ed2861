package api

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Graph error codes.
const (
	CodeBadRequest        = "Request_BadRequest"
	CodeBadSyntax         = "BadRequest"
	CodeUnsupportedQuery  = "Request_UnsupportedQuery"
	CodeResourceNotFound  = "Request_ResourceNotFound"
	CodeDenied            = "Authorization_RequestDenied"
	CodeInvalidToken      = "InvalidAuthenticationToken"
	CodeExpiredPageToken  = "Directory_ExpiredPageToken"
	CodePageTokenNotFound = "DirectoryPageTokenNotFoundException"
	CodeUnknown           = "UnknownError"
	CodeInvalidFilter     = "InvalidFilter"
	CodeNotImplemented    = "NotImplemented"
	CodeFailedDependency  = "FailedDependency"
	MessageExpiredToken   = "The specified page token value has expired and can no longer be included in your request."
	MessageUnknownToken   = "The specified page token value was not found."
	MessageDenied         = "Insufficient privileges to complete the operation."
	messageNotGranted     = `{"errorCode":"PermissionScopeNotGranted","message":"Authorization failed due to missing permission scope %s.","instanceAnnotations":[]}`
	MessageMissingSegment = "Resource not found for the segment '%s'."
	MessageMethod         = "Specified HTTP method is not allowed for the request target."
)

// Error is an error answer of Graph.
type Error struct {
	Status  int
	Code    string
	Message string

	Nested     bool          // The error is inside another.
	Challenge  string        // What a 401 asks for beside a token.
	RetryAfter string        // Of a refusal that names a time.
	details    []errorDetail // What is wrong with which property.
}

// Error is the text of the refusal, for a log.
func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// BadRequest refuses a call for what it says.
func BadRequest(format string, args ...any) error {
	return &Error{Status: http.StatusBadRequest, Code: CodeBadRequest, Message: fmt.Sprintf(format, args...)}
}

// UnsupportedQuery refuses a query that Graph understands and does not support.
func UnsupportedQuery(format string, args ...any) error {
	return &Error{Status: http.StatusBadRequest, Code: CodeUnsupportedQuery, Message: fmt.Sprintf(format, args...)}
}

// NotFound refuses a call for an object that is not there.
func NotFound(id string) error {
	return &Error{
		Status: http.StatusNotFound, Code: CodeResourceNotFound,
		Message: fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", id),
	}
}

// Denied refuses a call for want of a permission.
func Denied() error {
	return &Error{Status: http.StatusForbidden, Code: CodeDenied, Message: MessageDenied}
}

// ScopeNotGranted is how Privileged Identity Management refuses: its own error, as text in one of Graph
// (terraform-provider-azuread issues 1386 and 1727).
func ScopeNotGranted(names []string) error {
	return &Error{Status: http.StatusForbidden, Code: CodeUnknown, Message: fmt.Sprintf(messageNotGranted, strings.Join(names, ","))}
}

// NoSegment refuses a path for a segment that nothing has.
func NoSegment(segment string) error {
	return &Error{Status: http.StatusNotFound, Code: CodeBadSyntax, Message: fmt.Sprintf(MessageMissingSegment, segment)}
}

// Unauthorized refuses a token.
func Unauthorized(message string) error {
	return &Error{Status: http.StatusUnauthorized, Code: CodeInvalidToken, Message: message}
}

type errorEnvelope struct {
	Error errorBody `json:"error"`
}

type errorBody struct {
	Code    string        `json:"code"`
	Message string        `json:"message"`
	Details []errorDetail `json:"details,omitempty"`
	Inner   innerError    `json:"innerError"`
}

type errorDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Target  string `json:"target"`
}

type innerError struct {
	Date            string `json:"date"`
	RequestID       string `json:"request-id"`
	ClientRequestID string `json:"client-request-id"`
}

// ErrorReply renders an error as Graph does.
func (c *Call) ErrorReply(e *Error) Reply {
	body, err := json.Marshal(errorEnvelope{Error: errorBody{
		Code: e.Code, Message: e.Message, Details: e.details,
		Inner: innerError{Date: c.Graph.Now().UTC().Format("2006-01-02T15:04:05"), RequestID: c.RequestID, ClientRequestID: c.ClientRequestID()},
	}})
	if err != nil {
		body = []byte(`{"error":{"code":"InternalServerError"}}`)
	}
	if c.nestedTwice(e) {
		body = append(append([]byte(`{"error":`), body...), '}')
	}
	if c.marked(e.Code) {
		body = append([]byte(ByteOrderMark), body...)
	}
	out := NewReply(e.Status, body)
	out.Header.Set("Content-Type", "application/json")
	if e.RetryAfter != "" {
		out.Header.Set("Retry-After", e.RetryAfter)
	}
	if e.Status == http.StatusUnauthorized {
		out.Header.Set("WWW-Authenticate", `Bearer realm="", authorization_uri="`+c.Graph.URL+`/common/oauth2/authorize"`+e.Challenge)
	}
	return out
}

// BadSyntax refuses what cannot be read.
func BadSyntax(message string) error {
	return &Error{Status: http.StatusBadRequest, Code: CodeBadSyntax, Message: message}
}

// Required refuses a new object that lacks a property.
func Required(name, typeName string) error {
	return BadRequest("A value is required for property '%s' of resource '%s'.", name, typeName)
}

// InvalidValue refuses the value of a property.
func InvalidValue(name, typeName string) error {
	return BadRequest("Invalid value specified for property '%s' of resource '%s'.", name, typeName)
}

// ReadOnly refuses to write a property that only Graph writes.
func ReadOnly(name string) error {
	return BadRequest("Property '%s' is read-only and cannot be set.", name)
}

// Taken refuses a value that has to be unique and is not.
func Taken(name string) error {
	message := fmt.Sprintf("Another object with the same value for property %s already exists.", name)
	return &Error{
		Status: http.StatusBadRequest, Code: CodeBadRequest, Message: message,
		details: []errorDetail{{Code: "ObjectConflict", Message: message, Target: name}},
	}
}

// Conflicting refuses an object that is there already.
func Conflicting() error {
	const message = "A conflicting object with one or more of the specified property values is present in the directory."
	return &Error{
		Status: http.StatusBadRequest, Code: CodeBadRequest, Message: message,
		details: []errorDetail{{Code: "ConflictingObjects", Message: message}},
	}
}

// ByteOrderMark begins some errors.
const ByteOrderMark = "\xef\xbb\xbf"

// marked is whether an error begins with a byte order mark: one in two does, by what is refused and where. Inside a batch
// none does, where it would break the envelope.
func (c *Call) marked(code string) bool {
	if c.InBatch || !c.Unkind(directory.QuirkErrorBodies) {
		return false
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(code + " " + strings.ToLower(c.Path)))
	return h.Sum32()%2 == 0
}

// nestedTwice is whether an error is nested in another: those of Privileged Identity Management are.
func (c *Call) nestedTwice(e *Error) bool {
	if e.Nested {
		return true
	}
	path := strings.ToLower(c.Path)
	pim := strings.Contains(path, "schedule") || strings.Contains(path, "privilegedaccess/")
	return pim && c.Unkind(directory.QuirkErrorBodies)
}

// Unkind is whether a quirk of the service is on.
func (c *Call) Unkind(q directory.Quirk) bool { return c.Tenant.Quirks.Has(q) }
