package graphsim

import (
	"encoding/json"
	"net/http"
	"strings"
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
	SendsMessage bool            `json:"sendInvitationMessage"`
	Type         string          `json:"@odata.type"`
}

// invite makes a guest, or invites one again (invitation-post).
func (c *call) invite() (reply, error) {
	var body invitation
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	local, domain, isAddress := strings.Cut(body.Address, "@")
	switch {
	case !isAddress || local == "" || !strings.Contains(domain, "."):
		return reply{}, badSyntax("The invited user's email address is not valid.")
	case body.Redirect == "":
		return reply{}, badSyntax("The invite redirect URL is missing.")
	case c.verified(domain):
		return reply{}, badSyntax("The invited user's domain is a verified domain of this directory.")
	case body.UserType != "" && body.UserType != "Guest" && body.UserType != "Member":
		return reply{}, badSyntax("The invited user's type is not valid.")
	}
	guest, known := c.guestOf(body.Address)
	if !known {
		guest = c.newUser()
		values := c.guestValues(body)
		c.commit(lagObjects, c.idsOf(guest), func(t *Tenant) { t.placeUser(guest, values) })
	} else {
		c.commit(lagWrites, c.idsOf(guest), func(*Tenant) {})
	}
	out, err := c.plainObject("invitations/$entity", map[string]any{
		"id": newRequestID(), "inviteRedeemUrl": c.graph.url + "/redeem?tenant=" + c.tenant.TenantID() + "&user=" + c.tenant.id(guest),
		"invitedUserDisplayName": orNull(body.DisplayName), "invitedUserEmailAddress": body.Address, "invitedUserType": c.tenant.textOf(guest, "userType"),
		"inviteRedirectUrl": body.Redirect, "resetRedemption": body.Reset, "sendInvitationMessage": body.SendsMessage, "status": pendingAcceptance,
		"invitedUserMessageInfo": map[string]any{"messageLanguage": nil, "customizedMessageBody": nil, "ccRecipients": []any{}},
		"invitedUser":            map[string]any{"id": c.tenant.id(guest)},
	})
	out.status = http.StatusCreated
	return out, err
}

// guestOf finds the user who was invited under an address before.
func (c *call) guestOf(address string) (Ref, bool) {
	for i := range c.tenant.count(KindUser) {
		r := userRef(i)
		if strings.EqualFold(c.tenant.textOf(r, "mail"), address) && c.tenant.live(r) && strings.Contains(c.tenant.userSignInName(i), "#EXT#") {
			return r, true
		}
	}
	return 0, false
}

func (c *call) guestValues(b invitation) map[string]any {
	now := c.moment()
	nickname := strings.ReplaceAll(b.Address, "@", "_") + "#EXT#"
	values := map[string]any{
		"displayName": b.DisplayName, "mail": b.Address, "otherMails": []string{b.Address}, "proxyAddresses": []string{"SMTP:" + b.Address},
		"userPrincipalName": nickname + "@" + c.tenant.Domain(), "mailNickname": nickname, "accountEnabled": true, "userType": "Guest",
		"creationType": "Invitation", "externalUserState": pendingAcceptance, "externalUserStateChangeDateTime": now,
		"createdDateTime": now, "signInSessionsValidFromDateTime": now, extensionsProperty: mergedExtensions(nil, nil),
	}
	if b.DisplayName == "" {
		values["displayName"], _, _ = strings.Cut(b.Address, "@")
	}
	if b.UserType != "" {
		values["userType"] = b.UserType
	}
	return values
}
