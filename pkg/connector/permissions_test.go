package connector

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func missingFor(t *testing.T, f decide.Filters, claims *signin.Claims) string {
	t.Helper()
	c := &Connector{filter: f, decider: &decide.Decider{Client: fake.GraphThat(t, func(string) (int, string) { return http.StatusForbidden, fake.RefusalBody(failure.CodeAccessDenied) })}}
	if err := c.checkPermissions(context.Background(), claims); err != nil {
		return err.Error()
	}
	return ""
}

func TestEachMissingPermissionIsNamed(t *testing.T) {
	sentence := missingFor(t, decide.Filters{}, tokenWith("User.Read.All", "Application.Read.All"))
	require.Contains(t, sentence, "GroupMember.Read.All (groups, their members and owners)")
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All (")
	require.Contains(t, sentence, "admin consent")
}

func TestNoConsentAtAllIsSaid(t *testing.T) {
	require.Contains(t, missingFor(t, decide.Filters{}, tokenWith()), "no Microsoft Graph permission that an administrator has consented to")
}

func TestBroaderPermissionsCountButNotTheOnesThatHideFields(t *testing.T) {
	require.Empty(t, missingFor(t, decide.Filters{}, tokenWith("Directory.Read.All")))
	require.Contains(t, missingFor(t, decide.Filters{}, tokenWith("User.ReadBasic.All", "Group.ReadBasic.All")), "User.Read.All")
}

func TestTypesThatAreNotSyncedNeedNoPermission(t *testing.T) {
	f := decide.Filters{Only: []string{model.TypeRole}}
	sentence := missingFor(t, f, tokenWith())
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.NotContains(t, sentence, "User.Read.All")
}

func TestEverySyncedTypeNamesItsPermissions(t *testing.T) {
	c, err := Capabilities()
	require.NoError(t, err)
	for _, syncer := range c.ResourceSyncers(context.Background()) {
		resourceType := syncer.ResourceType(context.Background()).GetId()
		require.NotEmpty(t, decide.CapabilityPermissions(resourceType).GetPermissions(), resourceType)
	}
}

// A permission that came after this build is in no table of it.
func TestAPermissionThatIsNotKnownHereIsNotTakenForNone(t *testing.T) {
	claims := tokenWith("User.ReadUpdate.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory", "Consent.Read.Everything")
	answering := fake.GraphThat(t, func(string) (int, string) { return http.StatusOK, fake.EmptyPage })
	c := &Connector{decider: &decide.Decider{Client: answering}}
	require.NoError(t, c.checkPermissions(context.Background(), claims))
	made, err := c.decider.Decide(context.Background(), claims, &graph.Organization{Plans: []string{}})
	require.NoError(t, err)
	for _, data := range []model.DataSet{model.DataUsers, model.DataConsents, model.DataRoleEligibility, model.DataSignIns} {
		require.True(t, made.Has(data), data)
	}
}

func tokenWith(permissions ...string) *signin.Claims {
	return &signin.Claims{AppID: "app", TenantID: "tenant", Roles: permissions}
}
