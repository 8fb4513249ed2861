package localsync

import (
	"context"
	"errors"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
)

// lateSession is the session store of a connector that runs in this
// process: the one in the snapshot file, which the syncer makes known only when
// a sync begins.
type lateSession struct {
	mu    sync.Mutex
	store sessions.SessionStore
}

var errNoSession = errors.New("the session store was used outside a sync")

// SetSessionStore is how the syncer makes the store known.
func (s *lateSession) SetSessionStore(_ context.Context, store sessions.SessionStore) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store = store
}

func (s *lateSession) current() (sessions.SessionStore, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.store == nil {
		return nil, errNoSession
	}
	return s.store, nil
}

func (s *lateSession) Get(ctx context.Context, key string, opt ...sessions.SessionStoreOption) ([]byte, bool, error) {
	store, err := s.current()
	if err != nil {
		return nil, false, err
	}
	return store.Get(ctx, key, opt...)
}

func (s *lateSession) GetMany(ctx context.Context, keys []string, opt ...sessions.SessionStoreOption) (map[string][]byte, []string, error) {
	store, err := s.current()
	if err != nil {
		return nil, nil, err
	}
	return store.GetMany(ctx, keys, opt...)
}

func (s *lateSession) Set(ctx context.Context, key string, value []byte, opt ...sessions.SessionStoreOption) error {
	store, err := s.current()
	if err != nil {
		return err
	}
	return store.Set(ctx, key, value, opt...)
}

func (s *lateSession) SetMany(ctx context.Context, values map[string][]byte, opt ...sessions.SessionStoreOption) error {
	store, err := s.current()
	if err != nil {
		return err
	}
	return store.SetMany(ctx, values, opt...)
}

func (s *lateSession) Delete(ctx context.Context, key string, opt ...sessions.SessionStoreOption) error {
	store, err := s.current()
	if err != nil {
		return err
	}
	return store.Delete(ctx, key, opt...)
}

func (s *lateSession) Clear(ctx context.Context, opt ...sessions.SessionStoreOption) error {
	store, err := s.current()
	if err != nil {
		return err
	}
	return store.Clear(ctx, opt...)
}

func (s *lateSession) GetAll(ctx context.Context, pageToken string, opt ...sessions.SessionStoreOption) (map[string][]byte, string, error) {
	store, err := s.current()
	if err != nil {
		return nil, "", err
	}
	return store.GetAll(ctx, pageToken, opt...)
}
