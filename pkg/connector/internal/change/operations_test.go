package change

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABroaderPermissionIsEnoughForAnOperation(t *testing.T) {
	members := Operations[slices.IndexFunc(Operations, func(o Operation) bool { return o.Name == "group-members" })]
	require.Equal(t, []string{readWriteMembers}, members.Missing([]string{"User.Read.All"}))
	require.Empty(t, members.Missing([]string{readWriteGroups}))
	apps := Operations[slices.IndexFunc(Operations, func(o Operation) bool { return o.Name == "app-roles" })]
	require.Equal(t, []string{readApplications}, apps.Missing([]string{assignAppRoles}), "one of two is not enough")
}
