package paths

import (
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
)

func contents(entitlements ...string) []any {
	var rows []any
	for _, e := range entitlements {
		rows = append(rows, map[string]any{"entitlement": e})
	}
	return rows
}

func texts(list ...string) []any {
	var rows []any
	for _, text := range list {
		rows = append(rows, text)
	}
	return rows
}

// accessPackage adds a package of the catalogue "sales"; of none that is seen where
// catalogue is empty.
func (n *tenant) accessPackage(id, catalog string, gives []any, policies ...any) {
	n.t.Helper()
	r := n.object("access_package:"+id, map[string]any{"contents": gives, "policies": policies})
	if catalog != "" {
		r.SetParentResourceId(v2.ResourceId_builder{ResourceType: "access_package_catalog", Resource: catalog}.Build())
	}
}

func TestWhoeverManagesAccessPackagesGivesThemselvesWhatIsInOne(t *testing.T) {
	n := newTenant(t)
	n.objects("group:finance", "access_package_catalog:sales", "group:managers", "user:owner", "user:packager", "user:assigner", "user:reader", "user:one-of-them", "user:has-it", "application:robot")
	policy := map[string]any{"id": "p", "requestable": false}
	n.accessPackage("onboarding", "sales", contents("group:finance:member"), policy)
	n.hold("user:owner", "access_package_catalog:sales:owner")
	n.hold("user:packager", "access_package_catalog:sales:access_package_manager")
	n.hold("group:managers", "access_package_catalog:sales:assignment_manager")
	n.hold("user:one-of-them", "access_package_catalog:sales:assignment_manager", "group:managers:member")
	n.hold("user:one-of-them", "group:managers:member")
	n.hold("user:reader", "access_package_catalog:sales:reader")
	n.hold("user:has-it", "access_package:onboarding:p")
	n.graph("EntitlementManagement.ReadWrite.All", "application:robot")
	tail := " access_package:onboarding (package-gives) group:finance"
	require.Equal(t, []string{
		"user:owner (manages-package)" + tail, "user:packager (manages-package)" + tail, "application:robot (manages-package)" + tail,
		"user:one-of-them (member) group:managers (manages-package)" + tail,
	}, n.paths("group:finance"), "who has the package and was taken out of the group comes back by nothing of their own")
}

// Without a policy there is nothing by which an assignment manager could assign.
func TestAnAssignmentManagerNeedsAPolicyToAssignBy(t *testing.T) {
	n := newTenant(t)
	n.objects("group:finance", "access_package_catalog:sales", "user:owner", "user:assigner")
	n.accessPackage("shell", "sales", contents("group:finance:owner"))
	n.hold("user:owner", "access_package_catalog:sales:owner")
	n.hold("user:assigner", "access_package_catalog:sales:assignment_manager")
	require.Equal(t, []string{"user:owner (manages-package) access_package:shell (package-gives) group:finance"}, n.paths("group:finance"))
}

func TestWhoeverMayAskSaysWhoHasToAgree(t *testing.T) {
	n := newTenant(t)
	n.objects("access_package_catalog:sales", "user:boss", "user:ann", "user:bob", "user:eve", "group:team")
	gives := contents("role:" + globalAdministrator + ":eligible")
	stage := func(approvers ...string) map[string]any { return map[string]any{"approvers": texts(approvers...)} }
	n.accessPackage("admin", "sales", gives,
		map[string]any{
			"id": "p", "requestable": true, "allowedTargets": texts("user:ann", "group:team", "user:not-there"), "approvalRequired": true,
			"stages": []any{stage("user:boss", "requestorManager:1"), stage()},
		},
		map[string]any{"id": "q", "requestable": false, "allowedTargets": texts("user:eve")},
		map[string]any{"id": "r", "requestable": true, "allowedTargetScope": "allMemberUsers"})
	n.hold("user:bob", "group:team:member")
	r := n.find("role:"+globalAdministrator, Options{})
	tail := " access_package:admin (package-gives) role:GA"
	require.Equal(t, []string{"user:ann (asks-for-package)" + tail, "user:bob (member) group:team (asks-for-package)" + tail}, told(r))
	step := r.Paths[0].Steps[0]
	require.True(t, step.Activation)
	require.Equal(t, "may ask for the access package, and needs the agreement of boss (boss@contoso.com) or their manager, then of somebody whom the policy does not name", step.Why)
	require.Contains(t, strings.Join(r.Unknown, "\n"), "who asks for 1 of the access packages on the way")
}

// A package whose catalogue is not seen has managers whom nobody here knows, and a group
// of a restricted unit is given by none.
func TestAnAccessPackageOutOfReachIsNoWay(t *testing.T) {
	n := newTenant(t)
	n.objects("group:protected", "group:open", "access_package_catalog:sales", "user:owner", "user:admin")
	n.unit("vault", true, "group:protected")
	n.accessPackage("inside", "sales", contents("group:protected:member"))
	n.accessPackage("hidden", "", contents("group:open:member"))
	n.hold("user:owner", "access_package_catalog:sales:owner")
	require.Empty(t, n.paths("group:protected"))
	r := n.find("group:open", Options{})
	require.Empty(t, told(r))
	require.Contains(t, strings.Join(r.Unknown, "\n"), "who manages 1 of the access packages on the way: their catalogue is not in the snapshot")
}
