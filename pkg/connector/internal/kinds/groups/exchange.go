package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// changer changes who is in a group and who owns it: Microsoft Graph, or for the groups
// that it only shows, Exchange Online.
type changer interface {
	AddMember(ctx context.Context, group, who string) error
	RemoveMember(ctx context.Context, group, who string) error
	AddOwner(ctx context.Context, group, who string) error
	RemoveOwner(ctx context.Context, group, who string) error
}

// directory is Microsoft Graph as a changer.
type directory struct{ writing.Client }

func (d directory) AddMember(ctx context.Context, group, who string) error {
	return d.AddGroupMember(ctx, group, who)
}

func (d directory) RemoveMember(ctx context.Context, group, who string) error {
	return d.RemoveGroupMember(ctx, group, who)
}

func (d directory) AddOwner(ctx context.Context, group, who string) error {
	return d.AddGroupOwner(ctx, group, who)
}

func (d directory) RemoveOwner(ctx context.Context, group, who string) error {
	return d.RemoveGroupOwner(ctx, group, who)
}

// changerOf is who changes a group. One that Graph does not know yet is Graph's, which
// says so until it does.
func (s *Syncer) changerOf(g *graph.Group) changer {
	if s.Provision.ByExchange(g) {
		return s.Provision.Exchange
	}
	return directory{writing.By(s.Client)}
}

// checkRecipient refuses whom Exchange Online would not put into a group: members and
// owners have to be recipients
// (https://learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember).
// Who is not known yet is left to the change itself, which waits.
func (s *Syncer) checkRecipient(ctx context.Context, group string, who *v2.ResourceId, ends bool) error {
	if ends {
		return change.Refused("group %s is managed by Exchange Online, where nothing is held until a date; grant it without an end", group)
	}
	id := who.GetResource()
	switch who.GetResourceType() {
	case model.TypeUser:
		u, err := s.Client.GetUser(ctx, id)
		switch {
		case failure.IsNotFound(err):
			return nil
		case err != nil:
			return err
		case u.Mail == "":
			return change.Refused("user %s has no mail address, and group %s, which Exchange Online manages, takes recipients only", id, group)
		}
		return nil
	case model.TypeGroup:
		inner, err := writing.By(s.Client).GetGroup(ctx, id)
		switch {
		case failure.IsNotFound(err):
			return nil
		case err != nil:
			return err
		case inner.Unified():
			return change.Refused("group %s is a Microsoft 365 group, which Exchange Online does not put into another group", id)
		case !inner.MailEnabled:
			return change.Refused("group %s has no mail address, and group %s, which Exchange Online manages, takes recipients only", id, group)
		}
		return nil
	}
	return change.Refused("%s %s cannot receive mail, and group %s, which Exchange Online manages, takes recipients only", who.GetResourceType(), id, group)
}
