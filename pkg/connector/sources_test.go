package connector

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func appToken(permissions ...string) *signin.Claims {
	return &signin.Claims{AppID: "app", TenantID: "tenant", Roles: permissions}
}

// decided is what a sync with these permissions and plans reads and skips.
func decided(t *testing.T, f filters, claims *signin.Claims, plans []string) *decision {
	t.Helper()
	made, err := (&decider{client: graphFor(t, claims, plans), filter: f}).decide(context.Background(), claims, plans)
	require.NoError(t, err)
	return made
}

func whyNot(made *decision, data dataSet) string {
	for _, s := range made.Skipped {
		if s.source.Data == data {
			return s.why
		}
	}
	return ""
}

func TestAMissingPermissionOrLicenceLeavesADataSetOutWithItsName(t *testing.T) {
	core := []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory"}
	both := []string{graph.PlanEntraP1, graph.PlanEntraP2}

	made := decided(t, filters{}, appToken(core...), both)
	require.Equal(t, "permission AuditLog.Read.All", whyNot(made, dataSignIns))
	require.Equal(t, "permission Directory.Read.All", whyNot(made, dataConsents))
	require.True(t, made.has(dataRoleEligibility))

	made = decided(t, filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{graph.PlanEntraP1})
	require.True(t, made.has(dataSignIns), "P1 is enough for the reports")
	require.Equal(t, "licence "+licenseP2, whyNot(made, dataRoleEligibility))

	made = decided(t, filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{})
	require.Equal(t, "licence "+licenseP1, whyNot(made, dataSignIns))
}

// The plan list can name a trial that has ended.
func TestAPlanThatGraphDoesNotKnowOfLeavesTheDataOutAndDoesNotEndTheSync(t *testing.T) {
	claims := appToken("User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory")
	made, err := (&decider{client: graphFor(t, claims, nil)}).decide(context.Background(), claims, []string{graph.PlanEntraP2})
	require.NoError(t, err)
	require.Equal(t, "licence "+licenseP2, whyNot(made, dataRoleEligibility))
	require.Equal(t, "licence "+licenseP2, whyNot(made, dataRoleSchedules))
}

// National clouds do not have all of Graph.
func TestASegmentThatACloudDoesNotHaveLeavesItsDataOutByName(t *testing.T) {
	claims := appToken("User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory",
		"PrivilegedEligibilitySchedule.Read.AzureADGroup")
	lacking := graphThat(t, func(ref string) (int, string) {
		if strings.HasPrefix(ref, "/identityGovernance") || strings.Contains(ref, "/roleEligibility") {
			return http.StatusBadRequest, refusalBody("BadRequest")
		}
		return http.StatusOK, emptyPage
	})
	made, err := (&decider{client: lacking}).decide(context.Background(), claims, []string{graph.PlanEntraP2})
	require.NoError(t, err)
	require.Contains(t, whyNot(made, dataGroupEligibility), "Microsoft Graph")
	require.True(t, made.has(dataRoleEligibility), "its own listing will tell, and be left out then")
}

func TestDirectoryReadAllDoesNotStandForWhatItDoesNotCover(t *testing.T) {
	made := decided(t, filters{}, appToken(readDirectory), []string{graph.PlanEntraP2})
	for _, data := range []dataSet{dataRoleEligibility, dataRoleSchedules, dataFederatedCredentials, dataAgentSponsors, dataSignIns, dataGroupEligibility} {
		require.NotEmpty(t, whyNot(made, data), data)
	}
	for _, data := range []dataSet{dataConsents, dataLicenses, dataAdministrativeUnits} {
		require.True(t, made.has(data), data)
	}
}

func TestWhatHasToBeAskedForIsNeitherReadNorMissed(t *testing.T) {
	made := decided(t, filters{}, appToken("Device.Read.All"), []string{})
	for _, data := range optIn {
		require.False(t, made.has(data), data)
		require.Empty(t, whyNot(made, data), data)
	}
	made = decided(t, filters{asked: []dataSet{dataDevices}}, appToken("Device.Read.All"), []string{})
	require.True(t, made.has(dataDevices))
}

func TestEveryDataSetHasOneRowInTheTable(t *testing.T) {
	seen := map[dataSet]bool{}
	for _, s := range sources {
		require.False(t, seen[s.Data], s.Data)
		seen[s.Data] = true
		require.NotEqual(t, len(s.ResourceTypes) > 0, s.Feed != "", s.Data)
		require.Equal(t, len(s.Plans) > 0, s.License != "", s.Data)
		require.False(t, slices.Contains(s.Also, s.Permission), s.Data)
	}
}

func TestADataSetOfTypesThatAreNotSyncedIsNotMissed(t *testing.T) {
	f := filters{only: []string{typeRole}}
	require.Empty(t, whyNot(decided(t, f, appToken("RoleManagement.Read.Directory"), []string{}), dataLicenses))
}
