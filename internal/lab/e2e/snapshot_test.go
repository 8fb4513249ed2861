package e2e

import (
	"context"
	"sort"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
)

// contents are the rows of a snapshot as sets of strings, which tests compare.
type contents struct {
	// resources are "type:id".
	resources set
	// entitlements are entitlement ids.
	entitlements set
	// direct are "entitlement <- type:id" that hold without expansion.
	direct set
	// effective are "entitlement <- type:id", expansion included, for the
	// principals that use access: everything but groups.
	effective set
	// takes are what it takes to activate something (expect.Activation).
	takes set
	// immutable are the direct grants that are marked as such, with the reason.
	immutable map[string]string
	// rows are the stored messages, by resource or grant id.
	resourceRows map[string]*v2.Resource
	grantRows    map[string]*v2.Grant
}

type set map[string]struct{}

func (s set) add(item string) { s[item] = struct{}{} }

// minus lists what s has and other has not.
func (s set) minus(other set) []string {
	var found []string
	for item := range s {
		if _, ok := other[item]; !ok {
			found = append(found, item)
		}
	}
	sort.Strings(found)
	return found
}

// requireSame fails with the first few differences, not with a hundred
// thousand lines.
func requireSame(t *testing.T, what string, want, got set) {
	t.Helper()
	missing, extra := want.minus(got), got.minus(want)
	if len(missing)+len(extra) > 0 {
		require.Failf(t, "the snapshot differs from the tenant", "%s: %d missing, %d extra\nmissing: %s\nextra: %s",
			what, len(missing), len(extra), some(missing), some(extra))
	}
}

func some(items []string) string {
	const few = 8
	if len(items) > few {
		return strings.Join(items[:few], "\n  ") + "\n  ..."
	}
	return strings.Join(items, "\n  ")
}

func edge(entitlement, principalType, principal string) string {
	return expect.Edge(entitlement, principalType, principal)
}

// resourceTypes are all that a snapshot can hold.
var resourceTypes = []string{
	"tenant", "user", "group", "role", "scoped_role", "application", "managed_identity", "agent_identity", "app_registration", "credential",
	"administrative_unit", "license", "consent", "device", "user_risk", "partner_principal", "access_package_catalog", "access_package", "channel",
}

func openSnapshot(t *testing.T, path string) c1zstore.Store {
	t.Helper()
	ctx := context.Background()
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(t.TempDir()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close(ctx) })
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	require.NoError(t, err)
	require.NotNil(t, latest, "the snapshot holds no finished sync")
	require.NoError(t, store.SetCurrentSync(ctx, latest.ID))
	return store
}

func readSnapshot(t *testing.T, path string) *contents {
	t.Helper()
	ctx := context.Background()
	store := openSnapshot(t, path)
	c := &contents{
		resources: set{}, entitlements: set{}, direct: set{}, effective: set{}, takes: set{},
		immutable: map[string]string{}, resourceRows: map[string]*v2.Resource{}, grantRows: map[string]*v2.Grant{},
	}
	for _, resourceType := range resourceTypes {
		for token := ""; ; {
			page, err := store.ListResources(ctx, v2.ResourcesServiceListResourcesRequest_builder{ResourceTypeId: resourceType, PageToken: token}.Build())
			require.NoError(t, err)
			for _, r := range page.GetList() {
				key := r.GetId().GetResourceType() + ":" + r.GetId().GetResource()
				c.resources.add(key)
				c.resourceRows[key] = r
			}
			if token = page.GetNextPageToken(); token == "" {
				break
			}
		}
	}
	for token := ""; ; {
		page, err := store.ListEntitlements(ctx, v2.EntitlementsServiceListEntitlementsRequest_builder{PageToken: token}.Build())
		require.NoError(t, err)
		for _, e := range page.GetList() {
			c.entitlements.add(e.GetId())
			takes, err := rows.Takes(e)
			require.NoError(t, err)
			if takes != nil {
				c.takes.add(takes.Row(e.GetId()))
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	for token := ""; ; {
		page, err := store.ListGrants(ctx, v2.GrantsServiceListGrantsRequest_builder{PageToken: token}.Build())
		require.NoError(t, err)
		for _, g := range page.GetList() {
			c.addGrant(t, g)
		}
		if token = page.GetNextPageToken(); token == "" {
			return c
		}
	}
}

func (c *contents) addGrant(t *testing.T, g *v2.Grant) {
	t.Helper()
	holder := g.GetPrincipal().GetId()
	e := edge(g.GetEntitlement().GetId(), holder.GetResourceType(), holder.GetResource())
	c.grantRows[e] = g
	sources := g.GetSources().GetSources()
	_, own := sources[g.GetEntitlement().GetId()]
	if len(sources) == 0 || own {
		c.direct.add(e)
		annos := annotations.Annotations(g.GetAnnotations())
		fixed := &v2.GrantImmutable{}
		ok, err := annos.Pick(fixed)
		require.NoError(t, err)
		if ok {
			c.immutable[e] = fixed.GetMetadata().GetFields()["reason"].GetStringValue()
		}
	}
	if holder.GetResourceType() != "group" {
		c.effective.add(e)
	}
}
