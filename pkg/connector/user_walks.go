package connector

import (
	"context"
	"slices"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The walks that users come from. What other services than the directory know
// of people is read before the users themselves, each at the pace of its own
// service and with its own page size, and waits in the index.
const (
	phaseSignIns          = "sign-ins"
	phaseMFARegistrations = "mfa"
	phaseMailboxes        = "mailboxes"
	phaseUsers            = "users"
	phaseManagers         = "managers"
	phaseDeletedUsers     = "deleted"
)

// The keys of what the walks leave behind, each by user id.
const (
	// keySignIn leads to when the user last signed in, in Unix seconds.
	keySignIn = "signin/"
	// keyMFA leads to what the user has registered.
	keyMFA = "mfa/"
	// keyMailbox leads to the purpose of the user's mailbox.
	keyMailbox = "mailbox/"
)

// walks are the phases of one sync, in order.
func (s *userSyncer) walks(d *decision) []string {
	var phases []string
	for _, optional := range []struct {
		data  dataSet
		phase string
	}{{dataSignIns, phaseSignIns}, {dataRegistrations, phaseMFARegistrations}, {dataMailboxes, phaseMailboxes}} {
		if d.has(optional.data) {
			phases = append(phases, optional.phase)
		}
	}
	phases = append(phases, phaseUsers, phaseManagers)
	if d.has(dataDeletedUsers) {
		phases = append(phases, phaseDeletedUsers)
	}
	return phases
}

// after is the phase that follows one; empty after the last.
func after(phases []string, phase string) string {
	for i, p := range phases {
		if p == phase && i+1 < len(phases) {
			return phases[i+1]
		}
	}
	return ""
}

// walkInto reads the next page of a walk that leaves its rows in the index under
// the users' ids.
func walkInto[T, V any](
	ctx context.Context, ix index, c cursor, list func(context.Context, string) (*sending.Page[T], error), prefix string, row func(*T) (string, V, bool),
) (*listed[T], error) {
	page, err := readPage(ctx, c, list)
	if err != nil {
		return nil, err
	}
	values := make(map[string]V, len(page.rows))
	for i := range page.rows {
		if id, value, ok := row(&page.rows[i]); ok {
			values[objectID(id)] = value
		}
	}
	return page, put(ctx, ix, prefix, values)
}

func (s *userSyncer) listSignIns(ctx context.Context, ix index, c cursor, follow string) (*cursor, error) {
	page, err := walkInto(ctx, ix, c, s.client.ListSignInActivity, keySignIn, func(u *graph.UserSignInActivity) (string, int64, bool) {
		last := u.Last()
		if last == nil {
			return "", 0, false
		}
		return u.ID, last.Unix(), true
	})
	if err != nil {
		return nil, err
	}
	return following(page, c, follow), nil
}

// registration is what a user has registered to prove who they are.
type registration struct {
	Registered   bool     `json:"r,omitempty"`
	Capable      bool     `json:"c,omitempty"`
	Passwordless bool     `json:"p,omitempty"`
	Methods      []string `json:"m,omitempty"`
}

func newRegistration(u *graph.UserRegistration) registration {
	return registration{u.IsMFARegistered, u.IsMFACapable, u.IsPasswordlessCapable, u.MethodsRegistered}
}

func (s *userSyncer) listRegistrations(ctx context.Context, ix index, c cursor, follow string) (*cursor, error) {
	page, err := walkInto(ctx, ix, c, s.client.ListUserRegistrations, keyMFA, func(u *graph.UserRegistration) (string, registration, bool) {
		return u.ID, newRegistration(u), true
	})
	if err != nil {
		return nil, err
	}
	return following(page, c, follow), nil
}

// listMailboxes reads the purposes of the mailboxes of one page of users. A page
// is small, so that this takes a few round trips.
func (s *userSyncer) listMailboxes(ctx context.Context, ix index, c cursor, follow string) (*cursor, error) {
	page, err := readPage(ctx, c, s.client.ListMailboxUsers)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range page.rows {
		if hasMailbox(page.rows[i].Mail, page.rows[i].UserType) {
			ids = append(ids, objectID(page.rows[i].ID))
		}
	}
	purposes := make(map[string]string, len(ids))
	answered := c.Stored > 0
	for part := range slices.Chunk(ids, sending.MaxBatchSize) {
		if answered, err = s.readPurposes(ctx, part, purposes, answered); err != nil {
			return nil, err
		}
	}
	if answered && page.next != nil {
		page.next.Stored++
	}
	return following(page, c, follow), put(ctx, ix, keyMailbox, purposes)
}

// hasMailbox reports whether a user may have a mailbox in this tenant: a guest's
// is in another one.
func hasMailbox(mail, userType string) bool { return mail != "" && userType != "Guest" }

// readPurposes reads the purposes of a batch of mailboxes, and reports whether
// Graph has answered about any mailbox yet. Exchange may keep the application out
// of some: these are left out. Where it has been kept out of all so far, it is the
// permission that is missing.
func (s *userSyncer) readPurposes(ctx context.Context, ids []string, purposes map[string]string, answered bool) (bool, error) {
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, graph.MailboxSettingsRef(id))
	}
	read, err := sending.BatchObjects[graph.MailboxSettings](ctx, s.client.Sender, refs)
	if err != nil {
		return false, err
	}
	denied := map[string]error{}
	for i, r := range read {
		switch {
		case graph.IsNoMailbox(r.Err):
			answered = true
		case failure.IsAccessDenied(r.Err):
			denied[ids[i]], err = r.Err, r.Err
		case r.Err != nil:
			return false, r.Err
		default:
			answered = true
			if r.Object.UserPurpose != "" {
				purposes[ids[i]] = r.Object.UserPurpose
			}
		}
	}
	if !answered {
		return false, err
	}
	for id, why := range denied {
		s.leaveMailbox(ctx, id, why)
	}
	return true, nil
}

