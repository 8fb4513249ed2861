package graphsim

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/generate"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func TestPlaceholdersOfSignInsAreNoneInTruth(t *testing.T) {
	b := start(t)
	truth := map[string]string{}
	for _, u := range b.server.tenant.Truth().Users {
		truth[u.ID] = u.LastSignIn
	}
	never, empty, both, whole := 0, 0, 0, 0
	for _, u := range b.all("users?$select=id,signInActivity&$top=500") {
		a, signedIn := u["signInActivity"].(map[string]any)
		if !signedIn {
			assert.Empty(t, truth[str(u["id"])])
			continue
		}
		assert.Equal(t, truth[str(u["id"])], a["lastSignInDateTime"], "the moments that are none do not count")
		switch none, blank := a["lastNonInteractiveSignInDateTime"] == schema.NoMoment, a["lastSuccessfulSignInDateTime"] == ""; {
		case none && blank:
			both++
		case none:
			never++
		case blank:
			empty++
		default:
			whole++
		}
	}
	for _, n := range []int{never, empty, both, whole} {
		assert.Positive(t, n)
	}
}

func TestEveryMixOfLicenceWaysIsThere(t *testing.T) {
	for _, size := range []Size{Small, Medium} {
		tenant := NewTenant(size, 1)
		mixes := map[string]int{}
		for i := range tenant.Shape.Users {
			works, fails := map[string]bool{}, map[string]bool{}
			groups := 0
			for _, s := range tenant.LicenseStates(i) {
				if s.Sku != directory.LicenseE3 {
					continue
				}
				way := "group"
				if s.Group == directory.Directly {
					way = "direct"
				} else {
					groups++
				}
				works[way], fails[way] = works[way] || s.Active(), fails[way] || !s.Active()
			}
			switch {
			case works["direct"] && fails["group"]:
				mixes["directly, not through a group"]++
			case fails["direct"] && works["group"]:
				mixes["through a group, not directly"]++
			case groups > 1 && works["group"] && fails["group"]:
				mixes["through one of two groups"]++
			case fails["group"] && !works["group"] && !works["direct"]:
				mixes["not at all"]++
			}
		}
		assert.Len(t, mixes, 4, "%s: %v", size, mixes)
	}
}

func TestPartnersAreShownExpandedAndListedApart(t *testing.T) {
	b := start(t)
	truth := b.server.tenant.Truth()
	types := map[string]string{}
	for _, p := range truth.PartnerRoleAssignments {
		types[p.PrincipalID] = p.PrincipalType
		for _, a := range truth.RoleAssignments {
			assert.NotEqual(t, p.PrincipalID, a.Principal.ID)
		}
	}
	for _, path := range []string{"roleManagement/directory/roleAssignments", schedules} {
		found := 0
		for _, row := range b.all(path + "?$expand=principal") {
			if kind := types[str(row["principalId"])]; kind != "" {
				found++
				principal, _ := row["principal"].(map[string]any)
				assert.Equal(t, "#microsoft.graph."+kind, principal["@odata.type"])
				assert.Equal(t, "/", row["directoryScopeId"])
			}
		}
		assert.Equal(t, 2, found)
	}
	for _, a := range truth.EffectiveRoles {
		for _, p := range a.Principals {
			assert.Empty(t, types[p.ID])
		}
	}
}

func TestCustomersHaveTheirAddressInIdentitiesOnly(t *testing.T) {
	b := startWith(t, With(QuirkCustomerTenant))
	assert.Equal(t, "CIAM", b.get("organization").rows()[0]["tenantType"])
	customers := 0
	for _, u := range b.server.tenant.Truth().Users {
		if len(u.Identities) < 2 || u.Identities[0].SignInType != directory.SignInByAddress {
			continue
		}
		customers++
		assert.Equal(t, u.ID+"@"+b.server.tenant.Domain(), u.UPN)
		assert.Contains(t, u.Identities[0].ID, "@")
		assert.Empty(t, u.MailboxPurpose)
		assert.Empty(t, u.Mail+strings.Join(u.ProxyAddresses, "")+strings.Join(u.OtherMails, ""))
	}
	assert.Greater(t, customers, 1000)
	guests := 0
	for _, u := range start(t).all("users?$select=id,userType,identities,userPrincipalName&$top=999") {
		ways := listOf(t, u, "identities")
		assert.Equal(t, u["userPrincipalName"], ways[len(ways)-1]["issuerAssignedId"])
		if u["userType"] == "Guest" {
			guests++
			assert.Equal(t, directory.SignInFederated, ways[0]["signInType"])
			assert.Nil(t, ways[0]["issuerAssignedId"])
		}
	}
	assert.Positive(t, guests)
}

