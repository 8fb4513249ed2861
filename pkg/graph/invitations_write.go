package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/invitations"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

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
func (c *Client) Invite(ctx context.Context, i Invitation) (string, error) {
	body := models.NewInvitation()
	body.SetInvitedUserEmailAddress(&i.Email)
	body.SetInviteRedirectUrl(&i.RedirectURL)
	body.SetSendInvitationMessage(&i.SendMessage)
	if i.DisplayName != "" {
		body.SetInvitedUserDisplayName(&i.DisplayName)
	}
	if i.Message != "" {
		info := models.NewInvitedUserMessageInfo()
		info.SetCustomizedMessageBody(&i.Message)
		body.SetInvitedUserMessageInfo(info)
	}
	builder := invitations.NewInvitationsRequestBuilderInternal(map[string]string{}, c.adapter)
	sent, err := builder.Post(ctx, body, nil)
	if err != nil {
		return "", sending.OwnError(err)
	}
	if guest := sent.GetInvitedUser(); guest != nil {
		return text(guest.GetId()), nil
	}
	return "", nil
}
