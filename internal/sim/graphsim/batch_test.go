package graphsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func get(id, path string) map[string]any {
	return map[string]any{"id": id, "method": "GET", "url": path}
}

func envelope(items ...map[string]any) map[string]any { return map[string]any{"requests": items} }

func (a answer) items() map[string]map[string]any {
	out := map[string]map[string]any{}
	list, _ := a.body["responses"].([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			out[str(m["id"])] = m
		}
	}
	return out
}

func TestMalformedBatchesAreRefusedWhole(t *testing.T) {
	b := start(t)
	var tooMany []map[string]any
	for i := range maxInBatch + 1 {
		tooMany = append(tooMany, get(fmt.Sprint(i), "/users?$top=1"))
	}
	withBody := get("1", "/users")
	withBody["body"] = map[string]any{"a": 1}
	depends := get("1", "/users")
	depends["dependsOn"] = []string{"9"}
	for name, body := range map[string]any{
		"21 items":         envelope(tooMany...),
		"no items":         envelope(),
		"same id twice":    envelope(get("1", "/users"), get("1", "/groups")),
		"no id":            envelope(get("", "/users")),
		"absolute URL":     envelope(get("1", b.server.URL()+"/v1.0/users")),
		"version in URL":   envelope(get("1", "/v1.0/users")),
		"nested batch":     envelope(get("1", "/$batch")),
		"bad method":       envelope(map[string]any{"id": "1", "method": "FETCH", "url": "/users"}),
		"body, no headers": envelope(withBody),
		"unknown parent":   envelope(depends),
	} {
		a := b.batch(body)
		assert.Equal(t, http.StatusBadRequest, a.status, name)
		assert.NotEmpty(t, a.code(), name)
	}
}

func TestBatchItemsAreRequests(t *testing.T) {
	b := start(t)
	b.withPermissions(CorePermissions()...)
	b.server.Reset()
	var items []map[string]any
	for i := range 10 {
		items = append(items, get(fmt.Sprint(i), "/users?$select=id&$top=30"))
	}
	items = append(items,
		get("denied", "/devices"), get("bad", "/users?$select=nope"), get("gone", "/groups/"+directory.DefaultAppRoleID+"/members"),
		get("nowhere", "/nowhere"), get("advanced", "/users?$filter=userType ne 'Guest'&$count=true"))
	headed := get("headed", "/users?$filter=userType ne 'Guest'&$count=true&$top=1")
	headed["headers"] = map[string]string{"ConsistencyLevel": "eventual"}
	a := b.batch(envelope(append(items, headed)...))
	require.Equal(t, http.StatusOK, a.status, string(a.raw))
	got := a.items()
	require.Len(t, got, 16)
	for id, status := range map[string]int{"0": 200, "denied": 403, "bad": 400, "gone": 404, "nowhere": 404, "advanced": 400, "headed": 200} {
		assert.EqualValues(t, status, got[id]["status"], id)
	}
	body, ok := got["0"]["body"].(map[string]any)
	require.True(t, ok)
	assert.True(t, strings.HasPrefix(str(body["@odata.nextLink"]), b.server.URL()+"/v1.0/users?"), "an absolute link")
	first, ok := a.body["responses"].([]any)[0].(map[string]any)
	require.True(t, ok)
	assert.NotEqual(t, "0", first["id"], "answers come in another order")

	stats := b.server.Stats()
	assert.Equal(t, 1, stats.Requests)
	assert.Equal(t, 16, stats.BatchItems)
	assert.Equal(t, []string{"GET /v1.0/nowhere"}, stats.Unmatched)
	assert.Equal(t, 10+1+1+3+2+1, stats.ResourceUnits, "each item is metered")
}

func TestFailedParentFailsItsDependants(t *testing.T) {
	b := start(t)
	second := get("2", "/users?$top=1")
	second["dependsOn"] = []string{"1"}
	got := b.batch(envelope(get("1", "/nowhere"), second)).items()
	assert.EqualValues(t, http.StatusNotFound, got["1"]["status"])
	assert.EqualValues(t, http.StatusFailedDependency, got["2"]["status"])
}

func TestRecordKeepsWhatAClientSent(t *testing.T) {
	b := start(t)
	b.server.Reset()
	b.get("users?$top=1", "client-request-id", "abc", "User-Agent", "probe/1", "x-ms-throttle-priority", "low", "ConsistencyLevel", "eventual")
	require.Len(t, b.server.Requests(), 1)
	r := b.server.Requests()[0]
	assert.Equal(t, []any{"GET", "/v1.0/users", "$top=1", 200, true, "probe/1", "abc", "eventual", "low"},
		[]any{r.Method, r.Path, r.Query, r.Status, r.HasAuthorization, r.UserAgent, r.ClientRequestID, r.ConsistencyLevel, r.Priority})
	assert.Equal(t, "abc", b.get("users?$top=1", "client-request-id", "abc").header.Get("client-request-id"))
}
