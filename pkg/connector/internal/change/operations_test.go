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

// A token that may do more than an operation takes in one respect may do it.
func TestABroaderPermissionStandsForEachOfAList(t *testing.T) {
	disable := Operations[slices.IndexFunc(Operations, func(o Operation) bool { return o.Name == OperationOffboarding })]
	held := []string{readWriteUsers, "Directory.Read.All", readWriteGroups, ReadWriteRoles, assignAppRoles, "Application.ReadWrite.All", "Directory.ReadWrite.All"}
	require.Empty(t, disable.Missing(held))
	require.Equal(t, []string{ReadWriteRoles}, disable.Missing(slices.DeleteFunc(held, func(p string) bool { return p == ReadWriteRoles })))
}
