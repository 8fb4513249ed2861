package decide

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func appToken(permissions ...string) *signin.Claims {
	return &signin.Claims{AppID: "app", TenantID: "tenant", Roles: permissions}
}

// decided is what a sync with these permissions and plans reads and skips.
func decided(t *testing.T, f Filters, claims *signin.Claims, plans []string) *Decision {
	t.Helper()
	made, err := (&Decider{Client: graphFor(t, claims, plans), Filter: f}).Decide(context.Background(), claims, &graph.Organization{Plans: plans})
	require.NoError(t, err)
	return made
}

func whyNot(made *Decision, data model.DataSet) string {
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

	made := decided(t, Filters{}, appToken(core...), both)
	require.Equal(t, "permission AuditLog.Read.All", whyNot(made, model.DataSignIns))
	require.Equal(t, "permission Directory.Read.All", whyNot(made, model.DataConsents))
	require.True(t, made.Has(model.DataRoleEligibility))

	made = decided(t, Filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{graph.PlanEntraP1})
	require.True(t, made.Has(model.DataSignIns), "P1 is enough for the reports")
	require.Equal(t, "licence "+LicenseP2, whyNot(made, model.DataRoleEligibility))

	made = decided(t, Filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{})
	require.Equal(t, "licence "+LicenseP1, whyNot(made, model.DataSignIns))
}

// The plan list can name a trial that has ended.
func TestAPlanThatGraphDoesNotKnowOfLeavesTheDataOutAndDoesNotEndTheSync(t *testing.T) {
	claims := appToken("User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory")
	made, err := (&Decider{Client: graphFor(t, claims, nil)}).Decide(context.Background(), claims, &graph.Organization{Plans: []string{graph.PlanEntraP2}})
	require.NoError(t, err)
	require.Equal(t, "licence "+LicenseP2, whyNot(made, model.DataRoleEligibility))
	require.Equal(t, "licence "+LicenseP2, whyNot(made, model.DataRoleSchedules))
}

// National clouds do not have all of Graph.
func TestASegmentThatACloudDoesNotHaveLeavesItsDataOutByName(t *testing.T) {
	claims := appToken("User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory",
		"PrivilegedEligibilitySchedule.Read.AzureADGroup")
	lacking := fake.GraphThat(t, func(ref string) (int, string) {
		if strings.HasPrefix(ref, "/identityGovernance") || strings.Contains(ref, "/roleEligibility") {
			return http.StatusBadRequest, fake.RefusalBody("BadRequest")
		}
		return http.StatusOK, fake.EmptyPage
	})
	made, err := (&Decider{Client: lacking}).Decide(context.Background(), claims, &graph.Organization{Plans: []string{graph.PlanEntraP2}})
	require.NoError(t, err)
	require.Contains(t, whyNot(made, model.DataGroupEligibility), "Microsoft Graph")
	require.True(t, made.Has(model.DataRoleEligibility), "its own listing will tell, and be left out then")
}

func TestDirectoryReadAllDoesNotStandForWhatItDoesNotCover(t *testing.T) {
	made := decided(t, Filters{}, appToken(ReadDirectory), []string{graph.PlanEntraP2})
	for _, data := range []model.DataSet{model.DataRoleEligibility, model.DataRoleSchedules, model.DataFederatedCredentials, model.DataAgentSponsors, model.DataSignIns, model.DataGroupEligibility} {
		require.NotEmpty(t, whyNot(made, data), data)
	}
	for _, data := range []model.DataSet{model.DataConsents, model.DataLicenses, model.DataAdministrativeUnits} {
		require.True(t, made.Has(data), data)
	}
}

func TestWhatHasToBeAskedForIsNeitherReadNorMissed(t *testing.T) {
	made := decided(t, Filters{}, appToken("Device.Read.All"), []string{})
	for _, data := range optIn {
		require.False(t, made.Has(data), data)
		require.Empty(t, whyNot(made, data), data)
	}
	made = decided(t, Filters{Asked: []model.DataSet{model.DataDevices}}, appToken("Device.Read.All"), []string{})
	require.True(t, made.Has(model.DataDevices))
}

func TestEveryDataSetHasOneRowInTheTable(t *testing.T) {
	seen := map[model.DataSet]bool{}
	for _, s := range Sources {
		require.False(t, seen[s.Data], s.Data)
		seen[s.Data] = true
		require.NotEqual(t, len(s.ResourceTypes) > 0, s.Feed != "", s.Data)
		require.Equal(t, len(s.Plans) > 0, s.License != "", s.Data)
		require.False(t, slices.Contains(s.Also, s.Permission), s.Data)
	}
}

func TestADataSetOfTypesThatAreNotSyncedIsNotMissed(t *testing.T) {
	f := Filters{Only: []string{model.TypeRole}}
	require.Empty(t, whyNot(decided(t, f, appToken("RoleManagement.Read.Directory"), []string{}), model.DataLicenses))
}
