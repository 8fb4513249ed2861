package snapshotdiff

import (
	"context"
	"errors"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
)

// Snapshot is one of the two that are compared.
type Snapshot struct {
	*snapshot.File

	// facts answers questions about single objects, and knows what the snapshot says of
	// itself.
	facts *access.Snapshot
	// seen is what lookOver found.
	seen *survey
}

// Open opens the snapshot at path, as snapshot.Open does.
func Open(ctx context.Context, path, scratch string) (*Snapshot, error) {
	file, err := snapshot.Open(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	facts, err := access.Over(ctx, file)
	if err != nil {
		return nil, errors.Join(err, file.Close(ctx))
	}
	return &Snapshot{File: file, facts: facts}, nil
}

func (s *Snapshot) resources(ctx context.Context) *cursor[*v2.Resource] {
	return newCursor(s.Resources(ctx), resourceKey, s.Path)
}

func (s *Snapshot) entitlements(ctx context.Context) *cursor[*v2.Entitlement] {
	return newCursor(s.Entitlements(ctx), entitlementKey, s.Path)
}

func (s *Snapshot) grants(ctx context.Context) *cursor[*v2.Grant] {
	return newCursor(s.Grants(ctx), grantKey, s.Path)
}
