package e2e

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// listedPermissions are the names that the command lists for the arguments.
func listedPermissions(t *testing.T, args ...string) []string {
	t.Helper()
	r := runBinary(t, nil, append([]string{"permissions", "--format", "json"}, args...)...)
	require.Zero(t, r.exit, r.stderr)
	var got struct{ Permissions []struct{ Name, Need string } }
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	names := make([]string, 0, len(got.Permissions))
	for _, p := range got.Permissions {
		names = append(names, p.Name)
	}
	return names
}

// TestListedPermissionsWouldNotBeEnough syncs with exactly what is listed, and
// with everything.
func TestListedPermissionsWouldNotBeEnough(t *testing.T) {
	t.Parallel()
	flags := []string{
		"--mailbox-purpose", "--guest-sponsors", "--custom-security-attributes", "--resource-specific-consents", "--sync-deleted-users", "--sync-channels", "--sync-devices", "--sync-user-risk",
	}
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(listedPermissions(t, flags...)...)
	r := runBinary(t, signInTo(t, server), append([]string{"-f", t.TempDir() + "/tenant.c1z"}, flags...)...)
	require.Zero(t, r.exit, r.stderr)
	require.NotContains(t, r.stderr, "left out of the sync")
}

// TestListedPermissionsWouldBeMoreThanEnough takes each one away in turn, and
// Directory.Read.All with it, which stands for many.
func TestListedPermissionsWouldBeMoreThanEnough(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	all := listedPermissions(t)
	for _, name := range all {
		server.SetPermissions(slices.DeleteFunc(slices.Clone(all), func(p string) bool { return p == name || p == "Directory.Read.All" })...)
		r := runBinary(t, signInForReports(t, server), "doctor")
		require.Contains(t, r.stdout, "missing permission "+name, "nobody misses %s", name)
	}
}

func TestPermissionsNeedNoCredentialsAndFollowTheSettings(t *testing.T) {
	require.NotContains(t, listedPermissions(t), "Device.Read.All")
	require.Contains(t, listedPermissions(t, "--sync-devices"), "Device.Read.All")
	require.Equal(t, []string{"LicenseAssignment.Read.All"}, listedPermissions(t, "--sync-resource-types", "license"))
	require.Contains(t, listedPermissions(t, "--provisioning", "--operation", "licenses"), "LicenseAssignment.ReadWrite.All")

	r := runBinary(t, []string{"BATON_SYNC_DEVICES=true", "BATON_PIM_GROUPS=none"}, "permissions")
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stdout, "Device.Read.All")
	require.NotContains(t, r.stdout, "AzureADGroup")

	r = runBinary(t, nil, "permissions", "--azure-client-certificate", "/nowhere/at/all.pem")
	require.Zero(t, r.exit, "no file of a credential is read: %s", r.stderr)
}

func TestPermissionsRefuseInOneSentence(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	for says, args := range map[string][]string{
		"--format must be one of":     {"--format", "xml"},
		"--azure-client-id":           {"--format", "consent-link", "--azure-tenant-id", id},
		"--azure-tenant-id must be":   {"--format", "consent-link", "--azure-tenant-id", "Contoso Ltd", "--azure-client-id", id},
		"--auth-method must be":       {"--auth-method", "magic"},
		"it takes access_package, ":   {"--sync-resource-types", "people"},
		"there is no \"everything\"":  {"--provisioning", "--operation", "everything"},
		"which take --provisioning":   {"--operation", "licenses"},
		"use --format graph":          {"--format", "az", "--azure-cloud", "usgov-dod"},
		"pim-groups":                  {"--pim-groups", "nun"},
		"unknown flag: --colour":      {"--colour"},
		"unknown command \"extra\"":   {"extra"},
		"--auth-method device-code d": {"--auth-method", "device-code", "--format", "manifest"},
	} {
		r := runBinary(t, nil, append([]string{"permissions"}, args...)...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, says)
	}
}

func TestConsentLinkNamesTheApplicationInItsCloud(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	r := runBinary(t, nil, "permissions", "--format", "consent-link", "--azure-cloud", "usgov", "--azure-tenant-id", "contoso.us", "--azure-client-id", id)
	require.Zero(t, r.exit, r.stderr)
	require.Equal(t, "https://login.microsoftonline.us/contoso.us/adminconsent?client_id="+id+"\n", r.stdout)
}

func TestPublishedPermissionsAreTheBinarys(t *testing.T) {
	committed, err := os.ReadFile("../../../docs/permissions.md")
	require.NoError(t, err)
	r := runBinary(t, nil, "permissions", "--format", "markdown", "--provisioning",
		"--mailbox-purpose", "--guest-sponsors", "--custom-security-attributes", "--resource-specific-consents", "--sync-deleted-users", "--sync-channels", "--sync-devices", "--sync-user-risk",
		"--exchange", "--manage-groups", "--provision-after-grant")
	require.Equal(t, string(committed), r.stdout, "docs/permissions.md is out of date: make generate")
}
