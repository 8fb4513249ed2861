package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// everything asks for all that has to be asked for.
func everything(cfg *config.AzureAd) {
	cfg.SyncDevices, cfg.SyncDeletedUsers, cfg.SyncUserRisk, cfg.MailboxPurpose, cfg.OnPremisesExtensionAttributes = true, true, true, true, true
	cfg.ContactDetails, cfg.GuestSponsors, cfg.ResourceSpecificConsents, cfg.CustomSecurityAttributes, cfg.SyncChannels = true, true, true, true, true
	cfg.PimGroups = config.PimGroupsAll
}

var everythingExpected = expect.Options{Devices: true, DeletedUsers: true, Risk: true, AllGroups: true, ResourceConsents: true, Channels: true}

// without are all permissions but some.
func without(names ...string) []string {
	return slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool { return slices.Contains(names, p) })
}

// skippedData are the data sets that the sync says it left out, and for lack of
// what.
func skippedData(o *outcome) map[string]string {
	found := map[string]string{}
	for _, entry := range o.logs.FilterLevelExact(zapcore.WarnLevel).FilterMessage("azure-ad: left out of the sync").All() {
		fields := entry.ContextMap()
		found[fields["data"].(string)] = fields["for_lack_of"].(string) //nolint:forcetypeassert // A test.
	}
	return found
}

func TestWhatIsAskedForIsInTheSnapshotWhole(t *testing.T) {
	needsTime(t)
	t.Parallel()
	for _, size := range sizes() {
		t.Run(string(size), func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, size)
			o := runSync(t, server, options{workers: 4, configure: everything})
			require.NoError(t, o.err)
			requireExactly(t, server, everythingExpected, readSnapshot(t, o.path))
			requireNoIntegrityWarnings(t, o)
			require.Empty(t, server.Stats().Unmatched)
		})
	}
}

// A worker that ends between an answer and its being stored asks for the page again, as
// does a host that repeats calls.
func TestPageThatIsAskedForAgainWouldLackWhatTheLostAnswerHad(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, configure: everything, loseFirst: true})
	require.NoError(t, o.err)
	requireExactly(t, server, everythingExpected, readSnapshot(t, o.path))
	requireNoIntegrityWarnings(t, o)
}

func TestEveryDataSetIsThereWholeOrLeftOutWholeWithItsName(t *testing.T) {
	needsTime(t)
	t.Parallel()
	const noP1, noP2 = "licence Microsoft Entra ID P1 or P2", "licence Microsoft Entra ID P2 or Microsoft Entra ID Governance"
	const noPackages = "permission EntitlementManagement.Read.All"
	for name, c := range map[string]struct {
		permissions []string
		p1, p2      bool
		want        expect.Options
		skipped     map[string]string
	}{
		"core permissions, no plan": {
			permissions: graphsim.CorePermissions(),
			want:        expect.Options{NoP2: true, NoUnits: true, NoLicenses: true, NoConsents: true},
			skipped: map[string]string{
				"hidden memberships": "permission Member.Read.Hidden", "role assignment times": noP2, "role eligibilities": noP2,
				"PIM rules of roles": noP2, "PIM rules of groups": "permission RoleManagementPolicy.Read.AzureADGroup",
				"group eligibilities":  "permission PrivilegedEligibilitySchedule.Read.AzureADGroup",
				"administrative units": "permission AdministrativeUnit.Read.All", "licences": "permission LicenseAssignment.Read.All",
				"consents": "permission Directory.Read.All", "sign-in activity": "permission AuditLog.Read.All", "MFA registration": "permission AuditLog.Read.All",
				"leave dates":               "permission User-LifeCycleInfo.Read.All",
				"access package catalogues": noPackages, "access packages": noPackages,
			},
		},
		"all permissions, no plan": {
			permissions: graphsim.DefaultPermissions(),
			want:        expect.Options{NoP2: true},
			skipped: map[string]string{
				"PIM rules of roles": noP2, "PIM rules of groups": noP2,
				"role assignment times": noP2, "role eligibilities": noP2, "group eligibilities": noP2, "sign-in activity": noP1, "MFA registration": noP1,
				"access package catalogues": noP2, "access packages": noP2,
			},
		},
		"all permissions, P1": {
			permissions: graphsim.DefaultPermissions(), p1: true,
			want: expect.Options{NoP2: true},
			skipped: map[string]string{
				"PIM rules of roles": noP2, "PIM rules of groups": noP2, "role assignment times": noP2, "role eligibilities": noP2, "group eligibilities": noP2,
				"access package catalogues": noP2, "access packages": noP2,
			},
		},
		"Directory.Read.All alone": {
			permissions: []string{"Directory.Read.All", "Member.Read.Hidden"}, p1: true, p2: true,
			want: expect.Options{NoP2: true, NoFederated: true, NoSponsors: true},
			skipped: map[string]string{
				"role assignment times": "permission RoleManagement.Read.Directory", "role eligibilities": "permission RoleManagement.Read.Directory",
				"group eligibilities":   "permission PrivilegedEligibilitySchedule.Read.AzureADGroup",
				"PIM rules of roles":    "permission RoleManagement.Read.Directory",
				"PIM rules of groups":   "permission RoleManagementPolicy.Read.AzureADGroup",
				"federated credentials": "permission Application.Read.All", "agent sponsors": "permission Application.Read.All",
				"sign-in activity": "permission AuditLog.Read.All", "MFA registration": "permission AuditLog.Read.All",
				"leave dates":               "permission User-LifeCycleInfo.Read.All",
				"access package catalogues": noPackages, "access packages": noPackages,
			},
		},
		"no PIM rules of groups": {
			permissions: without("RoleManagementPolicy.Read.AzureADGroup"), p1: true, p2: true,
			want:    expect.Options{NoGroupRules: true},
			skipped: map[string]string{"PIM rules of groups": "permission RoleManagementPolicy.Read.AzureADGroup"},
		},
		"no entitlement management": {
			permissions: without("EntitlementManagement.Read.All"), p1: true, p2: true,
			want:    expect.Options{NoCatalogs: true, NoPackages: true},
			skipped: map[string]string{"access package catalogues": noPackages, "access packages": noPackages},
		},
		"no PIM for Groups": {
			permissions: without("PrivilegedEligibilitySchedule.Read.AzureADGroup"), p1: true, p2: true,
			want:    expect.Options{NoGroupEligibility: true},
			skipped: map[string]string{"group eligibilities": "permission PrivilegedEligibilitySchedule.Read.AzureADGroup"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			server.SetPermissions(c.permissions...)
			server.SetPlans(c.p1 || c.p2, c.p2)
			o := runSync(t, server, options{workers: 4})
			require.NoError(t, o.err)
			require.Equal(t, c.skipped, skippedData(o))
			want := c.want
			want.NoHidden = !slices.Contains(c.permissions, "Member.Read.Hidden")
			requireExactly(t, server, want, readSnapshot(t, o.path))
			require.Empty(t, server.Stats().Unmatched)
			requireGapsAreSaid(t, o.path, c.skipped)
		})
	}
}

