package users

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// People is what the walks before know of users.
type People struct {
	// deleted means that the users were listed in the recycle bin.
	deleted bool
	signIns map[string]int64
	// unknown are those of whom nobody knows when they last signed in.
	unknown       map[string]bool
	registrations map[string]registration
	mailboxes     map[string]string
	sponsors      map[string][]sponsor
	attributes    map[string]graph.SecurityAttributes
}

func (s *Syncer) lookUp(ctx context.Context, ix walk.Index, syncID string, users []graph.User, d *decide.Decision) (*People, error) {
	ids := make([]string, 0, len(users))
	for i := range users {
		ids = append(ids, model.ObjectID(users[i].ID))
	}
	p := People{signIns: map[string]int64{}, unknown: map[string]bool{}, registrations: map[string]registration{}}
	var err error
	if d.Has(model.DataSignIns) && len(ids) > 0 {
		if p.signIns, err = walk.Get[int64](ctx, ix, keySignIn, ids); err != nil {
			return nil, err
		}
	}
	if d.Has(model.DataRegistrations) && len(ids) > 0 {
		if p.registrations, err = walk.Get[registration](ctx, ix, keyMFA, ids); err != nil {
			return nil, err
		}
	}
	if err := s.addEarlier(ctx, ix, syncID, users, &p, d); err != nil {
		return nil, err
	}
	if d.Has(model.DataMailboxes) {
		if p.mailboxes, err = walk.Get[string](ctx, ix, keyMailbox, ids); err != nil {
			return nil, err
		}
	}
	if d.Has(model.DataGuestSponsors) {
		if p.sponsors, err = walk.Get[[]sponsor](ctx, ix, keySponsors, ids); err != nil {
			return nil, err
		}
	}
	if d.Has(model.DataUserAttributes) {
		if p.attributes, err = walk.Get[graph.SecurityAttributes](ctx, ix, keyAttributes, ids); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

// fieldUnknown is true of a person whose last sign-in is not known, as opposed to one
// who has never signed in.
const fieldUnknown = "lastSignInUnknown"

// describe adds what the walks know of one user to the resource's parts.
func (p *People) describe(id string, trait []rs.UserTraitOption, profile map[string]any) []rs.UserTraitOption {
	if at, ok := p.signIns[id]; ok {
		trait = append(trait, rs.WithLastLogin(time.Unix(at, 0)))
	}
	if p.unknown[id] {
		profile[fieldUnknown] = true
	}
	if r, ok := p.registrations[id]; ok {
		trait = append(trait, rs.WithMFAStatus(v2.UserTrait_MFAStatus_builder{MfaEnabled: r.Registered}.Build()))
		methods := make([]any, 0, len(r.Methods))
		for _, m := range r.Methods {
			methods = append(methods, m)
		}
		profile["mfaCapable"], profile["passwordlessCapable"], profile["authenticationMethods"] = r.Capable, r.Passwordless, methods
	}
	if purpose := p.mailboxes[id]; purpose != "" {
		profile["mailboxPurpose"] = purpose
	}
	describeSponsors(p.sponsors[id], profile)
	kinds.DescribeAttributes(p.attributes[id], profile)
	return trait
}
