package fake

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
)

// Store is a session store in memory that counts its reads and knows its
// largest value.
type Store struct {
	sessions.SessionStore
	mu             sync.Mutex
	Values         map[string][]byte
	Reads, Largest int
}

func (m *Store) Get(_ context.Context, key string, _ ...sessions.SessionStoreOption) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Reads++
	value, ok := m.Values[key]
	return value, ok, nil
}

func (m *Store) GetMany(_ context.Context, keys []string, _ ...sessions.SessionStoreOption) (map[string][]byte, []string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Reads++
	found := map[string][]byte{}
	for _, key := range keys {
		if value, ok := m.Values[key]; ok {
			found[key] = value
		}
	}
	return found, nil, nil
}

func (m *Store) Set(ctx context.Context, key string, value []byte, _ ...sessions.SessionStoreOption) error {
	return m.SetMany(ctx, map[string][]byte{key: value})
}

func (m *Store) SetMany(_ context.Context, values map[string][]byte, _ ...sessions.SessionStoreOption) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, value := range values {
		m.Values[key] = slices.Clone(value)
		m.Largest = max(m.Largest, len(value))
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
	Values map[string][]byte
	// Largest is the largest message so far.
	Largest int
	// Fail is the key that cannot be written.
	Fail string
}

func NewMessageStore() *messageStore { return &messageStore{Values: map[string][]byte{}} }

func (s *messageStore) message(values map[string][]byte) error {
	size := 0
	for key, value := range values {
		size += len(key) + len(value) + 8
	}
	s.Largest = max(s.Largest, size)
	if size > messageLimit || len(values) > sessions.MaxKeysPerRequest {
		return errTooLarge
	}
	return nil
}

func (s *messageStore) Get(_ context.Context, key string, _ ...sessions.SessionStoreOption) ([]byte, bool, error) {
	value, found := s.Values[key]
	return value, found, s.message(map[string][]byte{key: value})
}

func (s *messageStore) GetMany(_ context.Context, keys []string, _ ...sessions.SessionStoreOption) (map[string][]byte, []string, error) {
	found := map[string][]byte{}
	for _, key := range keys {
		if value, ok := s.Values[key]; ok {
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
		if key == s.Fail {
			return errors.New("the store is gone")
		}
		s.Values[key] = append([]byte(nil), value...)
	}
	return nil
}

// LostStore is a session store that holds nothing.
type LostStore struct{ sessions.SessionStore }

func (LostStore) Get(context.Context, string, ...sessions.SessionStoreOption) ([]byte, bool, error) {
	return nil, false, nil
}
