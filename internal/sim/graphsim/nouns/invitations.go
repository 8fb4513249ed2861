package nouns

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

const pendingAcceptance = "PendingAcceptance"

// invitation is what POST /invitations takes.
type invitation struct {
	DisplayName  string          `json:"invitedUserDisplayName"`
	Address      string          `json:"invitedUserEmailAddress"`
	MessageInfo  json.RawMessage `json:"invitedUserMessageInfo"`
	UserType     string          `json:"invitedUserType"`
	Redirect     string          `json:"inviteRedirectUrl"`
	Reset        bool            `json:"resetRedemption"`
	Invited      *invited        `json:"invitedUser"`
	SendsMessage bool            `json:"sendInvitationMessage"`
	Type         string          `json:"@odata.type"`
}

// invited is the guest whose redemption is reset.
type invited struct {
	ID   string `json:"id"`
	Type string `json:"@odata.type"`
}

// invite makes a guest, or invites one again (invitation-post).
func invite(c *api.Call) (api.Reply, error) {
	var body invitation
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	local, domain, isAddress := strings.Cut(body.Address, "@")
	switch {
	case !isAddress || local == "" || !strings.Contains(domain, "."):
		return api.Reply{}, api.BadSyntax("The invited user's email address is not valid.")
	case body.Redirect == "":
		return api.Reply{}, api.BadSyntax("The invite redirect URL is missing.")
	case verified(c, domain):
		return api.Reply{}, api.BadSyntax("The invited user's domain is a verified domain of this directory.")
	case body.UserType != "" && body.UserType != "Guest" && body.UserType != "Member":
		return api.Reply{}, api.BadSyntax("The invited user's type is not valid.")
	}
	if body.Reset {
		return resetRedemption(c, body)
	}
	guest, known := guestOf(c, body.Address)
	if other, taken := userWithAddress(c, body.Address); !known && taken {
		return api.Reply{}, &api.Error{
			Status: http.StatusBadRequest, Code: "BadRequest",
			Message: "The invited user already exists in the directory as object ID: " + c.Tenant.IDOf(other) + ". They can use that account to sign in to shared apps and resources.",
		}
	}
	if !known {
		guest = newUser(c)
		values := guestValues(c, body)
		c.Commit(api.LagObjects, c.IDsOf(guest), func(t *directory.Tenant) { t.PlaceUser(guest, values) })
	} else {
		c.Commit(api.LagWrites, c.IDsOf(guest), func(*directory.Tenant) {})
	}
	return answerInvitation(c, body, guest)
}

func answerInvitation(c *api.Call, body invitation, guest directory.Ref) (api.Reply, error) {
	out, err := odata.PlainObject(c, "invitations/$entity", map[string]any{
		"id": api.NewRequestID(), "inviteRedeemUrl": c.Graph.URL + "/redeem?tenant=" + c.Tenant.TenantID() + "&user=" + c.Tenant.IDOf(guest),
		"invitedUserDisplayName": directory.OrNull(body.DisplayName), "invitedUserEmailAddress": body.Address, "invitedUserType": c.Tenant.TextOf(guest, "userType"),
		"inviteRedirectUrl": body.Redirect, "resetRedemption": body.Reset, "sendInvitationMessage": body.SendsMessage, "status": pendingAcceptance,
		"invitedUserMessageInfo": map[string]any{"messageLanguage": nil, "customizedMessageBody": nil, "ccRecipients": []any{}},
		"invitedUser":            map[string]any{"id": c.Tenant.IDOf(guest)},
	})
	out.Status = http.StatusCreated
	return out, err
}

// guestOf finds the user who was invited under an address before.
func guestOf(c *api.Call, address string) (directory.Ref, bool) {
	for i := range c.Tenant.Count(directory.KindUser) {
		r := directory.UserRef(i)
		if strings.EqualFold(c.Tenant.TextOf(r, "mail"), address) && c.Tenant.Live(r) && strings.Contains(c.Tenant.UserSignInName(i), "#EXT#") {
			return r, true
		}
	}
	return 0, false
}

// userWithAddress finds somebody who has an address as any of their own.
func userWithAddress(c *api.Call, address string) (directory.Ref, bool) {
	for i := range c.Tenant.Count(directory.KindUser) {
		r := directory.UserRef(i)
		own := func(a string) bool { return strings.EqualFold(a, address) || strings.EqualFold(a, "smtp:"+address) }
		if c.Tenant.Live(r) && (own(c.Tenant.TextOf(r, "mail")) || slices.ContainsFunc(c.Tenant.OtherMails(i), own) || slices.ContainsFunc(c.Tenant.ProxyAddresses(i), own)) {
			return r, true
		}
	}
	return 0, false
}

func guestValues(c *api.Call, b invitation) map[string]any {
	now := c.Moment()
	nickname := strings.ReplaceAll(b.Address, "@", "_") + "#EXT#"
	values := map[string]any{
		"displayName": b.DisplayName, "mail": b.Address, "otherMails": []string{b.Address}, "proxyAddresses": []string{"SMTP:" + b.Address},
		"userPrincipalName": nickname + "@" + c.Tenant.Domain(), "mailNickname": nickname, "accountEnabled": true, "userType": "Guest",
		"creationType": "Invitation", "externalUserState": pendingAcceptance, "externalUserStateChangeDateTime": now,
		"createdDateTime": now, "signInSessionsValidFromDateTime": now, ExtensionsProperty: MergedExtensions(nil, nil),
	}
	if b.DisplayName == "" {
		values["displayName"], _, _ = strings.Cut(b.Address, "@")
	}
	if b.UserType != "" {
		values["userType"] = b.UserType
	}
	return values
}
