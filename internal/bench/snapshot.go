package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"google.golang.org/protobuf/proto"
)

// snapshotReader walks the rows of a snapshot, one at a time.
type snapshotReader struct {
	store  connectorstore.StreamingReader
	syncID string
	close  func() error
}

func openSnapshot(ctx context.Context, path, scratch string) (*snapshotReader, error) {
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
		return nil, errors.Join(errors.New("the snapshot holds no finished sync that can be streamed"), store.Close(ctx))
	}
	return &snapshotReader{store: stream, syncID: latest.ID, close: func() error { return store.Close(ctx) }}, nil
}

// each visits every resource, entitlement and grant.
func (s *snapshotReader) each(ctx context.Context, visit func(proto.Message) error) error {
	for row, err := range s.store.StreamResources(ctx, s.syncID, connectorstore.StreamResourcesOptions{}) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading resources: %w", err)
		}
	}
	for row, err := range s.store.StreamEntitlements(ctx, s.syncID) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading entitlements: %w", err)
		}
	}
	for row, err := range s.store.StreamGrants(ctx, s.syncID, connectorstore.StreamGrantsOptions{IncludeExpansion: true}) {
		if err := errors.Join(err, visit(row)); err != nil {
			return fmt.Errorf("reading grants: %w", err)
		}
	}
	return nil
}

// countRows counts a snapshot's rows and takes their digest: a sum of hashes,
// so that the order in which they are stored does not matter.
func countRows(ctx context.Context, path, scratch string) (Rows, error) {
	snapshot, err := openSnapshot(ctx, path, scratch)
	if err != nil {
		return Rows{}, err
	}
	var rows Rows
	var high, low uint64
	var buffer []byte
	err = snapshot.each(ctx, func(m proto.Message) error {
		switch row := m.(type) {
		case *v2.Resource:
			rows.Resources++
		case *v2.Entitlement:
			rows.Entitlements++
		case *v2.Grant:
			rows.Grants++
			if direct(row) {
				rows.DirectGrants++
			}
		}
		var err error
		if buffer, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(buffer[:0], m); err != nil {
			return fmt.Errorf("digesting a row: %w", err)
		}
		h := fnv.New128a()
		if _, err := h.Write(buffer); err != nil {
			return fmt.Errorf("digesting a row: %w", err)
		}
		sum := h.Sum(nil)
		high += binary.BigEndian.Uint64(sum[:8])
		low += binary.BigEndian.Uint64(sum[8:])
		return nil
	})
	if err := errors.Join(err, snapshot.close()); err != nil {
		return Rows{}, err
	}
	rows.Digest = hex.EncodeToString(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, high), low))
	return rows, nil
}

// direct reports whether a grant holds without expansion.
func direct(g *v2.Grant) bool {
	sources := g.GetSources().GetSources()
	_, own := sources[g.GetEntitlement().GetId()]
	return len(sources) == 0 || own
}
