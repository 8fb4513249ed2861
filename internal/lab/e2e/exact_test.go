package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// requireExact compares a snapshot with the tenant: nothing missing, nothing
// extra, directly and in effect.
func requireExact(t *testing.T, server *graphsim.Server, got *contents) {
	t.Helper()
	requireExactly(t, server, expect.Options{}, got)
}

// requireExactly is requireExact for a run that read more or less than usual.
func requireExactly(t *testing.T, server *graphsim.Server, o expect.Options, got *contents) {
	t.Helper()
	truth := server.Tenant().Truth()
	want := expected(&truth, o)
	requireResources(t, &truth, want.resources, got)
	requireSame(t, "entitlements", want.entitlements, got.entitlements)
	requireSame(t, "direct grants", want.direct, got.direct)
	requireSame(t, "effective access", want.effective, got.effective)
	requireSame(t, "what activating takes", want.takes, got.takes)
}

// requireResources compares the resources only. What the connector calls a
// credential without a key id is its own matter.
func requireResources(t *testing.T, truth *graphsim.Truth, want set, got *contents) {
	t.Helper()
	named, found := expect.Unnamed(truth), set{}
	for row := range got.resources {
		found.add(named(row))
	}
	requireSame(t, "resources", want, found)
}

func TestSnapshotIsTheTenantNothingMissingNothingExtra(t *testing.T) {
	t.Parallel()
	for _, size := range sizes() {
		t.Run(string(size), func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, size)
			first, others := 1, []int{4, 16}
			if size == graphsim.Medium {
				others = []int{16}
			}
			if testing.Short() {
				first, others = 16, nil
			}
			one := runSync(t, server, options{workers: first})
			require.NoError(t, one.err)
			got := readSnapshot(t, one.path)
			requireExact(t, server, got)
			requireReportOfPrivilege(t, server, one.path)
			requireNoIntegrityWarnings(t, one)
			if size == graphsim.Small {
				requireExported(t, server, one.path)
			} else {
				requireFiveAnswers(t, server, one.path)
			}
			require.Empty(t, server.Stats().Unmatched, "a request that Graph does not know")
			requireNothingUnasked(t, server)

			for _, workers := range others {
				more := runSync(t, server, options{workers: workers})
				require.NoError(t, more.err)
				requireSame(t, fmt.Sprintf("rows with %d workers against 1", workers), storedRows(t, one.path), storedRows(t, more.path))
			}
		})
	}
}

// requireIn is require.Contains for a great many rows, which that compares one by one.
func requireIn[M ~map[string]V, V any](t *testing.T, rows M, row string, more ...any) {
	t.Helper()
	if _, found := rows[row]; !found {
		require.Fail(t, "there is no "+row, more...)
	}
}

// requireNotIn is require.NotContains for a great many rows.
func requireNotIn[M ~map[string]V, V any](t *testing.T, rows M, row string, more ...any) {
	t.Helper()
	if _, found := rows[row]; found {
		require.Fail(t, "there is "+row, more...)
	}
}

// namesWhatTheTenantHides are the warnings that a sync of the simulated tenant
// ends with: a credential that Graph does not give.
var namesWhatTheTenantHides = []string{
	"azure-ad: Microsoft Graph does not give this of one object in any form; it is left out",
}

// requireNoIntegrityWarnings makes sure that the SDK found no grant, entitlement
// or principal without its other end. Fail-fast turns the known ones into
// errors; this catches what only warns.
func requireNoIntegrityWarnings(t *testing.T, o *outcome) {
	t.Helper()
	for _, entry := range o.logs.FilterLevelExact(zapcore.WarnLevel).All() {
		if !slices.Contains(namesWhatTheTenantHides, entry.Message) {
			t.Errorf("warning: %s %v", entry.Message, entry.ContextMap())
		}
	}
	for _, entry := range o.logs.FilterLevelExact(zapcore.ErrorLevel).All() {
		t.Errorf("error: %s %v", entry.Message, entry.ContextMap())
	}
}

func TestServicePrincipalsInGroupsSurviveBothReadingsOfV1(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	server.SetIncludeServicePrincipals(true)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	requireExact(t, server, readSnapshot(t, o.path))
}

func TestPlatformThatExpandsItselfGetsTheSameDirectGrants(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, dontExpand: true})
	require.NoError(t, o.err)
	truth := server.Tenant().Truth()
	requireSame(t, "direct grants", expected(&truth, expect.Options{}).direct, readSnapshot(t, o.path).direct)
}

func TestMembershipsThatCannotBeChangedSaySo(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, dontExpand: true})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	for _, e := range fixedMemberships(&truth, expected(&truth, expect.Options{})) {
		require.NotEmpty(t, got.immutable[e], "%s must be immutable, with a reason", e)
	}
	reasons := map[string]bool{}
	for e, reason := range got.immutable {
		require.NotEmpty(t, reason, e)
		if strings.HasPrefix(e, "group:") {
			reasons[reason] = true
		}
	}
	require.Len(t, reasons, 3, "dynamic, synchronized and Exchange: %v", slices.Collect(maps.Keys(reasons)))
}

func TestHiddenMembersAreLeftOutWholeAndNamedWithoutThePermission(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool { return p == "Member.Read.Hidden" })...)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	hidden := map[string]bool{}
	for _, g := range truth.Groups {
		if g.Hidden {
			hidden["group:"+g.ID+":member"] = true
		}
	}
	for _, u := range truth.AdministrativeUnits {
		if u.Hidden {
			hidden["administrative_unit:"+u.ID+":member"] = true
		}
	}
	require.NotEmpty(t, hidden)
	for e, g := range got.grantRows {
		require.False(t, hidden[g.GetEntitlement().GetId()], e)
	}
	warnings := o.logs.FilterMessage("azure-ad: left out of the sync").All()
	require.Len(t, warnings, 1)
	require.Equal(t, "permission Member.Read.Hidden", warnings[0].ContextMap()["for_lack_of"])
}

func TestTypesThatAreNotSyncedLeaveNoDanglingRows(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	for _, only := range [][]string{{"user"}, {"group"}, {"role"}, {"application"}, {"user", "group"}, {"user", "role"}, {"user", "application"}} {
		o := runSync(t, server, options{workers: 4, resourceTypes: only})
		require.NoError(t, o.err, "%v", only)
		got := readSnapshot(t, o.path)
		for key, r := range got.resourceRows {
			require.Contains(t, only, r.GetId().GetResourceType(), key)
		}
		for e, g := range got.grantRows {
			holder, on := g.GetPrincipal().GetId(), g.GetEntitlement().GetResource().GetId()
			requireIn(t, got.resources, holder.GetResourceType()+":"+holder.GetResource(), e)
			requireIn(t, got.resources, on.GetResourceType()+":"+on.GetResource(), e)
			requireIn(t, got.entitlements, g.GetEntitlement().GetId(), e)
		}
	}
}
