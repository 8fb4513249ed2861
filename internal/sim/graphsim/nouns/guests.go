package nouns

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const relationSponsors = "sponsors"

// addSponsor makes a user or a group answer for a user (user-post-sponsors).
func addSponsor(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkRestricted(c, r); err != nil {
		return api.Reply{}, err
	}
	sponsor, err := c.Reference()
	switch {
	case err != nil:
		return api.Reply{}, err
	case sponsor.Kind() != directory.KindUser && sponsor.Kind() != directory.KindGroup:
		return api.Reply{}, api.BadRequest("Invalid object type '%s' for the property '%s'.", c.Tenant.Model.Of(sponsor.Kind()).Name, relationSponsors)
	case slices.Contains(c.Tenant.Written.Sponsors[r.Index()], sponsor):
		return api.Reply{}, api.BadRequest("One or more added object references already exist for the following modified properties: '%s'.", relationSponsors)
	}
	c.Commit(api.LagWrites, c.IDsOf(r, sponsor), func(t *directory.Tenant) {
		t.Written.Sponsors[r.Index()] = directory.Linked(t.Written.Sponsors[r.Index()], sponsor)
	})
	return api.Done(), nil
}

// removeSponsor lets a sponsor go; the object itself stays (user-delete-sponsors).
func removeSponsor(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkRestricted(c, r); err != nil {
		return api.Reply{}, err
	}
	sponsor, err := c.Second()
	if err != nil {
		return api.Reply{}, err
	}
	if !slices.Contains(c.Tenant.Written.Sponsors[r.Index()], sponsor) {
		return api.Reply{}, api.NotFound(c.Related)
	}
	c.Commit(api.LagWrites, c.IDsOf(r, sponsor), func(t *directory.Tenant) {
		t.Written.Sponsors[r.Index()] = directory.Unlinked(t.Written.Sponsors[r.Index()], sponsor)
	})
	return api.Done(), nil
}

// resetRedemption has a guest accept an invitation anew, with one of the addresses that the guest has (invitation-post,
// reset-redemption-status). The permission to invite is not enough.
func resetRedemption(c *api.Call, body invitation) (api.Reply, error) {
	if !c.Holds("User.ReadWrite.All") && !c.Holds("Directory.ReadWrite.All") {
		return api.Reply{}, api.Denied()
	}
	if body.Invited == nil || body.Invited.ID == "" {
		return api.Reply{}, api.BadSyntax("The invited user's id is required to reset the redemption status.")
	}
	guest, err := c.Resolve(directory.KindUser, body.Invited.ID)
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkPrivileged(c, guest); err != nil {
		return api.Reply{}, err
	}
	own := func(address string) bool { return strings.EqualFold(address, body.Address) }
	switch other, taken := userWithAddress(c, body.Address); {
	case c.Tenant.TextOf(guest, "externalUserState") == "":
		return api.Reply{}, api.BadSyntax("The redemption status can only be reset for a user who was invited.")
	case taken && other != guest:
		return api.Reply{}, &api.Error{
			Status: http.StatusBadRequest, Code: "BadRequest",
			Message: "The invited user already exists in the directory as object ID: " + c.Tenant.IDOf(other) + ". They can use that account to sign in to shared apps and resources.",
		}
	case !own(c.Tenant.TextOf(guest, "mail")) && !slices.ContainsFunc(c.Tenant.ListOf(guest, "otherMails"), own):
		return api.Reply{}, api.BadSyntax("The invited user's email address is not an address of the user whose redemption status is to be reset.")
	}
	now := c.Moment()
	c.Commit(api.LagWrites, c.IDsOf(guest), func(t *directory.Tenant) {
		t.Set(guest, map[string]any{"externalUserState": pendingAcceptance, "externalUserStateChangeDateTime": now})
	})
	return answerInvitation(c, body, guest)
}
