package users

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
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
	phaseSponsors         = "sponsors"
	phaseAttributes       = "attributes"
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
	// keySponsors leads to the sponsors of a guest who has some.
	keySponsors = "sponsors/"
	// keyAttributes leads to the custom security attributes of a user who has some.
	keyAttributes = "userattributes/"
)

// walks are the phases of one sync, in order.
func (s *Syncer) walks(d *decide.Decision, carried map[model.DataSet]decide.Carried) []string {
	phases := s.reportWalks(d, carried)
	for _, optional := range []struct {
		data  model.DataSet
		phase string
	}{
		{model.DataMailboxes, phaseMailboxes},
		{model.DataGuestSponsors, phaseSponsors},
		{model.DataUserAttributes, phaseAttributes},
	} {
		if d.Has(optional.data) {
			phases = append(phases, optional.phase)
		}
	}
	phases = append(phases, phaseUsers, phaseManagers)
	if d.Has(model.DataDeletedUsers) {
		phases = append(phases, phaseDeletedUsers)
	}
	return phases
}

// order is that of all phases there can be.
var order = []string{
	phaseEarlier, phasesSince[0], phasesSince[1], phasesSince[2], phaseSignIns, phaseMFARegistrations,
	phaseMailboxes, phaseSponsors, phaseAttributes, phaseUsers, phaseManagers, phaseDeletedUsers,
}

// after is the phase that follows one, which may be left out itself since the call that
// led to it; empty after the last.
func after(phases []string, phase string) string {
	at := slices.Index(order, phase)
	for _, p := range phases {
		if slices.Index(order, p) > at {
			return p
		}
	}
	return ""
}

// walkInto reads the next page of a walk that leaves its rows in the index under
// the users' ids.
func walkInto[T, V any](
	ctx context.Context, ix walk.Index, c walk.Cursor, list func(context.Context, string) (*sending.Page[T], error), prefix string, row func(*T) (string, V, bool),
) (*walk.Listed[T], error) {
	page, err := walk.ReadPage(ctx, c, list)
	if err != nil {
		return nil, err
	}
	values := make(map[string]V, len(page.Rows))
	for i := range page.Rows {
		if id, value, ok := row(&page.Rows[i]); ok {
			values[model.ObjectID(id)] = value
		}
	}
	return page, walk.Put(ctx, ix, prefix, values)
}

func (s *Syncer) listSignIns(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) (*walk.Cursor, error) {
	s.Pace.Begin(string(model.DataSignIns), c.Next == "")
	page, err := walkInto(ctx, ix, c, s.Client.ListSignInActivity, keySignIn, func(u *graph.UserSignInActivity) (string, int64, bool) {
		last := u.Last()
		if last == nil {
			return "", 0, false
		}
		return u.ID, last.Unix(), true
	})
	if err != nil {
		return nil, err
	}
	s.Pace.Add(len(page.Rows), page.Next == nil)
	return walk.Following(page, c, follow), nil
}

// listAttributes reads the custom security attributes of one page of people.
func (s *Syncer) listAttributes(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) (*walk.Cursor, error) {
	s.Pace.Begin(string(model.DataUserAttributes), c.Next == "")
	page, err := walkInto(ctx, ix, c, s.Client.ListUserAttributes, keyAttributes, func(u *graph.Attributed) (string, graph.SecurityAttributes, bool) {
		return u.ID, u.Attributes, len(u.Attributes) > 0
	})
	if err != nil {
		return nil, err
	}
	s.Pace.Add(len(page.Rows), page.Next == nil)
	return walk.Following(page, c, follow), nil
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

func (s *Syncer) listRegistrations(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) (*walk.Cursor, error) {
	s.Pace.Begin(string(model.DataRegistrations), c.Next == "")
	page, err := walkInto(ctx, ix, c, s.Client.ListUserRegistrations, keyMFA, func(u *graph.UserRegistration) (string, registration, bool) {
		return u.ID, newRegistration(u), true
	})
	if err != nil {
		return nil, err
	}
	s.Pace.Add(len(page.Rows), page.Next == nil)
	return walk.Following(page, c, follow), nil
}

// listMailboxes reads the purposes of the mailboxes of one page of users. A page
// is small, so that this takes a few round trips.
func (s *Syncer) listMailboxes(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) (*walk.Cursor, error) {
	s.Pace.Begin(string(model.DataMailboxes), c.Next == "")
	page, err := walk.ReadPage(ctx, c, s.Client.ListMailboxUsers)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range page.Rows {
		if hasMailbox(page.Rows[i].Mail, page.Rows[i].UserType) {
			ids = append(ids, model.ObjectID(page.Rows[i].ID))
		}
	}
	purposes := make(map[string]string, len(ids))
	answered := c.Stored > 0
	for part := range slices.Chunk(ids, sending.MaxBatchSize) {
		if answered, err = s.readPurposes(ctx, part, purposes, answered); err != nil {
			return nil, err
		}
	}
	if answered && page.Next != nil {
		page.Next.Stored++
	}
	s.Pace.Add(len(page.Rows), page.Next == nil)
	return walk.Following(page, c, follow), walk.Put(ctx, ix, keyMailbox, purposes)
}

// hasMailbox reports whether a user may have a mailbox in this tenant: a guest's
// is in another one.
func hasMailbox(mail, userType string) bool { return mail != "" && userType != "Guest" }

// readPurposes reads the purposes of a batch of mailboxes, and reports whether
// Graph has answered about any mailbox yet. Exchange may keep the application out
// of some: these are left out. Where it has been kept out of all so far, it is the
// permission that is missing.
func (s *Syncer) readPurposes(ctx context.Context, ids []string, purposes map[string]string, answered bool) (bool, error) {
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, graph.MailboxSettingsRef(id))
	}
	read, err := sending.BatchObjects[graph.MailboxSettings](ctx, s.Client.Sender, refs)
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

