package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/asked"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/forms"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// packageNamed is an access package of the tenant.
func packageNamed(t *testing.T, truth *graphsim.Truth, name string) graphsim.TruthAccessPackage {
	t.Helper()
	at := slices.IndexFunc(truth.AccessPackages, func(p graphsim.TruthAccessPackage) bool { return p.DisplayName == name })
	require.GreaterOrEqual(t, at, 0, name)
	return truth.AccessPackages[at]
}

// entitlementGiven is the entitlement that a part of a package is in the snapshot.
func entitlementGiven(c graphsim.TruthPackageContent) string {
	if c.Type == "" {
		return ""
	}
	return c.Type + ":" + c.ID + ":" + c.Role
}

func TestAPackageWouldNotSayWhatItGivesAndToWhom(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 8})
	require.NoError(t, o.err)
	got, truth := readSnapshot(t, o.path), server.Tenant().Truth()
	for i := range truth.AccessPackages {
		want := &truth.AccessPackages[i]
		row := got.resourceRows["access_package:"+want.ID]
		require.Equal(t, want.DisplayName, row.GetDisplayName())
		profile := row.GetProfile().AsMap()
		var given, told []string
		for _, c := range want.Contents {
			given = append(given, entitlementGiven(c))
		}
		for _, one := range profile["contents"].([]any) { //nolint:forcetypeassert // A test.
			id, _ := one.(map[string]any)["entitlement"].(string) //nolint:forcetypeassert // A test.
			told = append(told, id)
			if id != "" {
				requireIn(t, got.entitlements, id, want.DisplayName)
			}
		}
		require.ElementsMatch(t, given, told, want.DisplayName)
		require.Equal(t, want.CatalogID, row.GetParentResourceId().GetResource(), want.DisplayName)
		policies := profile["policies"].([]any) //nolint:forcetypeassert // A test.
		require.Len(t, policies, len(want.Policies), want.DisplayName)
		for n, policy := range slices.SortedFunc(slices.Values(want.Policies), func(a, b graphsim.TruthPackagePolicy) int { return strings.Compare(a.ID, b.ID) }) {
			said := policies[n].(map[string]any) //nolint:forcetypeassert // A test.
			require.Equal(t, []any{policy.ID, policy.Scope, policy.Requestable, policy.Approval}, []any{said["id"], said["allowedTargetScope"], said["requestable"], said["approvalRequired"]})
			require.Equal(t, namesOf(policy.Targets), listIn(said, "allowedTargets"))
			stages, _ := said["stages"].([]any)
			require.Len(t, stages, len(policy.Approvers), want.DisplayName)
			for at, approvers := range policy.Approvers {
				require.Subset(t, listIn(stages[at].(map[string]any), "approvers"), namesOf(approvers)) //nolint:forcetypeassert // A test.
			}
		}
	}
}

func namesOf(principals []graphsim.TruthPrincipal) []string {
	names := []string{}
	for _, p := range principals {
		names = append(names, p.Type+":"+p.ID)
	}
	slices.Sort(names)
	return names
}

func listIn(of map[string]any, key string) []string {
	list, _ := of[key].([]any)
	texts := []string{}
	for _, one := range list {
		texts = append(texts, one.(string)) //nolint:forcetypeassert // A test.
	}
	return texts
}

func TestAPackageInACatalogueThatIsNotSeenWouldHangOnNothing(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got, truth := readSnapshot(t, o.path), server.Tenant().Truth()
	row := got.resourceRows["access_package:"+packageNamed(t, &truth, "Merger team").ID]
	require.Nil(t, row.GetParentResourceId())
	hidden := row.GetProfile().GetFields()["catalogId"].GetStringValue()
	require.NotEmpty(t, hidden)
	requireNotIn(t, got.resources, "access_package_catalog:"+hidden)
	counted := 0
	for _, entry := range o.logs.FilterMessage(progress.MessageLeftOut).All() {
		if entry.ContextMap()["what"] == "roles in catalogues of access packages that the application does not see" {
			counted++
		}
	}
	require.Equal(t, 1, counted)
}

