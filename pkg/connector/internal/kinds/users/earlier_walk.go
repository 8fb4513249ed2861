package users

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The walks of a sync that takes sign-ins and registrations from an earlier one. The
// first finds out whether it can. Who has signed in since is asked for by each of the
// moments of which the last sign-in is one.
const phaseEarlier = "earlier"

var phasesSince = [...]string{"sign-ins since", "attempts since", "clients' sign-ins since"}

// keyEarlier leads to what the sync has taken from an earlier one.
const keyEarlier = "earlier"

// reportSets are the data sets that can be taken from an earlier sync.
var reportSets = []model.DataSet{model.DataSignIns, model.DataRegistrations}

const (
	// reportsAtOnce is how many people's sign-ins and registrations come in the
	// requests that Graph lets a sync make at once.
	reportsAtOnce = 2000
	// recordingLag is how much later than a sign-in its time can be in a listing. What
	// an earlier sync has missed for that is among what was so long before it.
	recordingLag = 25 * time.Hour
	// sincePages is how many pages of each walk are read at most. Together they are
	// few enough not to hold the sync up; where more people have signed in, their last
	// sign-ins are as old as the snapshot says until all are read again.
	sincePages = 3
)

// reportWalks are the walks that sign-ins and registrations come from, in order.
func (s *Syncer) reportWalks(d *decide.Decision, carried map[model.DataSet]decide.Carried) []string {
	var phases []string
	if s.reuse() > 0 && (d.Has(model.DataSignIns) || d.Has(model.DataRegistrations)) {
		phases = append(phases, phaseEarlier)
	}
	_, signIns := carried[model.DataSignIns]
	switch {
	case signIns && d.Has(model.DataSignIns):
		phases = append(phases, phasesSince[:]...)
	case d.Has(model.DataSignIns):
		phases = append(phases, phaseSignIns)
	}
	if _, registrations := carried[model.DataRegistrations]; !registrations && d.Has(model.DataRegistrations) {
		phases = append(phases, phaseMFARegistrations)
	}
	return phases
}

// reuse is how old what is taken from an earlier sync may be; zero for not at all.
func (s *Syncer) reuse() time.Duration {
	return time.Duration(s.Filter.ReuseReportsDays) * 24 * time.Hour
}

// takeEarlier takes what it can from an earlier sync into the index.
func (s *Syncer) takeEarlier(ctx context.Context, ix walk.Index, syncID string) error {
	course := decide.CourseOf(ctx)
	found := s.earlier.last(ctx)
	if course == nil || found == nil {
		return nil
	}
	tenant, made, err := s.Decider.TenantOf(ctx, ix)
	if err != nil {
		return err
	}
	sets := map[model.DataSet]decide.Carried{}
	for data, read := range found.usable(tenant.ID, made.Reads, s.reuse(), cmp.Or(s.ReportsAtOnce, reportsAtOnce), time.Now()) {
		sets[data] = decide.Carried{Reading: read}
		ctxzap.Extract(ctx).Info("azure-ad: taken from the sync before", zap.String("data", string(data)), zap.Time("read_at", read.At), zap.Time("read_in_full_at", read.Full))
	}
	if len(sets) == 0 {
		return nil
	}
	if err := walk.PutValue(ctx, ix, keyEarlier, found); err != nil { // Before anybody knows of it.
		return err
	}
	s.earlier.use(syncID, found)
	return course.Carry(ctx, sets)
}

// listSince reads a page of the people who have signed in since an earlier sync, by one
// of the moments. After the last moment's last page, all last sign-ins are as new as if
// all had been read. A walk that is too long or that Graph refuses is given up, and
// what it did not give stays as old as it is.
func (s *Syncer) listSince(ctx context.Context, ix walk.Index, c walk.Cursor, which int, followMoment, followAll string) (*walk.Cursor, error) {
	course := decide.CourseOf(ctx)
	carried := course.Carried()[model.DataSignIns]
	since := carried.At.Add(-recordingLag)
	complete := true
	page, err := walkInto(ctx, ix, c, func(ctx context.Context, next string) (*sending.Page[graph.UserSignInActivity], error) {
		return s.Client.ListSignInsSince(ctx, graph.SignInMoments[which], since, next)
	}, keySignIn, func(u *graph.UserSignInActivity) (string, int64, bool) {
		last := u.Last()
		if last == nil {
			complete = false // It was said to have signed in.
			return "", 0, false
		}
		return u.ID, last.Unix(), true
	})
	switch {
	case withoutFilter(err):
		ctxzap.Extract(ctx).Warn("azure-ad: Microsoft Graph does not tell who has signed in since the sync before; last sign-ins stay as old as the tenant's profile says", zap.Error(err))
		return begin(c, followAll), nil
	case err != nil:
		return nil, err
	case !complete || page.Next != nil && c.Page+1 >= sincePages:
		ctxzap.Extract(ctx).Info("azure-ad: too many have signed in since the sync before to ask for all of them; last sign-ins are as old as the tenant's profile says",
			zap.Time("read_at", carried.At))
		return begin(c, followAll), nil
	case page.Next == nil && which == len(phasesSince)-1:
		carried.Caught = true
		if err := course.Carry(ctx, map[model.DataSet]decide.Carried{model.DataSignIns: carried}); err != nil {
			return nil, err
		}
	}
	return walk.Following(page, c, followMoment), nil
}

