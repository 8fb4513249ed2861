// Package lifecycle makes, invites and deletes people's accounts, and sets their
// passwords.
package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/users"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

var (
	_ connectorbuilder.AccountManagerV2         = (*Accounts)(nil)
	_ connectorbuilder.ResourceDeleterV2        = (*Accounts)(nil)
	_ connectorbuilder.CredentialManagerLimited = (*Accounts)(nil)
)

// Accounts is the resource type of people with what can be done to their accounts.
type Accounts struct{ *users.Syncer }

// New reads people, and makes, deletes and restores their accounts.
func New(k kinds.Kit) *Accounts { return &Accounts{users.New(k)} }

// created is an account that CreateAccount has made, or has found made.
type created struct {
	user *graph.User
	// existed means that it was there before.
	existed bool
}

// CreateAccountCapabilityDetails says how a new account can get its password.
// Entra wants one of every member: with no password, a random one is set that
// nobody is told.
func (s *Accounts) CreateAccountCapabilityDetails(context.Context) (*v2.CredentialDetailsAccountProvisioning, annotations.Annotations, error) {
	return v2.CredentialDetailsAccountProvisioning_builder{
		SupportedCredentialOptions: []v2.CapabilityDetailCredentialOption{
			v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_RANDOM_PASSWORD,
			v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_NO_PASSWORD,
			v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_ENCRYPTED_PASSWORD,
		},
		PreferredCredentialOption: v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_RANDOM_PASSWORD,
	}.Build(), nil, nil
}

// CreateAccount makes a member, or invites a guest. An account that is there
// already is handed back as it is, without a password.
func (s *Accounts) CreateAccount(
	ctx context.Context, info *v2.AccountInfo, options *v2.LocalCredentialOptions,
) (connectorbuilder.CreateAccountResponse, []*v2.PlaintextData, annotations.Annotations, error) {
	organization, err := s.Client.Organization(ctx)
	if err != nil {
		return nil, nil, nil, change.ToChangeStatus(err)
	}
	request, err := newAccountRequest(info, organization)
	if err != nil {
		return nil, nil, nil, err
	}
	var password writing.Password
	var account created
	if request.guest {
		account, err = s.invite(ctx, request)
	} else {
		if password, err = newPassword(ctx, options); err != nil {
			return nil, nil, nil, err
		}
		password, err = untilTaken(ctx, options, password, func(p writing.Password) error {
			account, err = s.createMember(ctx, request, p)
			return err
		})
	}
	if err != nil {
		return nil, nil, nil, concealing(change.ToChangeStatus(err), password)
	}
	resource, err := s.Resource(account.user, &users.People{})
	if err != nil {
		return nil, nil, nil, model.ToStatus(err)
	}
	if account.existed {
		return v2.CreateAccountResponse_AlreadyExistsResult_builder{Resource: resource, IsCreateAccountResult: true}.Build(), nil, nil, nil
	}
	s.Provision.Touched.Add(model.ObjectID(account.user.ID))
	told := passwordToTell(options, password)
	if open := s.complete(ctx, request, account.user); len(open) > 0 {
		return v2.CreateAccountResponse_ActionRequiredResult_builder{
			Resource: resource, Message: strings.Join(open, " "), IsCreateAccountResult: true,
		}.Build(), told, nil, nil
	}
	return v2.CreateAccountResponse_SuccessResult_builder{Resource: resource, IsCreateAccountResult: true}.Build(), told, nil, nil
}

// complete does what can only be done to an account that is there, and tells in
// sentences what is left to do. The account stays whatever comes of that.
func (s *Accounts) complete(ctx context.Context, request *accountRequest, user *graph.User) []string {
	var open []string
	if request.guest && len(request.properties) > 0 {
		err := s.Provision.Apply(ctx, func(ctx context.Context) error {
			return writing.By(s.Client).UpdateUser(ctx, user.ID, request.properties)
		})
		if err != nil {
			open = append(open, fmt.Sprintf("The guest was invited, but its properties could not be set; the action %s sets them. %s", change.ActionUpdateUser, Sentence(change.ToChangeStatus(err))))
		}
	}
	if request.manager != "" {
		if err := s.setManager(ctx, user.ID, request.manager); err != nil {
			open = append(open, fmt.Sprintf("The account was created, but its manager could not be set; the action %s sets it. %s", change.ActionSetManager, Sentence(change.ToChangeStatus(err))))
		}
	}
	if request.guest && !request.invitation.SendMessage {
		open = append(open, "No invitation was sent: the guest has to be told to sign in at "+request.invitation.RedirectURL+", as a guest of this tenant.")
	}
	return open
}

