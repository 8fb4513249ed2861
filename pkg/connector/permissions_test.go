package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func names(list []permission) []string {
	found := []string{}
	for _, p := range list {
		found = append(found, p.Name)
	}
	return found
}

func everything(string) bool { return true }

func TestEachMissingPermissionIsNamed(t *testing.T) {
	required, optional := missingPermissions([]string{"User.Read.All", "Application.Read.All"}, everything)
	require.Equal(t, []string{"GroupMember.Read.All", "RoleManagement.Read.Directory"}, names(required))
	require.Equal(t, []string{"Member.Read.Hidden"}, names(optional))

	sentence := missingSentence(&graph.Claims{AppID: "app", TenantID: "tenant", Roles: []string{"User.Read.All"}}, required)
	require.Contains(t, sentence, "GroupMember.Read.All (groups, their members and owners)")
	require.Contains(t, sentence, "RoleManagement.Read.Directory")
	require.Contains(t, sentence, "admin consent")
}

func TestNoConsentAtAllIsSaid(t *testing.T) {
	required, _ := missingPermissions(nil, everything)
	require.Len(t, required, 4)
	require.Contains(t, missingSentence(&graph.Claims{}, required), "no Microsoft Graph permission that an administrator has consented to")
}

func TestBroaderPermissionsCountButNotTheOnesThatHideFields(t *testing.T) {
	required, _ := missingPermissions([]string{"Directory.Read.All"}, everything)
	require.Empty(t, required)
	required, _ = missingPermissions([]string{"User.ReadBasic.All", "Group.ReadBasic.All"}, everything)
	require.Len(t, required, 4)
}

func TestTypesThatAreNotSyncedNeedNoPermission(t *testing.T) {
	required, optional := missingPermissions(nil, func(resourceType string) bool { return resourceType == typeRole })
	require.Equal(t, []string{"RoleManagement.Read.Directory"}, names(required))
	require.Empty(t, optional)
}

func TestEverySyncedTypeNamesItsPermissions(t *testing.T) {
	for _, resourceType := range []string{typeUser, typeGroup, typeRole, typeApplication} {
		require.NotEmpty(t, capabilityPermissions(resourceType).GetPermissions(), resourceType)
	}
}
