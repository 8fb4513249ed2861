package paths

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGroupInsideAGroupDoesNotHoldItsRole(t *testing.T) {
	n := newTenant(t)
	n.object("group:tier0", map[string]any{"isAssignableToRole": true})
	n.objects("group:inner", "user:direct", "user:nested")
	n.hold("group:tier0", holdsGA)
	n.hold("user:direct", "group:tier0:member")
	n.hold("group:inner", "group:tier0:member")
	n.hold("user:nested", "group:inner:member")
	n.hold("user:nested", "group:tier0:member", "group:inner:member")
	require.Equal(t, []string{"user:direct (member) group:tier0 (holds-role) role:GA"}, n.paths("role:"+globalAdministrator))
	require.Equal(t, []string{
		"user:direct (member) group:tier0",
		"user:nested (member) group:inner (member) group:tier0",
	}, n.paths("group:tier0"), "in the group itself are those of the inner one too")
}

func TestOrdinaryGroupThatMayBecomeAMemberOfAProtectedOneOpensItToItsManagers(t *testing.T) {
	n := newTenant(t)
	n.object("group:tier0", map[string]any{"isAssignableToRole": true})
	n.object("group:ordinary", map[string]any{"securityEnabled": true})
	n.objects("user:member", "user:owner", "user:manager", "user:device-manager")
	n.hold("group:tier0", holdsGA)
	n.hold("group:ordinary", "group:tier0:eligible_member")
	n.hold("user:member", "group:ordinary:member")
	n.hold("user:owner", "group:ordinary:owner")
	n.hold("user:manager", "role:"+groupsAdministrator+":assigned")
	n.hold("user:device-manager", "role:"+intuneAdministrator+":eligible")
	tail := " group:ordinary (eligible-member) group:tier0 (holds-role) role:GA"
	require.Equal(t, []string{
		"user:member (member)" + tail, "user:owner (owns-group)" + tail,
		"user:device-manager (eligible-for-role) role:Intune (manages-members)" + tail,
		"user:manager (holds-role) role:GroupsAdmin (manages-members)" + tail,
	}, n.paths("role:"+globalAdministrator))
}

func TestGroupsAdministratorDoesNotManageGroupsThatCanHoldRoles(t *testing.T) {
	n := newTenant(t)
	n.object("group:tier0", map[string]any{"isAssignableToRole": true})
	n.objects("user:manager", "user:over", "user:roles")
	n.hold("user:manager", "role:"+groupsAdministrator+":assigned")
	n.over(groupsAdministrator, "tier0", "user:over")
	n.unit("sales", false, "group:tier0")
	n.over(userAdministrator, "sales", "user:over")
	n.hold("user:roles", "role:"+privilegedRoleAdministrator+":assigned")
	require.Equal(t, []string{"user:roles (holds-role) role:PRA (manages-members) group:tier0"}, n.paths("group:tier0"))
}

func TestNobodyInTheCloudDecidesWhoIsInASynchronizedGroup(t *testing.T) {
	n := newTenant(t)
	n.object("group:synced", map[string]any{"onPremisesSyncEnabled": true})
	n.objects("user:member", "user:owner", "user:manager")
	n.hold("user:member", "group:synced:member")
	n.hold("user:owner", "group:synced:owner")
	n.hold("user:manager", "role:"+groupsAdministrator+":assigned")
	require.Equal(t, []string{"user:member (member) group:synced"}, n.paths("group:synced"))
}

func TestRestrictedGroupIsNotItsOwnersNorPrivilegedIdentityManagements(t *testing.T) {
	n := newTenant(t)
	n.objects("group:board", "user:owner", "user:eligible", "user:manager", "user:own")
	n.unit("executives", true, "group:board")
	n.hold("user:owner", "group:board:owner")
	n.hold("user:eligible", "group:board:eligible_member")
	n.hold("user:manager", "role:"+groupsAdministrator+":assigned")
	n.over(groupsAdministrator, "executives", "user:own")
	require.Equal(t, []string{"user:own (holds-role) scoped_role:GroupsAdmin@executives (manages-members) group:board"}, n.paths("group:board"))
}

func TestRuleOfADynamicGroupTakesARoleThatWritesRules(t *testing.T) {
	n := newTenant(t)
	n.object("group:dynamic", map[string]any{"groupTypes": []any{"DynamicMembership", "Unified"}, "mailEnabled": true})
	n.objects("user:manager", "user:devices")
	n.hold("user:manager", "role:"+groupsAdministrator+":assigned")
	n.hold("user:devices", "role:"+intuneAdministrator+":assigned")
	require.Equal(t, []string{"user:manager (holds-role) role:GroupsAdmin (manages-members) group:dynamic"}, n.paths("group:dynamic"))
}

func TestMemberThroughAGroupThatWasLeftOutIsNotForgotten(t *testing.T) {
	n := newTenant(t)
	n.objects("group:cloud", "user:far")
	n.hold("user:far", "group:cloud:member", "group:left-out:member")
	require.Equal(t, []string{"user:far (member) group:cloud"}, n.paths("group:cloud"))
}

func TestGroupWhoseMembersNobodyCanNameBeginsThePathItself(t *testing.T) {
	n := newTenant(t)
	n.object("group:hidden", map[string]any{"isAssignableToRole": true, "visibility": "HiddenMembership"})
	n.object("group:empty", map[string]any{"isAssignableToRole": true})
	n.hold("group:hidden", holdsGA)
	n.hold("group:empty", holdsGA)
	require.Equal(t, []string{"group:hidden (holds-role) role:GA"}, n.paths("role:"+globalAdministrator))
}
