package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
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

// File is the finished sync in a snapshot file, opened for reading.
type File struct {
	// Path is the file's name, for messages.
	Path string

	store  c1zstore.Store
	stream connectorstore.StreamingReader
	sync   *c1zstore.SyncRun
	types  map[string]bool
}

// Open opens the snapshot at path. The file itself is not changed; it is unpacked
// below scratch, where Close leaves nothing of it. A file that is missing, is no
// snapshot, is of the older SQLite format, or holds no whole sync is an error that
// says so.
func Open(ctx context.Context, path, scratch string) (*File, error) {
	if err := checkFormat(path); err != nil {
		return nil, err
	}
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(scratch))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: it is damaged, or of a newer version than this program: %w", path, err)
	}
	f := &File{Path: path, store: store, types: map[string]bool{}}
	if err := f.load(ctx); err != nil {
		return nil, errors.Join(err, f.Close(ctx))
	}
	return f, nil
}

// checkFormat says in words what keeps a file from being read. The store would take
// a missing file for a new one.
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
		return fmt.Errorf("%s is a snapshot of the older SQLite format, which cannot be read here; "+
			"make a copy of the newer format with \"baton to-pebble -f OLD.c1z --out NEW.c1z\"", path)
	}
	return nil
}

func (f *File) load(ctx context.Context) error {
	latest, err := f.store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	if err != nil {
		return fmt.Errorf("reading %s: %w", f.Path, err)
	}
	if latest == nil {
		return fmt.Errorf("%s holds no finished sync: what it lacks would look like access that nobody has", f.Path)
	}
	if latest.Type != connectorstore.SyncTypeFull {
		return fmt.Errorf("%s holds a sync of the kind %q: only whole snapshots can be read here", f.Path, latest.Type)
	}
	stream, ok := f.store.(connectorstore.StreamingReader)
	if !ok {
		return fmt.Errorf("%s is of a format whose rows cannot be streamed", f.Path)
	}
	f.sync, f.stream = latest, stream
	if err := f.store.SetCurrentSync(ctx, latest.ID); err != nil {
		return fmt.Errorf("reading %s: %w", f.Path, err)
	}
	return f.loadTypes(ctx)
}

func (f *File) loadTypes(ctx context.Context) error {
	for token := ""; ; {
		page, err := f.store.ListResourceTypes(ctx, v2.ResourceTypesServiceListResourceTypesRequest_builder{PageToken: token}.Build())
		if err != nil {
			return fmt.Errorf("reading the resource types of %s: %w", f.Path, err)
		}
		for _, t := range page.GetList() {
			f.types[t.GetId()] = true
		}
		if token = page.GetNextPageToken(); token == "" {
			return nil
		}
	}
}

// Close removes what was unpacked.
func (f *File) Close(ctx context.Context) error {
	if err := f.store.Close(ctx); err != nil {
		return fmt.Errorf("closing %s: %w", f.Path, err)
	}
	return nil
}

// EndedAt is when the sync was finished, in UTC.
func (f *File) EndedAt() time.Time {
	if f.sync.EndedAt == nil {
		return time.Time{}
	}
	return f.sync.EndedAt.UTC()
}

// SyncID is the SDK's own id of the sync.
func (f *File) SyncID() string { return f.sync.ID }

// Types are the resource types that the sync was made with. The map is not to be
// changed.
func (f *File) Types() map[string]bool { return f.types }

// Resources gives every resource, in the order of type and id.
func (f *File) Resources(ctx context.Context) iter.Seq2[*v2.Resource, error] {
	return f.stream.StreamResources(ctx, f.sync.ID, connectorstore.StreamResourcesOptions{})
}

// Entitlements gives every entitlement, in the order of its resource's type and id.
func (f *File) Entitlements(ctx context.Context) iter.Seq2[*v2.Entitlement, error] {
	return f.stream.StreamEntitlements(ctx, f.sync.ID)
}

// Grants gives every grant, in the order of its entitlement.
func (f *File) Grants(ctx context.Context) iter.Seq2[*v2.Grant, error] {
	return f.stream.StreamGrants(ctx, f.sync.ID, connectorstore.StreamGrantsOptions{})
}

