package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/session"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// decision says which data sets a sync reads. It is made once, at the start, so
// that a data set is in the snapshot as a whole or not at all.
type decision struct {
	// Reads are the data sets that are read.
	Reads []dataSet `json:"reads"`
	// Skipped are those that somebody may miss, each with the reason.
	Skipped []skipped `json:"-"`
}

// skipped is a data set that is left out whole.
type skipped struct {
	source source
	// why is what would have to change.
	why string
	// licence means that it is something to buy.
	licence bool
}

func lacksPermission(s source) skipped { return skipped{source: s, why: "permission " + s.Permission} }

func lacksLicense(s source) skipped {
	return skipped{source: s, why: "licence " + s.License, licence: true}
}

func (d *decision) reads(data dataSet) bool { return slices.Contains(d.Reads, data) }

// decider makes decisions, and keeps the last one for the sync that begins
// with it.
type decider struct {
	client *graph.Client
	filter filters
	mu     sync.Mutex
	latest *decision
}

// decide looks at what the token may do and at what the tenant has bought.
// Where neither tells, it asks Graph for a row of the data set.
func (d *decider) decide(ctx context.Context, claims *graph.Claims, plans []string) (*decision, error) {
	made := &decision{}
	var unsure []source
	for i := range sources {
		s := sources[i]
		if !d.filter.wants(&s) {
			continue
		}
		permitted, known := heldPermission(&s, claims)
		switch {
		case known && !permitted: // Validate has failed if it is not optional.
			made.Skipped = append(made.Skipped, lacksPermission(s))
		case plans != nil && len(s.Plans) > 0 && !slices.ContainsFunc(s.Plans, func(p string) bool { return slices.Contains(plans, p) }):
			made.Skipped = append(made.Skipped, lacksLicense(s))
		case s.Optional && s.Probe != "" && (!known || len(s.Plans) > 0 && plans == nil):
			unsure = append(unsure, s)
		default:
			made.Reads = append(made.Reads, s.Data)
		}
	}
	if err := d.probe(ctx, unsure, made); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest = made
	return made, nil
}

// heldPermission tells whether the token may read the data set, and whether it
// tells at all: an unreadable token does not, and what a signed-in person may
// read depends on the person too.
func heldPermission(s *source, claims *graph.Claims) (bool, bool) {
	if claims == nil {
		return true, false
	}
	if s.permitted(claims.Permissions()) {
		return true, claims.AppOnly()
	}
	asPerson := slices.ContainsFunc(claims.Permissions(), func(h string) bool { return slices.Contains(signedInPerson, h) })
	return asPerson, !asPerson
}

// probe asks for a row of each data set that nothing else tells about.
func (d *decider) probe(ctx context.Context, unsure []source, made *decision) error {
	for part := range slices.Chunk(unsure, graph.MaxBatchSize) {
		refs := make([]string, 0, len(part))
		for i := range part {
			refs = append(refs, part[i].Probe)
		}
		pages, err := graph.BatchPages[graph.Reference](ctx, d.client, refs)
		if err != nil {
			return err
		}
		for i, page := range pages {
			switch {
			case graph.IsUnlicensed(page.Err):
				made.Skipped = append(made.Skipped, lacksLicense(part[i]))
			case graph.IsAccessDenied(page.Err):
				made.Skipped = append(made.Skipped, lacksPermission(part[i]))
			case page.Err != nil:
				return page.Err
			default:
				made.Reads = append(made.Reads, part[i].Data)
			}
		}
	}
	return nil
}

const keyDecision = "decision"

// of is the decision of the sync that the index belongs to. The sync's first
// reader writes it down, so that a sync that goes on elsewhere, or after the
// permissions have changed, stays with it.
func (d *decider) of(ctx context.Context, ix index) (*decision, error) {
	stored, found, err := session.GetJSON[decision](ctx, ix.store, keyDecision)
	if err != nil {
		return nil, fmt.Errorf("reading from the sync's session store: %w", err)
	}
	if found {
		return &stored, nil
	}
	d.mu.Lock()
	latest := d.latest
	d.mu.Unlock()
	if latest == nil {
		// The SDK validates at the start of each sync; this is for a caller
		// that did not.
		claims, err := d.client.Claims(ctx)
		if err != nil && !errors.Is(err, graph.ErrOpaqueToken) {
			return nil, err
		}
		organization, err := d.client.Organization(ctx)
		if err != nil {
			return nil, err
		}
		if latest, err = d.decide(ctx, claims, organization.Plans); err != nil {
			return nil, err
		}
	}
	if err := session.SetJSON(ctx, ix.store, keyDecision, latest); err != nil {
		return nil, fmt.Errorf("writing to the sync's session store: %w", err)
	}
	return latest, nil
}

// reads reports whether a data set is read in the sync of the index.
func (d *decider) reads(ctx context.Context, ix index, data dataSet) (bool, error) {
	made, err := d.of(ctx, ix)
	if err != nil {
		return false, err
	}
	return made.reads(data), nil
}

// take gives the latest decision, for the summary at the end of a sync.
func (d *decider) take() *decision {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.latest
}
