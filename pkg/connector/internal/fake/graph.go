// Package fake is for tests: session stores in memory, and Graphs that answer what a
// test has written down. What needs a whole tenant is tested against the simulated
// one.
package fake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

type AnyToken struct{}

func (AnyToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "x", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// GraphThat is a client of a Graph that answers each request, alone or in a batch,
// with a status and a body. The reference is readable, and below the root.
func GraphThat(t *testing.T, answer func(ref string) (int, string)) *graph.Client {
	t.Helper()
	readable := func(ref string) string {
		plain, err := url.QueryUnescape(ref)
		if err != nil {
			return ref
		}
		return plain
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path != "/v1.0/$batch" {
			status, body := answer(readable(strings.TrimPrefix(r.URL.RequestURI(), "/v1.0")))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return
		}
		var batch struct {
			Requests []struct {
				ID  string `json:"id"`
				URL string `json:"url"`
			} `json:"requests"`
		}
		if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var items []string
		for _, item := range batch.Requests {
			status, body := answer(readable(item.URL))
			items = append(items, fmt.Sprintf(`{"id":%q,"status":%d,"body":%s}`, item.ID, status, body))
		}
		_, _ = io.WriteString(w, `{"responses":[`+strings.Join(items, ",")+`]}`)
	}))
	t.Cleanup(server.Close)
	return ClientOf(t, server, pacing.RetryPolicy{Attempts: 4, BaseDelay: time.Millisecond, MaxDelay: 50 * time.Millisecond, AttemptTimeout: 5 * time.Second})
}

// EmptyPage is a listing without rows.
const EmptyPage = `{"value":[]}`

func RefusalBody(code string) string { return `{"error":{"code":"` + code + `","message":"no"}}` }

// GraphOver is a client of a Graph that is a function.
func GraphOver(t *testing.T, answer func(r *http.Request) string) *graph.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := answer(r)
		if body == "" {
			w.WriteHeader(http.StatusNotFound)
			body = `{"error":{"code":"Request_ResourceNotFound","message":"x"}}`
		}
		_, _ = io.WriteString(w, strings.ReplaceAll(body, "ROOT", "https://"+r.Host+"/v1.0")) //nolint:gosec // What the test itself says, to a client of its own.
	}))
	t.Cleanup(server.Close)
	return ClientOf(t, server, pacing.RetryPolicy{})
}

// ClientOver is a Graph client over a Graph that answers as the handler does.
func ClientOver(t *testing.T, handler http.HandlerFunc) *graph.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return ClientOf(t, server, pacing.RetryPolicy{})
}
