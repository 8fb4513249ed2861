// Package change is what all changes of the tenant share: waiting for what is new,
// looking again, telling what was there before from what was changed, schedules, and
// the table of what each change takes. It must not know which object is changed.
package change

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/exchange"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
)

const (
	// createPatience is how long a write waits for an object that Graph does not
	// know yet: one that was created a moment ago is not everywhere at once
	// (https://learn.microsoft.com/graph/best-practices-concept).
	createPatience = 90 * time.Second
	// FirstLook is the wait before the second try; it doubles up to LookEvery.
	FirstLook = time.Second
	LookEvery = 15 * time.Second
)

// Provisioner is what all changes of the tenant share: waiting for objects that
// are new, telling what was there before from what was changed, and keeping two
// changes of one object apart.
type Provisioner struct {
	Client *graph.Client
	// Exchange changes the groups that Graph only shows; nil where that is off.
	Exchange *exchange.Client
	// Patience is createPatience but in tests.
	Patience time.Duration
	Locks    *KeyedLocks
	Touched  recent
	// Schedule is what Privileged Identity Management is asked for where a grant
	// does not say.
	Schedule pim.Request
}

// outcome is what became of a change that can be made once.
type Outcome int

const (
	// Changed means that this call made the change.
	Changed Outcome = iota
	// Unchanged means that there was nothing to change.
	Unchanged
)

// Add does what puts an edge into the directory. An edge that is there already
// is unchanged. Objects that Graph does not know are waited for; an outcome that
// nobody knows is found out by doing it again, because the second time Graph
// says that it is there. Edge names it, for a removal that follows.
func (p *Provisioner) Add(ctx context.Context, edge string, do func(context.Context) error) (Outcome, error) {
	outcome, err := p.Settle(ctx, do, failure.IsAlreadyThere)
	if err == nil {
		p.Touched.Drop(taken + edge)
	}
	if outcome == Changed {
		p.Touched.Add(given + edge)
	}
	return outcome, err
}

// What this process has done to an edge a moment ago.
const (
	given = "given/"
	taken = "taken/"
)

// Taken notes that this process has taken an edge away.
func (p *Provisioner) Taken(edge string) {
	p.Touched.Drop(given + edge)
	p.Touched.Add(taken + edge)
}

// gonePatienceFor is how long Graph has to keep saying that an edge is not there
// before that is believed: what somebody has added a moment ago is not everywhere at
// once, and would be there a minute later.
func (p *Provisioner) gonePatienceFor(edge string) time.Duration {
	switch {
	case p.Touched.Has(given + edge):
		return p.Bound()
	case p.Touched.Has(taken + edge):
		return 0
	}
	return min(EdgePatience, p.Bound())
}

// Remove does what takes an edge out of the directory. Graph gives one answer to
// an edge that is not there and to an object that is not: exists tells which.
func (p *Provisioner) Remove(
	ctx context.Context, edge string, do func(context.Context) error, exists func(context.Context) (bool, error),
) (Outcome, error) {
	started, wait := time.Now(), min(FirstLook, p.Bound()/8)
	unknown := 0
	for {
		err := do(ctx)
		switch {
		case err == nil, failure.IsAlreadyGone(err) && unknown > 0:
			p.Taken(edge)
			return Changed, nil
		case failure.IsOutcomeUnknown(err) && unknown < UnknownAttempts:
			unknown++
		case !failure.IsAlreadyGone(err):
			return Unchanged, err
		case time.Since(started)+wait > p.gonePatienceFor(edge): // Which another call can have shortened.
			there, lookErr := exists(ctx)
			switch {
			case lookErr != nil:
				return Unchanged, lookErr
			case !there:
				return Unchanged, err
			}
			return Unchanged, nil
		}
		if err := Pause(ctx, wait); err != nil {
			return Unchanged, err
		}
		wait = min(2*wait, LookEvery)
	}
}

// RefuseDerived refuses to revoke what is only held through something else, as the
// grant itself says: the SDK marks what it has expanded, the connector what it has
// derived. There would be nothing to remove, and the access would stay.
func RefuseDerived(grant *v2.Grant) error {
	fixed := &v2.GrantImmutable{}
	annos := annotations.Annotations(grant.GetAnnotations())
	found, err := annos.Pick(fixed)
	switch {
	case err != nil:
		return fmt.Errorf("reading the grant: %w", err)
	case !found:
		return nil
	}
	reason := fixed.GetMetadata().GetFields()["reason"].GetStringValue()
	if reason == "" {
		reason = "it is held through a group; change the membership there"
	}
	return Refused("the grant cannot be revoked by itself: %s", reason)
}

