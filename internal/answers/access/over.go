package access

import (
	"context"
	"iter"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
)

// Over asks questions of a snapshot that is open already, and stays open.
func Over(ctx context.Context, file *snapshot.File) (*Snapshot, error) {
	s := &Snapshot{file: file, held: map[Ref]*Object{}}
	var err error
	s.about, err = s.readAbout(ctx)
	return s, err
}

// ObjectsOf gives the objects of one type, without going through the others.
func (s *Snapshot) ObjectsOf(ctx context.Context, resourceType string) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		for row, err := range s.file.ResourcesOf(ctx, resourceType) {
			if err != nil {
				yield(nil, s.reading(err))
				return
			}
			o, err := objectOf(row)
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}