// withoutFilter reports whether err can be one of the filter alone, be it refused, be it
// too much for the service behind it: what it spares can be done without.
func withoutFilter(err error) bool {
	var e *failure.Error
	return forms.IsRefused(err) || errors.Is(err, walk.ErrCircle) || errors.As(err, &e) && e.StatusCode >= http.StatusInternalServerError
}

// begin is the beginning of another walk.
func begin(c walk.Cursor, phase string) *walk.Cursor {
	return &walk.Cursor{Version: walk.TokenVersion, Phase: phase, Stored: c.Stored}
}

// addEarlier adds what was taken from an earlier sync to what the walks know of people.
// Whoever had signed in shortly before that sync has to be among those who have since,
// for these are asked for from a day before on. Where one is not, the answers were short
// of people, as they were reported to be (microsoftgraph/microsoft-graph-docs-contrib
// issue 4505). Of whoever was there before and is not known from then, as somebody who
// is back from the recycle bin, nobody knows the last sign-in.
func (s *Syncer) addEarlier(ctx context.Context, ix walk.Index, syncID string, users []graph.User, p *People, d *decide.Decision) error {
	course := decide.CourseOf(ctx)
	carried := course.Carried()
	if len(carried) == 0 {
		return nil
	}
	e, err := s.earlier.inUse(ctx, ix, syncID)
	if err != nil {
		return err
	}
	of, signIns := carried[model.DataSignIns]
	signIns = signIns && d.Has(model.DataSignIns)
	since := of.At.Add(-recordingLag)
	_, registrations := carried[model.DataRegistrations]
	registrations = registrations && d.Has(model.DataRegistrations)
	missed := ""
	for i := range users {
		id := model.ObjectID(users[i].ID)
		last, r, found := e.find(id)
		if _, newer := p.signIns[id]; signIns && !newer {
			switch created := users[i].CreatedDateTime.Time; {
			case last == unknownSignIn, !found && (created == nil || created.Before(since)):
				p.unknown[id] = true
			case last > 0:
				p.signIns[id] = last
				if last >= since.Unix() {
					missed = id
				}
			}
		}
		if registrations && r != nil {
			p.registrations[id] = *r
		}
	}
	if missed == "" || !of.Current() {
		return nil
	}
	ctxzap.Extract(ctx).Warn("azure-ad: Microsoft Graph left somebody out of those who have signed in since the sync before; last sign-ins are as old as the tenant's profile says",
		zap.String("object_id", missed))
	of.Doubted = true
	return course.Carry(ctx, map[model.DataSet]decide.Carried{model.DataSignIns: of})
}

// keepForLater notes a page of people, as they are given, for the sync after this one.
func (s *Syncer) keepForLater(ctx context.Context, ix walk.Index, of pageOfPeople, resources []*v2.Resource, known *People, d *decide.Decision) error {
	if s.reuse() == 0 {
		return nil
	}
	carried := decide.CourseOf(ctx).Carried()
	read := map[model.DataSet]decide.Reading{}
	for _, data := range reportSets {
		if !d.Has(data) {
			continue
		}
		of := decide.Reading{At: d.Began, Full: d.Began}
		if c, ok := carried[data]; ok {
			of.Full = c.Full
			if !c.Current() {
				of.At = c.At
			}
		}
		read[data] = of
	}
	if len(read) == 0 {
		return nil
	}
	tenant, _, err := s.Decider.TenantOf(ctx, ix)
	if err != nil {
		return err
	}
	s.earlier.note(of, tenant.ID, read, resources, known)
	return nil
}