// Sentence is an error as a part of a longer message.
func Sentence(err error) string {
	message := err.Error()
	if at := strings.Index(message, model.ErrorPrefix); at >= 0 {
		message = message[at+len(model.ErrorPrefix):]
	}
	return "(" + message + ")"
}

// setManager makes somebody the manager of a user.
func (s *Accounts) setManager(ctx context.Context, id, manager string) error {
	found, err := kinds.FindPerson(ctx, s.Client, manager)
	if err != nil {
		return err
	}
	return s.Provision.Apply(ctx, func(ctx context.Context) error { return writing.By(s.Client).SetManager(ctx, id, found.ID) })
}

// createMember makes a member. Sign-in names are unique, so that nothing can be
// made twice: what has to be found out is who made what is there.
func (s *Accounts) createMember(ctx context.Context, request *accountRequest, password writing.Password) (created, error) {
	upn := request.userPrincipalName()
	unlock, err := s.Provision.Locks.Lock(ctx, "upn/"+strings.ToLower(upn))
	if err != nil {
		return created{}, err
	}
	defer unlock()
	started := time.Now()
	for attempt := 1; ; attempt++ {
		user, err := writing.By(s.Client).CreateUser(ctx, request.properties, password)
		switch {
		case err == nil:
			return created{user: asSent(user, request.properties)}, nil
		case failure.TakenProperty(err) == model.PropertyUserPrincipalName:
			user, lookErr := s.awaitUser(ctx, graph.UserByPrincipalName, upn)
			switch {
			case lookErr != nil:
				return created{}, lookErr
			case user == nil:
				return created{}, status.Errorf(codes.AlreadyExists, "%sthe user principal name %s is taken, but Microsoft Graph does not show by whom", model.ErrorPrefix, upn)
			}
			return created{user: user, existed: attempt == 1 || !madeBy(user, request, started)}, nil
		case !failure.IsOutcomeUnknown(err) || attempt > change.UnknownAttempts:
			return created{}, err
		}
		if err := change.Pause(ctx, min(change.FirstLook, s.Provision.Bound()/8)); err != nil {
			return created{}, err
		}
		found, err := s.Client.FindUsers(ctx, graph.UserByPrincipalName, upn)
		if err != nil {
			return created{}, err
		}
		if len(found) == 1 {
			return created{user: &found[0], existed: !madeBy(&found[0], request, started)}, nil
		}
	}
}

// clockSkew is how far Graph's clock may be from this machine's.
const clockSkew = 5 * time.Minute

// madeBy reports whether a user is what a request has made that was never
// answered. What somebody else has made has another password.
func madeBy(user *graph.User, request *accountRequest, started time.Time) bool {
	return user.DisplayName == request.properties[model.PropertyDisplayName] &&
		user.CreatedDateTime.Time != nil && user.CreatedDateTime.Time.After(started.Add(-clockSkew))
}

