package accesspackages

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/entitlements"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// holders are those who can be given a package.
var holders = append([]string{model.TypeUser}, model.ServicePrincipalTypes...)

// Grant gives an access package by one of its policies, as an administrator does: nobody
// has to agree. It lasts for as long as the policy says, unless the grant names an end.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	h, who := holdingOf(entitlement, principal)
	if !slices.Contains(holders, who.GetResourceType()) {
		return change.GrantResult(nil, change.Unchanged, change.Refused(
			"%s %s cannot have an access package; people and applications can", who.GetResourceType(), who.GetResource()))
	}
	asked, err := s.Provision.Addition(entitlement)
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	r := entitlements.Request{Justification: asked.Justification}
	if change.EndNamed(entitlement) {
		end := time.Now().Add(asked.Duration)
		r.End = &end
	}
	outcome, err := s.give(ctx, h, r)
	return change.GrantResult(model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource()), outcome, err)
}

func holdingOf(entitlement *v2.Entitlement, principal *v2.Resource) (entitlements.Holding, *v2.ResourceId) {
	of, policy := change.ChangedEntitlement(entitlement)
	return entitlements.Holding{PackageID: of, PolicyID: policy, TargetID: principal.GetId().GetResource()}, principal.GetId()
}

func edgeOf(h entitlements.Holding) string {
	return h.PackageID + "/" + h.PolicyID + "/" + h.TargetID
}

// standing is how somebody stands to a package, as Graph shows it.
type standing struct {
	// held are the ids of the assignments by which it is held, and coming those of
	// assignments that are on their way.
	held, coming []string
	// end is until when it is held; nil for good.
	end *time.Time
}

func (s *Syncer) standing(ctx context.Context, h entitlements.Holding) (standing, error) {
	var now standing
	rows, err := entitlements.Assignments(ctx, s.Client, h)
	for i := range rows {
		switch state := rows[i].State; {
		case strings.EqualFold(state, graph.AssignmentDelivered), strings.EqualFold(state, graph.AssignmentPartiallyDelivered):
			if end := endOf(&rows[i]); len(now.held) == 0 || end == nil || now.end != nil && end.After(*now.end) {
				now.end = end
			}
			now.held = append(now.held, rows[i].ID)
		case strings.EqualFold(state, graph.AssignmentDelivering):
			now.coming = append(now.coming, rows[i].ID)
		}
	}
	return now, err
}

// give assigns a package, or finds that it is assigned. What is on its way is waited for.
// A look at what this process has taken away a moment ago could show what was before.
func (s *Syncer) give(ctx context.Context, h entitlements.Holding, r entitlements.Request) (change.Outcome, error) {
	edge := edgeOf(h)
	done, err := s.Provision.Locks.Lock(ctx, edge)
	if err != nil {
		return change.Unchanged, err
	}
	defer done()
	if !s.Provision.TakenLately(edge) {
		before, err := s.standing(ctx, h)
		switch {
		case err != nil:
			return change.Unchanged, err
		case len(before.held) > 0:
			return change.Unchanged, lasts(before, r)
		case len(before.coming) > 0:
			return change.Unchanged, s.arrive(ctx, h, r)
		}
	}
	sent := false
	return s.Provision.Add(ctx, edge, func(ctx context.Context) error {
		if sent { // Nobody knows what became of it: it is looked for before it is asked for again.
			if found, err := s.assignments(ctx, h); err != nil || len(found) > 0 {
				return errors.Join(err, s.arrive(ctx, h, r))
			}
		}
		fate, err := entitlements.Assign(ctx, s.Client, h, r)
		sent = failure.IsOutcomeUnknown(err)
		if failure.IsBadRequest(err) { // Microsoft does not say with which code it refuses a second time.
			if found, lookErr := s.assignments(ctx, h); lookErr == nil && len(found) > 0 {
				if err := s.arrive(ctx, h, r); err != nil {
					return err
				}
				return failure.ErrAlreadyThere
			}
		}
		if err != nil {
			return err
		}
		return s.carriedOut(ctx, fate)
	})
}

