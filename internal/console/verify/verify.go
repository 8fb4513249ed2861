// Package verify holds a snapshot against the tenant that it is of. It asks Graph
// about objects drawn at random, and about all that matter most, in ways that no sync
// asks, and says how sure the answers make us.
//
// It uses the way to Graph (pkg/graph/sending) and nothing of how a sync reads, so that
// a mistake made there is not made here as well.
package verify

import (
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// DefaultSample is how many people are drawn. Of groups half as many are, and of
// applications a fifth.
const DefaultSample = 1000

// DefaultRequests is how many requests to Graph a comparison sends at most, and
// DefaultUnits how many resource units it uses: what the smallest tenant has in a
// minute, and a large one in half of that (https://learn.microsoft.com/graph/throttling-limits).
const (
	DefaultRequests = 600
	DefaultUnits    = 20_000
)

// Options say what to compare, and how much of it.
type Options struct {
	Snapshot *access.Snapshot
	Graph    *sending.Sender
	// Sample is how many people are drawn, and Seed decides which.
	Sample int
	Seed   uint64
	// Requests and Units bound what is sent, repetitions and all, but for the batch
	// under way.
	Requests, Units int64
	// Pause is how long a difference is left alone before it is looked at again, and
	// Patience for how long the audit log is asked again about one that it does not
	// explain: entries come minutes late.
	Pause, Patience time.Duration
	// Progress is told what is done now; nil tells nobody.
	Progress func(what string)
}
