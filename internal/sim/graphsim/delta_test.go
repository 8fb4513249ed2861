package graphsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/delta"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// deltaLink is the link a chain ends with, or empty.
func (a answer) deltaLink() string { return str(a.body["@odata.deltaLink"]) }

// deltaPath asks for groups by index.
func deltaPath(tenant *Tenant, options string, groups ...int) string {
	ids := make([]string, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, "id eq '"+tenant.ID(KindGroup, g)+"'")
	}
	return "groups/delta?" + options + "$filter=" + strings.Join(ids, " or ")
}

const withRelations = "$select=members,owners&"

// chain reads pages until a deltaLink.
func (b *bench) chain(path string) []answer {
	b.t.Helper()
	var out []answer
	for path != "" {
		a := b.get(path)
		require.Equal(b.t, http.StatusOK, a.status, "%s: %s", path, a.raw)
		out = append(out, a)
		if path = a.next(); path == "" {
			require.NotEmpty(b.t, a.deltaLink(), "a chain ends with a deltaLink")
		}
	}
	return out
}

func relationOf(row map[string]any, name string) []map[string]any {
	list, _ := row[name+"@delta"].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// edgesOf collects the distinct edges of a chain.
func edgesOf(pages []answer, name string) []string {
	seen := map[string]bool{}
	for _, page := range pages {
		for _, row := range page.rows() {
			for _, m := range relationOf(row, name) {
				if m["@removed"] != nil {
					continue
				}
				seen[edge(str(row["id"]), typeOf(m), str(m["id"]))] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for e := range seen {
		out = append(out, e)
	}
	return sorted(out)
}

// trueEdges is what a delta chain about every group must amount to.
func trueEdges(truth Truth, edges []TruthEdge, apps, owners bool) []string {
	unreadable := map[string]bool{}
	for _, g := range truth.Groups {
		unreadable[g.ID] = owners && !g.OwnersReadable
	}
	var out []string
	for _, e := range edges {
		if (apps || e.Principal.Type != "servicePrincipal") && !unreadable[e.ObjectID] {
			out = append(out, edge(e.ObjectID, e.Principal.Type, e.Principal.ID))
		}
	}
	return sorted(out)
}

func TestDeltaHasEveryEdgeButThoseOfApps(t *testing.T) {
	b := start(t)
	truth := b.server.tenant.Truth()
	for _, apps := range []bool{false, true} {
		b.server.SetIncludeServicePrincipals(apps)
		var shards []answer
		for first := 0; first < len(truth.Groups); first += delta.MaxDeltaFilter {
			var groups []int
			for g := first; g < min(first+delta.MaxDeltaFilter, len(truth.Groups)); g++ {
				groups = append(groups, g)
			}
			shards = append(shards, b.chain(deltaPath(b.server.tenant, withRelations, groups...))...)
		}
		whole := b.chain("groups/delta?$select=id,displayName,members,owners")
		for _, pages := range [][]answer{shards, whole} {
			assert.Equal(t, trueEdges(truth, truth.Members, apps, false), b.withoutDeletedPeople(edgesOf(pages, "members")))
			assert.Equal(t, trueEdges(truth, truth.GroupOwners, apps, true), b.withoutDeletedPeople(edgesOf(pages, "owners")))
		}
		assert.NotEmpty(t, whole[0].rows()[0]["displayName"])
	}
	assert.Empty(t, b.server.Stats().Unmatched)
}

func TestBigGroupsReappearBetweenOthers(t *testing.T) {
	b := start(t)
	b.server.SetDeltaPageRows(100)
	pages := b.chain(deltaPath(b.server.tenant, withRelations, GroupBig, directory.GroupPage, GroupTwenty, GroupEmpty))
	big := b.server.tenant.ID(KindGroup, GroupBig)
	var runs []bool
	rows := 0
	for _, page := range pages {
		on := false
		for _, row := range page.rows() {
			on = on || row["id"] == big
			rows += len(relationOf(row, "members"))
		}
		runs = append(runs, on)
		assert.LessOrEqual(t, len(page.raw), 100*delta.DeltaRowBytes+4*delta.DeltaGroupBytes)
	}
	text := fmt.Sprint(runs)
	assert.Contains(t, text, "true false true", "the group comes back after a page without it")
	edges := len(edgesOf(pages, "members"))
	assert.Greater(t, rows, edges, "some rows come twice")
	assert.Greater(t, len(pages), edges/100)
}

func TestDeltaChainsHaveEmptyPages(t *testing.T) {
	b := start(t)
	b.server.SetDeltaPageRows(20)
	pages := b.chain(deltaPath(b.server.tenant, "$select=members&", GroupBig))
	empty := 0
	for _, page := range pages {
		if len(page.rows()) == 0 {
			empty++
		}
	}
	assert.Positive(t, empty, "an empty page with a nextLink is normal")
}

func TestDeltaWithoutSelectHasMembersOnly(t *testing.T) {
	b := start(t)
	row := b.get(deltaPath(b.server.tenant, "", directory.GroupManyOwners)).rows()[0]
	assert.Len(t, relationOf(row, "members"), 5, "one of them twice")
	assert.NotContains(t, row, "owners@delta")
	assert.Contains(t, row, "securityEnabled")
	row = b.get(deltaPath(b.server.tenant, "$select=displayName&", directory.GroupManyOwners)).rows()[0]
	assert.Len(t, row, 2, "id and displayName")
}

func TestHiddenMembersStayHiddenInDelta(t *testing.T) {
	b := start(t)
	b.server.SetPermissions("GroupMember.Read.All")
	b.bearer = b.login()
	pages := b.chain(deltaPath(b.server.tenant, withRelations, GroupHidden, GroupTwenty))
	assert.Len(t, edgesOf(pages, "members"), directory.ExpandLimit)
	b.server.SetPermissions("User.Read.All")
	b.bearer = b.login()
	assert.Equal(t, api.CodeDenied, b.get("groups/delta").code())
}

func TestDeltaRefusesWhatItDoesNotTake(t *testing.T) {
	b := start(t)
	tenant := b.server.tenant
	groups := make([]int, delta.MaxDeltaFilter+1)
	for i := range groups {
		groups[i] = i
	}
	assert.Equal(t, http.StatusOK, b.get(deltaPath(tenant, "", groups[:delta.MaxDeltaFilter]...)).status)
	for name, path := range map[string]string{ //nolint:gosec // No credentials: page tokens that are wrong.
		"51 ids":            deltaPath(tenant, "", groups...),
		"$top":              "groups/delta?$top=5",
		"$expand":           "groups/delta?$expand=members",
		"$orderby":          "groups/delta?$orderby=displayName",
		"$count":            "groups/delta?$count=true",
		"$search":           `groups/delta?$search="displayName:a"`,
		"filter on a name":  "groups/delta?$filter=displayName eq 'x'",
		"filter with ne":    "groups/delta?$filter=id ne '" + tenant.ID(KindGroup, 0) + "'",
		"filter with and":   deltaPath(tenant, "", 1) + " and id eq '" + tenant.ID(KindGroup, 0) + "'",
		"half a filter":     deltaPath(tenant, "", 1) + " or",
		"unknown property":  "groups/delta?$select=nope",
		"another's token":   "groups/delta?$skiptoken=abc",
		"wrong delta token": "groups/delta?$deltatoken=abc",
	} {
		a := b.get(path)
		assert.Equal(t, http.StatusBadRequest, a.status, name)
		assert.Contains(t, []string{api.CodeBadRequest, api.CodeUnsupportedQuery}, a.code(), name)
	}
	b.server.SetDeltaPageRows(100)
	next := b.get(deltaPath(tenant, withRelations, GroupBig)).next()
	assert.Equal(t, http.StatusBadRequest, b.get(next+"&$select=id").status, "the query is frozen in the token")
	assert.NotContains(t, next, "$filter")
}

func TestDeltaLeavesUnknownGroupsOutAndRemovedOnesIn(t *testing.T) {
	b := start(t)
	tenant := b.server.tenant
	path := deltaPath(tenant, withRelations, GroupTwenty, GroupEmpty, directory.GroupChain0)
	stranger := tenant.ID(KindUser, 3)
	require.NoError(t, b.server.Delete(KindGroup, tenant.ID(KindGroup, GroupEmpty)))
	pages := b.chain(path + " or id eq '" + stranger + "'")
	rows := pages[0].rows()
	require.Len(t, rows, 3)
	assert.Equal(t, map[string]any{"id": tenant.ID(KindGroup, GroupEmpty), "@removed": map[string]any{"reason": "changed"}}, rows[1])

	quiet := b.get(pages[0].deltaLink())
	assert.Empty(t, quiet.rows())
	require.NoError(t, b.server.Delete(KindGroup, tenant.ID(KindGroup, directory.GroupChain0)))
	require.NoError(t, b.server.Delete(KindGroup, tenant.ID(KindGroup, directory.GroupChain1)))
	later := b.get(quiet.deltaLink())
	assert.Equal(t, []string{tenant.ID(KindGroup, directory.GroupChain0)}, later.ids(), "only what is asked about, only what is new")
	assert.Empty(t, b.get(later.deltaLink()).rows())
	assert.Empty(t, b.get("groups/delta?$deltatoken=latest").rows())
}

func TestDeltaTokensExpire(t *testing.T) {
	now := time.Now()
	server, err := Start(NewTenant(Small, 1), Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	server.SetTokenLifetime(30 * 24 * time.Hour)
	server.SetPageTokenLifetime(time.Minute)
	b := &bench{t: t, server: server, client: clientOf(t, server)}
	b.bearer = b.login()
	next := b.get(deltaPath(server.tenant, withRelations, GroupBig)).next()
	link := b.get(deltaPath(server.tenant, withRelations, GroupEmpty)).deltaLink()
	now = now.Add(2 * time.Minute)
	assert.Equal(t, api.CodeExpiredPageToken, b.get(next).code())
	assert.Equal(t, http.StatusOK, b.get(link).status)
	now = now.Add(delta.DeltaLifetime)
	assert.Equal(t, delta.CodeStateNotFound, b.get(link).code())
}
