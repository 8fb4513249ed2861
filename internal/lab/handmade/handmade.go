// Package handmade writes snapshot files of rows that a test has made by hand.
package handmade

import (
	"cmp"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/stretchr/testify/require"
)

// File is what a snapshot file holds.
type File struct {
	// Types are the resource types that the sync was made with.
	Types        []string
	Resources    []*v2.Resource
	Entitlements []*v2.Entitlement
	Grants       []*v2.Grant
	// Kind is the kind of sync; a full one if empty.
	Kind connectorstore.SyncType
	// Unfinished leaves the sync without its end.
	Unfinished bool
}

// Ref is a resource by its type and id alone.
func Ref(resourceType, id string) *v2.Resource {
	return v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()}.Build()
}

// Grant is a grant of an entitlement; sources are the entitlements that it is held
// through, its own among them if it is held directly as well.
func Grant(e *v2.Entitlement, principal *v2.Resource, sources ...string) *v2.Grant {
	id := principal.GetId()
	g := v2.Grant_builder{Id: e.GetId() + ":" + id.GetResourceType() + ":" + id.GetResource(), Entitlement: e, Principal: principal}.Build()
	if len(sources) > 0 {
		m := map[string]*v2.GrantSources_GrantSource{}
		for _, source := range sources {
			m[source] = &v2.GrantSources_GrantSource{}
		}
		g.SetSources(v2.GrantSources_builder{Sources: m}.Build())
	}
	return g
}

// rowsAtOnce bounds what the store is given in one piece.
const rowsAtOnce = 10_000

// Write makes the file in a folder of the test's, and gives its path.
func (f *File) Write(t *testing.T) string {
	t.Helper()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "tenant.c1z")
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithTmpDir(t.TempDir()))
	require.NoError(t, err)
	_, err = store.StartNewSync(ctx, cmp.Or(f.Kind, connectorstore.SyncTypeFull), "")
	require.NoError(t, err)
	for _, id := range f.Types {
		require.NoError(t, store.PutResourceTypes(ctx, v2.ResourceType_builder{Id: id, DisplayName: id}.Build()))
	}
	for from := 0; from < len(f.Resources); from += rowsAtOnce {
		require.NoError(t, store.PutResources(ctx, f.Resources[from:min(from+rowsAtOnce, len(f.Resources))]...))
	}
	require.NoError(t, store.PutEntitlements(ctx, f.Entitlements...))
	for from := 0; from < len(f.Grants); from += rowsAtOnce {
		require.NoError(t, store.PutGrants(ctx, f.Grants[from:min(from+rowsAtOnce, len(f.Grants))]...))
	}
	if !f.Unfinished {
		require.NoError(t, store.EndSync(ctx))
	}
	require.NoError(t, store.Close(ctx))
	return path
}
