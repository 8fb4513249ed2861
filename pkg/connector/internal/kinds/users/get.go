package users

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Get reads one user with what the walks of a listing know of people: a request
// each, of those that the configuration, the permissions and the licences allow.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	made, err := s.Decider.Current(ctx)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	known := &People{}
	user, err := s.Client.User(ctx, checked, s.options(made))
	switch {
	case failure.IsNotFound(err) && made.Has(model.DataDeletedUsers):
		known.deleted = true
		user, err = s.Client.DeletedUser(ctx, checked)
	case err == nil:
		known, err = s.askAbout(ctx, user, made)
	}
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	found, err := s.Resource(user, known)
	return found, nil, model.GetStatus(err)
}

// askAbout reads what other services than the directory know of a user. Nothing
// is an answer too.
func (s *Syncer) askAbout(ctx context.Context, user *graph.User, made *decide.Decision) (*People, error) {
	id := model.ObjectID(user.ID)
	known := People{signIns: map[string]int64{}, registrations: map[string]registration{}, mailboxes: map[string]string{}}
	if made.Has(model.DataSignIns) {
		activity, err := s.Client.SignInActivity(ctx, id)
		if err != nil {
			return nil, err
		}
		if last := activity.Last(); last != nil {
			known.signIns[id] = last.Unix()
		}
	}
	if made.Has(model.DataRegistrations) {
		r, err := s.Client.UserRegistration(ctx, id)
		if err != nil && !failure.IsAbsent(err) {
			return nil, err
		}
		if err == nil {
			known.registrations[id] = newRegistration(r)
		}
	}
	if made.Has(model.DataGuestSponsors) && graph.IsGuest(user.UserType) {
		rows, err := s.Client.Sponsors(ctx, id)
		if err != nil {
			return nil, err
		}
		known.sponsors = map[string][]sponsor{id: sponsorsAmong(rows)}
	}
	if made.Has(model.DataUserAttributes) {
		row, err := s.Client.UserAttributes(ctx, id)
		if err != nil {
			return nil, err
		}
		known.attributes = map[string]graph.SecurityAttributes{id: row.Attributes}
	}
	if made.Has(model.DataMailboxes) && hasMailbox(user.Mail, user.UserType) {
		switch settings, err := s.Client.MailboxSettings(ctx, id); {
		case failure.IsAccessDenied(err):
			s.leaveMailbox(ctx, id, err)
		case err != nil && !graph.IsNoMailbox(err):
			return nil, err
		case err == nil && settings.UserPurpose != "":
			known.mailboxes[id] = settings.UserPurpose
		}
	}
	return &known, nil
}
