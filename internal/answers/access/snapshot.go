package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
)

// objectsHeld is how many objects a snapshot remembers by id, so that the same
// names are not looked up again and again.
const objectsHeld = 8192

// Snapshot is a finished sync, opened for questions. It is not safe for use from
// several goroutines.
type Snapshot struct {
	file  *snapshot.File
	held  map[Ref]*Object
	about *About
	given *packages
}

// Open opens the snapshot at path, as snapshot.Open does, and reads what it says of
// itself.
func Open(ctx context.Context, path, scratch string) (*Snapshot, error) {
	file, err := snapshot.Open(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	s, err := Over(ctx, file)
	if err != nil {
		return nil, errors.Join(err, file.Close(ctx))
	}
	return s, nil
}

// Over asks questions of a file that is open already, and stays open.
func Over(ctx context.Context, file *snapshot.File) (*Snapshot, error) {
	s := &Snapshot{file: file, held: map[Ref]*Object{}}
	var err error
	s.about, err = s.readAbout(ctx)
	return s, err
}

// Close removes what was unpacked.
func (s *Snapshot) Close(ctx context.Context) error { return s.file.Close(ctx) }

// Path is the file's name.
func (s *Snapshot) Path() string { return s.file.Path }

// Has reports whether the snapshot was made with a resource type.
func (s *Snapshot) Has(resourceType string) bool { return s.file.Types()[resourceType] }

// Object looks up one object. Of one that is not in the snapshot it gives its type and
// id, and Missing.
func (s *Snapshot) Object(ctx context.Context, ref Ref) (*Object, error) {
	if o, ok := s.held[ref]; ok {
		return o, nil
	}
	row, err := s.file.Resource(ctx, ref.Type, ref.ID)
	if err != nil {
		return nil, err
	}
	o := &Object{Ref: ref, Missing: true}
	if row != nil {
		if o, err = objectOf(row); err != nil {
			return nil, err
		}
	}
	if len(s.held) >= objectsHeld {
		clear(s.held)
	}
	s.held[ref] = o
	return o, nil
}

// Objects gives every object, or those of some types, in the order of type and id. The
// store has no way to one type, and decodes all rows up to the last that is wanted: who
// does not ask for users is spared them, whose type is one of the last.
func (s *Snapshot) Objects(ctx context.Context, types ...string) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		for row, err := range s.file.Resources(ctx) {
			if err != nil {
				yield(nil, s.reading(err))
				return
			}
			resourceType := row.GetId().GetResourceType()
			if len(types) > 0 && resourceType > slices.Max(types) {
				return
			}
			if len(types) > 0 && !slices.Contains(types, resourceType) {
				continue
			}
			o, err := objectOf(row)
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// Entitlement looks up one entitlement by its id, and is nil where there is none.
func (s *Snapshot) Entitlement(ctx context.Context, id string) (*Entitlement, error) {
	on, _ := SplitEntitlement(id)
	for e, err := range s.EntitlementsOf(ctx, on) {
		if err != nil || e.ID == id {
			return e, err
		}
	}
	return nil, nil //nolint:nilnil // Its absence is the answer.
}

// EntitlementsOf gives the entitlements of one object.
func (s *Snapshot) EntitlementsOf(ctx context.Context, ref Ref) iter.Seq2[*Entitlement, error] {
	return s.entitlements(s.file.EntitlementsOf(ctx, ref.Type, ref.ID))
}

// Entitlements gives every entitlement, in the order of its object's type and id.
func (s *Snapshot) Entitlements(ctx context.Context) iter.Seq2[*Entitlement, error] {
	return s.entitlements(s.file.Entitlements(ctx))
}

func (s *Snapshot) entitlements(rows iter.Seq2[*v2.Entitlement, error]) iter.Seq2[*Entitlement, error] {
	return func(yield func(*Entitlement, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(nil, s.reading(err))
				return
			}
			if !yield(entitlementOf(row), nil) {
				return
			}
		}
	}
}

// Holders gives who holds an entitlement, directly or through groups: users,
// applications and groups, in the order of type and id.
func (s *Snapshot) Holders(ctx context.Context, entitlement string) iter.Seq2[*Holding, error] {
	on, _ := SplitEntitlement(entitlement)
	return s.holdings(s.file.GrantsOf(ctx, on.Type, on.ID, entitlement))
}

// HeldBy gives what one principal holds, directly or through groups.
func (s *Snapshot) HeldBy(ctx context.Context, principal Ref) iter.Seq2[*Holding, error] {
	return s.holdings(s.file.GrantsTo(ctx, principal.Type, principal.ID))
}

// Held is one principal's hold on one entitlement, and nil where there is none.
func (s *Snapshot) Held(ctx context.Context, entitlement string, principal Ref) (*Holding, error) {
	on, _ := SplitEntitlement(entitlement)
	for h, err := range s.holdings(s.file.GrantTo(ctx, on.Type, on.ID, entitlement, principal.Type, principal.ID)) {
		return h, err
	}
	return nil, nil //nolint:nilnil // Its absence is the answer.
}

// Holdings gives everything that is held, in the order of the entitlements.
func (s *Snapshot) Holdings(ctx context.Context) iter.Seq2[*Holding, error] {
	return s.holdings(s.file.Grants(ctx))
}

func (s *Snapshot) holdings(rows iter.Seq2[*v2.Grant, error]) iter.Seq2[*Holding, error] {
	return func(yield func(*Holding, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(nil, s.reading(err))
				return
			}
			h, err := holdingOf(row)
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

func (s *Snapshot) reading(err error) error { return fmt.Errorf("reading %s: %w", s.file.Path, err) }