// awaitUser looks a user up who is there, until reads show it.
func (s *Accounts) awaitUser(ctx context.Context, key graph.UserKey, value string) (*graph.User, error) {
	deadline := time.Now().Add(s.Provision.Bound())
	for wait := min(change.FirstLook, s.Provision.Bound()/8); ; wait = min(2*wait, change.LookEvery) {
		found, err := s.Client.FindUsers(ctx, key, value)
		switch {
		case err != nil:
			return nil, err
		case len(found) > 0:
			return &found[0], nil
		case time.Now().Add(wait).After(deadline):
			return nil, nil //nolint:nilnil // Nobody is found.
		}
		if err := change.Pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// invite invites a guest, unless one with that address is there. A second
// invitation gives the same guest, so that a lost answer costs a second message
// at the most.
func (s *Accounts) invite(ctx context.Context, request *accountRequest) (created, error) {
	email := request.invitation.Email
	unlock, err := s.Provision.Locks.Lock(ctx, "guest/"+strings.ToLower(email))
	if err != nil {
		return created{}, err
	}
	defer unlock()
	for attempt := 1; ; attempt++ {
		found, err := s.Client.FindUsers(ctx, graph.UserByMail, email)
		if err != nil {
			return created{}, err
		}
		switch {
		case len(found) == 1:
			return created{user: &found[0], existed: attempt == 1}, nil
		case len(found) > 1:
			return created{}, ofSeveral(found)
		}
		id, err := writing.By(s.Client).Invite(ctx, request.invitation)
		if err == nil {
			return created{user: invited(id, request)}, nil
		}
		if failure.IsBadRequest(err) {
			return s.ownerOfAddress(ctx, email, err)
		}
		if !failure.IsOutcomeUnknown(err) || attempt > change.UnknownAttempts {
			return created{}, err
		}
		if err := change.Pause(ctx, min(change.FirstLook, s.Provision.Bound()/8)); err != nil {
			return created{}, err
		}
	}
}

// ownerOfAddress is the user whose address it is in another way than as the one that is
// shown: Graph invites nobody under it. Where there is none, its refusal stands.
func (s *Accounts) ownerOfAddress(ctx context.Context, email string, refusal error) (created, error) {
	for _, key := range []graph.UserKey{graph.UserByPrincipalName, graph.UserByOtherMail, graph.UserByProxyAddress} {
		found, err := s.Client.FindUsers(ctx, key, email)
		switch {
		case err != nil:
			return created{}, fmt.Errorf("%w; whether the address is another user's could not be read: %w", refusal, err)
		case len(found) == 1:
			return created{user: &found[0], existed: true}, nil
		case len(found) > 1:
			return created{}, ofSeveral(found)
		}
	}
	return created{}, refusal
}

// ofSeveral refuses to take one of several users for whoever is to be invited.
func ofSeveral(found []graph.User) error {
	return change.Refused("the address belongs to several users already, such as %s and %s, so that nobody is invited under it", found[0].ID, found[1].ID)
}

// invited is a guest as far as the invitation tells: reads do not show it yet.
func invited(id string, request *accountRequest) *graph.User {
	enabled := request.properties[model.PropertyAccountEnabled] == nil
	guest := &graph.User{
		ID: id, DisplayName: request.invitation.DisplayName, Mail: request.invitation.Email, UserPrincipalName: request.invitation.Email,
		UserType: "Guest", ExternalUserState: "PendingAcceptance", AccountEnabled: &enabled,
	}
	return asSent(guest, request.properties)
}

// asSent is an object that Graph has made, with the properties that its answer
// left out.
func asSent(user *graph.User, properties map[string]any) *graph.User {
	sent := graph.User{}
	raw, err := json.Marshal(properties)
	if err != nil || json.Unmarshal(raw, &sent) != nil {
		return user
	}
	answered := user.UserDetails
	if json.Unmarshal(raw, &user.UserDetails) != nil {
		user.UserDetails = answered
	}
	user.AccountEnabled = orElse(user.AccountEnabled, sent.AccountEnabled)
	for _, p := range []struct{ answered, sent *string }{
		{&user.EmployeeID, &sent.EmployeeID}, {&user.EmployeeType, &sent.EmployeeType}, {&user.GivenName, &sent.GivenName},
		{&user.Surname, &sent.Surname}, {&user.JobTitle, &sent.JobTitle}, {&user.Department, &sent.Department},
		{&user.CompanyName, &sent.CompanyName}, {&user.UserType, &sent.UserType},
	} {
		if *p.answered == "" {
			*p.answered = *p.sent
		}
	}
	return user
}

func orElse[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}
