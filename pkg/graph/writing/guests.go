package writing

import (
	"context"
	"fmt"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// UserSponsors are the ids of the users and groups that answer for a user.
// Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list-sponsors).
func (c Client) UserSponsors(ctx context.Context, userID string) ([]string, error) {
	rows, err := sending.All[graph.Reference](ctx, c.Sender, sending.Query{Path: sending.ObjectPath("users", userID, "sponsors"), Fields: []string{"id"}})
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, rows[i].ID)
	}
	return ids, err
}

// AddSponsor makes a user or a group answer for a user. Permission:
// User.ReadWrite.All (https://learn.microsoft.com/graph/api/user-post-sponsors).
func (c Client) AddSponsor(ctx context.Context, userID, objectID string) error {
	request := c.sponsorRequest(abstractions.POST, "/sponsors/$ref", userID, "")
	if err := request.SetContentFromParsable(ctx, c.Adapter(), "application/json", c.directoryObject(objectID)); err != nil {
		return fmt.Errorf("graph: writing a reference: %w", err)
	}
	return sending.OwnError(c.Adapter().SendNoContent(ctx, request, nil))
}

// RemoveSponsor lets a sponsor go; the object itself stays
// (https://learn.microsoft.com/graph/api/user-delete-sponsors).
func (c Client) RemoveSponsor(ctx context.Context, userID, objectID string) error {
	return sending.OwnError(c.Adapter().SendNoContent(ctx, c.sponsorRequest(abstractions.DELETE, "/sponsors/{sponsor}/$ref", userID, objectID), nil))
}

// sponsorRequest is a request for a reference to a sponsor, for which Microsoft's
// builders have no path. Without $ref at its end, a DELETE would delete the sponsor.
func (c Client) sponsorRequest(method abstractions.HttpMethod, path, userID, sponsorID string) *abstractions.RequestInformation {
	parameters := map[string]string{"user": userID, "sponsor": sponsorID}
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(method, "{+baseurl}/users/{user}"+path, parameters)
	request.Headers.TryAdd("Accept", "application/json")
	return request
}

// ResetRedemption has a guest accept an invitation anew, and keeps all that the
// guest has access to. The invitation's address has to be one of the guest's.
// Permission: User.Invite.All and User.ReadWrite.All
// (https://learn.microsoft.com/entra/external-id/reset-redemption-status).
func (c Client) ResetRedemption(ctx context.Context, userID string, i Invitation) error {
	body := i.body()
	body["invitedUser"], body["resetRedemption"] = sending.Object{"id": userID}, true
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, c.invitations().BaseRequestBuilder, body)
	return sending.Perform(ctx, c.Sender, request, err)
}
