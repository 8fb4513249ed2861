package snapshotdiff

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
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

// survey is what is to be known of a snapshot's objects before they are compared. It
// takes one walk over those that are no people, who come last.
type survey struct {
	// data are the data sets that there are objects of.
	data map[string]bool
	// roles are the roles, in the tenant and at a scope, by what they are called.
	roles map[access.Ref]string
	// apis are the APIs whose permissions give much, with their appIds.
	apis map[access.Ref]string
}

func (s *Snapshot) lookOver(ctx context.Context) (*survey, error) {
	seen := &survey{data: map[string]bool{}, roles: map[access.Ref]string{}, apis: map[access.Ref]string{}}
	for r, err := range s.Resources(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.Path, err)
		}
		ref := access.Ref{Type: r.GetId().GetResourceType(), ID: r.GetId().GetResource()}
		if ref.Type >= typeUser {
			break
		}
		if data := dataOfResource(r); data != "" {
			seen.data[data] = true
		}
		switch ref.Type {
		case typeRole, typeScopedRole:
			seen.roles[ref] = r.GetDisplayName()
		case typeApplication:
			if id := strings.ToLower(profileText(r, "appId")); powers.IsAPI(id) {
				seen.apis[ref] = id
			}
		}
	}
	return seen, nil
}
