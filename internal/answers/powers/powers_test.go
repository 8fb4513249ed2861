package powers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPrivilegedRolesAreEachListedOnceInTheSpellingOfTheSnapshot(t *testing.T) {
	require.Len(t, privilegedPlaces, len(privilegedRoles))
	require.Equal(t, "Global Administrator", privilegedRoles[0].Name)
	for _, role := range privilegedRoles {
		require.Regexp(t, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", role.ID)
	}
}

func TestAPermissionIsListedOnceAndSaysWhatItIsGoodFor(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range permissions {
		key := p.API + " " + p.Value
		require.False(t, seen[key], key)
		seen[key] = true
		require.NotEmpty(t, p.Sets, key)
		require.NotEmpty(t, p.Why, key)
	}
}

func TestAnApplicationCannotPassForMicrosoftGraphByNamingARoleAlike(t *testing.T) {
	require.NotNil(t, PermissionOf(MicrosoftGraph, "mail.read"))
	require.Equal(t, PermissionOf(MicrosoftGraph, "Mail.Read"), PermissionNamed(MicrosoftGraph, "Mail.Read on Microsoft Graph (disabled)"))
	require.Nil(t, PermissionOf("11111111-2222-3333-4444-555555555555", "Mail.Read"))
}

func TestRolesHaveOneNameInEveryTable(t *testing.T) {
	names := map[string]string{}
	same := func(id, name string) {
		require.Regexp(t, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id)
		if names[id] != "" {
			require.Equal(t, names[id], name)
		}
		names[id] = name
	}
	for _, r := range privilegedRoles {
		same(r.ID, r.Name)
	}
	for _, r := range rolePowers {
		same(r.ID, r.Name)
		require.NotEmpty(t, r.Abilities, r.Name)
		require.True(t, strings.HasSuffix(r.Page, "#"+strings.ReplaceAll(strings.ToLower(r.Name), " ", "-")), r.Page)
	}
	for _, r := range resetters {
		same(r.ID, r.Name)
	}
}

func TestEverybodyInAColumnResetsPeopleWithoutARoleAndNobodyButTwoAndAPartnersAdministrators(t *testing.T) {
	everybody := 0
	for i := range resetters {
		r := &resetters[i]
		require.True(t, r.Reaches(Standing{}, false), r.Name)
		require.True(t, r.Reaches(Standing{}, true), r.Name)
		require.Equal(t, r.Everybody, r.Reaches(Standing{Roles: []string{privilegedRoles[0].ID}}, false), r.Name)
		require.Equal(t, r.Everybody, r.Reaches(Standing{Guarded: true}, false), r.Name)
		if r.Everybody {
			everybody++
		}
	}
	require.Equal(t, 3, everybody)
	helpdesk := ResetterOf(helpdeskAdministrator)
	require.True(t, helpdesk.Reaches(Standing{Roles: []string{helpdeskAdministrator, reportsReader}}, false))
	require.False(t, helpdesk.Reaches(Standing{Roles: []string{helpdeskAdministrator, userAdministrator}}, false), "each role has to be in the column")
	require.False(t, helpdesk.Reaches(Standing{Roles: []string{helpdeskAdministrator}}, true), "not in an administrative unit")
}

func TestATakeoverWithoutAnAbilityTakesSomebodyElsesPart(t *testing.T) {
	var others []string
	for i := range permissions {
		p := &permissions[i]
		if p.Takeover && len(p.Abilities) == 0 {
			others = append(others, p.Value)
		}
		if len(p.Abilities) > 0 {
			require.True(t, p.In(WritesDirectory), p.Value)
		}
	}
	require.Equal(t, []string{
		"RoleManagementPolicy.ReadWrite.Directory", "DelegatedPermissionGrant.ReadWrite.All",
	}, others)
}
