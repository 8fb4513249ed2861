package connector

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
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

const (
	// createPatience is how long a write waits for an object that Graph does not
	// know yet: one that was created a moment ago is not everywhere at once
	// (https://learn.microsoft.com/graph/best-practices-concept).
	createPatience = 90 * time.Second
	// firstLook is the wait before the second try; it doubles up to lookEvery.
	firstLook = time.Second
	lookEvery = 15 * time.Second
)

// provisioner is what all changes of the tenant share: waiting for objects that
// are new, telling what was there before from what was changed, and keeping two
// changes of one object apart.
type provisioner struct {
	client *graph.Client
	// patience is createPatience but in tests.
	patience time.Duration
	locks    *keyedLocks
	touched  recent
	// schedule is what Privileged Identity Management is asked for where a grant
	// does not say.
	schedule graph.ScheduleRequest
}

// outcome is what became of a change that can be made once.
type changeOutcome int

const (
	// changed means that this call made the change.
	changed changeOutcome = iota
	// unchanged means that there was nothing to change.
	unchanged
)

// add does what puts an edge into the directory. An edge that is there already
// is unchanged. Objects that Graph does not know are waited for; an outcome that
// nobody knows is found out by doing it again, because the second time Graph
// says that it is there.
func (p *provisioner) add(ctx context.Context, do func(context.Context) error) (changeOutcome, error) {
	return p.settle(ctx, do, graph.IsAlreadyThere)
}

// remove does what takes an edge out of the directory. Graph gives one answer to
// an edge that is not there and to an object that is not: exists tells which.
func (p *provisioner) remove(ctx context.Context, do func(context.Context) error, exists func(context.Context) (bool, error)) (changeOutcome, error) {
	doubtful := false
	for attempt := 1; ; attempt++ {
		err := do(ctx)
		switch {
		case err == nil:
			return changed, nil
		case graph.IsOutcomeUnknown(err) && attempt <= unknownAttempts:
			doubtful = true
			if err := pause(ctx, firstLook); err != nil {
				return unchanged, err
			}
			continue
		case !graph.IsAlreadyGone(err):
			return unchanged, err
		case doubtful:
			return changed, nil
		}
		there, lookErr := exists(ctx)
		switch {
		case lookErr != nil:
			return unchanged, lookErr
		case !there:
			return unchanged, err
		}
		return unchanged, nil
	}
}

// refuseDerived refuses to revoke what is only held through something else, as the
// grant itself says: the SDK marks what it has expanded, the connector what it has
// derived. There would be nothing to remove, and the access would stay.
func refuseDerived(grant *v2.Grant) error {
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
	return refused("the grant cannot be revoked by itself: %s", reason)
}

