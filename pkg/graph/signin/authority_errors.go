package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"golang.org/x/oauth2"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// AuthorityError says that no access token could be had, why, and what to do.
// Every credential of this package returns it.
type AuthorityError struct {
	// Code is the number of the AADSTS code; 0 if there is none.
	Code int
	// StatusCode is the HTTP status of the refusal; 0 if there was no answer.
	StatusCode int
	// Problem is what went wrong and Advice what to do about it.
	Problem, Advice string
	// TenantID and ClientID are who tried to sign in, as configured; empty if
	// not. For a managed identity, ClientID may be its resource id.
	TenantID, ClientID string
	// TraceID and CorrelationID let Microsoft's support, and an administrator
	// in the sign-in logs, find the attempt.
	TraceID, CorrelationID string
	// Err is the cause, for errors.As only: azidentity's text holds the whole
	// response.
	Err error

	attempt string
}

// Error is one sentence, made of our own words, configured ids and ids of the
// attempt.
func (e *AuthorityError) Error() string {
	var b strings.Builder
	b.WriteString(e.attempt + " failed: " + e.Problem)
	if e.Code != 0 {
		fmt.Fprintf(&b, " (AADSTS%d)", e.Code)
	}
	if e.Advice != "" {
		b.WriteString("; " + e.Advice)
	}
	if e.TraceID != "" {
		b.WriteString(" [trace ID " + e.TraceID + "]")
	}
	if e.CorrelationID != "" {
		b.WriteString(" [correlation ID " + e.CorrelationID + "]")
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *AuthorityError) Unwrap() error { return e.Err }

// Temporary reports whether the same attempt may succeed a little later: the
// sign-in service was busy, broken or out of reach. A certificate that is not
// trusted stays so.
func (e *AuthorityError) Temporary() bool {
	if e.StatusCode != 0 {
		return failure.RetryableStatus(e.StatusCode)
	}
	return e.Code == 0 && (isUnavailable(e.Err) || network.IsConnectionFailure(e.Err) && network.WorthRetrying(e.Err))
}

// refusal is what is kept of an answer that is not a token.
type refusal struct {
	status                 int
	oauthError             string
	code                   int
	traceID, correlationID string
}

var (
	guidForm      = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	oauthNameForm = regexp.MustCompile(`^[a-z_]{1,40}$`)
	// codeInText is the last resort, for answers and tools that give a code in
	// prose only.
	codeInText = regexp.MustCompile(`AADSTS(\d{4,8})`)
)

// IsGUID reports whether a text has the form of an id.
func IsGUID(text string) bool { return guidForm.MatchString(text) }

// parseRefusal reads the error answer of the sign-in service
// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
// Ids are taken only where they are ids, so that an answer cannot put words
// into an error.
func parseRefusal(status int, body []byte) *refusal {
	r := &refusal{status: status}
	var answer struct {
		Error         string `json:"error"`
		Description   string `json:"error_description"`
		Codes         []int  `json:"error_codes"`
		TraceID       string `json:"trace_id"`
		CorrelationID string `json:"correlation_id"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return r
	}
	if oauthNameForm.MatchString(answer.Error) {
		r.oauthError = answer.Error
	}
	if IsGUID(answer.TraceID) {
		r.traceID = answer.TraceID
	}
	if IsGUID(answer.CorrelationID) {
		r.correlationID = answer.CorrelationID
	}
	for _, code := range answer.Codes {
		if _, known := authorityCodes[code]; known || r.code == 0 {
			r.code = code
			if known {
				break
			}
		}
	}
	if r.code == 0 {
		r.code = codeFromText(answer.Description)
	}
	return r
}

func codeFromText(text string) int {
	m := codeInText.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	code, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return code
}

// refusalOf finds the answer behind an error: in azidentity's typed error, in
// oauth2's, or among what was seen on the way.
func refusalOf(err error, seen *exchange) *refusal {
	var failed *azidentity.AuthenticationFailedError
	if errors.As(err, &failed) && failed.RawResponse != nil {
		if r := readRefusal(failed.RawResponse); r.code != 0 || r.oauthError != "" || seen.refusal == nil {
			return r
		}
	}
	var retrieve *oauth2.RetrieveError
	if errors.As(err, &retrieve) && retrieve.Response != nil {
		return parseRefusal(retrieve.Response.StatusCode, retrieve.Body)
	}
	return seen.refusal
}

// explain makes the typed error of an attempt that failed with err.
func (s signIn) explain(err error, seen *exchange) *AuthorityError {
	seen.mu.Lock()
	defer seen.mu.Unlock()
	e := &AuthorityError{TenantID: s.tenant, ClientID: s.client, Err: err, attempt: s.attempt()}
	var said explanation
	r := refusalOf(err, seen)
	switch {
	case r != nil:
		e.Code, e.StatusCode, e.TraceID, e.CorrelationID = r.code, r.status, r.traceID, r.correlationID
		said = s.explainRefusal(r)
	case seen.err != nil:
		e.Err = seen.err
		said = s.explainNetwork(seen.host, seen.err)
	case seen.answered && !s.tokenFileIsMissing():
		said = explanation{
			"the answer of " + seen.host + " could not be used",
			"check --authority-host, and that no proxy or captive portal answers in its place",
		}
	default:
		if e.Code = codeFromText(err.Error()); e.Code != 0 {
			said = s.explainRefusal(&refusal{code: e.Code})
		} else {
			said = s.explainLocal(err)
		}
	}
	e.Problem, e.Advice = said.problem, said.advice
	return e
}

// explainRefusal goes from the most to the least specific part of an answer.
func (s signIn) explainRefusal(r *refusal) explanation {
	if r.code == codeWrongSecret && s.secretIsAnID {
		return secretIsAnID
	}
	if said, known := authorityCodes[r.code]; known {
		return said
	}
	if s.kind == kindManagedIdentity {
		return s.explainIdentityEndpoint(r)
	}
	if r.code == 0 && r.oauthError == "" && r.status < http.StatusInternalServerError && r.status != http.StatusTooManyRequests {
		return explanation{
			fmt.Sprintf("%s answered with HTTP status %d and no reason", s.host(), r.status),
			"check --authority-host, and that no proxy or firewall answers in its place",
		}
	}
	if r.status == http.StatusTooManyRequests || r.status >= http.StatusInternalServerError {
		return explanation{
			fmt.Sprintf("%s is busy or has a problem of its own (HTTP status %d)", s.host(), r.status),
			adviceLater,
		}
	}
	if r.code != 0 {
		return explanation{
			"Microsoft Entra ID refused the request",
			fmt.Sprintf("see https://login.microsoftonline.com/error?code=%d for what the code means", r.code),
		}
	}
	if said, known := oauthErrors[r.oauthError]; known {
		return said
	}
	return explanation{"Microsoft Entra ID refused the request with " + r.oauthError, "check the tenant, the application and its credentials"}
}

// codeWrongSecret is the one code that needs to know what was configured.
const codeWrongSecret = 7000215
