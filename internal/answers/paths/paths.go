package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Finder finds paths in one snapshot. It has read what every search needs, so that a
// search costs what it comes by. Like the snapshot, it is for one goroutine.
type Finder struct {
	snapshot *access.Snapshot
	index    *index
	// people are the positions of people who were looked at, who come up in one search
	// after another.
	people map[access.Ref]position
	// unitsOfPeople are the units that matter of people who are in one; nil until so many
	// are asked about that it is worth reading them.
	unitsOfPeople map[string][]string
}

// peopleHeld is how many people a finder remembers.
const peopleHeld = 8192

// NewFinder reads what every search needs: roles, applications, groups and units, and
// nobody's memberships.
func NewFinder(ctx context.Context, s *access.Snapshot) (*Finder, error) {
	index, err := readIndex(ctx, s)
	if err != nil {
		return nil, err
	}
	return &Finder{snapshot: s, index: index, people: map[access.Ref]position{}}, nil
}

// To is Finder.To for one search.
func To(ctx context.Context, s *access.Snapshot, target access.Ref, o Options) (*Result, error) {
	f, err := NewFinder(ctx, s)
	if err != nil {
		return nil, err
	}
	return f.To(ctx, target, o)
}

// To finds who can come to a directory role, at a scope or in the whole tenant, to
// being in a group, to acting as an application, a managed or an agent identity, or to
// signing in as a person.
func (f *Finder) To(ctx context.Context, target access.Ref, o Options) (*Result, error) {
	target, err := f.index.signsInAs(ctx, f.snapshot, target)
	if err != nil {
		return nil, err
	}
	w := &search{Finder: f, places: map[node]int{}, spent: map[string]bool{}, nameless: map[int]bool{}}
	w.reach(node{Ref: target, deep: target.Type == access.TypeGroup}, visit{next: none})
	if err := w.run(ctx, o.MaxSteps); err != nil {
		return nil, err
	}
	r := &Result{Target: target, Cut: w.cut}
	if err := w.collect(ctx, o.Limit, r); err != nil {
		return nil, err
	}
	r.Unknown = w.unknown()
	return r, nil
}

// signsInAs is the target, or the application that a registration is of.
func (x *index) signsInAs(ctx context.Context, s *access.Snapshot, target access.Ref) (access.Ref, error) {
	switch target.Type {
	case access.TypeRole, access.TypeScopedRole, access.TypeGroup, access.TypeApplication, access.TypeManagedIdentity,
		access.TypeAgentIdentity, access.TypeRegistration, access.TypeUser:
	default:
		return target, fmt.Errorf("nobody comes to a %s by a path", access.TypeName(target.Type, false))
	}
	o, err := s.Object(ctx, target)
	if err != nil {
		return target, err
	}
	if o.Missing {
		return target, fmt.Errorf("the snapshot has no %s %s", access.TypeName(target.Type, false), target.ID)
	}
	if target.Type == access.TypeRegistration {
		if app, ok := x.applications[o.Text("appId")]; ok {
			return app, nil
		}
	}
	return target, nil
}

// start is a place of the search where a path begins, with what it is sorted by.
type start struct {
	place, length, kind int
	name, id            string
}

// collect makes the paths of everybody who was found.
func (w *search) collect(ctx context.Context, limit int, r *Result) error {
	var starts []start
	types := access.TypeIDs()
	for place := 1; place < len(w.visits); place++ {
		v := &w.visits[place]
		if !begins(v.Type) && !w.nameless[place] || v.Ref == r.Target {
			continue
		}
		o, err := w.snapshot.Object(ctx, v.Ref)
		if err != nil {
			return err
		}
		starts = append(starts, start{place: place, length: v.length, kind: slices.Index(types, v.Type), name: o.Called(), id: v.ID})
	}
	slices.SortFunc(starts, func(a, b start) int {
		return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	if limit > 0 && len(starts) > limit {
		starts, r.Cut = starts[:limit], true
	}
	r.Paths = make([]Path, 0, len(starts))
	for _, from := range starts {
		r.Paths = append(r.Paths, Path{Start: w.visits[from.place].Ref, Steps: w.steps(from.place)})
	}
	return nil
}

// steps follows a path from its beginning to the target.
func (w *search) steps(place int) []Step {
	steps := make([]Step, 0, w.visits[place].length)
	for at := place; w.visits[at].next != none; at = w.visits[at].next {
		v := &w.visits[at]
		why, page := w.why(v)
		steps = append(steps, Step{
			From: v.Ref, To: w.visits[v.next].Ref, Edge: v.edge, Entitlement: v.entitlement, Until: v.until, Activation: v.activation,
			Why: why, Page: page,
		})
	}
	return steps
}