// A data set that could be read at the start and then cannot must not end as a
// shorter snapshot.
func TestAPermissionLostMidwayFailsTheSync(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/directory/administrativeUnits", "/subscribedSkus", "/oauth2PermissionGrants", "/roleEligibilityScheduleInstances", "/roleAssignmentScheduleInstances",
		"/privilegedAccess/group/", "roleManagementPolicyAssignments", "signInActivity", "/userRegistrationDetails", "/mailboxSettings", "/devices", "/deletedItems/", "/riskyUsers",
		"/allMembers", "/channels", "/permissionGrants", "/sponsors", "/inheritablePermissions", "federatedIdentityCredentials", "/applications", "/accessPackages", "/catalogs",
		"/assignmentPolicies", "/assignments", "/entitlementManagement/roleAssignments",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			server.Fault(graphsim.Rule{Name: "lost", Path: path, Action: graphsim.Respond(403, "Authorization_RequestDenied", "Insufficient privileges")})
			o := runSync(t, server, options{workers: 4, configure: everything})
			require.Positive(t, server.Stats().Faults["lost"], "the fault did not strike")
			requireFailed(t, server, o, "lacks a permission")
		})
	}
}

// What Graph does with this expansion is not documented.
func TestFederatedCredentialsDoNotDependOnTheirExpansion(t *testing.T) {
	for _, mode := range []graphsim.FederatedExpansion{graphsim.FederatedIgnored, graphsim.FederatedRefused} {
		server := startTenant(t, graphsim.Small)
		server.SetExpandsFederatedCredentials(mode)
		o := runSync(t, server, options{workers: 4, resourceTypes: []string{"application", "managed_identity", "agent_identity", "app_registration", "credential"}})
		require.NoError(t, o.err)
		got := readSnapshot(t, o.path)
		truth := server.Tenant().Truth()
		for _, c := range truth.Credentials {
			if c.KeyID != "" && !c.Unreadable {
				requireIn(t, got.resources, "credential:"+c.OwnerID+":"+c.KeyID, c.Kind)
			}
		}
	}
}

func TestTheSummarySaysWhatWasReadAndWhatWasNot(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	server.SetPlans(true, false)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	lines := o.logs.FilterMessage("azure-ad: the tenant has been read").All()
	require.Len(t, lines, 1)
	fields := lines[0].ContextMap()
	require.Contains(t, fields["data"], "consents")
	require.NotContains(t, fields["data"], "role eligibilities")
	missing, ok := fields["left_out_for_lack_of"].(map[string]string)
	require.True(t, ok)
	require.True(t, strings.HasPrefix(missing["role eligibilities"], "licence "))
	resources, ok := fields["resources"].(map[string]int)
	require.True(t, ok)
	require.Equal(t, len(server.Tenant().Truth().Users), resources["user"])
}
