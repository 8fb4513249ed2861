package graph

import (
	"context"
	"errors"
	"net/http"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// CodeNoMailbox says that a user has no mailbox that Graph can reach.
const CodeNoMailbox = "MailboxNotEnabledForRESTAPI"

// MailboxUser is a user who may have a mailbox.
type MailboxUser struct {
	ID       string `json:"id"`
	Mail     string `json:"mail"`
	UserType string `json:"userType"`
}

// MailboxSettings are the part of a mailbox's settings that is read.
type MailboxSettings struct {
	// UserPurpose is "user", "linked", "shared", "room", "equipment" or
	// "others".
	UserPurpose string `json:"userPurpose"`
}

// mailboxPage is how many users are looked at with one page: five batches of
// settings.
const mailboxPage = 100

var mailboxUserList = sending.Query{Path: "/users", Fields: []string{"id", "mail", "userType"}, Top: mailboxPage}

// ListMailboxUsers reads one page of users, with what tells whether they may
// have a mailbox in this tenant. Permission: User.Read.All.
func (c *Client) ListMailboxUsers(ctx context.Context, next string) (*sending.Page[MailboxUser], error) {
	return sending.GetPage[MailboxUser](ctx, c.Sender, sending.OrFirst(next, mailboxUserList))
}

// MailboxSettingsRef is one mailbox's purpose. Outlook serves four such
// requests at a time and runs a batch four by four. Permission:
// MailboxSettings.Read
// (https://learn.microsoft.com/graph/api/user-get-mailboxsettings).
func MailboxSettingsRef(userID string) string {
	return sending.Query{Path: sending.ObjectPath("users", userID, "mailboxSettings"), Fields: []string{"userPurpose"}}.String()
}

// IsNoMailbox reports whether err says that the user has no mailbox, or none
// that Graph can reach any more.
func IsNoMailbox(err error) bool {
	var e *failure.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusNotFound
}
