package events

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// lookupFor is how long an answer of the directory is good for.
const lookupFor = time.Hour

// lookup tells what the ids of log entries stand for in this tenant. What it
// has been told it keeps for a while; it can be lost at any time.
type lookup struct {
	client *graph.Client
	tenant string
	now    func() time.Time

	mu sync.Mutex
	// byID and byAppID are the service principals; a zero holder is none.
	byID, byAppID map[string]knownPrincipal
	ownTenant     string
}

type knownPrincipal struct {
	walk.Holder
	until time.Time
}

// maxKnown bounds what is kept.
const maxKnown = 20000

func newLookup(client *graph.Client, tenantID string) *lookup {
	return &lookup{client: client, tenant: tenantID, now: time.Now, byID: map[string]knownPrincipal{}, byAppID: map[string]knownPrincipal{}}
}

// ServicePrincipals are the resources that the service principals among the ids
// are; those that do not exist (any more) are absent.
func (l *lookup) servicePrincipals(ctx context.Context, ids []string) (map[string]walk.Holder, error) {
	return l.find(ctx, l.byID, ids, graph.ServicePrincipalsByIDRefs, func(sp *graph.ServicePrincipal) string { return sp.ID })
}

// applications are the resources that stand for applications in this tenant, by
// application (client) id.
func (l *lookup) applications(ctx context.Context, appIDs []string) (map[string]walk.Holder, error) {
	return l.find(ctx, l.byAppID, appIDs, graph.ServicePrincipalsByAppIDRefs, func(sp *graph.ServicePrincipal) string { return sp.AppID })
}

func (l *lookup) find(
	ctx context.Context, known map[string]knownPrincipal, keys []string, refs func([]string) []string, keyOf func(*graph.ServicePrincipal) string,
) (map[string]walk.Holder, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if len(known) > maxKnown { // Before it is known who has to be looked up.
		clear(known)
	}
	unknown := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return now.Before(known[key].until) })
	rows, err := walk.LookUpRows[graph.ServicePrincipal](ctx, l.client, refs(unknown))
	if err != nil {
		return nil, err
	}
	found := make(map[string]walk.Holder, len(keys))
	for _, key := range unknown {
		known[key] = knownPrincipal{until: now.Add(lookupFor)}
	}
	for i := range rows {
		known[model.ObjectID(keyOf(&rows[i]))] = knownPrincipal{walk.Holder{Type: model.ServicePrincipalType(rows[i].Kind()), ID: model.ObjectID(rows[i].ID)}, now.Add(lookupFor)}
	}
	for _, key := range keys {
		if h := known[key].Holder; h.ID != "" {
			found[key] = h
		}
	}
	return found, nil
}

// users are the ids that are of users of this tenant.
func (l *lookup) users(ctx context.Context, ids []string) (map[string]bool, error) {
	slices.Sort(ids)
	rows, err := walk.LookUpRows[graph.Reference](ctx, l.client, graph.UsersByIDRefs(slices.Compact(ids)))
	found := make(map[string]bool, len(rows))
	for _, row := range rows {
		found[model.ObjectID(row.ID)] = true
	}
	return found, err
}

// syncedGroups are the ids that are of groups synchronized from on-premises
// Active Directory.
func (l *lookup) syncedGroups(ctx context.Context, ids []string) (map[string]bool, error) {
	slices.Sort(ids)
	rows, err := walk.LookUpRows[graph.Group](ctx, l.client, graph.GroupSourcesByIDRefs(slices.Compact(ids)))
	found := map[string]bool{}
	for i := range rows {
		if rows[i].Synced() {
			found[model.ObjectID(rows[i].ID)] = true
		}
	}
	return found, err
}

// own is the id of this tenant. The configuration may name it by a domain.
func (l *lookup) own(ctx context.Context) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ownTenant != "" {
		return l.ownTenant, nil
	}
	claims, err := l.client.Claims(ctx)
	if err == nil && claims.TenantID != "" {
		l.ownTenant = model.ObjectID(claims.TenantID)
		return l.ownTenant, nil
	}
	if err != nil && !errors.Is(err, signin.ErrOpaqueToken) {
		return "", err
	}
	organization, err := l.client.Organization(ctx)
	if err != nil {
		return "", err
	}
	l.ownTenant = model.ObjectID(organization.ID)
	return l.ownTenant, nil
}
