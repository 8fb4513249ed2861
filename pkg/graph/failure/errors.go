// Package failure is what Microsoft Graph's refusals are, and how they are told
// apart: one type of error, and a question for each decision that is taken on one
// (https://learn.microsoft.com/graph/errors). Decisions are taken on Graph's codes;
// its texts are matched where one code stands for several refusals, and nowhere
// else (messages).
//
// It sends nothing and reads no answer, and knows neither credentials nor nouns.
package failure

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Graph error codes that this client decides on
// (https://learn.microsoft.com/graph/errors).
const (
	CodeAccessDenied      = "Authorization_RequestDenied"
	CodeIdentityNotFound  = "Authorization_IdentityNotFound"
	CodeInvalidToken      = "InvalidAuthenticationToken"
	CodeResourceNotFound  = "Request_ResourceNotFound"
	CodeItemNotFound      = "ResourceNotFound"
	CodeTeamNotFound      = "NotFound"
	CodeUnsupportedQuery  = "Request_UnsupportedQuery"
	CodeBadRequest        = "Request_BadRequest"
	CodeExpiredPageToken  = "Directory_ExpiredPageToken"
	CodePageTokenNotFound = "DirectoryPageTokenNotFoundException"
	CodeNonPremiumTenant  = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
	CodePremiumRequired   = "AadPremiumLicenseRequired"
	CodeNotAGraphError    = ""
)

// Error is an answer of Microsoft Graph other than success, after retries.
type Error struct {
	// Operation is the method and path, without the query string.
	Operation string
	// StatusCode is the HTTP status of the last attempt.
	StatusCode int
	// Code is Graph's error.code; empty if the body was not a Graph error.
	Code string
	// Message is Graph's error.message. It can name people and objects, so
	// Error leaves it out; it is for deciding where Graph gives no code, and
	// for debug logs.
	Message string
	// RequestID is Graph's request-id, which Microsoft support asks for.
	RequestID string
	// RetryAfter is how long Graph asked to wait; zero if it did not say.
	RetryAfter time.Duration
	// Attempts is how often the request was sent.
	Attempts int
	// FruitlessFor is how long requests of this shape have been refused and none
	// has been answered.
	FruitlessFor time.Duration

	// Renewable is whether the token came from a platform that signs in.
	Renewable bool
	// Claims are what Graph wants a token to have that it takes. They name policies,
	// so they are sent to the authority and shown to nobody.
	Claims string `json:"-"`
}

// Error is one sentence: what was asked, what came back, what to do.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: Microsoft Graph answered %d %s", e.Operation, e.StatusCode, http.StatusText(e.StatusCode))
	if e.Code != CodeNotAGraphError {
		fmt.Fprintf(&b, " (%s)", e.Code)
	}
	if advice := e.advice(); advice != "" {
		b.WriteString(": " + advice)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " [%d attempts]", e.Attempts)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " [request-id %s]", e.RequestID)
	}
	return b.String()
}

// advice is what a person can do about the error.
func (e *Error) advice() string {
	switch {
	case IsUnlicensed(e):
		return "the tenant has no Microsoft Entra ID P1 or P2 licence, which this data needs"
	case e.Code == CodeAccessDenied || e.StatusCode == http.StatusForbidden:
		return "the application lacks a permission for this request, or its admin consent"
	case e.Code == CodeIdentityNotFound:
		return "the application is not known in this tenant yet; check the tenant id, or wait a few minutes after creating it"
	case e.StatusCode == http.StatusUnauthorized && e.Renewable:
		return "the platform's access token was not accepted, because it has expired, was revoked, or is for another cloud; " + AdviceSignInAgain
	case e.StatusCode == http.StatusUnauthorized:
		return "the access token was not accepted; check that the cloud setting matches the tenant"
	case e.Code == CodeUnsupportedQuery:
		return "the tenant's Graph does not support this query"
	case IsExpiredPageToken(e):
		return "the page token expired before the listing was finished"
	case e.StatusCode == http.StatusTooManyRequests:
		return "the tenant's request budget is used up; try again later"
	case e.StatusCode >= http.StatusInternalServerError:
		return "Microsoft Graph has a problem of its own; try again later"
	}
	return ""
}

// IsNotFound reports whether err says that the addressed object does not exist
// (any more), as opposed to a wrong address.
func IsNotFound(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return errors.Is(err, ErrNotFound)
	}
	return e.StatusCode == http.StatusNotFound &&
		(e.Code == CodeResourceNotFound || e.Code == CodeTeamNotFound || strings.EqualFold(e.Code, CodeItemNotFound)) // Authentication methods have it in another spelling.
}

// AdviceSignInAgain is what a person can do where the platform signs in.
const AdviceSignInAgain = "sign in again in the connector's settings on the platform"

// IsAbsent reports whether err says that a service has nothing under an id. The
// services beside the directory have codes of their own for that; only the code
// of a wrong address is the same for all.
func IsAbsent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.StatusCode == http.StatusNotFound && e.Code != CodeNotAGraphError && e.Code != CodeWrongAddress
}

// CodeWrongAddress is the code of all services for a path that they do not have.
const CodeWrongAddress = "BadRequest"

// IsExpiredPageToken reports whether err says that a listing must be started
// again from its first page
// (https://learn.microsoft.com/graph/paging).
func IsExpiredPageToken(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == CodeExpiredPageToken || e.Code == CodePageTokenNotFound)
}

// IsAccessDenied reports whether err says that the caller lacks a permission.
func IsAccessDenied(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.StatusCode == http.StatusForbidden
}

