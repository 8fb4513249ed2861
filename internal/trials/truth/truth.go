// Package truth compares snapshots with the simulated tenant, row by row.
package truth

import (
	"context"
	"errors"
	"fmt"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"

	"github.com/conductorone/baton-azure-ad/internal/expect"
	"github.com/conductorone/baton-azure-ad/internal/graphsim"
)

// ErrDiffers says that a snapshot is not the tenant.
var ErrDiffers = errors.New("the snapshot is not the tenant")

// row is a row of a snapshot as expect has it.
type row struct {
	kind expect.Kind
	text string
}

// Rows are those that a snapshot has to hold.
type Rows struct{ all map[row]bool }

// Of is what a tenant is now, read with the default settings.
func Of(tenant *graphsim.Tenant) *Rows {
	want := &Rows{all: map[row]bool{}}
	all := tenant.Truth()
	expect.Snapshot(&all, expect.Options{}, func(kind expect.Kind, text string) { want.all[row{kind, text}] = true })
	return want
}

// Compare makes sure that a file holds a finished sync with these rows and no
// other; the error is ErrDiffers where it does not. It unpacks the file in
// scratch.
func (r *Rows) Compare(ctx context.Context, path, scratch string) error {
	got, err := readRows(ctx, path, scratch)
	if err != nil {
		return err
	}
	missing, extra := 0, 0
	for one := range r.all {
		if !got[one] {
			missing++
		}
	}
	for one := range got {
		if !r.all[one] {
			extra++
		}
	}
	if missing+extra > 0 {
		return fmt.Errorf("%w: %d rows are missing, %d are extra", ErrDiffers, missing, extra)
	}
	return nil
}

func readRows(ctx context.Context, path, scratch string) (map[row]bool, error) {
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(scratch))
	if err != nil {
		return nil, fmt.Errorf("%w: opening it: %w", ErrDiffers, err)
	}
	got := map[row]bool{}
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	stream, ok := store.(connectorstore.StreamingReader)
	switch {
	case err != nil:
		err = fmt.Errorf("reading the snapshot: %w", err)
	case latest == nil || !ok:
		err = fmt.Errorf("%w: it holds no finished sync", ErrDiffers)
	default:
		err = addRows(ctx, stream, latest.ID, got)
	}
	return got, errors.Join(err, store.Close(ctx))
}

func addRows(ctx context.Context, stream connectorstore.StreamingReader, syncID string, got map[row]bool) error {
	for r, err := range stream.StreamResources(ctx, syncID, connectorstore.StreamResourcesOptions{}) {
		if err != nil {
			return fmt.Errorf("reading resources: %w", err)
		}
		got[row{expect.Resource, r.GetId().GetResourceType() + ":" + r.GetId().GetResource()}] = true
	}
	for e, err := range stream.StreamEntitlements(ctx, syncID) {
		if err != nil {
			return fmt.Errorf("reading entitlements: %w", err)
		}
		got[row{expect.Entitlement, e.GetId()}] = true
	}
	for g, err := range stream.StreamGrants(ctx, syncID, connectorstore.StreamGrantsOptions{IncludeExpansion: true}) {
		if err != nil {
			return fmt.Errorf("reading grants: %w", err)
		}
		holder := g.GetPrincipal().GetId()
		edge := expect.Edge(g.GetEntitlement().GetId(), holder.GetResourceType(), holder.GetResource())
		if direct(g) {
			got[row{expect.Direct, edge}] = true
		}
		if holder.GetResourceType() != "group" {
			got[row{expect.Effective, edge}] = true
		}
	}
	return nil
}

// direct is whether a grant holds without expansion.
func direct(g *v2.Grant) bool {
	sources := g.GetSources().GetSources()
	_, own := sources[g.GetEntitlement().GetId()]
	return len(sources) == 0 || own
}