func (s *Syncer) leaveMailbox(ctx context.Context, id string, why error) {
	s.Left.Add(walk.LeftMailbox, 1)
	ctxzap.Extract(ctx).Debug("azure-ad: the purpose of a mailbox is left out", zap.String("object_id", id), zap.Error(why))
}

// options are the parts of users that a sync asks for.
func (s *Syncer) options(d *decide.Decision) graph.UserOptions {
	return graph.UserOptions{
		Licenses: d.Has(model.DataLicenses) && s.Filter.Syncs(model.TypeLicense), ExtensionAttributes: s.Filter.ExtensionAttributes,
		ContactDetails: s.Filter.ContactDetails, LeaveDates: d.Has(model.DataLeaveDates),
	}
}

// listUsers gives one page of users with their managers, with what all walks know
// of them, and reads the page that comes after it. The first call reads the first
// page alone.
func (s *Syncer) listUsers(ctx context.Context, ix walk.Index, syncID string, c walk.Cursor, d *decide.Decision, follow string) ([]*v2.Resource, *walk.Cursor, error) {
	o := s.options(d)
	if c.Held == nil {
		page, err := s.Client.ListUsers(ctx, "", o)
		if err != nil {
			return nil, nil, err
		}
		begun := walk.Cursor{Version: walk.TokenVersion, Phase: c.Phase, Stored: c.Stored, Restarts: c.Restarts}
		next, err := s.hold(syncID, begun, "", 0, page)
		return nil, next, err
	}
	page, err := s.held(ctx, syncID, &c, o)
	if again := c.BeginAgain(ctx, err); again != nil {
		return nil, again, nil
	}
	if err != nil {
		return nil, nil, err
	}
	managers := newManagerReading(ctx, s.Client, page.Items, o, c.Run)
	ahead, err := managers.readWith(ctx, page.Next)
	if again := c.BeginAgain(ctx, err); again != nil {
		return nil, again, nil
	}
	if err != nil {
		return nil, nil, err
	}
	resources, err := s.give(ctx, ix, page.Items, pageOfPeople{syncID, c.Held.Page, page.Next == ""}, d)
	if err != nil {
		return nil, nil, err
	}
	if ahead == nil {
		s.ahead.Drop(syncID)
		return resources, walk.Following(&walk.Listed[graph.User]{}, c, follow), nil
	}
	c.Run = managers.learned
	next, err := s.hold(syncID, c, page.Next, c.Held.Page+1, ahead)
	return resources, next, err
}

// hold keeps a page that is given with the next call, and moves the cursor on.
func (s *Syncer) hold(syncID string, c walk.Cursor, ref string, number int, page *sending.Page[graph.User]) (*walk.Cursor, error) {
	s.ahead.Keep(syncID, ref, page)
	c.Held, c.Next = &walk.HeldPage{Ref: ref, Page: number}, ""
	if page.Next == "" {
		return &c, nil
	}
	return &c, c.Advance(len(page.Items), page.Next)
}

// held is the page that is to be given. Where another process read it, it is read
// again, and leads to the next page from where it ends now.
func (s *Syncer) held(ctx context.Context, syncID string, c *walk.Cursor, o graph.UserOptions) (*sending.Page[graph.User], error) {
	if page := s.ahead.Find(syncID, c.Held.Ref); page != nil {
		return page, nil
	}
	page, err := s.Client.ListUsers(ctx, c.Held.Ref, o)
	if err == nil {
		c.Next = page.Next
	}
	return page, err
}

// pageOfPeople says which page of a sync's people one is.
type pageOfPeople struct {
	syncID string
	number int
	last   bool
}

// give makes resources of a page of people whose managers are known.
func (s *Syncer) give(ctx context.Context, ix walk.Index, rows []graph.User, of pageOfPeople, d *decide.Decision) ([]*v2.Resource, error) {
	known, err := s.lookUp(ctx, ix, of.syncID, rows, d)
	if err != nil {
		return nil, err
	}
	resources := make([]*v2.Resource, 0, len(rows))
	licensees, ways := []kinds.Licensee{}, kinds.LicenseWays{}
	for i := range rows {
		resource, err := s.Resource(&rows[i], known)
		if err != nil {
			return nil, err
		}
		resources = append(resources, resource)
		licensees = ways.OfUser(licensees, &rows[i])
	}
	if err := kinds.PutPeople(ctx, ix, of.number, of.last, rows); err != nil {
		return nil, err
	}
	if d.Has(model.DataConsents) {
		if err := kinds.PutNames(ctx, ix, resources); err != nil {
			return nil, err
		}
	}
	if err := putManagers(ctx, ix, of.number, of.last, rows, known.sponsors); err != nil {
		return nil, err
	}
	if s.options(d).Licenses {
		if err := kinds.PutLicensees(ctx, ix, kinds.KeyUserLicenses, of.number, of.last, licensees, ways); err != nil {
			return nil, err
		}
	}
	return resources, s.keepForLater(ctx, ix, of, resources, known, d)
}
