package walk

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// This file alone reads and writes the SDK's session store. What is kept there
// grows with the tenant, and the store is behind gRPC: a value that is too large
// for one message is kept in parts under further keys, and a note of them under
// its own. The parts' keys have the hash of the value in them, and the note is
// written last: whoever breaks off in between, or writes the same key at the same
// time, leaves a value that is whole.

// batchedLimit is the largest value that is read together with others. Who asks
// for many keys does not know how large the values are, and not every session
// store bounds its answer: so many at once as may be asked for always fit.
const batchedLimit = model.SizeLimit/sessions.MaxKeysPerRequest - maxKeyLength - itemOverhead

const (
	// maxKeyLength is the longest key that the session store takes.
	maxKeyLength = 512
	// itemOverhead is more than what a message adds to a key and its value.
	itemOverhead = 20
)

// partsMark begins the note of a value in parts. No JSON value begins with it.
const partsMark = '#'

// Put stores values under prefix+id.
func Put[T any](ctx context.Context, ix Index, prefix string, values map[string]T) error {
	batch, size := map[string][]byte{}, 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if _, err := patiently(ctx, writing, func() (struct{}, error) { return struct{}{}, ix.Store.SetMany(ctx, batch) }); err != nil {
			return err
		}
		batch, size = map[string][]byte{}, 0
		return nil
	}
	for id, value := range values {
		key := prefix + id
		raw, err := ix.shrink(ctx, key, value, batchedLimit)
		if err != nil {
			return err
		}
		model.NoteValue(ctx, len(raw))
		weight := len(key) + len(raw) + itemOverhead
		if len(batch) == sessions.MaxKeysPerRequest || size+weight > model.SizeLimit {
			if err := flush(); err != nil {
				return err
			}
		}
		batch[key] = raw
		size += weight
	}
	return flush()
}

// Get reads the values under prefix+id; ids without one are absent.
func Get[T any](ctx context.Context, ix Index, prefix string, ids []string) (map[string]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = prefix + id
	}
	found, err := patiently(ctx, reading, func() (map[string][]byte, error) { return session.UnrollGetMany(ctx, ix.Store, keys) })
	if err != nil {
		return nil, err
	}
	values := make(map[string]T, len(found))
	for key, raw := range found {
		value, err := grow[T](ctx, ix, key, raw)
		if err != nil {
			return nil, err
		}
		values[key[len(prefix):]] = value
	}
	return values, nil
}

// PutValue stores a value that is read by itself.
func PutValue(ctx context.Context, ix Index, key string, value any) error {
	raw, err := ix.shrink(ctx, key, value, model.SizeLimit)
	if err != nil {
		return err
	}
	return ix.set(ctx, key, raw)
}

// GetValue reads a value, and reports whether there is one.
func GetValue[T any](ctx context.Context, ix Index, key string) (T, bool, error) {
	var none T
	raw, found, err := ix.get(ctx, key)
	if err != nil || !found {
		return none, false, err
	}
	value, err := grow[T](ctx, ix, key, raw)
	return value, err == nil, err
}

func (ix Index) set(ctx context.Context, key string, raw []byte) error {
	model.NoteValue(ctx, len(raw))
	_, err := patiently(ctx, writing, func() (struct{}, error) { return struct{}{}, ix.Store.Set(ctx, key, raw) })
	return err
}

func (ix Index) get(ctx context.Context, key string) ([]byte, bool, error) {
	found := false
	raw, err := patiently(ctx, reading, func() ([]byte, error) {
		value, there, err := ix.Store.Get(ctx, key)
		found = there
		return value, err
	})
	return raw, found, err
}

// shrink is what to store under a key for a value: the value itself, or a note
// of the parts in which it is stored then.
func (ix Index) shrink(ctx context.Context, key string, value any, limit int) ([]byte, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding %s for the sync's session store: %w", key, err)
	}
	if len(raw) <= limit {
		return raw, nil
	}
	sum, n := valueHash(raw), 0
	for part := range slices.Chunk(raw, model.SizeLimit) {
		if err := ix.set(ctx, partKey(key, sum, n), part); err != nil {
			return nil, err
		}
		n++
	}
	return []byte(string(partsMark) + strconv.Itoa(n) + " " + sum), nil
}

// grow is the value for what is stored under a key. A part that is not there is
// a lost index: nothing may be made of half a value.
func grow[T any](ctx context.Context, ix Index, key string, raw []byte) (T, error) {
	var value T
	if len(raw) > 0 && raw[0] == partsMark {
		count, sum, _ := strings.Cut(string(raw[1:]), " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return value, fmt.Errorf("%w (%s)", ErrIndexLost, key)
		}
		raw = nil
		for i := range n {
			part, found, err := ix.get(ctx, partKey(key, sum, i))
			if err != nil {
				return value, err
			}
			if !found {
				return value, fmt.Errorf("%w (part %d of %s)", ErrIndexLost, i, key)
			}
			raw = append(raw, part...)
		}
		if valueHash(raw) != sum {
			return value, fmt.Errorf("%w (%s)", ErrIndexLost, key)
		}
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, fmt.Errorf("reading %s from the sync's session store: %w", key, err)
	}
	return value, nil
}

func partKey(key, sum string, n int) string {
	return key + string(partsMark) + sum + string(partsMark) + strconv.Itoa(n)
}

func valueHash(raw []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(raw)
	return strconv.FormatUint(h.Sum64(), 16)
}
