package connector

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// reporter logs every so often how far a sync is, for the process that shows it
// to a person. It goes by the SDK's calls. Nothing is decided on it.
type reporter struct {
	client *graph.Client
	given  *given
	// every is the time between two reports; zero means none.
	every time.Duration

	mu          sync.Mutex
	underWay    map[string]int
	calls       int
	stop        chan struct{}
	reported    time.Time
	grantsSince time.Time
	parts       map[string]progress.Parts
}

func newReporter(client *graph.Client, given *given) *reporter {
	return &reporter{client: client, given: given, underWay: map[string]int{}, parts: map[string]progress.Parts{}}
}

// begin notes a call for a type and returns what notes its end. Reports are
// written while calls are under way, by a goroutine that ends with the last.
func (r *reporter) begin(ctx context.Context, resourceType string) func() {
	if r.every == 0 {
		return func() {}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.underWay[resourceType]++
	if r.calls++; r.calls == 1 {
		r.stop = make(chan struct{})
		go r.watch(ctxzap.Extract(ctx), r.stop, time.Until(r.reported.Add(r.every)))
	}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.underWay[resourceType]--; r.underWay[resourceType] == 0 {
			delete(r.underWay, resourceType)
		}
		if r.calls--; r.calls == 0 {
			close(r.stop)
		}
	}
}

// beginGrants is begin for a call that reads grants.
func (r *reporter) beginGrants(ctx context.Context, resourceType string) func() {
	r.mu.Lock()
	if r.grantsSince.IsZero() {
		r.grantsSince = time.Now()
	}
	r.mu.Unlock()
	return r.begin(ctx, resourceType)
}

// watch reports when it is due, until stop.
func (r *reporter) watch(l *zap.Logger, stop <-chan struct{}, first time.Duration) {
	due := time.NewTimer(max(first, 0))
	defer due.Stop()
	for {
		select {
		case <-stop:
			return
		case <-due.C:
			l.Info(progress.MessageReport, zap.Any(progress.FieldReport, r.report()))
			due.Reset(r.every)
		}
	}
}

func (r *reporter) report() *progress.Report {
	stats := r.client.Stats()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reported = time.Now()
	report := &progress.Report{
		Reading:   slices.Sorted(maps.Keys(r.underWay)),
		Resources: r.given.resources.Peek(),
		Grants:    r.given.grants.Peek(),
		Parts:     maps.Clone(r.parts),
		Requests:  stats.Requests,
		Waited:    stats.Waited.Seconds(),
		HeldBack:  r.client.HeldBack(),
		PausedFor: r.client.PausedFor().Seconds(),
	}
	if step := r.given.pace.Step(); step.Data != "" && report.Resources[model.TypeUser] == 0 {
		report.Walk = &progress.Walk{Data: step.Data, Rows: step.Rows, Of: step.Of, PerSecond: step.PerSecond}
	}
	if !r.grantsSince.IsZero() {
		report.GrantsFor = time.Since(r.grantsSince).Seconds()
	}
	return report
}

// grantsGiven counts pieces of work: each page token that a call gets
// is a piece that ends, or goes on in the next token; further ones become known
// where a call hands tokens to the SDK's workers.
func (r *reporter) grantsGiven(request *v2.GrantsServiceListGrantsRequest, response *v2.GrantsServiceListGrantsResponse) {
	if r.every == 0 || response == nil {
		return
	}
	spawned := &v2.EnqueuePageTokens{}
	annos := annotations.Annotations(response.GetAnnotations())
	if found, err := annos.Pick(spawned); err != nil || !found {
		spawned = &v2.EnqueuePageTokens{}
	}
	resourceType := request.GetResource().GetId().GetResourceType()
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.parts[resourceType]
	if request.GetPageToken() == "" {
		p.Known++
	}
	p.Known += len(spawned.GetPageTokens())
	if response.GetNextPageToken() == "" {
		p.Done++
	}
	p.Known = max(p.Known, p.Done) // A sync that goes on here began elsewhere.
	r.parts[resourceType] = p
}
