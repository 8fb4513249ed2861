package access

import (
	"context"
	"fmt"
	"maps"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// Kinds of assignments, as docs/data-model.md has them.
const (
	KindPermanent = "permanent"
	KindTimeBound = "time-bound"
	KindActivated = "activated"
)

// Holding is one principal's hold on one entitlement.
type Holding struct {
	Entitlement string
	On          Ref
	Slug        string
	Principal   Ref
	// Direct says that the principal holds it itself. It can hold it through groups as
	// well.
	Direct bool
	// Sources are the entitlements that it is held through, most often memberships of
	// groups; sorted, without the entitlement itself.
	Sources []string
	// Kind is the kind of assignment where the tenant told, and Since and Until its
	// times, in RFC 3339; empty for none. They are those of the principal's own hold: see
	// Ways for access through groups.
	Kind, Since, Until string
	// Metadata has what else the tenant told of it.
	Metadata map[string]any
	// Immutable is why it cannot be revoked; empty where it can.
	Immutable string
}

func holdingOf(row *v2.Grant) (*Holding, error) {
	id := row.GetEntitlement().GetId()
	on, slug := SplitEntitlement(id)
	h := &Holding{
		Entitlement: id, On: on, Slug: slug,
		Principal: Ref{row.GetPrincipal().GetId().GetResourceType(), row.GetPrincipal().GetId().GetResource()},
	}
	sources := row.GetSources().GetSources()
	_, own := sources[id]
	h.Direct = own || len(sources) == 0
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		if source != id {
			h.Sources = append(h.Sources, source)
		}
	}
	annos := annotations.Annotations(row.GetAnnotations())
	metadata, immutable := &v2.GrantMetadata{}, &v2.GrantImmutable{}
	if ok, err := annos.Pick(metadata); err != nil {
		return nil, fmt.Errorf("reading the grant %s: %w", row.GetId(), err)
	} else if ok {
		h.Metadata = metadata.GetMetadata().AsMap()
	}
	if ok, err := annos.Pick(immutable); err != nil {
		return nil, fmt.Errorf("reading the grant %s: %w", row.GetId(), err)
	} else if ok {
		h.Immutable, _ = immutable.GetMetadata().AsMap()["reason"].(string)
	}
	h.Kind, h.Since, h.Until = h.text("assignmentType"), h.text("startDateTime"), h.text("endDateTime")
	return h, nil
}

func (h *Holding) text(key string) string {
	text, _ := h.Metadata[key].(string)
	return text
}

// Way is one way in which a principal comes to hold something.
type Way struct {
	// Through are the groups on the way, the principal's own first; empty for what is
	// held directly.
	Through []Ref
	// Kind, Since and Until are those of the last hold on the way, which is the one that
	// gives the access.
	Kind, Since, Until string
	// Packages are the access packages that the principal has, of those that give what it
	// holds itself: the access, or its membership in the first group on the way.
	Packages []Giving
}

// Ways finds the ways in which principals hold one entitlement.
type Ways struct {
	snapshot    *Snapshot
	entitlement string
	// givers are the groups that were asked about: with their own hold on the
	// entitlement, or nil.
	givers map[Ref]*Holding
}

// WaysTo tells the ways in which an entitlement's holders hold it.
func (s *Snapshot) WaysTo(entitlement string) *Ways {
	return &Ways{snapshot: s, entitlement: entitlement, givers: map[Ref]*Holding{}}
}

// giver is a group's own hold on the entitlement, and nil where it has none.
func (w *Ways) giver(ctx context.Context, group Ref) (*Holding, error) {
	if h, ok := w.givers[group]; ok {
		return h, nil
	}
	h, err := w.snapshot.Held(ctx, w.entitlement, group)
	if err != nil {
		return nil, err
	}
	if h != nil && !h.Direct {
		h = nil
	}
	w.givers[group] = h
	return h, nil
}

// Of gives the ways of one holding: the direct one first, then one for each group that
// gives it. Groups nest in memberships alone, where the way is the shortest chain of
// groups; everything else reaches a group's own members, and of a licence a group can
// be one that gives it to others and not to this person: the sources say which do.
func (w *Ways) Of(ctx context.Context, h *Holding) ([]Way, error) {
	var ways []Way
	if h.Direct {
		given, err := w.snapshot.GivenBy(ctx, w.entitlement, h.Principal)
		if err != nil {
			return nil, err
		}
		ways = append(ways, Way{Kind: h.Kind, Since: h.Since, Until: h.Until, Packages: given})
	}
	if len(h.Sources) == 0 {
		return ways, nil
	}
	chains, err := sourceChains(h), error(nil)
	if h.On.Type == TypeGroup && h.Slug == SlugMember {
		chains, err = w.chains(ctx, h)
	}
	if err != nil {
		return nil, err
	}
	for _, chain := range chains {
		way := Way{Through: chain}
		giver, err := w.giver(ctx, chain[len(chain)-1])
		if err != nil {
			return nil, err
		}
		if giver != nil {
			way.Kind, way.Since, way.Until = giver.Kind, giver.Since, giver.Until
		}
		if chain[0].Type == TypeGroup {
			if way.Packages, err = w.snapshot.GivenBy(ctx, EntitlementID(chain[0], SlugMember), h.Principal); err != nil {
				return nil, err
			}
		}
		ways = append(ways, way)
	}
	return ways, nil
}

// sourceChains are the groups that a holding names as its sources, each a way.
func sourceChains(h *Holding) [][]Ref {
	var found [][]Ref
	for _, source := range h.Sources {
		on, _ := SplitEntitlement(source)
		found = append(found, []Ref{on})
	}
	return found
}

// chains walks up from a principal through the groups that it is in, and stops at
// each that is in the group. Where that finds none, because the groups between are not
// in the snapshot, the sources are the ways.
func (w *Ways) chains(ctx context.Context, h *Holding) ([][]Ref, error) {
	var found [][]Ref
	seen := map[Ref]bool{h.Principal: true}
	for front := [][]Ref{{h.Principal}}; len(front) > 0; {
		var next [][]Ref
		for _, chain := range front {
			for up, err := range w.snapshot.HeldBy(ctx, chain[len(chain)-1]) {
				if err != nil {
					return nil, err
				}
				if !up.Direct || up.On.Type != TypeGroup || up.Slug != SlugMember || seen[up.On] {
					continue
				}
				seen[up.On] = true
				longer := append(slices.Clone(chain), up.On)
				giver, err := w.giver(ctx, up.On)
				if err != nil {
					return nil, err
				}
				if giver != nil {
					found = append(found, longer[1:])
					continue
				}
				next = append(next, longer)
			}
		}
		front = next
	}
	if len(found) == 0 {
		return sourceChains(h), nil
	}
	return found, nil
}