// assignments are the ids of the assignments by which a package is held or is to be. That
// there are none is believed only after several looks.
func (s *Syncer) assignments(ctx context.Context, h entitlements.Holding) ([]string, error) {
	return s.Provision.Look(ctx, edgeOf(h), func(ctx context.Context) ([]string, error) {
		now, err := s.standing(ctx, h)
		return append(now.held, now.coming...), err
	})
}

// lasts refuses to call held what ends before it is to.
func lasts(now standing, r entitlements.Request) error {
	const slack = time.Minute
	if r.End == nil || now.end == nil || !now.end.Before(r.End.Add(-slack)) {
		return nil
	}
	return change.Refused("the access package is held until %s already, and that cannot be prolonged here; revoke it first", model.Timestamp(now.end))
}

// arrive waits for an assignment that is on its way, and for what was asked for.
func (s *Syncer) arrive(ctx context.Context, h entitlements.Holding, r entitlements.Request) error {
	deadline := time.Now().Add(s.Provision.Bound())
	for wait := min(change.FirstLook, s.Provision.Bound()/8); ; wait = min(2*wait, change.LookEvery) {
		now, err := s.standing(ctx, h)
		switch {
		case err != nil:
			return err
		case len(now.held) > 0:
			return lasts(now, r)
		case len(now.coming) == 0:
			return change.Refused("the access package had been asked for already, and that came to nothing; ask again")
		case time.Now().Add(wait).After(deadline):
			return change.Refused("Microsoft is still delivering the access package (assignment %s); ask again later", now.coming[0])
		}
		if err := change.Pause(ctx, wait); err != nil {
			return err
		}
	}
}

// carriedOut follows a request until it was carried out.
func (s *Syncer) carriedOut(ctx context.Context, fate entitlements.Fate) error {
	return s.Provision.Follow(ctx, &fate, func(ctx context.Context) error {
		now, err := entitlements.LookAgain(ctx, s.Client, fate)
		if err == nil {
			fate = now
		}
		return err
	})
}

// Revoke ends every assignment of the package by the policy.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	h, _ := holdingOf(grant.GetEntitlement(), grant.GetPrincipal())
	return change.RevokeResult(s.take(ctx, h, s.Provision.Removal(grant).Justification))
}

func (s *Syncer) take(ctx context.Context, h entitlements.Holding, why string) (change.Outcome, error) {
	edge := edgeOf(h)
	done, err := s.Provision.Locks.Lock(ctx, edge)
	if err != nil {
		return change.Unchanged, err
	}
	defer done()
	ids, err := s.assignments(ctx, h)
	if err != nil || len(ids) == 0 {
		return change.Unchanged, err
	}
	before := s.Provision.TakenLately(edge)
	for _, id := range ids {
		err := s.end(ctx, h, id, why)
		if before && (failure.IsBadRequest(err) || failure.IsNotFound(err)) {
			return change.Unchanged, nil // The look showed what this process has taken away before.
		}
		if err != nil {
			return change.Unchanged, err
		}
	}
	s.Provision.Taken(edge)
	return change.Changed, nil
}

// end ends one assignment. Where nobody knows what became of the request, or Graph
// refuses it, the assignment is looked at: it may have ended, and reads may not show that
// at once.
func (s *Syncer) end(ctx context.Context, h entitlements.Holding, id, why string) error {
	patience := min(change.EdgePatience, s.Provision.Bound())
	_, err := change.SettleWithin(ctx, patience, func(ctx context.Context) error {
		fate, err := entitlements.Remove(ctx, s.Client, id, why)
		if err == nil {
			return s.carriedOut(ctx, fate)
		}
		if failure.IsBadRequest(err) || failure.IsOutcomeUnknown(err) || failure.IsNotFound(err) {
			now, lookErr := s.standing(ctx, h)
			if lookErr == nil && !slices.Contains(append(now.held, now.coming...), id) {
				return nil
			}
		}
		return err
	}, change.Never, func(err error) bool {
		return (failure.IsBadRequest(err) || failure.IsNotFound(err)) && !s.Provision.TakenLately(edgeOf(h))
	})
	return err
}
