package access

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
)

// Over asks questions of a snapshot that is open already, and stays open.
func Over(ctx context.Context, file *snapshot.File) (*Snapshot, error) {
	s := &Snapshot{file: file, held: map[Ref]*Object{}}
	var err error
	s.about, err = s.readAbout(ctx)
	return s, err
}
