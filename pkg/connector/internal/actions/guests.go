package actions

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// userTypeGuest is Graph's word for people from elsewhere.
const userTypeGuest = "Guest"

// updateUnlessConverted changes properties of a user, but makes no guest a member.
func (d *Doer) updateUnlessConverted(ctx context.Context, id string, properties map[string]any) error {
	if lifecycle.MakesMember(properties) {
		user, err := lifecycle.AwaitedUser(ctx, d.provision, id)
		switch {
		case err != nil:
			return err
		case user.UserType == userTypeGuest:
			return change.Refused("user %s is a guest and is not made a member: %s", id, lifecycle.WhyNoConversion)
		}
	}
	return d.update(ctx, id, properties)
}

func (d *Doer) setSponsors() action {
	const sponsors = "sponsors"
	wanted := listField(sponsors, "Sponsors", "Object ids of users and groups, or user principal names. Who is not listed is a sponsor no longer; an empty list leaves none.")
	wanted.SetIsRequired(true)
	return action{
		name: change.ActionSetSponsors, title: "Set sponsors", operation: change.OperationSponsors,
		description: "Says which users and groups answer for a user, as a rule a guest.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{userArgument, wanted},
		returns: []*config.Field{
			userResult,
			listField("added", "Added", "The object ids of those who were not sponsors before."),
			listField("removed", "Removed", "The object ids of those who are not any more."),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			if len(args.list(sponsors)) != len(args.given[sponsors].GetListValue().GetValues()) {
				return nil, wrongArgument(change.ActionSetSponsors, sponsors+" holds an empty text; only an empty list leaves the user without sponsors")
			}
			who, err := d.people(ctx, args, sponsors)
			if err != nil {
				return nil, err
			}
			var done sponsorChanges
			result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error {
				if _, err := lifecycle.AwaitedUser(ctx, d.provision, id); err != nil { // A sponsor that is not there looks like a user that is not.
					return err
				}
				var err error
				done, err = d.replaceSponsors(ctx, id, who)
				return err
			})
			if result == nil {
				result = actions.NewReturnValues(false) // What was done until then is told, too.
			}
			for name, ids := range map[string][]string{"added": done.added, "removed": done.removed} {
				field := actions.NewStringListReturnField(name, ids)
				result.Fields[field.Key] = field.Value
			}
			return result, err
		},
	}
}

// sponsorChanges are who became a sponsor, and who is one no longer.
type sponsorChanges struct{ added, removed []string }

// replaceSponsors adds before it removes, so that a guest is never without anybody who
// answers for it. All that are wanted are asked for, because a read may show who was
// removed a moment ago.
func (d *Doer) replaceSponsors(ctx context.Context, user string, wanted []string) (sponsorChanges, error) {
	var done sponsorChanges
	edge := user + "/sponsor/"
	for _, id := range wanted {
		outcome, err := d.provision.Add(ctx, edge+id, func(ctx context.Context) error { return writing.By(d.client).AddSponsor(ctx, user, id) })
		if err != nil {
			return done, err
		}
		if outcome == change.Changed {
			done.added = append(done.added, id)
		}
	}
	present, err := writing.By(d.client).UserSponsors(ctx, user)
	if err != nil {
		return done, err
	}
	for i := range present {
		present[i] = model.ObjectID(present[i])
	}
	present = append(present, d.provision.GivenLately(edge)...)
	slices.Sort(present)
	for _, id := range slices.Compact(present) {
		if slices.Contains(wanted, id) {
			continue
		}
		outcome, err := d.provision.Remove(ctx, edge+id, func(ctx context.Context) error { return writing.By(d.client).RemoveSponsor(ctx, user, id) }, change.Always)
		if err != nil {
			return done, err
		}
		if outcome == change.Changed {
			done.removed = append(done.removed, id)
		}
	}
	return done, nil
}

func (d *Doer) resetRedemption() action {
	const email, sendInvitation, sent = "email", "send_invitation", "invitation_sent"
	return action{
		name: change.ActionResetRedemption, title: "Reset redemption", operation: change.OperationRedemption,
		description: "Has a guest accept an invitation anew, for example with another address, and keeps all access. Until then the guest cannot sign in.",
		kinds:       dynamicAction,
		arguments: []*config.Field{
			userArgument,
			textField(email, "Email", "The address that the guest is to sign in with from now on. Without it, the one that the guest has.", false),
			flagField(sendInvitation, "Send the invitation", "Whether Microsoft sends the new invitation by mail.", false),
		},
		returns: []*config.Field{
			userResult,
			textField(email, "Email", "The address that was invited.", false),
			flagField(sent, "Invitation sent", "Whether Microsoft sends the invitation by mail.", false),
			textField(resultRemark, "Remark", "What is left to do.", false),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			invitation := writing.Invitation{Email: args.text(email), RedirectURL: lifecycle.DefaultRedirectURL, SendMessage: args.flag(sendInvitation)}
			if parsed, err := mail.ParseAddress(invitation.Email); invitation.Email != "" && (err != nil || parsed.Address != invitation.Email) {
				return nil, wrongArgument(change.ActionResetRedemption, email+" has to be an address, such as jane@partner.example")
			}
			result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error { return d.inviteAnew(ctx, id, &invitation) })
			if err != nil {
				return nil, err
			}
			remark := "The guest gets the invitation from Microsoft by mail and has to accept it."
			if !invitation.SendMessage {
				remark = "No invitation was sent: the guest has to be told to sign in at " + invitation.RedirectURL + ", as a guest of this tenant."
			}
			for _, field := range []actions.ReturnField{
				actions.NewStringReturnField(email, invitation.Email), actions.NewBoolReturnField(sent, invitation.SendMessage), actions.NewStringReturnField(resultRemark, remark),
			} {
				result.Fields[field.Key] = field.Value
			}
			return result, nil
		},
	}
}

// inviteAnew resets the redemption of a guest. Graph takes only an address that the
// guest has, so a new one becomes another of the guest's before. A lost answer is
// settled by asking again, which changes nothing but that a second message can be sent.
func (d *Doer) inviteAnew(ctx context.Context, id string, invitation *writing.Invitation) error {
	user, err := lifecycle.AwaitedUser(ctx, d.provision, id)
	switch {
	case err != nil:
		return err
	case user.UserType != userTypeGuest:
		return change.Refused("user %s is a member of the tenant and no guest: there is no invitation to accept", id)
	case user.ExternalUserState == "":
		return change.Refused("user %s is a guest who was never invited and signs in with an account of this tenant: there is no invitation to accept", id)
	case invitation.Email == "" && user.Mail == "":
		return change.Refused("user %s has no address; give the one that the guest is to sign in with as email", id)
	}
	if invitation.Email == "" {
		invitation.Email = user.Mail
	}
	own := func(address string) bool { return strings.EqualFold(address, invitation.Email) }
	added := !own(user.Mail) && !slices.ContainsFunc(user.OtherMails, own)
	if added {
		addresses := append(slices.Clone(user.OtherMails), invitation.Email)
		if err := d.update(ctx, id, map[string]any{"otherMails": addresses}); err != nil {
			return err
		}
	}
	_, err = change.SettleWithin(ctx, min(change.EdgePatience, d.provision.Bound()), func(ctx context.Context) error {
		return writing.By(d.client).ResetRedemption(ctx, id, *invitation)
	}, change.Never, func(err error) bool { return failure.IsNotFound(err) || added && failure.IsBadRequest(err) }) // The new address is not everywhere at once.
	return err
}
