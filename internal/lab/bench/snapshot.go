package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
)

// countRows counts a snapshot's rows and takes their digest: a sum of hashes,
// so that the order in which they are stored does not matter.
func countRows(ctx context.Context, path, scratch string) (Rows, error) {
	snapshot, err := rows.Open(ctx, path, scratch)
	if err != nil {
		return Rows{}, err
	}
	var counted Rows
	var high, low uint64
	var buffer []byte
	err = snapshot.Each(ctx, func(m proto.Message) error {
		switch row := m.(type) {
		case *v2.Resource:
			counted.Resources++
		case *v2.Entitlement:
			counted.Entitlements++
		case *v2.Grant:
			counted.Grants++
			if rows.Direct(row) {
				counted.DirectGrants++
			}
		}
		var err error
		if buffer, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(buffer[:0], rows.Lasting(m)); err != nil {
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
	if err := errors.Join(err, snapshot.Close()); err != nil {
		return Rows{}, err
	}
	counted.Digest = hex.EncodeToString(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, high), low))
	return counted, nil
}