func TestAssignmentsThatGiveNothingWouldPassForAccess(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got, truth := readSnapshot(t, o.path), server.Tenant().Truth()
	states := packageNamed(t, &truth, "States")
	held := 0
	for e := range got.grantRows {
		if strings.HasPrefix(e, "access_package:"+states.ID+":") {
			held++
		}
	}
	require.Equal(t, 2, held, "of a dozen assignments two are delivered to somebody who is there")
	for _, want := range truth.PackageAssignments {
		g := got.grantRows[edge("access_package:"+want.PackageID+":"+want.PolicyID, want.Principal.Type, want.Principal.ID)]
		if want.Principal.Type != "user" {
			continue
		}
		require.NotNil(t, g)
		metadata := metadataIn(t, g)
		require.Equal(t, want.State, metadata["state"])
		end, _ := metadata["endDateTime"].(string)
		require.Equal(t, want.End, end)
	}
}

// What is not there without the permission is neither asked for nor half of it given.
func TestWithoutThePermissionPackagesWouldCostRequests(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(without("EntitlementManagement.Read.All")...)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	requireExactly(t, server, expect.Options{NoCatalogs: true, NoPackages: true}, readSnapshot(t, o.path))
	probes := 0
	for _, r := range server.Requests() {
		if strings.Contains(r.Path, "ntitlementManagement") {
			require.True(t, r.Batch, "%s %s", r.Path, r.Query)
			probes++
		}
	}
	require.Equal(t, 2, probes, "one for each data set, in the batch that asks about others too")
}

// Each form of the requests for access packages is refused alone and with those before
// it, up to all; make trials-forms does the same for all.
func TestARefusedFormOfAccessPackagesEndsASyncOrMakesItShort(t *testing.T) {
	needsTime(t)
	t.Parallel()
	tried := 0
	for _, row := range forms.Catalogue() {
		ladder, _, _ := strings.Cut(row.Name, ":")
		about := strings.Contains(ladder, "access package") || ladder == "catalogue roles" || row.Name == "a cloud without catalogs" || row.Name == "a cloud without accessPackages"
		if !about {
			continue
		}
		tried++
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			r, err := forms.Run(context.Background(), row)
			require.NoError(t, err)
			require.True(t, r.Allowed, r.String())
		})
	}
	require.GreaterOrEqual(t, tried, 14)
}

// requirePackagesAreTold checks that by which package something is held, and until when,
// is told at what the package gives.
func requirePackagesAreTold(t *testing.T, q *questioner, tenant *asked.Tenant) {
	t.Helper()
	want, told, resources := set{}, set{}, map[string]bool{}
	for row, given := range tenant.ByPackages() {
		how, ids := "", []string{}
		for _, g := range given {
			how += map[bool]string{true: " by access package ", false: " and "}[how == ""] + inShort(g.Name)
			if g.End != "" {
				how += " until " + strings.TrimSuffix(g.End[:len("2006-01-02")]+" "+g.End[len("2006-01-02T"):len("2006-01-02T15:04")], " 00:00")
			}
			if g.Partly {
				how += " (delivered in part)"
			}
			ids = append(ids, g.ID)
		}
		want.add(row + ": directly" + how + " " + strings.Join(ids, " "))
		entitlement, _, _ := strings.Cut(row, " <- ")
		resources[entitlement[:strings.LastIndexByte(entitlement, ':')]] = true
	}
	require.Greater(t, len(want), 20)
	for resource := range resources {
		for row := range rowsOf(t, q.answer(0, "who-has", resource), func(cell func(string) string) string {
			how, timed := strings.CutSuffix(cell("how"), ", activated")
			if cell("packages") == "" || cell("through") != "" || timed {
				return ""
			}
			return holdOf(cell) + ": " + how + " " + cell("packages")
		}) {
			told.add(row)
		}
	}
	delete(told, "")
	requireSame(t, "access packages at what they give", want, told)
}

// inShort is how people are shown a very long name.
func inShort(name string) string {
	const longest = 64
	if runes := []rune(name); len(runes) > longest {
		return strings.TrimRight(string(runes[:longest-1]), " ") + "…"
	}
	return name
}

// metadataIn is what a grant says of itself.
func metadataIn(t *testing.T, g *v2.Grant) map[string]any {
	t.Helper()
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(g.GetAnnotations())
	_, err := annos.Pick(metadata)
	require.NoError(t, err)
	return metadata.GetMetadata().AsMap()
}
