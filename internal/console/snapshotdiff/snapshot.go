package snapshotdiff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	reader_v2 "github.com/conductorone/baton-sdk/pb/c1/reader/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Snapshot is a finished sync in a file, opened for reading.
type Snapshot struct {
	path   string
	store  c1zstore.Store
	stream connectorstore.StreamingReader
	sync   *c1zstore.SyncRun
	types  map[string]bool
}

// Open reads the snapshot at path. The file itself is not changed; it is
// unpacked below scratch, where Close leaves nothing of it.
func Open(ctx context.Context, path, scratch string) (*Snapshot, error) {
	if err := checkFormat(path); err != nil {
		return nil, err
	}
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(scratch))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: it is damaged, or of a newer version than this program: %w", path, err)
	}
	s := &Snapshot{path: path, store: store, types: map[string]bool{}}
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

// checkFormat says in words what keeps a file from being compared. The store
// would take a missing file for a new one.
func checkFormat(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no file %s", path)
	case err != nil:
		return fmt.Errorf("the snapshot cannot be read: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the snapshot cannot be read: %w", err)
	}
	defer file.Close()
	format, err := dotc1z.ReadHeaderFormat(file)
	switch {
	case errors.Is(err, dotc1z.ErrInvalidFile), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s is not a snapshot", path)
	case err != nil:
		return fmt.Errorf("the snapshot cannot be read: %w", err)
	case format == dotc1z.C1ZFormatV1:
		return fmt.Errorf("%s is a snapshot of the older SQLite format, which cannot be compared; "+
			"make a copy of the newer format with \"baton to-pebble -f OLD.c1z --out NEW.c1z\"", path)
	}
	return nil
}

func (s *Snapshot) load(ctx context.Context) error {
	latest, err := s.store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.path, err)
	}
	if latest == nil {
		return fmt.Errorf("%s holds no finished sync: what it lacks would look like lost access", s.path)
	}
	if latest.Type != connectorstore.SyncTypeFull {
		return fmt.Errorf("%s holds a sync of the kind %q: only whole snapshots can be compared", s.path, latest.Type)
	}
	stream, ok := s.store.(connectorstore.StreamingReader)
	if !ok {
		return fmt.Errorf("%s is of a format whose rows cannot be streamed", s.path)
	}
	s.sync, s.stream = latest, stream
	if err := s.store.SetCurrentSync(ctx, latest.ID); err != nil {
		return fmt.Errorf("reading %s: %w", s.path, err)
	}
	return s.loadTypes(ctx)
}

func (s *Snapshot) loadTypes(ctx context.Context) error {
	for token := ""; ; {
		page, err := s.store.ListResourceTypes(ctx, v2.ResourceTypesServiceListResourceTypesRequest_builder{PageToken: token}.Build())
		if err != nil {
			return fmt.Errorf("reading the resource types of %s: %w", s.path, err)
		}
		for _, t := range page.GetList() {
			s.types[t.GetId()] = true
		}
		if token = page.GetNextPageToken(); token == "" {
			return nil
		}
	}
}

// Close removes what was unpacked.
func (s *Snapshot) Close(ctx context.Context) error {
	if err := s.store.Close(ctx); err != nil {
		return fmt.Errorf("closing %s: %w", s.path, err)
	}
	return nil
}

// endedAt is when the sync was finished.
func (s *Snapshot) endedAt() time.Time {
	if s.sync.EndedAt == nil {
		return time.Time{}
	}
	return s.sync.EndedAt.UTC()
}

func (s *Snapshot) resources(ctx context.Context) *cursor[*v2.Resource] {
	rows := s.stream.StreamResources(ctx, s.sync.ID, connectorstore.StreamResourcesOptions{})
	return newCursor(rows, resourceKey, s.path)
}

func (s *Snapshot) entitlements(ctx context.Context) *cursor[*v2.Entitlement] {
	return newCursor(s.stream.StreamEntitlements(ctx, s.sync.ID), entitlementKey, s.path)
}

func (s *Snapshot) grants(ctx context.Context) *cursor[*v2.Grant] {
	rows := s.stream.StreamGrants(ctx, s.sync.ID, connectorstore.StreamGrantsOptions{})
	return newCursor(rows, grantKey, s.path)
}

// resource finds one resource, and is nil where there is none.
func (s *Snapshot) resource(ctx context.Context, resourceType, id string) (*v2.Resource, error) {
	found, err := s.store.GetResource(ctx, reader_v2.ResourcesReaderServiceGetResourceRequest_builder{
		ResourceId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
	}.Build())
	if status.Code(err) == codes.NotFound {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	if err != nil {
		return nil, fmt.Errorf("looking up %s %s in %s: %w", resourceType, id, s.path, err)
	}
	return found.GetResource(), nil
}
