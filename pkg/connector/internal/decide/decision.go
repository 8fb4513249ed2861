// Package decide says what a sync reads: the data sets with what each takes, the
// settings, the permissions and plans, the questions that settle what they do not
// tell, and what a sync has found out under way. It must not make resources or
// grants.
package decide

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Decision says which data sets a sync reads. It is made once, at the start, so
// that a data set is in the snapshot as a whole or not at all.
type Decision struct {
	// Reads are the data sets that are read.
	Reads []model.DataSet `json:"reads"`
	// Skipped are those that somebody may miss, each with the reason.
	Skipped []skipped `json:"-"`
	// Left is the same as it is written down: why, by data set.
	Left map[model.DataSet]string `json:"left,omitempty"`
	// Tenant is the tenant of the token; empty if it does not say.
	Tenant string `json:"tenant,omitempty"`
	// Began is when the sync began that the decision is for.
	Began time.Time `json:"began,omitzero"`
	// Issued is when the token was issued that the decision is based on; zero if
	// it does not say.
	Issued time.Time `json:"issued,omitzero"`

	// Denied is why optional data sets cannot be read that the token and the plans
	// promise: a sync fails for it.
	Denied map[model.DataSet]error `json:"-"`

	claims *signin.Claims
	at     time.Time
	// organization is the tenant, as it was read for the decision.
	organization graph.Organization
}

// decisionLife is how long the process that validated a sync may take to become
// its first reader.
const decisionLife = 5 * time.Minute

// current reports whether the decision can be one about a sync that begins now.
// In the function runtime, and with several instances of a service, the process
// that reads first need not be the one that validated: its own latest decision
// can be from an earlier sync, with other permissions.
func (d *Decision) current(claims *signin.Claims) bool {
	return d != nil && time.Since(d.at) < decisionLife && reflect.DeepEqual(d.claims, claims)
}

// skipped is a data set that is left out whole.
type skipped struct {
	source Source
	// why is what would have to change.
	why  string
	lack Lack
	// answer is Graph's own reason; nil where it was not asked.
	answer error
}

func (d *Decision) Has(data model.DataSet) bool { return slices.Contains(d.Reads, data) }

// Decider makes decisions, and keeps the last one for the sync that begins
// with it.
type Decider struct {
	Client *graph.Client
	Filter Filters
	// writing is held while a sync's decision is written down.
	writing sync.Mutex
	mu      sync.Mutex
	latest  *Decision
	// used is the decision that the sync under way stays with.
	used *Decision
}

// Decide decides for a sync of a tenant.
func (d *Decider) Decide(ctx context.Context, claims *signin.Claims, organization *graph.Organization) (*Decision, error) {
	made, err := d.DecideOn(ctx, claims, organization.Plans, d.Filter.Wants)
	if err != nil {
		return nil, err
	}
	for i := range Sources { // Left out, what others hold would look removed.
		if err := made.Denied[Sources[i].Data]; err != nil {
			return nil, err
		}
	}
	made.Left = map[model.DataSet]string{}
	for _, s := range made.Skipped {
		made.Left[s.source.Data] = s.why
		ctxzap.Extract(ctx).Warn(messageLeftOut,
			zap.String("data", string(s.source.Data)), zap.String("what", s.source.Purpose), zap.String("for_lack_of", s.why), zap.Error(s.answer))
	}
	made.claims, made.at, made.organization = claims, time.Now(), *organization
	made.Began = made.at.UTC().Truncate(time.Second)
	if claims != nil {
		made.Issued, made.Tenant = claims.IssuedAt, claims.TenantID
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest, d.used = made, made
	return made, nil
}

// use notes the decision that the sync under way stays with. A sync that goes on
// may leave out what could be read by now: nothing else would say so.
func (d *Decider) use(ctx context.Context, stored *Decision) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.used != nil {
		for data, why := range stored.Left {
			if d.used.Left[data] == "" {
				ctxzap.Extract(ctx).Warn("azure-ad: left out of the sync, as when it began; a new sync may have it",
					zap.String("data", string(data)), zap.String("for_lack_of", why))
			}
		}
	}
	d.used = stored
}

// DecideOn looks at what the token may do and at what the tenant has bought. Where
// they do not tell, or tell of something that is not known here, Graph is asked for
// a piece of the data set: nothing is left out because a table does not know a
// permission or a plan.
func (d *Decider) DecideOn(ctx context.Context, claims *signin.Claims, plans []string, wanted func(*Source) bool) (*Decision, error) {
	made := &Decision{Denied: map[model.DataSet]error{}}
	var unsure []*Source
	granted := map[model.DataSet]bool{}  // What the token and the plans both list.
	promised := map[model.DataSet]bool{} // What nothing speaks against but perhaps the form of the question.
	for i := range Sources {
		s := &Sources[i]
		if !wanted(s) {
			continue
		}
		permitted, known := HeldPermission(s, claims)
		lacks := LacksNothing
		switch {
		case known && !permitted:
			lacks = LacksPermission
		case plans != nil && len(s.Plans) > 0 && !slices.ContainsFunc(s.Plans, func(p string) bool { return slices.Contains(plans, p) }):
			lacks = LacksLicense
		}
		granted[s.Data] = lacks == LacksNothing && known
		promised[s.Data] = granted[s.Data] && !s.ByObject && !s.Aside
		sure := lacks == LacksNothing && known && !s.Aside && !askedByObject(s) && (len(s.Plans) == 0 || plans != nil && s.Retractable)
		switch {
		case s.Aside && lacks != LacksNothing:
			made.Skipped = append(made.Skipped, skipped{source: *s, lack: lacks, why: lacks.sentence(s)})
		case s.Optional && len(s.Probes) > 0 && !sure:
			unsure = append(unsure, s)
		case s.Optional && lacks != LacksNothing:
			made.Skipped = append(made.Skipped, skipped{source: *s, lack: lacks, why: lacks.sentence(s)})
		default: // Validate has failed if it is not optional and not permitted.
			made.Reads = append(made.Reads, s.Data)
		}
	}
	answers, err := d.Ask(ctx, unsure)
	if err != nil {
		return nil, err
	}
	for _, s := range unsure {
		if refusal := answers[s.Data]; refusal != nil {
			lack := lackOf(refusal)
			switch {
			case lack == LacksNothing, lack == LacksPermission && granted[s.Data] && !s.Aside:
				made.Denied[s.Data] = refusal
				continue
			case lack == LacksAnswer && promised[s.Data]: // Its listing is in another form, and will tell.
				made.Reads = append(made.Reads, s.Data)
				continue
			}
			made.Skipped = append(made.Skipped, skipped{source: *s, lack: lack, why: lack.sentence(s), answer: refusal})
			continue
		}
		made.Reads = append(made.Reads, s.Data)
	}
	return made, nil
}

