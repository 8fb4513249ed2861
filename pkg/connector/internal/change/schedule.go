package change

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
)

// ChangedEntitlement is the resource and the slug of an entitlement whose
// holders are to change.
func ChangedEntitlement(e *v2.Entitlement) (string, string) {
	of := model.EntitlementByID(e.GetId())
	return of.GetResource().GetId().GetResource(), of.GetId()[len(of.GetResource().GetId().GetResourceType())+len(of.GetResource().GetId().GetResource())+2:]
}

// DefaultJustification is what Privileged Identity Management is told where
// nobody gives a reason.
const DefaultJustification = "Changed through ConductorOne"

// ConfiguredSchedule is what the settings say of roles that are granted.
func ConfiguredSchedule(cfg *config.AzureAd) (pim.Request, error) {
	r := pim.Request{Justification: DefaultJustification}
	if text := strings.TrimSpace(cfg.PimJustification); text != "" {
		r.Justification = text
	}
	if text := strings.TrimSpace(cfg.PimDuration); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			return r, fmt.Errorf("--%s: %w", config.PimDurationField.FieldName, err)
		}
		r.Duration = d
	}
	return r, nil
}

// Addition is a request for something that is to be held, for as long and with
// the reason that the entitlement's metadata names (endDateTime or duration, and
// justification), or the settings. What cannot be read is an error: without its
// end, a grant would be for good.
func (p *Provisioner) Addition(entitlement *v2.Entitlement) (pim.Request, error) {
	r := p.Schedule
	fields, err := GrantMetadata(entitlement)
	if err != nil {
		return r, err
	}
	if text := fields["justification"].GetStringValue(); text != "" {
		r.Justification = text
	}
	if _, given := fields["endDateTime"]; given {
		end, err := time.Parse(time.RFC3339, fields["endDateTime"].GetStringValue())
		if err != nil || time.Until(end) < time.Minute {
			return r, badMetadata("endDateTime has to be a time to come, such as 2031-05-01T18:00:00Z")
		}
		r.Duration = time.Until(end).Truncate(time.Second)
	}
	if _, given := fields["duration"]; given {
		d, err := time.ParseDuration(fields["duration"].GetStringValue())
		if err != nil || d < time.Minute {
			return r, badMetadata("duration has to be a length of time, such as 8h")
		}
		r.Duration = d
	}
	return r, nil
}

// EndNamed reports whether a grant's metadata says until when it is to be.
func EndNamed(entitlement *v2.Entitlement) bool {
	fields, err := GrantMetadata(entitlement)
	return err == nil && (fields["endDateTime"] != nil || fields["duration"] != nil)
}

// Removal is a request to end what is held.
func (p *Provisioner) Removal(grant *v2.Grant) pim.Request {
	r := pim.Request{Remove: true, Justification: p.Schedule.Justification}
	// What the snapshot says of the grant does not matter here.
	if fields, err := GrantMetadata(grant); err == nil && fields["justification"].GetStringValue() != "" {
		r.Justification = fields["justification"].GetStringValue()
	}
	return r
}

// GrantMetadata are the fields of a grant's metadata; none if there is no such
// annotation.
func GrantMetadata(of interface{ GetAnnotations() []*anypb.Any }) (map[string]*structpb.Value, error) {
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(of.GetAnnotations())
	if _, err := annos.Pick(metadata); err != nil {
		return nil, badMetadata("it cannot be read")
	}
	return metadata.GetMetadata().GetFields(), nil
}

func badMetadata(why string) error {
	return status.Error(codes.InvalidArgument, model.ErrorPrefix+"metadata of the grant: "+why)
}

// Scheduled is something that Privileged Identity Management gives and takes.
type Scheduled struct {
	// Policy says for how long it may be held.
	Policy pim.PolicyScope
	// Eligible means that it is to be activated.
	Eligible bool
	// Ask sends a request for it, and Terms reads until when it is held now.
	Ask   func(context.Context, pim.Request) (pim.Fate, error)
	Terms func(context.Context) ([]pim.Term, error)
}