// look finds the ids under which Graph knows an edge that is to be removed. That
// nothing is found is believed only after several looks: reads lag behind
// writes, and the edge may be new.
func (p *provisioner) look(ctx context.Context, find func(context.Context) ([]string, error)) ([]string, error) {
	deadline := time.Now().Add(p.bound() / 4)
	for wait := min(firstLook, p.bound()/8); ; wait *= 2 {
		ids, err := find(ctx)
		if err != nil || len(ids) > 0 || time.Now().Add(wait).After(deadline) {
			return ids, err
		}
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// removeAll removes the edges that Graph knows under ids of their own.
func (p *provisioner) removeAll(ctx context.Context, ids []string, do func(ctx context.Context, id string) error) (changeOutcome, error) {
	outcome := unchanged
	var failed error
	for _, id := range ids {
		one, err := p.remove(ctx, func(ctx context.Context) error { return do(ctx, id) }, always)
		failed = errors.Join(failed, err)
		if one == changed {
			outcome = changed
		}
	}
	return outcome, failed
}

// always is for edges with an id of their own: Graph's "not found" is about them.
func always(context.Context) (bool, error) { return true, nil }

func (p *provisioner) bound() time.Duration {
	if p.patience == 0 {
		return createPatience
	}
	return p.patience
}

// unknownAttempts is how often a write is repeated whose outcome is unknown.
const unknownAttempts = 3

// settle repeats a write until it is done, refused, or there already.
func (p *provisioner) settle(ctx context.Context, do func(context.Context) error, there func(error) bool) (changeOutcome, error) {
	return settleWithin(ctx, p.bound(), do, there, mayPass)
}

// mayPass reports whether err is about what Graph does not know yet, or is still
// busy with.
func mayPass(err error) bool { return graph.IsNotFound(err) || graph.IsPending(err) }

// settleWithin is settle with a bound of its own, and with what is waited for
// until then.
func settleWithin(ctx context.Context, patience time.Duration, do func(context.Context) error, there, passes func(error) bool) (changeOutcome, error) {
	deadline := time.Now().Add(patience)
	wait := min(firstLook, patience/8)
	unknown := 0
	for {
		err := do(ctx)
		switch {
		case err == nil:
			return changed, nil
		case there(err) && unknown > 0:
			return changed, nil
		case there(err):
			return unchanged, nil
		case graph.IsOutcomeUnknown(err) && unknown < unknownAttempts:
			unknown++
		case passes(err) && time.Now().Add(wait).Before(deadline):
		default:
			return unchanged, err
		}
		if err := pause(ctx, wait); err != nil {
			return unchanged, err
		}
		wait = min(2*wait, lookEvery)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// grantResult is the SDK's answer to a grant.
func grantResult(g *v2.Grant, outcome changeOutcome, err error) ([]*v2.Grant, annotations.Annotations, error) {
	if err != nil {
		return nil, nil, toChangeStatus(err)
	}
	var annos annotations.Annotations
	if outcome == unchanged {
		annos.Append(&v2.GrantAlreadyExists{})
	}
	return []*v2.Grant{g}, annos, nil
}

// revokeResult is the SDK's answer to a revocation.
func revokeResult(outcome changeOutcome, err error) (annotations.Annotations, error) {
	if err != nil {
		return nil, toChangeStatus(err)
	}
	var annos annotations.Annotations
	if outcome == unchanged {
		annos.Append(&v2.GrantAlreadyRevoked{})
	}
	return annos, nil
}

// refused is a change that cannot be made, with the reason, before Graph is
// asked. Reasons quote names, and errors are logged.
func refused(format string, args ...any) error {
	return status.Error(codes.FailedPrecondition, errorPrefix+terminal.Harmless(fmt.Sprintf(format, args...)))
}

// toChangeStatus gives an error of a change the gRPC code that makes the SDK do
// the right thing with it. Unavailable is repeated a few times; what must not be
// repeated blindly is Aborted.
func toChangeStatus(err error) error {
	var refusal *graph.Error
	if !errors.As(err, &refusal) || graph.IsOutcomeUnknown(err) {
		return toStatus(err)
	}
	message := errorPrefix + refusal.Error()
	switch {
	case graph.IsNotFound(err):
		return status.Error(codes.NotFound, message)
	case refusal.StatusCode == http.StatusForbidden:
		return status.Error(codes.PermissionDenied, message+
			"; a target that holds an administrator role, or is managed within a restricted administrative unit, also takes a directory role of the connector's own")
	case refusal.StatusCode == http.StatusBadRequest:
		return status.Error(codes.InvalidArgument, message+graphSays(refusal))
	}
	return toStatus(err)
}

// graphSays is Graph's own sentence about a change that it refused: which
// property, which rule. One that names a person is left out: errors are logged.
func graphSays(e *graph.Error) string {
	if e.Message == "" || strings.Contains(e.Message, "@") {
		return ""
	}
	return ": " + e.Message
}

// keyedLocks keep changes of one object apart within this process.
type keyedLocks struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits until nobody else changes the object; the function it returns lets
// the next one go.
func (k *keyedLocks) lock(ctx context.Context, key string) (func(), error) {
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
