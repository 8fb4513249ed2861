package connector

import (
	"context"
	"fmt"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// changedEntitlement is the resource and the slug of an entitlement whose
// holders are to change.
func changedEntitlement(e *v2.Entitlement) (string, string) {
	of := entitlementByID(e.GetId())
	return of.GetResource().GetId().GetResource(), of.GetId()[len(of.GetResource().GetId().GetResourceType())+len(of.GetResource().GetId().GetResource())+2:]
}

// defaultJustification is what Privileged Identity Management is told where
// nobody gives a reason.
const defaultJustification = "Changed through ConductorOne"

// scheduleRequest reads from a grant's metadata, or an entitlement's, for how
// long it is to be and why: endDateTime or duration, and justification.
func scheduleRequest(of interface{ GetAnnotations() []*anypb.Any }, remove bool) graph.ScheduleRequest {
	r := graph.ScheduleRequest{Remove: remove, Justification: defaultJustification}
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(of.GetAnnotations())
	if ok, err := annos.Pick(metadata); err != nil || !ok {
		return r
	}
	fields := metadata.GetMetadata().GetFields()
	if text := fields["justification"].GetStringValue(); text != "" {
		r.Justification = text
	}
	if end, err := time.Parse(time.RFC3339, fields["endDateTime"].GetStringValue()); err == nil {
		r.Duration = max(time.Until(end).Truncate(time.Minute), time.Minute)
	}
	if d, err := time.ParseDuration(fields["duration"].GetStringValue()); err == nil && d > 0 {
		r.Duration = d
	}
	return r
}

// request asks Privileged Identity Management for a change. What is there, or
// gone, already is unchanged. Where the policy does not let it be for good and
// nobody has named an end, it is for as long as the policy lets it be.
func (p *provisioner) request(
	ctx context.Context, r graph.ScheduleRequest, policy graph.PolicyScope, eligible bool, do func(context.Context, graph.ScheduleRequest) error,
) (changeOutcome, error) {
	there := graph.IsAlreadyThere
	if r.Remove {
		there = func(err error) bool { return graph.IsAlreadyGone(err) && !graph.IsNotFound(err) }
	}
	outcome, err := p.settle(ctx, func(ctx context.Context) error { return do(ctx, r) }, there)
	if r.Remove || r.Duration > 0 || !graph.IsPolicyRefusal(err) {
		return outcome, err
	}
	limit, limitErr := p.client.MaximumDuration(ctx, policy, eligible)
	if limitErr != nil {
		return outcome, fmt.Errorf("%w; and the policy, which says for how long it may be, could not be read: %w", err, limitErr)
	}
	if limit == 0 {
		return outcome, err
	}
	r.Duration = limit
	return p.settle(ctx, func(ctx context.Context) error { return do(ctx, r) }, there)
}