// askedByObject reports whether Graph is asked first because a data set that somebody asks
// for is read object by object: a tenant that does not have it would be told of each.
func askedByObject(s *Source) bool { return s.ByObject && slices.Contains(optIn, s.Data) }

// HeldPermission tells whether the token may read the data set, and whether it
// tells at all: an unreadable token does not, and what a signed-in person may
// read depends on the person too.
func HeldPermission(s *Source, claims *signin.Claims) (bool, bool) {
	if claims == nil {
		return true, false
	}
	if s.permitted(claims.Permissions()) {
		return true, claims.AppOnly()
	}
	asPerson := slices.ContainsFunc(claims.Permissions(), func(h string) bool { return slices.Contains(signedInPerson, h) })
	return asPerson, !asPerson
}

const KeyDecision = "decision"

// Of is the decision of the sync that the index belongs to. The sync's first
// reader writes it down, so that a sync that goes on elsewhere, or after the
// permissions have changed, stays with it. If another process validated the sync,
// this one may have missed that somebody signed in again.
func (d *Decider) Of(ctx context.Context, ix walk.Index) (*Decision, error) {
	stored, found, err := walk.GetValue[Decision](ctx, ix, KeyDecision)
	if err != nil {
		return nil, err
	}
	if found {
		d.use(ctx, &stored)
		return stored.After(CourseOf(ctx).Left()), d.catchUp(ctx, &stored)
	}
	return d.first(ctx, ix)
}

// first writes the decision of a sync down. Of several first readers in one process
// one does: a sync began once.
func (d *Decider) first(ctx context.Context, ix walk.Index) (*Decision, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	stored, found, err := walk.GetValue[Decision](ctx, ix, KeyDecision)
	switch {
	case err != nil:
		return nil, err
	case found:
		return stored.After(CourseOf(ctx).Left()), nil
	}
	if err := d.Client.Renew(ctx); err != nil {
		return nil, err
	}
	latest, err := d.Current(ctx)
	if err != nil {
		return nil, err
	}
	// It can be some minutes old, and of another sync.
	made := *latest
	made.Began = time.Now().UTC().Truncate(time.Second)
	if err := walk.PutValue(ctx, ix, keyTenant, tenantOf(&made)); err != nil { // Before the decision, by which it is known to be there.
		return nil, err
	}
	return &made, walk.PutValue(ctx, ix, KeyDecision, &made)
}

// catchUp makes sure that this process reads the tenant that the sync began with,
// and with no older token than the one that the decision is based on: with less
// permissions the sync would fail.
func (d *Decider) catchUp(ctx context.Context, made *Decision) error {
	claims, err := d.claims(ctx)
	if err != nil || claims == nil {
		return err
	}
	if made.Tenant != "" && claims.TenantID != "" && !strings.EqualFold(made.Tenant, claims.TenantID) {
		return status.Errorf(codes.FailedPrecondition, "%sthe unfinished sync is of tenant %s, and the sign-in is for tenant %s; remove the .partial file beside the snapshot, or name another file",
			model.ErrorPrefix, made.Tenant, claims.TenantID)
	}
	if !claims.IssuedAt.Before(made.Issued) {
		return nil
	}
	return d.Client.Renew(ctx)
}

// claims are those of the token; nil if it cannot be read.
func (d *Decider) claims(ctx context.Context) (*signin.Claims, error) {
	claims, err := d.Client.Claims(ctx)
	if errors.Is(err, signin.ErrOpaqueToken) {
		return nil, nil
	}
	return claims, err
}

// Current is the latest decision. The SDK validates at the start of each sync;
// for a caller that did not, here, the decision is made now.
func (d *Decider) Current(ctx context.Context) (*Decision, error) {
	claims, err := d.claims(ctx)
	if err != nil {
		return nil, err
	}
	if latest := d.take(); latest.current(claims) {
		return latest, nil
	}
	organization, err := d.Client.Organization(ctx)
	if err != nil {
		return nil, err
	}
	return d.Decide(ctx, claims, organization)
}

// Reads reports whether a data set is read in the sync of the index.
func (d *Decider) Reads(ctx context.Context, ix walk.Index, data model.DataSet) (bool, error) {
	made, err := d.Of(ctx, ix)
	if err != nil {
		return false, err
	}
	return made.Has(data), nil
}

// UnderWay is the decision of the sync under way, for the summary at its end.
func (d *Decider) UnderWay() *Decision {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.used
}

// take gives the latest decision.
func (d *Decider) take() *Decision {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.latest
}
