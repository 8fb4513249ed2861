package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	defaultDeltaRows  = 500 // Members and owners on a page of groups/delta (msgraph-sdk-dotnet issue 574).
	DefaultExpandRows = 100 // On a page of a directory collection that is asked for with $expand.
)

// Graph is what all calls share: the directory, what reads show of it, the clock, and what may be switched.
type Graph struct {
	Directory *directory.Tenant
	URL       string // Of the root, set before the first call.
	Now       func() time.Time
	key       []byte // Seals access tokens and page tokens.
	Recorder  Recorder
	shown     atomic.Pointer[replica]
	Reports   atomic.Int64 // Requests for reports that could be refused for want of a plan.

	mu       sync.RWMutex
	set      Settings
	requests map[string][]string // The states that requests of Privileged Identity Management are still to go through.
}

// Settings are what may be switched while calls are answered.
type Settings struct {
	IncludeServicePrincipals bool
	PageTokenLifetime        time.Duration
	Latency, ItemLatency     time.Duration
	Jitter                   time.Duration
	DeltaRows                int
	SignInRows               int // A page with sign-in activity; 0 for what is documented.
	Federated                FederatedExpansion
	Caps                     ExpandCaps
	Missing                  []string // Path segments that are not there.
	ScheduleFates            []string // The states of requests of Privileged Identity Management; an empty last one is carried out.
	Privileged               bool     // Users who hold directory roles are out of reach of a permission alone.
}

// ExpandCaps are the most that $expand gives.
type ExpandCaps struct{ Rows, Related int }

// NewGraph makes what the calls share, with a key of its own.
func NewGraph(t *directory.Tenant, now func() time.Time) (*Graph, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	return &Graph{
		Directory: t, Now: now, key: key,
		set: Settings{DeltaRows: defaultDeltaRows, Privileged: true, Caps: ExpandCaps{DefaultExpandRows, directory.ExpandLimit}},
	}, nil
}

// Settings are the switches as they stand.
func (g *Graph) Settings() Settings {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.set
}

// Change switches something from now on.
func (g *Graph) Change(edit func(*Settings)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	edit(&g.set)
}

// RememberRequest keeps the states that a request goes through, and gives its id.
func (g *Graph) RememberRequest(fates []string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.requests == nil {
		g.requests = map[string][]string{}
	}
	id := NewRequestID()
	g.requests[id] = fates
	return id
}

// LookAtRequest is the next state of a request.
func (g *Graph) LookAtRequest(id string) (string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fates, known := g.requests[id]
	if len(fates) > 1 {
		fates = fates[1:]
		g.requests[id] = fates
	}
	if !known {
		return "", false
	}
	return fates[0], true
}

// Sign is a signature only this server makes and checks.
func (g *Graph) Sign(text string) []byte {
	mac := hmac.New(sha256.New, g.key)
	_, _ = mac.Write([]byte(text))
	return mac.Sum(nil)
}

// NewRequestID is a random id.
func NewRequestID() string {
	var g directory.GUID
	if _, err := rand.Read(g[:]); err != nil {
		return directory.DefaultAppRoleID
	}
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g.String()
}

// RandomText is a secret of so many random bytes.
func RandomText(n int) string {
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// FederatedExpansion is what $expand=federatedIdentityCredentials of applications does: Microsoft does not say.
type FederatedExpansion uint8

// The answers a client has to be ready for.
const (
	FederatedExpanded FederatedExpansion = iota // The rows have the credentials.
	FederatedIgnored                            // The rows lack them, and nothing says so.
	FederatedRefused                            // 400 Request_UnsupportedQuery.
)
