package powers

import (
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
	require.Nil(t, PermissionOf("11111111-2222-3333-4444-555555555555", "Mail.Read"))
}
