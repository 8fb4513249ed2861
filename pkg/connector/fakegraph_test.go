package connector

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// memoryStore is a session store that counts its reads.
type memoryStore struct {
	sessions.SessionStore
	mu     sync.Mutex
	values map[string][]byte
	reads  int
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
	maps.Copy(m.values, values)
	return nil
}

// syncReading is a session store of a sync that reads some data sets.
func syncReading(t *testing.T, reads ...dataSet) *memoryStore {
	t.Helper()
	store := &memoryStore{values: map[string][]byte{}}
	require.NoError(t, session.SetJSON(t.Context(), store, keyDecision, decision{Reads: reads}))
	return store
}

// fakeGraph answers each reference, by itself or in a batch, with what is written
// down for it: a body, or a status and a body. What is not written down is a list
// without rows.
type fakeGraph struct {
	mu      sync.Mutex
	answers map[string]string
	asked   []string
}

func (f *fakeGraph) answer(ref string) (int, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, ref)
	body, ok := f.answers[ref]
	if !ok {
		return http.StatusOK, `{"value":[]}`
	}
	if status, text, ok := strings.Cut(body, " "); ok && len(status) == 3 {
		return map[string]int{"400": 400, "403": 403, "404": 404}[status], text
	}
	return http.StatusOK, body
}

// over makes a client of a Graph that answers so.
func (f *fakeGraph) over(t *testing.T) *graph.Client {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !strings.HasSuffix(r.URL.Path, "/$batch") {
			ref, err := url.QueryUnescape(strings.TrimPrefix(r.URL.RequestURI(), "/v1.0"))
			status, body := f.answer(ref)
			if err != nil {
				status = http.StatusBadRequest
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return
		}
		var batch struct {
			Requests []struct{ ID, URL string }
		}
		_ = json.NewDecoder(r.Body).Decode(&batch)
		responses := []map[string]any{}
		for _, item := range batch.Requests {
			ref, _ := url.QueryUnescape(item.URL)
			status, body := f.answer(ref)
			responses = append(responses, map[string]any{"id": item.ID, "status": status, "body": json.RawMessage(body)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"responses": responses})
	}))
	server.StartTLS()
	t.Cleanup(server.Close)
	httpClient, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	require.NoError(t, err)
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: server.URL}, Credential: anyToken{}, HTTPClient: httpClient})
	require.NoError(t, err)
	return client
}

// askedFor are the references that contain a text.
func (f *fakeGraph) askedFor(text string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.asked), func(ref string) bool { return !strings.Contains(ref, text) })
}
