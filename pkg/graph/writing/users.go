package writing

import (
	"context"
	"maps"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Password is a user's new password. It never shows when it is printed.
type Password struct {
	// Value is the password itself.
	Value string
	// ChangeAtNextSignIn makes the user choose another one.
	ChangeAtNextSignIn bool
}

// String hides the password.
func (Password) String() string { return "(a password)" }

// GoString hides the password.
func (p Password) GoString() string { return p.String() }

func (p Password) profile() models.PasswordProfileable {
	profile := models.NewPasswordProfile()
	profile.SetPassword(&p.Value)
	profile.SetForceChangePasswordNextSignIn(&p.ChangeAtNextSignIn)
	return profile
}

// CreateUser makes a user with these properties, which bear Graph's names.
// Permission: User.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-post-users).
func (c Client) CreateUser(ctx context.Context, properties map[string]any, password Password) (*graph.User, error) {
	body := sending.Object{"passwordProfile": password.profile()}
	maps.Copy(body, properties)
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, c.users().BaseRequestBuilder, body)
	return sending.Receive[graph.User](ctx, c.Sender, request, err)
}

// UpdateUser changes properties of a user; nil as a value clears one.
// Permission: User.ReadWrite.All, for accountEnabled alone
// User.EnableDisableAccount.All
// (https://learn.microsoft.com/graph/api/user-update).
func (c Client) UpdateUser(ctx context.Context, id string, properties map[string]any) error {
	return c.patchUser(ctx, id, properties)
}

// SetPassword gives a user another password. Permission:
// User-PasswordProfile.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-update).
func (c Client) SetPassword(ctx context.Context, id string, password Password) error {
	return c.patchUser(ctx, id, sending.Object{"passwordProfile": password.profile()})
}

func (c Client) patchUser(ctx context.Context, id string, body sending.Object) error {
	request, err := sending.Change(ctx, c.Sender, abstractions.PATCH, c.users().ByUserId(id).BaseRequestBuilder, body)
	return sending.Perform(ctx, c.Sender, request, err)
}

// DeleteUser puts a user into the recycle bin, where it stays for 30 days.
// Permission: User.DeleteRestore.All or User.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-delete).
func (c Client) DeleteUser(ctx context.Context, id string) error {
	return sending.OwnError(c.users().ByUserId(id).Delete(ctx, nil))
}

// RestoreUser takes a user out of the recycle bin. Permission:
// User.DeleteRestore.All or User.ReadWrite.All
// (https://learn.microsoft.com/graph/api/directory-deleteditems-restore).
func (c Client) RestoreUser(ctx context.Context, id string) error {
	request, err := c.directory().DeletedItems().ByDirectoryObjectId(id).Restore().ToPostRequestInformation(ctx, nil)
	return sending.Perform(ctx, c.Sender, request, err)
}

// SetManager makes one user the manager of another, in the place of whoever was
// it before. Permission: User.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-post-manager).
func (c Client) SetManager(ctx context.Context, id, managerID string) error {
	ref := models.NewReferenceUpdate()
	ref.SetOdataId(c.directoryObject(managerID).GetOdataId())
	return sending.OwnError(c.users().ByUserId(id).Manager().Ref().Put(ctx, ref, nil))
}

// RemoveManager leaves a user without a manager
// (https://learn.microsoft.com/graph/api/user-delete-manager).
func (c Client) RemoveManager(ctx context.Context, id string) error {
	return sending.OwnError(c.users().ByUserId(id).Manager().Ref().Delete(ctx, nil))
}

// RevokeSignInSessions makes a user sign in anew everywhere: what was handed out
// before is no longer renewed. Permission: User.RevokeSessions.All
// (https://learn.microsoft.com/graph/api/user-revokesigninsessions).
func (c Client) RevokeSignInSessions(ctx context.Context, id string) error {
	_, err := c.users().ByUserId(id).RevokeSignInSessions().PostAsRevokeSignInSessionsPostResponse(ctx, nil)
	return sending.OwnError(err)
}

// Invitation asks somebody from elsewhere to join the tenant as a guest.
type Invitation struct {
	// Email is where the invitation goes, and how the guest signs in.
	Email string
	// DisplayName is the guest's name; what stands before the @ if empty.
	DisplayName string
	// RedirectURL is where the guest comes out after accepting.
	RedirectURL string
	// SendMessage lets Microsoft send the invitation.
	SendMessage bool
	// Message is added to the invitation that Microsoft sends.
	Message string
}

// Invite makes a guest and gives its object id. Who was invited before is invited
// once more, as the same guest. Permission: User.Invite.All
// (https://learn.microsoft.com/graph/api/invitation-post).
func (c Client) Invite(ctx context.Context, i Invitation) (string, error) {
	type guest struct {
		ID string `json:"id"`
	}
	type answer struct {
		InvitedUser guest `json:"invitedUser"`
	}
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, c.invitations().BaseRequestBuilder, i.body())
	sent, err := sending.Receive[answer](ctx, c.Sender, request, err)
	if err != nil {
		return "", err
	}
	return sent.InvitedUser.ID, nil
}

// body is the invitation as Graph takes it.
func (i Invitation) body() sending.Object {
	body := sending.Object{"invitedUserEmailAddress": i.Email, "inviteRedirectUrl": i.RedirectURL, "sendInvitationMessage": i.SendMessage}
	if i.DisplayName != "" {
		body["invitedUserDisplayName"] = i.DisplayName
	}
	if i.Message != "" {
		info := models.NewInvitedUserMessageInfo()
		info.SetCustomizedMessageBody(&i.Message)
		body["invitedUserMessageInfo"] = info
	}
	return body
}