func TestWhatHasNoNameIsCountedInTruth(t *testing.T) {
	b := start(t)
	nameless := map[string]int{}
	for _, c := range b.server.tenant.Truth().Credentials {
		if c.KeyID == "" {
			nameless[c.OwnerType]++
		}
	}
	assert.Equal(t, map[string]int{"application": 2, "servicePrincipal": 2}, nameless)
	rows, ids := map[string]int{}, map[string]bool{}
	for _, row := range b.get("subscribedSkus").rows() {
		rows[str(row["skuId"])]++
		ids[str(row["id"])] = true
	}
	assert.Equal(t, 2, rows[directory.Skus[0].ID])
	assert.Len(t, ids, len(directory.Skus)+1)
	unknown := 0
	for _, row := range b.all("identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId eq '" + b.id(KindGroup, GroupRoleAssignable) + "'") {
		if row["accessId"] == directory.AccessUnknown {
			unknown++
		}
	}
	assert.Equal(t, 1, unknown)
	for _, e := range b.server.tenant.Truth().GroupEligibilities {
		assert.NotEqual(t, directory.AccessUnknown, e.Access)
	}
}

func TestRowsHaveTheRealWeights(t *testing.T) {
	b := start(t)
	var sp struct {
		AppRoles []struct{ ID, DisplayName, Value, Description string }
	}
	require.NoError(t, json.Unmarshal(b.get("servicePrincipals/"+b.id(KindServicePrincipal, directory.SPGraph)).raw, &sp))
	assert.Len(t, sp.AppRoles, 750)
	values := map[string]bool{}
	for _, r := range sp.AppRoles {
		values[r.Value] = true
		assert.GreaterOrEqual(t, len(r.Description), generate.ShortestAbout-1)
		assert.LessOrEqual(t, len(r.Description), generate.LongestAbout)
	}
	assert.Len(t, values, 750)

	longest := func(path string) int {
		n := 0
		for _, row := range b.all(path + "?$select=id,displayName&$top=999") {
			n = max(n, utf8.RuneCountInString(str(row["displayName"])))
		}
		return n
	}
	assert.GreaterOrEqual(t, longest("users"), directory.LongName-1)
	assert.GreaterOrEqual(t, longest("groups"), directory.LongName-1)
	assert.GreaterOrEqual(t, longest("servicePrincipals"), directory.LongName-1)

	some, many, heavy, licensed := 0, 0, 0, 0
	for _, u := range b.all("users?$select=id,proxyAddresses,licenseAssignmentStates,assignedLicenses&$top=999") {
		addresses, _ := u["proxyAddresses"].([]any)
		switch {
		case len(addresses) > directory.ManyAddresses:
			many++
		case len(addresses) > directory.SomeAddresses:
			some++
		}
		states := listOf(t, u, "licenseAssignmentStates")
		if len(states) == 0 {
			continue
		}
		licensed++
		for _, s := range states {
			off, _ := s["disabledPlans"].([]any)
			require.Greater(t, len(off), 40)
			require.LessOrEqual(t, len(off), directory.PlansPerSku)
		}
		if len(states) >= 3 {
			heavy++
		}
	}
	assert.Positive(t, many)
	assert.Greater(t, some, 300)
	assert.Greater(t, heavy, licensed/3)
	web, _ := b.get("applications/" + b.id(KindApplication, directory.RegistrationPayroll)).body["web"].(map[string]any)
	assert.Len(t, web["redirectUris"], directory.RedirectAddresses)
	assert.Len(t, b.get("servicePrincipals/" + b.id(KindServicePrincipal, SPPayroll)).body["replyUrls"], directory.RedirectAddresses)
}

func TestReportsFlickerOnlyForWhoCannotReadTheDirectory(t *testing.T) {
	b := start(t)
	const report = "reports/authenticationMethods/userRegistrationDetails?$top=1"
	for range 2 * permissions.FlickerStep {
		require.Equal(t, 200, b.get(report).status)
	}
	b.withPermissions("AuditLog.Read.All", "User.Read.All")
	refused := 0
	for range 3 * permissions.FlickerStep {
		if a := b.get(report); a.status == 403 {
			refused++
			assert.Equal(t, permissions.CodePremiumReports, a.code())
		}
	}
	assert.Equal(t, 3, refused)
}