// GrantsOf gives the grants of one entitlement of a resource, without going through
// the others.
func (f *File) GrantsOf(ctx context.Context, resourceType, id, entitlement string) iter.Seq2[*v2.Grant, error] {
	return func(yield func(*v2.Grant, error) bool) {
		ask := reader_v2.GrantsReaderServiceListGrantsForEntitlementRequest_builder{Entitlement: entitlementOf(resourceType, id, entitlement)}.Build()
		for {
			page, err := f.store.ListGrantsForEntitlement(ctx, ask)
			if err != nil {
				yield(nil, fmt.Errorf("reading who holds %s in %s: %w", entitlement, f.Path, err))
				return
			}
			for _, g := range page.GetList() {
				if !yield(g, nil) {
					return
				}
			}
			if page.GetNextPageToken() == "" {
				return
			}
			ask.SetPageToken(page.GetNextPageToken())
		}
	}
}

// entitlementOf names an entitlement and its resource, so that the store need not look
// for it among all.
func entitlementOf(resourceType, id, entitlement string) *v2.Entitlement {
	on := v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()}.Build()
	return v2.Entitlement_builder{Id: entitlement, Resource: on}.Build()
}

// GrantsTo gives the grants that one principal holds, without going through the
// others.
func (f *File) GrantsTo(ctx context.Context, resourceType, id string) iter.Seq2[*v2.Grant, error] {
	return f.grantsTo(ctx, reader_v2.GrantsReaderServiceListGrantsForPrincipalRequest_builder{
		PrincipalId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
	}.Build())
}

// GrantTo is the grant of an entitlement of a resource to one principal, if there is
// one.
func (f *File) GrantTo(ctx context.Context, onType, on, entitlement, resourceType, id string) iter.Seq2[*v2.Grant, error] {
	return f.grantsTo(ctx, reader_v2.GrantsReaderServiceListGrantsForPrincipalRequest_builder{
		PrincipalId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
		Entitlement: entitlementOf(onType, on, entitlement),
	}.Build())
}

func (f *File) grantsTo(ctx context.Context, ask *reader_v2.GrantsReaderServiceListGrantsForPrincipalRequest) iter.Seq2[*v2.Grant, error] {
	return func(yield func(*v2.Grant, error) bool) {
		for token := ""; ; {
			ask.SetPageToken(token)
			page, err := f.store.ListGrantsForPrincipal(ctx, ask)
			if err != nil {
				yield(nil, fmt.Errorf("reading what %s %s holds in %s: %w", ask.GetPrincipalId().GetResourceType(), ask.GetPrincipalId().GetResource(), f.Path, err))
				return
			}
			for _, g := range page.GetList() {
				if !yield(g, nil) {
					return
				}
			}
			if token = page.GetNextPageToken(); token == "" {
				return
			}
		}
	}
}

// EntitlementsOf gives the entitlements of one resource.
func (f *File) EntitlementsOf(ctx context.Context, resourceType, id string) iter.Seq2[*v2.Entitlement, error] {
	return func(yield func(*v2.Entitlement, error) bool) {
		of := v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()}.Build()
		for token := ""; ; {
			page, err := f.store.ListEntitlements(ctx, v2.EntitlementsServiceListEntitlementsRequest_builder{Resource: of, PageToken: token}.Build())
			if err != nil {
				yield(nil, fmt.Errorf("reading what there is of %s %s in %s: %w", resourceType, id, f.Path, err))
				return
			}
			for _, e := range page.GetList() {
				if !yield(e, nil) {
					return
				}
			}
			if token = page.GetNextPageToken(); token == "" {
				return
			}
		}
	}
}

// Resource finds one resource, and is nil where there is none.
func (f *File) Resource(ctx context.Context, resourceType, id string) (*v2.Resource, error) {
	found, err := f.store.GetResource(ctx, reader_v2.ResourcesReaderServiceGetResourceRequest_builder{
		ResourceId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
	}.Build())
	if status.Code(err) == codes.NotFound {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	if err != nil {
		return nil, fmt.Errorf("looking up %s %s in %s: %w", resourceType, id, f.Path, err)
	}
	return found.GetResource(), nil
}
