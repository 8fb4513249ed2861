package graphsim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
)

const packagesRoot = "identityGovernance/entitlementManagement/"

func inside(row map[string]any, path ...string) string {
	for _, name := range path[:len(path)-1] {
		row, _ = row[name].(map[string]any)
	}
	return str(row[path[len(path)-1]])
}

// TestAccessPackagesAndTruthAgree works out from what Graph says who has which package by which policy.
func TestAccessPackagesAndTruthAgree(t *testing.T) {
	b := start(t)
	b.withPermissions("EntitlementManagement.Read.All")
	truth := b.server.tenant.Truth()
	var catalogs, packages, given, wantCatalogs, wantPackages, want []string
	for _, row := range b.all(packagesRoot + "catalogs") {
		catalogs = append(catalogs, edge(str(row["id"]), str(row["displayName"])))
	}
	for _, c := range truth.PackageCatalogs {
		wantCatalogs = append(wantCatalogs, edge(c.ID, c.DisplayName))
	}
	for _, row := range b.all(packagesRoot + "accessPackages") {
		packages = append(packages, edge(str(row["id"]), str(row["displayName"])))
	}
	for _, p := range truth.AccessPackages {
		wantPackages = append(wantPackages, edge(p.ID, p.DisplayName))
	}
	policies := map[string]string{}
	for _, row := range b.all(packagesRoot + "assignmentPolicies?$expand=accessPackage") {
		policies[str(row["id"])] = inside(row, "accessPackage", "id")
	}
	states := map[string]bool{}
	for _, row := range b.all(packagesRoot + "assignments?$expand=accessPackage,target,assignmentPolicy") {
		state := str(row["state"])
		states[state] = true
		held := strings.EqualFold(state, governance.Delivered) || strings.EqualFold(state, governance.Partly)
		of, by, target := inside(row, "accessPackage", "id"), inside(row, "assignmentPolicy", "id"), inside(row, "target", "objectId")
		if held && policies[by] == of && of != "" && target != "" && b.server.tenant.Live(b.refOf(target)) {
			given = append(given, edge(of, by, target))
		}
	}
	for _, a := range truth.PackageAssignments {
		want = append(want, edge(a.PackageID, a.PolicyID, a.Principal.ID))
	}
	assert.Equal(t, sorted(wantCatalogs), sorted(catalogs))
	assert.Equal(t, sorted(wantPackages), sorted(packages))
	assert.Equal(t, sorted(want), sorted(given))
	for _, state := range []string{governance.Expired, governance.Delivering, governance.DeliveryFailed, governance.Partly} {
		assert.True(t, states[state], state)
	}
	for _, state := range []string{governance.Delivered, governance.Partly} { // With a filter, there is as much.
		for _, row := range b.all(packagesRoot + "assignments?$filter=state eq '" + state + "'") {
			assert.True(t, strings.EqualFold(state, str(row["state"])))
		}
	}
}

func TestRefusesWhatEntitlementManagementRefuses(t *testing.T) {
	b := start(t)
	b.withPermissions("EntitlementManagement.Read.All")
	tenant := b.server.tenant
	hidden := tenant.Governance.Catalogs[3].ID
	require.True(t, tenant.Governance.Catalogs[3].Unseen)
	for name, tc := range map[string]struct {
		path   string
		status int
		code   string
	}{
		"unknown property":                {"catalogs?$select=id,owner", 400, api.CodeBadRequest},
		"unknown relation":                {"accessPackages?$expand=owners", 400, api.CodeBadRequest},
		"size of a page":                  {"assignments?$top=999", 400, api.CodeBadRequest},
		"filter by what has none":         {"assignments?$filter=status eq 'Delivered'", 400, api.CodeUnsupportedQuery},
		"either of two":                   {"assignments?$filter=state eq 'delivered' or state eq 'expired'", 400, api.CodeUnsupportedQuery},
		"catalogue that is not seen":      {"catalogs/" + hidden, 404, "ResourceNotFound"},
		"package that is not there":       {"accessPackages/" + tenant.ID(KindUser, 1), 404, "ResourceNotFound"},
		"request that nobody ever made":   {"assignmentRequests/" + tenant.ID(KindUser, 1), 404, "ResourceNotFound"},
		"part of an address that is none": {"accessPackageCatalogs", 404, api.CodeBadSyntax},
	} {
		a := b.get(packagesRoot + tc.path)
		assert.Equal(t, tc.status, a.status, "%s: %s", name, a.raw)
		assert.Equal(t, tc.code, a.code(), name)
	}
	b.withPermissions("Directory.Read.All", "User.Read.All")
	for _, path := range []string{
		packagesRoot + "catalogs", packagesRoot + "accessPackages", packagesRoot + "assignmentPolicies", packagesRoot + "assignments",
		"roleManagement/entitlementManagement/roleAssignments",
	} {
		assert.Equal(t, http.StatusForbidden, b.get(path).status, path)
	}
}

// TestPackagesAreGivenOnce asks for the same twice, for what cannot be, and for the end of what has ended.
func TestPackagesAreGivenOnce(t *testing.T) {
	b := start(t)
	b.withPermissions("EntitlementManagement.ReadWrite.All")
	tenant := b.server.tenant
	held := tenant.Truth().PackageAssignments[0]
	who := tenant.ID(KindUser, b.plainUser())
	const path = packagesRoot + "assignmentRequests"
	body := func(target, policy, of string) map[string]any {
		return map[string]any{"requestType": "adminAdd", "assignment": map[string]any{"targetId": target, "assignmentPolicyId": policy, "accessPackageId": of}}
	}
	b.expect(http.StatusNotFound, api.CodeResourceNotFound, http.MethodPost, path, body(b.id(KindGroup, 1), held.PolicyID, held.PackageID))
	b.expect(http.StatusBadRequest, "PolicyNotFound", http.MethodPost, path, body(who, held.PackageID, held.PackageID))
	b.expect(http.StatusBadRequest, "InvalidModel", http.MethodPost, path, map[string]any{"requestType": "userAdd", "assignment": map[string]any{}})
	before := len(tenant.Governance.Assignments)
	made := b.expect(http.StatusCreated, "", http.MethodPost, path, body(who, held.PolicyID, held.PackageID))
	b.expect(http.StatusBadRequest, "ExistingGrant", http.MethodPost, path, body(who, held.PolicyID, held.PackageID))
	require.Len(t, tenant.Governance.Assignments, before+1)
	states := []string{}
	for range 3 {
		states = append(states, str(b.get(path + "/" + str(made.body["id"])).body["state"]))
	}
	require.Equal(t, "delivered", strings.ToLower(states[2]), states)
	removal := map[string]any{"requestType": "adminRemove", "assignment": map[string]any{"id": tenant.Governance.Assignments[before].ID}}
	b.expect(http.StatusCreated, "", http.MethodPost, path, removal)
	b.expect(http.StatusBadRequest, "InvalidAssignmentState", http.MethodPost, path, removal)
}
