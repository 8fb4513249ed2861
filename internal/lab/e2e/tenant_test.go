package e2e

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// tenantIn is the profile by which a snapshot says what it is.
func tenantIn(t *testing.T, server *graphsim.Server, got *contents) map[string]any {
	t.Helper()
	row := got.resourceRows["tenant:"+strings.ToLower(server.Tenant().Truth().TenantID)]
	require.NotNil(t, row, "the snapshot does not say what it is")
	require.Equal(t, "Contoso", row.GetDisplayName())
	return row.GetProfile().AsMap()
}

func TestASnapshotWouldNotSayThatEligibilitiesWereLeftOut(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPlans(true, false)
	server.SetPermissions(without("MailboxSettings.Read")...)
	before := time.Now().UTC().Truncate(time.Second)
	o := runSync(t, server, options{workers: 4, configure: func(cfg *config.AzureAd) {
		cfg.SyncDevices, cfg.MailboxPurpose, cfg.SkipAdGroups, cfg.SkipSignInActivity = true, true, true, true
		cfg.PimGroups = config.PimGroupsAll
	}})
	require.NoError(t, o.err)
	said := tenantIn(t, server, readSnapshot(t, o.path))
	at, err := time.Parse(time.RFC3339, said["readAt"].(string)) //nolint:forcetypeassert // A test.
	require.NoError(t, err)
	require.WithinRange(t, at, before, time.Now())
	require.True(t, strings.HasSuffix(said["readAt"].(string), "Z")) //nolint:forcetypeassert // A test.
	delete(said, "readAt")
	const noP2 = "licence Microsoft Entra ID P2 or Microsoft Entra ID Governance"
	require.Equal(t, map[string]any{
		"id": strings.ToLower(server.Tenant().Truth().TenantID), "name": "Contoso", "domains": []any{"contoso.com", "contoso.onmicrosoft.com"},
		"cloud": "public", "plans": []any{"Microsoft Entra ID P1"}, "build": "test",
		"settings": map[string]any{
			"skip-ad-groups": true, "include-on-prem-group-members": false, "skip-unassigned-apps": false, "pim-groups": "all",
			"skip-sign-in-activity": true, "skip-mfa-registration": false, "mailbox-purpose": true, "on-premises-extension-attributes": false, "contact-details": false,
			"guest-sponsors": false, "resource-specific-consents": false, "custom-security-attributes": false,
			"sync-deleted-users": false, "sync-channels": false, "sync-devices": true, "sync-user-risk": false,
		},
		"dataSets": []any{
			"users", "groups", "applications", "directory roles", "hidden memberships", "federated credentials", "agent sponsors", "inherited permissions of agents",
			"administrative units", "licences", "consents", "leave dates", "MFA registration", "devices",
		},
		"leftOut": map[string]any{
			"role assignment times": noP2, "role eligibilities": noP2, "group eligibilities": noP2, "PIM rules of roles": noP2, "PIM rules of groups": noP2,
			"mailbox purposes":          "permission MailboxSettings.Read",
			"access package catalogues": noP2, "access packages": noP2,
		},
	}, said)
	require.Equal(t, skippedData(o), texts(said["leftOut"]), "the log says it with other words")
}

func texts(value any) map[string]string {
	found := map[string]string{}
	for name, why := range value.(map[string]any) { //nolint:forcetypeassert // A test.
		found[name] = why.(string) //nolint:forcetypeassert // A test.
	}
	return found
}

// What is left out under way is known only after the tenant was listed.
func TestASnapshotWouldNotSayWhatWasLeftOutUnderWay(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 8} {
		server := startTenant(t, graphsim.Small)
		for _, path := range []string{"/oauth2PermissionGrants", "/subscribedSkus", "/directory/administrativeUnits"} {
			server.Fault(graphsim.Rule{Name: path, Path: path, Action: graphsim.Respond(http.StatusBadRequest, "BadRequest", "x")})
		}
		o := runSync(t, server, options{workers: workers})
		require.NoError(t, o.err)
		said := tenantIn(t, server, readSnapshot(t, o.path))
		require.Len(t, said["leftOut"], 3)
		require.Equal(t, skippedData(o), texts(said["leftOut"]))
		for _, data := range []string{"consents", "licences", "administrative units"} {
			require.NotContains(t, said["dataSets"], data)
		}
	}
}