func (s *userSyncer) leaveMailbox(ctx context.Context, id string, why error) {
	s.left.add(leftMailbox, 1)
	ctxzap.Extract(ctx).Debug("azure-ad: the purpose of a mailbox is left out", zap.String("object_id", id), zap.Error(why))
}

// options are the parts of users that a sync asks for.
func (s *userSyncer) options(d *decision) graph.UserOptions {
	return graph.UserOptions{Licenses: d.has(dataLicenses) && s.filter.syncs(typeLicense), ExtensionAttributes: s.filter.extensionAttributes}
}

// listUsers gives one page of users with their managers, with what all walks know
// of them, and reads the page that comes after it. The first call reads the first
// page alone.
func (s *userSyncer) listUsers(ctx context.Context, ix index, syncID string, c cursor, d *decision, follow string) ([]*v2.Resource, *cursor, error) {
	o := s.options(d)
	if c.Held == nil {
		page, err := s.client.ListUsers(ctx, "", o)
		if err != nil {
			return nil, nil, err
		}
		begun := cursor{Version: tokenVersion, Phase: c.Phase, Stored: c.Stored, Restarts: c.Restarts}
		next, err := s.hold(syncID, begun, "", 0, page)
		return nil, next, err
	}
	page, err := s.held(ctx, syncID, &c, o)
	if again := c.beginAgain(ctx, err); again != nil {
		return nil, again, nil
	}
	if err != nil {
		return nil, nil, err
	}
	managers := newManagerReading(ctx, s.client, page.Items, c.Run)
	ahead, err := managers.readWith(ctx, page.Next)
	if again := c.beginAgain(ctx, err); again != nil {
		return nil, again, nil
	}
	if err != nil {
		return nil, nil, err
	}
	resources, err := s.give(ctx, ix, page.Items, c.Held.Page, page.Next == "", d)
	if err != nil {
		return nil, nil, err
	}
	if ahead == nil {
		s.ahead.drop(syncID)
		return resources, following(&listed[graph.User]{}, c, follow), nil
	}
	c.Run = managers.learned
	next, err := s.hold(syncID, c, page.Next, c.Held.Page+1, ahead)
	return resources, next, err
}

// hold keeps a page that is given with the next call, and moves the cursor on.
func (s *userSyncer) hold(syncID string, c cursor, ref string, number int, page *sending.Page[graph.User]) (*cursor, error) {
	s.ahead.keep(syncID, ref, page)
	c.Held, c.Next = &heldPage{Ref: ref, Page: number}, ""
	if page.Next == "" {
		return &c, nil
	}
	return &c, c.advance(len(page.Items), page.Next)
}

// held is the page that is to be given. Where another process read it, it is read
// again, and leads to the next page from where it ends now.
func (s *userSyncer) held(ctx context.Context, syncID string, c *cursor, o graph.UserOptions) (*sending.Page[graph.User], error) {
	if page := s.ahead.find(syncID, c.Held.Ref); page != nil {
		return page, nil
	}
	page, err := s.client.ListUsers(ctx, c.Held.Ref, o)
	if err == nil {
		c.Next = page.Next
	}
	return page, err
}

// give makes resources of a page of people whose managers are known.
func (s *userSyncer) give(ctx context.Context, ix index, rows []graph.User, number int, last bool, d *decision) ([]*v2.Resource, error) {
	known, err := s.lookUp(ctx, ix, rows, d)
	if err != nil {
		return nil, err
	}
	resources := make([]*v2.Resource, 0, len(rows))
	licensees, ways := []licensee{}, licenseWays{}
	for i := range rows {
		resource, err := s.resource(&rows[i], known)
		if err != nil {
			return nil, err
		}
		resources = append(resources, resource)
		licensees = ways.ofUser(licensees, &rows[i])
	}
	if err := putPeople(ctx, ix, number, last, rows); err != nil {
		return nil, err
	}
	if err := putManagers(ctx, ix, number, last, rows); err != nil {
		return nil, err
	}
	if s.options(d).Licenses {
		if err := putLicensees(ctx, ix, keyUserLicenses, number, last, licensees, ways); err != nil {
			return nil, err
		}
	}
	return resources, nil
}

// people is what the walks before know of users.
type people struct {
	// deleted means that the users were listed in the recycle bin.
	deleted       bool
	signIns       map[string]int64
	registrations map[string]registration
	mailboxes     map[string]string
}

func (s *userSyncer) lookUp(ctx context.Context, ix index, users []graph.User, d *decision) (*people, error) {
	ids := make([]string, 0, len(users))
	for i := range users {
		ids = append(ids, objectID(users[i].ID))
	}
	var p people
	var err error
	if d.has(dataSignIns) {
		if p.signIns, err = get[int64](ctx, ix, keySignIn, ids); err != nil {
			return nil, err
		}
	}
	if d.has(dataRegistrations) {
		if p.registrations, err = get[registration](ctx, ix, keyMFA, ids); err != nil {
			return nil, err
		}
	}
	if d.has(dataMailboxes) {
		if p.mailboxes, err = get[string](ctx, ix, keyMailbox, ids); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

// describe adds what the walks know of one user to the resource's parts.
func (p *people) describe(id string, trait []rs.UserTraitOption, profile map[string]any) []rs.UserTraitOption {
	if at, ok := p.signIns[id]; ok {
		trait = append(trait, rs.WithLastLogin(time.Unix(at, 0)))
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
	return trait
}
