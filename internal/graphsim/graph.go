package graphsim

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Graph is what all calls share: the directory, what reads show of it, the clock, and what may be switched.
type Graph struct {
	directory *Tenant
	url       string // Of the root, set before the first call.
	now       func() time.Time
	key       []byte // Seals access tokens and page tokens.
	recorder  recorder
	shown     atomic.Pointer[replica]
	reports   atomic.Int64 // Requests for reports that could be refused for want of a plan.

	mu  sync.RWMutex
	set settings
}

// settings are what may be switched while calls are answered.
type settings struct {
	includeServicePrincipals bool
	pageTokenLifetime        time.Duration
	latency, itemLatency     time.Duration
	jitter                   time.Duration
	deltaRows                int
	federated                FederatedExpansion
	caps                     expandCaps
	missing                  []string // Path segments that are not there.
	privileged               bool     // Users who hold directory roles are out of reach of a permission alone.
}

// expandCaps are the most that $expand gives.
type expandCaps struct{ rows, related int }

// newGraph makes what the calls share, with a key of its own.
func newGraph(t *Tenant, now func() time.Time) (*Graph, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	return &Graph{
		directory: t, now: now, key: key,
		set: settings{deltaRows: defaultDeltaRows, privileged: true, caps: expandCaps{defaultExpandRows, expandLimit}},
	}, nil
}

func (g *Graph) settings() settings {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.set
}

func (g *Graph) change(edit func(*settings)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	edit(&g.set)
}

func (g *Graph) sign(text string) []byte {
	mac := hmac.New(sha256.New, g.key)
	_, _ = mac.Write([]byte(text))
	return mac.Sum(nil)
}

func newRequestID() string {
	var g guid
	if _, err := rand.Read(g[:]); err != nil {
		return defaultAppRoleID
	}
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g.String()
}
