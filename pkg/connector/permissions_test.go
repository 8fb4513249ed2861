package connector

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func missingFor(t *testing.T, f filters, claims *signin.Claims) string {
	t.Helper()
	c := &Connector{filter: f, decider: &decider{client: graphThat(t, func(string) (int, string) { return http.StatusForbidden, refusalBody(failure.CodeAccessDenied) })}}
	if err := c.checkPermissions(context.Background(), claims); err != nil {
		return err.Error()
	}
	return ""
}

func TestEachMissingPermissionIsNamed(t *testing.T) {
	sentence := missingFor(t, filters{}, tokenWith("User.Read.All", "Application.Read.All"))
	require.Contains(t, sentence, "GroupMember.Read.All (groups, their members and owners)")
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All (")
	require.Contains(t, sentence, "admin consent")
}

func TestNoConsentAtAllIsSaid(t *testing.T) {
	require.Contains(t, missingFor(t, filters{}, tokenWith()), "no Microsoft Graph permission that an administrator has consented to")
}

func TestBroaderPermissionsCountButNotTheOnesThatHideFields(t *testing.T) {
	require.Empty(t, missingFor(t, filters{}, tokenWith("Directory.Read.All")))
	require.Contains(t, missingFor(t, filters{}, tokenWith("User.ReadBasic.All", "Group.ReadBasic.All")), "User.Read.All")
}

func TestTypesThatAreNotSyncedNeedNoPermission(t *testing.T) {
	f := filters{only: []string{typeRole}}
	sentence := missingFor(t, f, tokenWith())
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All")
}

func TestEverySyncedTypeNamesItsPermissions(t *testing.T) {
	c, err := Capabilities()
	require.NoError(t, err)
	for _, syncer := range c.ResourceSyncers(context.Background()) {
		resourceType := syncer.ResourceType(context.Background()).GetId()
		require.NotEmpty(t, capabilityPermissions(resourceType).GetPermissions(), resourceType)
	}
}

// A permission that came after this build is in no table of it.
func TestAPermissionThatIsNotKnownHereIsNotTakenForNone(t *testing.T) {
	claims := tokenWith("User.ReadUpdate.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory", "Consent.Read.Everything")
	answering := graphThat(t, func(string) (int, string) { return http.StatusOK, emptyPage })
	c := &Connector{decider: &decider{client: answering}}
	require.NoError(t, c.checkPermissions(context.Background(), claims))
	made, err := c.decider.decide(context.Background(), claims, []string{})
	require.NoError(t, err)
	for _, data := range []dataSet{dataUsers, dataConsents, dataRoleEligibility, dataSignIns} {
		require.True(t, made.has(data), data)
	}
}

func tokenWith(permissions ...string) *signin.Claims {
	return &signin.Claims{AppID: "app", TenantID: "tenant", Roles: permissions}
}
