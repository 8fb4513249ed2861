package graphsim

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// writer is a bench whose application may write everything there is to write here.
func writer(t *testing.T) *bench {
	t.Helper()
	b := start(t)
	b.withPermissions(append(DefaultPermissions(), WritePermissions()...)...)
	return b
}

// send makes a write; a nil body sends none.
func (b *bench) send(method, path string, body any) answer {
	b.t.Helper()
	a, err := b.trySend(method, path, body)
	require.NoError(b.t, err)
	return a
}

func (b *bench) trySend(method, path string, body any) (answer, error) {
	headers := http.Header{"Authorization": {"Bearer " + b.bearer}}
	if body == nil {
		return b.try(method, b.absolute(path), nil, headers)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	headers.Set("Content-Type", "application/json")
	return b.try(method, b.absolute(path), strings.NewReader(string(raw)), headers)
}

// expect is send for an answer with this status and, where it is an error, this code.
func (b *bench) expect(status int, code, method, path string, body any) answer {
	b.t.Helper()
	a := b.send(method, path, body)
	require.Equal(b.t, status, a.status, "%s %s: %s", method, path, a.raw)
	require.Equal(b.t, code, a.code(), "%s %s: %s", method, path, a.raw)
	return a
}

// ref is the body of a reference to an object.
func (b *bench) ref(id string) map[string]any {
	return map[string]any{"@odata.id": b.server.URL() + "/v1.0/directoryObjects/" + id}
}

// id is the id of a generated object.
func (b *bench) id(k Kind, n int) string { return b.server.tenant.ID(k, n) }

// refusal is the message of an error.
func (a answer) refusal() string {
	e, _ := a.body["error"].(map[string]any)
	if inner, nested := e["error"].(map[string]any); nested {
		e = inner
	}
	return str(e["message"])
}

// clock is a time that moves when told to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// writerAt is writer with a clock.
func writerAt(t *testing.T, at *clock) *bench {
	t.Helper()
	server, err := Start(NewTenant(Small, 1), Options{Now: at.now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	b := &bench{t: t, server: server, client: clientOf(t, server)}
	b.withPermissions(append(DefaultPermissions(), WritePermissions()...)...)
	return b
}

// plainUser is the index of a user that nothing protects from a write.
func (b *bench) plainUser() int { return b.server.tenant.PlainUsers(1)[0] }
