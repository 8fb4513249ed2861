package graph

import (
	"context"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// maxSignInPageSize is the largest page of users with their sign-in activity
// (https://learn.microsoft.com/graph/api/user-list).
const maxSignInPageSize = 500

// UserSignInActivity is when a user last signed in.
type UserSignInActivity struct {
	ID       string `json:"id"`
	Activity *struct {
		// LastSignIn is the last interactive attempt.
		LastSignIn TimeOrNone `json:"lastSignInDateTime"`
		// LastNonInteractive is the last attempt of a client for the user.
		LastNonInteractive TimeOrNone `json:"lastNonInteractiveSignInDateTime"`
		// LastSuccessful is the last sign-in of either sort that succeeded.
		LastSuccessful TimeOrNone `json:"lastSuccessfulSignInDateTime"`
	} `json:"signInActivity"`
}

// Last is the latest sign-in; nil if there was none. Where Graph tells it, that
// is one that succeeded; the older fields count attempts.
func (u *UserSignInActivity) Last() *time.Time {
	if u.Activity == nil {
		return nil
	}
	if successful := u.Activity.LastSuccessful.Time; successful != nil {
		return successful
	}
	latest := u.Activity.LastSignIn.Time
	if other := u.Activity.LastNonInteractive.Time; other != nil && (latest == nil || other.After(*latest)) {
		latest = other
	}
	return latest
}

var signInActivityList = sending.Query{Path: "/users", Fields: []string{"id", "signInActivity"}, Top: maxSignInPageSize}

// ListSignInActivity reads one page of the users' last sign-ins. It counts
// against the reports service's budget, 5 requests in 10 s. Permissions:
// AuditLog.Read.All and User.Read.All; the tenant needs Entra ID P1
// (https://learn.microsoft.com/graph/api/resources/signinactivity).
func (c *Client) ListSignInActivity(ctx context.Context, next string) (*sending.Page[UserSignInActivity], error) {
	return sending.GetPage[UserSignInActivity](ctx, c.Sender, sending.OrFirst(next, signInActivityList))
}

// SignInMoments are the moments of a person's sign-in activity, of which Last gives
// one. Whoever signed in since a time has one of them after it.
var SignInMoments = [...]string{"lastSuccessfulSignInDateTime", "lastSignInDateTime", "lastNonInteractiveSignInDateTime"}

// signInsSince lists the people who have one of the moments at a time or after it. The
// filter goes with no other one
// (https://learn.microsoft.com/entra/identity/monitoring-health/howto-manage-inactive-user-accounts).
func signInsSince(moment string, since time.Time) sending.Query {
	q := signInActivityList
	q.Filter = "signInActivity/" + moment + " ge " + since.UTC().Format(time.RFC3339)
	return q
}

// ListSignInsSince reads one page of the last sign-ins of the people of whom one of
// SignInMoments is at a time or after it. Budget, permissions and licence are those of
// ListSignInActivity.
func (c *Client) ListSignInsSince(ctx context.Context, moment string, since time.Time, next string) (*sending.Page[UserSignInActivity], error) {
	return sending.GetPage[UserSignInActivity](ctx, c.Sender, sending.OrFirst(next, signInsSince(moment, since)))
}

// UserRegistration is what a user has registered to prove who they are
// (https://learn.microsoft.com/graph/api/resources/userregistrationdetails).
type UserRegistration struct {
	ID                    string   `json:"id"`
	IsMFARegistered       bool     `json:"isMfaRegistered"`
	IsMFACapable          bool     `json:"isMfaCapable"`
	IsPasswordlessCapable bool     `json:"isPasswordlessCapable"`
	IsSSPRRegistered      bool     `json:"isSsprRegistered"`
	MethodsRegistered     []string `json:"methodsRegistered"`
}

var userRegistrationList = sending.Query{Path: "/reports/authenticationMethods/userRegistrationDetails", Top: sending.MaxPageSize}

// ListUserRegistrations reads one page of the tenant's report on registered
// authentication methods. Permission: AuditLog.Read.All; the tenant needs Entra
// ID P1
// (https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails).
func (c *Client) ListUserRegistrations(ctx context.Context, next string) (*sending.Page[UserRegistration], error) {
	return sending.GetPage[UserRegistration](ctx, c.Sender, sending.OrFirst(next, userRegistrationList))
}