// The SDK refuses a resource of a type that the platform did not ask for.
func TestATenantThatNobodyAskedForWouldEndTheSync(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.Fault(graphsim.Rule{Name: "consents", Path: "/oauth2PermissionGrants", Action: graphsim.Respond(http.StatusBadRequest, "BadRequest", "x")})
	o := runSync(t, server, options{workers: 2, resourceTypes: []string{"consent", "user"}})
	require.NoError(t, o.err)
	require.Contains(t, skippedData(o), "consents")
	require.NotContains(t, readSnapshot(t, o.path).resources, "tenant:"+server.Tenant().Truth().TenantID)
}

func TestASnapshotOfSomeTypesWouldPassForThatOfTheWholeTenant(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	target := filepath.Join(t.TempDir(), "part.c1z")
	r := runBinary(t, signInTo(t, server), "-f", target, "--sync-resource-types", "role,user")
	require.Zero(t, r.exit, r.stderr)
	got := readSnapshot(t, target)
	said := tenantIn(t, server, got)
	require.Equal(t, []any{"role", "user"}, said["settings"].(map[string]any)["sync-resource-types"]) //nolint:forcetypeassert // A test.
	require.NotContains(t, said["dataSets"], "groups")
	require.NotEmpty(t, said["build"])
	for key, row := range got.resourceRows {
		require.Contains(t, []string{"tenant", "role", "user"}, row.GetId().GetResourceType(), key)
	}
}

// The types are listed in any order, and by several workers.
func TestAConsentWouldNotSayWhoMayActForWhom(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	truth := server.Tenant().Truth()
	names, kinds := map[string]string{}, map[string]string{}
	for i := range truth.Users {
		names[truth.Users[i].ID] = truth.Users[i].DisplayName
	}
	for i := range truth.ServicePrincipals {
		names[truth.ServicePrincipals[i].ID], kinds[truth.ServicePrincipals[i].ID] = truth.ServicePrincipals[i].DisplayName, truth.ServicePrincipals[i].Kind
	}
	for _, c := range []struct {
		workers int
		types   []string
	}{{1, nil}, {8, nil}, {4, []string{"consent"}}, {4, []string{"consent", "application"}}} {
		o := runSync(t, server, options{workers: c.workers, resourceTypes: c.types})
		require.NoError(t, o.err)
		got := readSnapshot(t, o.path)
		people := 0
		for _, consent := range truth.Consents {
			client, person, whom := names[consent.ClientID], names[consent.PrincipalID], "one person"
			if c.types != nil {
				person = ""
			}
			switch {
			case consent.ConsentType == "AllPrincipals":
				whom = "everybody"
			case person != "":
				whom = person
				people++
			}
			scope := strings.Join(strings.Fields(consent.Scope), " ")
			want := client + ": " + scope + " for " + whom
			if client == "" || c.types != nil && !slices.Contains(c.types, kinds[consent.ClientID]) {
				want = map[bool]string{true: "Consent for ", false: "Consent of "}[whom == "everybody"] + whom + ": " + scope
			}
			row := got.resourceRows["consent:"+consent.ID]
			require.Equal(t, want, row.GetDisplayName())
			require.Equal(t, consent.ResourceID, row.GetProfile().GetFields()["resourceId"].GetStringValue())
		}
		require.Equal(t, c.types == nil, people > 0)
	}
}

// The SDK's export fills its columns for people from these.
func TestAnExportWouldHavePeopleWithoutNames(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, resourceTypes: []string{"user", "managed_identity"}})
	require.NoError(t, o.err)
	named := 0
	for key, row := range readSnapshot(t, o.path).resourceRows {
		profile := row.GetProfile().GetFields()
		require.Equal(t, row.GetId().GetResource(), profile["user_id"].GetStringValue(), key)
		require.Equal(t, profile["givenName"].GetStringValue(), profile["first_name"].GetStringValue())
		require.Equal(t, profile["surname"].GetStringValue(), profile["last_name"].GetStringValue())
		if profile["last_name"].GetStringValue() != "" {
			named++
		}
	}
	require.Positive(t, named)
}
