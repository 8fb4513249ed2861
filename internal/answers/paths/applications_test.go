package paths

import (
	"context"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
)

func TestCircleOfOwnershipsEnds(t *testing.T) {
	n := newTenant(t)
	n.objects("application:a", "application:b", "application:c", "group:g")
	n.hold("application:a", "application:b:owner")
	n.hold("application:b", "application:c:owner")
	n.hold("application:c", "application:a:owner")
	n.hold("application:a", "group:g:owner")
	n.hold("group:g", "group:g:eligible_member")
	n.hold("application:a", holdsGA)
	require.Equal(t, []string{
		"application:a (holds-role) role:GA",
		"application:c (owns-application) application:a (holds-role) role:GA",
		"application:b (owns-application) application:c (owns-application) application:a (holds-role) role:GA",
	}, n.paths("role:"+globalAdministrator))
	require.Len(t, n.paths("group:g"), 3)
}

func TestRegistrationLeadsToItsOwnApplicationAndToNoOther(t *testing.T) {
	n := newTenant(t)
	n.object("application:ours", map[string]any{"appId": "1"})
	n.object("application:theirs", map[string]any{"appId": "2"})
	n.object("app_registration:ours", map[string]any{"appId": "1"})
	n.objects("user:owner", "user:scoped", "user:enterprise")
	n.hold("user:owner", "app_registration:ours:owner")
	n.over(applicationAdministrator, "ours", "user:scoped")
	n.hold("user:enterprise", "application:theirs:owner")
	require.Equal(t, []string{
		"user:owner (owns-registration) application:ours",
		"user:scoped (holds-role) scoped_role:AppAdmin@ours (adds-credential) application:ours",
	}, n.paths("application:ours"))
	require.Equal(t, n.paths("application:ours"), n.paths("app_registration:ours"))
	require.Equal(t, []string{"user:enterprise (owns-application) application:theirs"}, n.paths("application:theirs"))
}

func TestOwnerOfTheRegistrationAloneCannotEnableAnApplicationThatIsDisabled(t *testing.T) {
	n := newTenant(t)
	n.object("application:off", map[string]any{"appId": "1"}).SetStatus(v2.Status_builder{Status: v2.Status_RESOURCE_STATUS_DISABLED}.Build())
	n.object("app_registration:off", map[string]any{"appId": "1"})
	n.objects("user:owner", "user:enterprise")
	n.hold("user:owner", "app_registration:off:owner")
	n.hold("user:enterprise", "application:off:owner")
	require.Equal(t, []string{"user:enterprise (owns-application) application:off"}, n.paths("application:off"))
}

func TestNobodyInEntraSignsInAsAManagedIdentity(t *testing.T) {
	n := newTenant(t)
	n.objects("managed_identity:vm", "user:owner", "user:admin")
	n.hold("user:owner", "managed_identity:vm:owner")
	n.hold("user:admin", "role:"+applicationAdministrator+":assigned")
	n.hold("managed_identity:vm", holdsGA)
	require.Equal(t, []string{"managed_identity:vm (holds-role) role:GA"}, n.paths("role:"+globalAdministrator))
}

func TestAgentIsReachedThroughItsBlueprintAndNotThroughItsSponsor(t *testing.T) {
	for _, named := range []string{"app-id", "principal", "registration"} {
		n := newTenant(t)
		n.object("agent_identity:principal", map[string]any{"kind": "agentIdentityBlueprintPrincipal", "appId": "app-id"})
		n.object("agent_identity:agent", map[string]any{"kind": "agentIdentity", "agentIdentityBlueprintId": named})
		n.object("app_registration:registration", map[string]any{"appId": "app-id"})
		n.objects("user:owner", "user:sponsor", "user:agents-owner", "user:admin")
		n.hold("user:owner", "app_registration:registration:owner")
		n.hold("user:sponsor", "agent_identity:agent:sponsor")
		n.hold("user:agents-owner", "agent_identity:agent:owner")
		n.hold("user:admin", "role:"+applicationAdministrator+":assigned")
		require.Equal(t, []string{
			"agent_identity:principal (is-blueprint-of) agent_identity:agent",
			"user:owner (owns-registration) agent_identity:principal (is-blueprint-of) agent_identity:agent",
		}, n.paths("agent_identity:agent"))
	}
}

func TestPermissionLeadsWhereItsAbilityDoesAndAnImpostorOfGraphNowhere(t *testing.T) {
	for permission, edge := range map[string]Edge{
		"RoleManagement.ReadWrite.Directory": EdgeGivesRole, "AppRoleAssignment.ReadWrite.All": EdgeGivesRole,
		"Application.ReadWrite.All": EdgeAddsCredential, "UserAuthenticationMethod.ReadWrite.All": EdgeResets,
		"Organization.ReadWrite.All": EdgeTrustsAuthority, "User.ReadWrite.All": "", "Mail.Read": "",
	} {
		n := newTenant(t)
		n.objects("application:app", "application:strong", "user:boss", "application:impostor")
		n.graph(permission, "application:strong")
		n.offer("application:impostor:role-1").SetDisplayName("RoleManagement.ReadWrite.Directory")
		n.hold("application:app", "application:impostor:role-1")
		n.hold("application:app", holdsGA)
		n.hold("user:boss", holdsGA)
		r := n.find("role:"+globalAdministrator, Options{})
		var first Edge
		for _, p := range r.Paths {
			if p.Start.ID == "strong" {
				first = p.Steps[0].Edge
				require.Equal(t, "application:graph:role-1", p.Steps[0].Entitlement)
				require.Contains(t, p.Steps[0].Why, permission)
			}
		}
		require.Equal(t, edge, first, permission)
	}
}

func TestLimitKeepsTheShortestAndSaysThatItCut(t *testing.T) {
	n := newTenant(t)
	n.objects("application:a", "user:b", "user:c")
	n.hold("user:c", holdsGA)
	n.hold("user:b", "application:a:owner")
	n.hold("application:a", holdsGA)
	all := n.find("role:"+globalAdministrator, Options{})
	require.False(t, all.Cut)
	require.Equal(t, []string{
		"user:c (holds-role) role:GA", "application:a (holds-role) role:GA", "user:b (owns-application) application:a (holds-role) role:GA",
	}, told(all))
	two := n.find("role:"+globalAdministrator, Options{Limit: 2})
	require.True(t, two.Cut)
	require.Equal(t, told(all)[:2], told(two))
	short := n.find("role:"+globalAdministrator, Options{MaxSteps: 1})
	require.True(t, short.Cut)
	require.Equal(t, told(all)[:2], told(short))
}

func TestWhatTheSnapshotLacksIsSaidAndNotTakenForNobody(t *testing.T) {
	n := newTenant(t)
	n.without["administrative_unit"] = true
	n.objects("role:custom")
	n.object("group:tier0", map[string]any{"isAssignableToRole": true})
	n.hold("group:tier0", holdsGA)
	unknown := strings.Join(n.find("role:"+globalAdministrator, Options{}).Unknown, "\n")
	for _, says := range []string{"administrative units: not in the snapshot", "does not say", "1 of the groups", "custom directory roles", "conditional access"} {
		require.Contains(t, unknown, says)
	}
}

func TestTargetThatIsNotThereIsAnErrorAndNotAnEmptyAnswer(t *testing.T) {
	s := newTenant(t).open()
	for _, target := range []string{"role:none", "group:none", "license:any"} {
		_, err := To(context.Background(), s, refOf(target), Options{})
		require.Error(t, err, target)
	}
}
