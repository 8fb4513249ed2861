// Package rows reads the rows of a finished snapshot, one at a time.
package rows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
)

// Reader walks the rows of a snapshot.
type Reader struct {
	store  connectorstore.StreamingReader
	syncID string
	close  func() error
}

// ErrUnfinished says that a file holds no finished sync.
var ErrUnfinished = errors.New("the snapshot holds no finished sync that can be streamed")

// Open opens the latest finished sync of a file; scratch is a folder for what
// is needed on the way. The error wraps ErrUnfinished if there is none.
func Open(ctx context.Context, path, scratch string) (*Reader, error) {
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(scratch))
	if err != nil {
		return nil, fmt.Errorf("opening the snapshot: %w", err)
	}
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the snapshot: %w", err), store.Close(ctx))
	}
	stream, ok := store.(connectorstore.StreamingReader)
	if !ok || latest == nil {
		return nil, errors.Join(ErrUnfinished, store.Close(ctx))
	}
	return &Reader{store: stream, syncID: latest.ID, close: func() error { return store.Close(ctx) }}, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.close() }

// Each visits every resource, entitlement and grant.
func (r *Reader) Each(ctx context.Context, visit func(proto.Message) error) error {
	for row, err := range r.store.StreamResources(ctx, r.syncID, connectorstore.StreamResourcesOptions{}) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading resources: %w", err)
		}
	}
	for row, err := range r.store.StreamEntitlements(ctx, r.syncID) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading entitlements: %w", err)
		}
	}
	for row, err := range r.store.StreamGrants(ctx, r.syncID, connectorstore.StreamGrantsOptions{IncludeExpansion: true}) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading grants: %w", err)
		}
	}
	return nil
}

// Lasting is a row without what is another in each sync of the same tenant: when it
// was read, and what of it at another time.
func Lasting(m proto.Message) proto.Message {
	tenant, ok := m.(*v2.Resource)
	if !ok || tenant.GetId().GetResourceType() != "tenant" {
		return m
	}
	lasting := proto.CloneOf(tenant)
	for _, when := range []string{"readAt", "earlier", "readInFull"} {
		delete(lasting.GetProfile().GetFields(), when)
	}
	return lasting
}

// unnamedKey begins the key of credentials that have none (docs/data-model.md).
const unnamedKey = "unnamed-"

// EachExpected visits every row as expect.Snapshot has it, to be compared with
// the tenant.
func (r *Reader) EachExpected(ctx context.Context, visit func(kind expect.Kind, row string)) error {
	unnamed := map[string]int{}
	return r.Each(ctx, func(m proto.Message) error {
		switch row := m.(type) {
		case *v2.Resource:
			id := row.GetId().GetResource()
			// Of credentials without an id of Graph's it is expected how many an owner has.
			if owner, _, ok := strings.Cut(id, ":"+unnamedKey); ok {
				unnamed[owner]++
				id = fmt.Sprintf("%s:%s%d", owner, unnamedKey, unnamed[owner])
			}
			visit(expect.Resource, row.GetId().GetResourceType()+":"+id)
		case *v2.Entitlement:
			visit(expect.Entitlement, row.GetId())
			takes, err := Takes(row)
			if err != nil {
				return err
			}
			if takes != nil {
				visit(expect.Takes, takes.Row(row.GetId()))
			}
		case *v2.Grant:
			holder := row.GetPrincipal().GetId()
			edge := expect.Edge(row.GetEntitlement().GetId(), holder.GetResourceType(), holder.GetResource())
			if Direct(row) {
				visit(expect.Direct, edge)
			}
			if holder.GetResourceType() != "group" {
				visit(expect.Effective, edge)
			}
		}
		return nil
	})
}

// Takes is what an entitlement says of its activation; nil where it says nothing.
func Takes(e *v2.Entitlement) (*expect.Activation, error) {
	values := &structpb.Struct{}
	annos := annotations.Annotations(e.GetAnnotations())
	if found, err := annos.Pick(values); err != nil || !found {
		return nil, err
	}
	text := func(key string) string { return values.GetFields()[key].GetStringValue() }
	list := func(key string) []string {
		var texts []string
		for _, item := range values.GetFields()[key].GetListValue().GetValues() {
			texts = append(texts, item.GetStringValue())
		}
		return texts
	}
	return &expect.Activation{
		Approval: text("approval"), Approvers: list("approvers"), Sets: list("approverSets"), Hidden: int(values.GetFields()["approversNotShown"].GetNumberValue()),
		MFA: text("multifactorAuthentication"), Justification: text("justification"), Ticket: text("ticket"), Others: list("alsoRequired"),
		Context: text("authenticationContext"), LongestActivation: text("longestActivation"), LongestAssignment: text("longestAssignment"),
		LongestEligibility: text("longestEligibility"),
	}, nil
}

// Direct reports whether a grant holds without expansion.
func Direct(g *v2.Grant) bool {
	sources := g.GetSources().GetSources()
	_, own := sources[g.GetEntitlement().GetId()]
	return len(sources) == 0 || own
}
