package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

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

func (w *search) run(ctx context.Context, maxSteps int) error {
	for place := 0; place < len(w.visits); place++ {
		if maxSteps > 0 && w.visits[place].length >= maxSteps {
			// Whether anybody would follow takes looking, so that it is said where it may be.
			w.cut = true
			return nil
		}
		if err := w.expand(ctx, place); err != nil {
			return err
		}
	}
	return nil
}

// expand finds what leads to a node in one step.
func (w *search) expand(ctx context.Context, place int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch w.visits[place].Type {
	case access.TypeRole, access.TypeScopedRole:
		return w.intoRole(ctx, place)
	case access.TypeGroup:
		return w.intoGroup(ctx, place)
	case access.TypeUser:
		return w.intoPerson(ctx, place)
	case access.TypePackage:
		return w.intoPackage(ctx, place)
	default:
		return w.intoApplication(ctx, place)
	}
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
		steps, err := w.steps(ctx, from.place)
		if err != nil {
			return err
		}
		r.Paths = append(r.Paths, Path{Start: w.visits[from.place].Ref, Steps: steps})
	}
	return nil
}

// steps follows a path from its beginning to the target.
func (w *search) steps(ctx context.Context, place int) ([]Step, error) {
	steps := make([]Step, 0, w.visits[place].length)
	for at := place; w.visits[at].next != none; at = w.visits[at].next {
		v := &w.visits[at]
		why, page := w.why(v)
		approval := ""
		if v.activation && v.edge != EdgeAsksForPackage { // Of a package the note says it.
			var err error
			if approval, err = w.approvalOf(ctx, v.entitlement); err != nil {
				return nil, err
			}
			if approval != "" {
				why += " (" + approval + ")"
			}
		}
		steps = append(steps, Step{
			From: v.Ref, To: w.visits[v.next].Ref, Edge: v.edge, Entitlement: v.entitlement, Until: v.until, Activation: v.activation,
			Approval: approval, Why: why, Page: page,
		})
	}
	return steps, nil
}
