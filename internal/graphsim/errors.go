package graphsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Graph error codes.
const (
	codeBadRequest        = "Request_BadRequest"
	codeBadSyntax         = "BadRequest"
	codeUnsupportedQuery  = "Request_UnsupportedQuery"
	codeResourceNotFound  = "Request_ResourceNotFound"
	codeDenied            = "Authorization_RequestDenied"
	codeInvalidToken      = "InvalidAuthenticationToken"
	codeExpiredPageToken  = "Directory_ExpiredPageToken"
	codePageTokenNotFound = "DirectoryPageTokenNotFoundException"
	codeUnknown           = "UnknownError"
	codeNotImplemented    = "NotImplemented"
	codeFailedDependency  = "FailedDependency"
	messageExpiredToken   = "The specified page token value has expired and can no longer be included in your request."
	messageUnknownToken   = "The specified page token value was not found."
	messageDenied         = "Insufficient privileges to complete the operation."
	messageNotGranted     = `{"errorCode":"PermissionScopeNotGranted","message":"Authorization failed due to missing permission scope %s.","instanceAnnotations":[]}`
	messageMissingSegment = "Resource not found for the segment '%s'."
	messageMethod         = "Specified HTTP method is not allowed for the request target."
)

// graphError is an error answer of Graph.
type graphError struct {
	status  int
	code    string
	message string

	nested     bool          // The error is inside another.
	challenge  string        // What a 401 asks for beside a token.
	retryAfter string        // Of a refusal that names a time.
	details    []errorDetail // What is wrong with which property.
}

func (e *graphError) Error() string { return fmt.Sprintf("%d %s: %s", e.status, e.code, e.message) }

func badRequest(format string, args ...any) error {
	return &graphError{status: http.StatusBadRequest, code: codeBadRequest, message: fmt.Sprintf(format, args...)}
}

func unsupportedQuery(format string, args ...any) error {
	return &graphError{status: http.StatusBadRequest, code: codeUnsupportedQuery, message: fmt.Sprintf(format, args...)}
}

func notFound(id string) error {
	return &graphError{
		status: http.StatusNotFound, code: codeResourceNotFound,
		message: fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", id),
	}
}

func denied() error {
	return &graphError{status: http.StatusForbidden, code: codeDenied, message: messageDenied}
}

// scopeNotGranted is how Privileged Identity Management refuses: its own error, as text in one of Graph
// (terraform-provider-azuread issues 1386 and 1727).
func scopeNotGranted(names []string) error {
	return &graphError{status: http.StatusForbidden, code: codeUnknown, message: fmt.Sprintf(messageNotGranted, strings.Join(names, ","))}
}

func noSegment(segment string) error {
	return &graphError{status: http.StatusNotFound, code: codeBadSyntax, message: fmt.Sprintf(messageMissingSegment, segment)}
}

func unauthorized(message string) error {
	return &graphError{status: http.StatusUnauthorized, code: codeInvalidToken, message: message}
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

// errorReply renders an error as Graph does.
func (c *call) errorReply(e *graphError) reply {
	body, err := json.Marshal(errorEnvelope{Error: errorBody{
		Code: e.code, Message: e.message, Details: e.details,
		Inner: innerError{Date: c.graph.now().UTC().Format("2006-01-02T15:04:05"), RequestID: c.requestID, ClientRequestID: c.clientRequestID()},
	}})
	if err != nil {
		body = []byte(`{"error":{"code":"InternalServerError"}}`)
	}
	if c.nestedTwice(e) {
		body = append(append([]byte(`{"error":`), body...), '}')
	}
	if c.marked(e.code) {
		body = append([]byte(byteOrderMark), body...)
	}
	out := newReply(e.status, body)
	out.header.Set("Content-Type", "application/json")
	if e.retryAfter != "" {
		out.header.Set("Retry-After", e.retryAfter)
	}
	if e.status == http.StatusUnauthorized {
		out.header.Set("WWW-Authenticate", `Bearer realm="", authorization_uri="`+c.graph.url+`/common/oauth2/authorize"`+e.challenge)
	}
	return out
}
