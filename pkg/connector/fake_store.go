package connector

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
)

// memoryStore is a session store in memory that counts its reads and knows its
// largest value.
type memoryStore struct {
	sessions.SessionStore
	mu             sync.Mutex
	values         map[string][]byte
	reads, largest int
}

func (m *memoryStore) Get(_ context.Context, key string, _ ...sessions.SessionStoreOption) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	value, ok := m.values[key]
	return value, ok, nil
}

func (m *memoryStore) GetMany(_ context.Context, keys []string, _ ...sessions.SessionStoreOption) (map[string][]byte, []string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	found := map[string][]byte{}
	for _, key := range keys {
		if value, ok := m.values[key]; ok {
			found[key] = value
		}
	}
	return found, nil, nil
}

func (m *memoryStore) Set(ctx context.Context, key string, value []byte, _ ...sessions.SessionStoreOption) error {
	return m.SetMany(ctx, map[string][]byte{key: value})
}

func (m *memoryStore) SetMany(_ context.Context, values map[string][]byte, _ ...sessions.SessionStoreOption) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, value := range values {
		m.values[key] = slices.Clone(value)
		m.largest = max(m.largest, len(value))
	}
	return nil
}

// messageLimit is gRPC's.
const messageLimit = 4 << 20

var errTooLarge = errors.New("a message is larger than gRPC takes")

// messageStore is a session store behind messages of a bounded size. It does not
// leave keys for the next call to keep under it.
type messageStore struct {
	sessions.SessionStore
	values map[string][]byte
	// largest is the largest message so far.
	largest int
	// fail is the key that cannot be written.
	fail string
}

func newMessageStore() *messageStore { return &messageStore{values: map[string][]byte{}} }

func (s *messageStore) message(values map[string][]byte) error {
	size := 0
	for key, value := range values {
		size += len(key) + len(value) + 8
	}
	s.largest = max(s.largest, size)
	if size > messageLimit || len(values) > sessions.MaxKeysPerRequest {
		return errTooLarge
	}
	return nil
}

func (s *messageStore) Get(_ context.Context, key string, _ ...sessions.SessionStoreOption) ([]byte, bool, error) {
	value, found := s.values[key]
	return value, found, s.message(map[string][]byte{key: value})
}

func (s *messageStore) GetMany(_ context.Context, keys []string, _ ...sessions.SessionStoreOption) (map[string][]byte, []string, error) {
	found := map[string][]byte{}
	for _, key := range keys {
		if value, ok := s.values[key]; ok {
			found[key] = value
		}
	}
	return found, nil, s.message(found)
}

func (s *messageStore) Set(ctx context.Context, key string, value []byte, _ ...sessions.SessionStoreOption) error {
	return s.SetMany(ctx, map[string][]byte{key: value})
}

func (s *messageStore) SetMany(_ context.Context, values map[string][]byte, _ ...sessions.SessionStoreOption) error {
	if err := s.message(values); err != nil {
		return err
	}
	for key, value := range values {
		if key == s.fail {
			return errors.New("the store is gone")
		}
		s.values[key] = append([]byte(nil), value...)
	}
	return nil
}

// lostStore is a session store that holds nothing.
type lostStore struct{ sessions.SessionStore }

func (lostStore) Get(context.Context, string, ...sessions.SessionStoreOption) ([]byte, bool, error) {
	return nil, false, nil
}
