package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Get reads one user with what the walks of a listing know of people: a request
// each, of those that the configuration, the permissions and the licences allow.
func (s *userSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	made, err := s.decider.current(ctx)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	known := &people{}
	user, err := s.client.User(ctx, checked, s.options(made))
	switch {
	case failure.IsNotFound(err) && made.has(dataDeletedUsers):
		known.deleted = true
		user, err = s.client.DeletedUser(ctx, checked)
	case err == nil:
		known, err = s.askAbout(ctx, user, made)
	}
	if err != nil {
		return nil, nil, getStatus(err)
	}
	found, err := s.resource(user, known)
	return found, nil, getStatus(err)
}

// askAbout reads what other services than the directory know of a user. Nothing
// is an answer too.
func (s *userSyncer) askAbout(ctx context.Context, user *graph.User, made *decision) (*people, error) {
	id := objectID(user.ID)
	known := people{signIns: map[string]int64{}, registrations: map[string]registration{}, mailboxes: map[string]string{}}
	if made.has(dataSignIns) {
		activity, err := s.client.SignInActivity(ctx, id)
		if err != nil {
			return nil, err
		}
		if last := activity.Last(); last != nil {
			known.signIns[id] = last.Unix()
		}
	}
	if made.has(dataRegistrations) {
		r, err := s.client.UserRegistration(ctx, id)
		if err != nil && !failure.IsAbsent(err) {
			return nil, err
		}
		if err == nil {
			known.registrations[id] = newRegistration(r)
		}
	}
	if made.has(dataMailboxes) && hasMailbox(user.Mail, user.UserType) {
		switch settings, err := s.client.MailboxSettings(ctx, id); {
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