// messages are the texts by which Graph tells apart refusals that it gives one
// code to. They are all that this client decides on a text, each for the
// operations named; the codes around them are checked first.
var messages = struct{ added, removed, conflict, assigned, objectName, noLicense, noSecret, password *regexp.Regexp }{
	// Adding a member, an owner, a sponsor (group-post-members).
	added: regexp.MustCompile(`(?i)added object references already exist`),
	// Removing one, in an older form.
	removed: regexp.MustCompile(`(?i)removed object references do not exist`),
	// Role assignments (rbacapplication-post-roleassignments).
	conflict: regexp.MustCompile(`(?i)conflicting object with one or more of the specified property values`),
	// App role assignments (serviceprincipal-post-approleassignedto).
	assigned: regexp.MustCompile(`(?i)permission being assigned already exists`),
	// Taking a licence away (user-assignlicense).
	noLicense: regexp.MustCompile(`(?i)does not have a corresponding license`),
	// Client secrets (application-removepassword).
	noSecret: regexp.MustCompile(`(?i)no password credential found with keyid`),
	// Passwords that hold a banned word, or too little (user-post-users).
	password: regexp.MustCompile(`(?i)specified password does not comply`),
	// Users (user-post-users).
	objectName: regexp.MustCompile(`(?i)another object with the same value for property (\w+)`),
}

// IsAlreadyThere reports whether err says that what was to be added is there
// already.
func IsAlreadyThere(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return errors.Is(err, ErrAlreadyThere)
	}
	switch e.Code {
	case "RoleAssignmentExists", "RoleEligibilityExists", "Request_MultipleObjectsWithSameKeyValue":
		return true
	case CodeBadRequest:
		return messages.added.MatchString(e.Message) || messages.conflict.MatchString(e.Message) || messages.assigned.MatchString(e.Message)
	}
	return false
}

// TakenProperty is the property whose value another object has, where that is
// what err says; empty otherwise.
func TakenProperty(err error) string {
	var e *Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusBadRequest || e.Code != CodeBadRequest {
		return ""
	}
	if found := messages.objectName.FindStringSubmatch(e.Message); found != nil {
		return found[1]
	}
	return ""
}

// IsPasswordRefused reports whether err says that Entra does not take the password: it
// may hold one of the words that the tenant or Microsoft bans.
func IsPasswordRefused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.StatusCode == http.StatusBadRequest && messages.password.MatchString(e.Message)
}

// IsBadRequest reports whether err says that Graph will not do what was asked, for a
// reason that its code does not tell.
func IsBadRequest(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.StatusCode == http.StatusBadRequest
}

// IsAlreadyGone reports whether err says that what was to be removed is not
// there, or that the object it was to be removed from is not: a caller who needs
// to know which has to look.
func IsAlreadyGone(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return errors.Is(err, ErrAlreadyGone)
	}
	switch e.Code {
	case "RoleAssignmentDoesNotExist":
		return true
	case CodeBadRequest:
		return messages.removed.MatchString(e.Message) || messages.noSecret.MatchString(e.Message)
	}
	return IsNotFound(err)
}

// IsLicenseNotHeld reports whether err says that the licence to be taken away is
// not held.
func IsLicenseNotHeld(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == CodeBadRequest && messages.noLicense.MatchString(e.Message)
}

// IsPending reports whether err says that another request for the same is still
// being worked on.
func IsPending(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == "PendingRoleAssignmentRequest"
}

// IsPolicyRefusal reports whether err says that the tenant's policy for a role
// wants a change to go through Privileged Identity Management, or in another way.
func IsPolicyRefusal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == "RoleAssignmentRequestPolicyValidationFailed"
}

// IsUnsupportedQuery reports whether err says that the request asks for what
// this collection cannot do.
func IsUnsupportedQuery(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.StatusCode == http.StatusBadRequest && (e.Code == CodeUnsupportedQuery || e.Code == CodeBadRequest)
}

// IsUnlicensed reports whether err says that the tenant has not bought what the
// data belongs to.
func IsUnlicensed(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == CodeNonPremiumTenant || e.Code == CodePremiumRequired)
}

// Throttled reports whether Graph refused for load, its own or the tenant's.
func (e *Error) Throttled() bool {
	switch e.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, StatusBandwidthLimitExceeded:
		return true
	}
	return false
}

// OutcomeUnknownError says that nobody can tell whether a write took effect: no
// whole answer came, or one that does not tell. Whoever wants to repeat the write
// has to look first.
type OutcomeUnknownError struct {
	// Operation is the method and path.
	Operation string
	// Err is what came instead of an answer.
	Err error
}

// Error is one sentence: what was asked and why its outcome is unknown.
func (e *OutcomeUnknownError) Error() string {
	return fmt.Sprintf("%s may or may not have taken effect: %v", e.Operation, e.Err)
}

// Unwrap gives the cause.
func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

// IsOutcomeUnknown reports whether err leaves open whether a write took effect.
func IsOutcomeUnknown(err error) bool {
	var unknown *OutcomeUnknownError
	return errors.As(err, &unknown)
}

// RetryableStatus are the answers that Graph documents or is known to give
// while a request would succeed a little later.
func RetryableStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		StatusBandwidthLimitExceeded:
		return true
	}
	return false
}

// StatusBandwidthLimitExceeded is Graph's other throttling answer
// (https://learn.microsoft.com/graph/errors).
const StatusBandwidthLimitExceeded = 509

// Excerpt is what an error repeats of a text that others wrote: its first n runes.
func Excerpt(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
