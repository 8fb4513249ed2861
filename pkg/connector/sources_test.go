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

func missingFor(t *testing.T, f filters, claims *signin.Claims) string {
	t.Helper()
	c := &Connector{filter: f, decider: &decider{client: graphFor(t, claims, nil)}}
	if err := c.checkPermissions(context.Background(), claims); err != nil {
		return err.Error()
	}
	return ""
}

func TestEachMissingPermissionIsNamed(t *testing.T) {
	sentence := missingFor(t, filters{}, appToken("User.Read.All", "Application.Read.All"))
	require.Contains(t, sentence, "GroupMember.Read.All (groups, their members and owners)")
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All (")
	require.Contains(t, sentence, "admin consent")
}

func TestNoConsentAtAllIsSaid(t *testing.T) {
	require.Contains(t, missingFor(t, filters{}, appToken()), "no Microsoft Graph permission that an administrator has consented to")
}

func TestBroaderPermissionsCountButNotTheOnesThatHideFields(t *testing.T) {
	require.Empty(t, missingFor(t, filters{}, appToken(readDirectory)))
	require.Contains(t, missingFor(t, filters{}, appToken("User.ReadBasic.All", "Group.ReadBasic.All")), "User.Read.All")
}

func TestTypesThatAreNotSyncedNeedNoPermission(t *testing.T) {
	f := filters{only: []string{typeRole}}
	sentence := missingFor(t, f, appToken())
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All")
	require.Empty(t, whyNot(decided(t, f, appToken("RoleManagement.Read.Directory"), []string{}), dataLicenses))
}

func TestEverySyncedTypeNamesItsPermissions(t *testing.T) {
	c, err := Capabilities()
	require.NoError(t, err)
	for _, syncer := range c.ResourceSyncers(context.Background()) {
		resourceType := syncer.ResourceType(context.Background()).GetId()
		require.NotEmpty(t, capabilityPermissions(resourceType).GetPermissions(), resourceType)
	}
}

func TestAMissingPermissionOrLicenceLeavesADataSetOutWithItsName(t *testing.T) {
	core := []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory"}
	both := []string{graph.PlanEntraP1, graph.PlanEntraP2}

	made := decided(t, filters{}, appToken(core...), both)
	require.Equal(t, "permission AuditLog.Read.All", whyNot(made, dataSignIns))
	require.Equal(t, "permission Directory.Read.All", whyNot(made, dataConsents))
	require.True(t, made.reads(dataRoleEligibility))

	made = decided(t, filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{graph.PlanEntraP1})
	require.True(t, made.reads(dataSignIns), "P1 is enough for the reports")
	require.Equal(t, "licence "+licenseP2, whyNot(made, dataRoleEligibility))

	made = decided(t, filters{}, appToken(append(core, "AuditLog.Read.All")...), []string{})
	require.Equal(t, "licence "+licenseP1, whyNot(made, dataSignIns))
}

// A permission that came after this build is in no table of it.
func TestAPermissionThatIsNotKnownHereIsNotTakenForNone(t *testing.T) {
	claims := appToken("User.ReadUpdate.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory", "Consent.Read.Everything")
	answering := graphThat(t, func(string) (int, string) { return http.StatusOK, emptyPage })
	c := &Connector{decider: &decider{client: answering}}
	require.NoError(t, c.checkPermissions(context.Background(), claims))
	made, err := c.decider.decide(context.Background(), claims, []string{})
	require.NoError(t, err)
	for _, data := range []dataSet{dataUsers, dataConsents, dataRoleEligibility, dataSignIns} {
		require.True(t, made.reads(data), data)
	}
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
	require.True(t, made.reads(dataRoleEligibility), "its own listing will tell, and be left out then")
}

func TestDirectoryReadAllDoesNotStandForWhatItDoesNotCover(t *testing.T) {
	made := decided(t, filters{}, appToken(readDirectory), []string{graph.PlanEntraP2})
	for _, data := range []dataSet{dataRoleEligibility, dataRoleSchedules, dataFederatedCredentials, dataAgentSponsors, dataSignIns, dataGroupEligibility} {
		require.NotEmpty(t, whyNot(made, data), data)
	}
	for _, data := range []dataSet{dataConsents, dataLicenses, dataAdministrativeUnits} {
		require.True(t, made.reads(data), data)
	}
}

func TestWhatHasToBeAskedForIsNeitherReadNorMissed(t *testing.T) {
	made := decided(t, filters{}, appToken("Device.Read.All"), []string{})
	for _, data := range optIn {
		require.False(t, made.reads(data), data)
		require.Empty(t, whyNot(made, data), data)
	}
	made = decided(t, filters{asked: []dataSet{dataDevices}}, appToken("Device.Read.All"), []string{})
	require.True(t, made.reads(dataDevices))
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