// Request asks Privileged Identity Management for a change, and takes it for made when
// Microsoft says that it was carried out. What is there for as long as it is asked for,
// or gone, already is unchanged. Where the policy does not let it be for good and
// nobody has named an end, it is for as long as the policy lets it be.
func (p *Provisioner) Request(ctx context.Context, r pim.Request, of Scheduled) (Outcome, error) {
	outcome, err := p.ask(ctx, r, of)
	if r.Remove || r.Duration > 0 || !failure.IsPolicyRefusal(err) {
		return outcome, err
	}
	limit, limitErr := pim.MaximumDuration(ctx, p.Client, of.Policy, of.Eligible)
	if limitErr != nil {
		return outcome, fmt.Errorf("%w; and the policy, which says for how long it may be, could not be read: %w", err, limitErr)
	}
	if limit == 0 {
		return outcome, err
	}
	r.Duration = limit
	return p.ask(ctx, r, of)
}

func (p *Provisioner) ask(ctx context.Context, r pim.Request, of Scheduled) (Outcome, error) {
	there := failure.IsAlreadyThere
	if r.Remove {
		there = func(err error) bool { return failure.IsAlreadyGone(err) && !failure.IsNotFound(err) }
	}
	outcome, err := p.Settle(ctx, func(ctx context.Context) error {
		fate, err := of.Ask(ctx, r)
		if err != nil {
			return err
		}
		return p.carriedOut(ctx, fate)
	}, there)
	if err != nil || outcome == Changed || r.Remove {
		return outcome, err
	}
	return Unchanged, p.Outlasts(ctx, r, of)
}

// Followed is a request that Microsoft has taken, and what has become of it.
type Followed interface {
	// Done is whether it was carried out, and Open whether it is still to be. Err is
	// the error of one that was not.
	Done() bool
	Open() bool
	Err() error
}

// Follow waits for a request that Microsoft has taken to be carried out; again looks at
// it once more.
func (p *Provisioner) Follow(ctx context.Context, fate Followed, again func(context.Context) error) error {
	deadline := time.Now().Add(p.Bound())
	for wait := min(FirstLook, p.Bound()/8); ; wait = min(2*wait, LookEvery) {
		switch {
		case fate.Done():
			return nil
		case !fate.Open() || time.Now().Add(wait).After(deadline):
			return fate.Err()
		}
		if err := Pause(ctx, wait); err != nil {
			return err
		}
		// One that is not found is not everywhere yet.
		if err := again(ctx); err != nil && !failure.IsNotFound(err) {
			return fmt.Errorf("%w; what became of it could not be read: %w", fate.Err(), err)
		}
	}
}

// carriedOut follows a request to Privileged Identity Management.
func (p *Provisioner) carriedOut(ctx context.Context, fate pim.Fate) error {
	return p.Follow(ctx, &fate, func(ctx context.Context) error {
		now, err := pim.LookAgain(ctx, p.Client, fate)
		if err == nil {
			fate = now
		}
		return err
	})
}

// Outlasts refuses to call something held that ends before it is to: to whoever asked,
// access would end without a word. A tenant without Privileged Identity Management has
// nothing that ends.
func (p *Provisioner) Outlasts(ctx context.Context, r pim.Request, of Scheduled) error {
	terms, err := of.Terms(ctx)
	if failure.IsUnlicensed(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("it is held already; until when could not be read: %w", err)
	}
	if !slices.ContainsFunc(terms, func(t pim.Term) bool { return t.EndDateTime.Time != nil }) ||
		slices.ContainsFunc(terms, func(t pim.Term) bool { return t.Lasts(r) }) {
		return nil // What it does not know has no end.
	}
	var last pim.Term
	limit := time.Duration(0)
	if r.Duration == 0 {
		// Who may not read the policy has given nothing for as long as it lets.
		limit, err = pim.MaximumDuration(ctx, p.Client, of.Policy, of.Eligible)
		if err != nil && !failure.IsAccessDenied(err) {
			return fmt.Errorf("it is held already; for how long the policy lets it be could not be read: %w", err)
		}
	}
	for i := range terms {
		if terms[i].IsTheLongest(limit) && !terms[i].Activated() {
			return nil
		}
		if end := terms[i].EndDateTime.Time; last.EndDateTime.Time == nil || end.After(*last.EndDateTime.Time) {
			last = terms[i]
		}
	}
	until := last.EndDateTime.Time.UTC().Format(time.RFC3339)
	if last.Activated() {
		return Refused("it is held until %s only, because its holder has activated it, and Microsoft Graph assigns nothing beside that; ask again after it has ended", until)
	}
	return Refused("it is held until %s already, and Microsoft Graph does not let an application prolong that; revoke it first, or ask again after it has ended", until)
}