// Look finds the ids under which Graph knows an edge that is to be removed. That
// nothing is found is believed only after several looks: reads lag behind
// writes, and the edge may be new.
func (p *Provisioner) Look(ctx context.Context, edge string, find func(context.Context) ([]string, error)) ([]string, error) {
	started := time.Now()
	for wait := min(FirstLook, p.Bound()/8); ; wait *= 2 {
		ids, err := find(ctx)
		if err != nil || len(ids) > 0 || time.Since(started)+wait > p.gonePatienceFor(edge) {
			return ids, err
		}
		if err := Pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// RemoveAll removes the edges that Graph knows under ids of their own.
func (p *Provisioner) RemoveAll(ctx context.Context, ids []string, do func(ctx context.Context, id string) error) (Outcome, error) {
	outcome := Unchanged
	var failed error
	for _, id := range ids {
		one, err := p.Remove(ctx, id, func(ctx context.Context) error { return do(ctx, id) }, Always)
		failed = errors.Join(failed, err)
		if one == Changed {
			outcome = Changed
		}
	}
	return outcome, failed
}

// Always is for edges with an id of their own: Graph's "not found" is about them.
func Always(context.Context) (bool, error) { return true, nil }

func (p *Provisioner) Bound() time.Duration {
	if p.Patience == 0 {
		return createPatience
	}
	return p.Patience
}

// UnknownAttempts is how often a write is repeated whose outcome is unknown.
const UnknownAttempts = 3

// Settle repeats a write until it is done, refused, or there already.
func (p *Provisioner) Settle(ctx context.Context, do func(context.Context) error, there func(error) bool) (Outcome, error) {
	return SettleWithin(ctx, p.Bound(), do, there, mayPass)
}

// mayPass reports whether err is about what Graph does not know yet, or is still
// busy with.
func mayPass(err error) bool { return failure.IsNotFound(err) || failure.IsPending(err) }

// SettleWithin is settle with a bound of its own, and with what is waited for
// until then.
func SettleWithin(ctx context.Context, patience time.Duration, do func(context.Context) error, there, passes func(error) bool) (Outcome, error) {
	deadline := time.Now().Add(patience)
	wait := min(FirstLook, patience/8)
	unknown := 0
	for {
		err := do(ctx)
		switch {
		case err == nil:
			return Changed, nil
		case there(err) && unknown > 0:
			return Changed, nil
		case there(err):
			return Unchanged, nil
		case failure.IsOutcomeUnknown(err) && unknown < UnknownAttempts:
			unknown++
		case passes(err) && time.Now().Add(wait).Before(deadline):
		default:
			return Unchanged, err
		}
		if err := Pause(ctx, wait); err != nil {
			return Unchanged, err
		}
		wait = min(2*wait, LookEvery)
	}
}

func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// GrantResult is the SDK's answer to a grant.
func GrantResult(g *v2.Grant, outcome Outcome, err error) ([]*v2.Grant, annotations.Annotations, error) {
	if err != nil {
		return nil, nil, ToChangeStatus(err)
	}
	var annos annotations.Annotations
	if outcome == Unchanged {
		annos.Append(&v2.GrantAlreadyExists{})
	}
	return []*v2.Grant{g}, annos, nil
}

// RevokeResult is the SDK's answer to a revocation.
func RevokeResult(outcome Outcome, err error) (annotations.Annotations, error) {
	if err != nil {
		return nil, ToChangeStatus(err)
	}
	var annos annotations.Annotations
	if outcome == Unchanged {
		annos.Append(&v2.GrantAlreadyRevoked{})
	}
	return annos, nil
}

// Refused is a change that cannot be made, with the reason, before Graph is
// asked. Reasons quote names, and errors are logged.
func Refused(format string, args ...any) error {
	return status.Error(codes.FailedPrecondition, model.ErrorPrefix+terminal.Harmless(fmt.Sprintf(format, args...)))
}

// ToChangeStatus gives an error of a change the gRPC code that makes the SDK do
// the right thing with it. Unavailable is repeated a few times; what must not be
// repeated blindly is Aborted.
func ToChangeStatus(err error) error {
	if failure.IsNotCarriedOut(err) {
		return status.Error(codes.FailedPrecondition, model.ErrorPrefix+err.Error())
	}
	if code, refused := exchangeCode(err); refused {
		return status.Error(code, model.ErrorPrefix+err.Error())
	}
	var refusal *failure.Error
	if !errors.As(err, &refusal) || failure.IsOutcomeUnknown(err) {
		return model.ToStatus(err)
	}
	message := model.ErrorPrefix + refusal.Error()
	switch {
	case failure.IsNotFound(err):
		return status.Error(codes.NotFound, message)
	case refusal.StatusCode == http.StatusForbidden:
		return status.Error(codes.PermissionDenied, message+
			"; a target that holds an administrator role, or is managed within a restricted administrative unit, also takes a directory role of the connector's own")
	case refusal.StatusCode == http.StatusBadRequest:
		return status.Error(codes.InvalidArgument, message+graphSays(refusal))
	}
	return model.ToStatus(err)
}

// graphSays is Graph's own sentence about a change that it refused: which
// property, which rule. One that names a person is left out: errors are logged.
func graphSays(e *failure.Error) string {
	if e.Message == "" || strings.Contains(e.Message, "@") {
		return ""
	}
	return ": " + e.Message
}

// KeyedLocks keep changes of one object apart within this process.
type KeyedLocks struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// Lock waits until nobody else changes the object; the function it returns lets
// the next one go.
func (k *KeyedLocks) Lock(ctx context.Context, key string) (func(), error) {
	for {
		k.mu.Lock()
		if k.held == nil {
			k.held = map[string]chan struct{}{}
		}
		busy, taken := k.held[key]
		if !taken {
			done := make(chan struct{})
			k.held[key] = done
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				delete(k.held, key)
				k.mu.Unlock()
				close(done)
			}, nil
		}
		k.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
