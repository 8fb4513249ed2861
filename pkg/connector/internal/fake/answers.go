package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// Graph answers each reference, by itself or in a batch, with what is written
// down for it: a body, or a status and a body. What is not written down is a list
// without rows.
type Graph struct {
	mu      sync.Mutex
	Answers map[string]string
	asked   []string
}

func (f *Graph) answer(ref string) (int, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, ref)
	body, ok := f.Answers[ref]
	if !ok {
		return http.StatusOK, `{"value":[]}`
	}
	if status, text, ok := strings.Cut(body, " "); ok && len(status) == 3 {
		return map[string]int{"400": 400, "403": 403, "404": 404}[status], text
	}
	return http.StatusOK, body
}

// Over makes a client of a Graph that answers so.
func (f *Graph) Over(t *testing.T) *graph.Client {
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
	return ClientOf(t, server, pacing.RetryPolicy{})
}

// AskedFor are the references that contain a text.
func (f *Graph) AskedFor(text string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.asked), func(ref string) bool { return !strings.Contains(ref, text) })
}
