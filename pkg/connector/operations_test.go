package connector

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABroaderPermissionIsEnoughForAnOperation(t *testing.T) {
	members := operations[slices.IndexFunc(operations, func(o operation) bool { return o.Name == "group-members" })]
	require.Equal(t, []string{readWriteMembers}, members.missing([]string{"User.Read.All"}))
	require.Empty(t, members.missing([]string{readWriteGroups}))
	apps := operations[slices.IndexFunc(operations, func(o operation) bool { return o.Name == "app-roles" })]
	require.Equal(t, []string{readApplications}, apps.missing([]string{assignAppRoles}), "one of two is not enough")
}
