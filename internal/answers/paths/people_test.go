package paths

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

const holdsGA = "role:" + globalAdministrator + ":assigned"

func TestRoleOverAUnitReachesNobodyOutsideOfIt(t *testing.T) {
	n := newTenant(t)
	n.objects("user:inside", "user:outside", "user:helper")
	n.hold("user:inside", "application:app:owner")
	n.hold("user:outside", "application:app:owner")
	n.object("application:app", nil)
	n.unit("sales", false, "user:inside")
	n.unit("empty", false)
	n.over(helpdeskAdministrator, "sales", "user:helper")
	n.over(helpdeskAdministrator, "empty", "user:outside")
	require.Equal(t, []string{
		"user:inside (owns-application) application:app",
		"user:outside (owns-application) application:app",
		"user:helper (holds-role) scoped_role:Helpdesk@sales (resets) user:inside (owns-application) application:app",
	}, n.paths("application:app"))
}

const outside = "from another organization"

func TestHelpdeskDoesNotResetAnAdministratorWhoIsOutOfItsReach(t *testing.T) {
	for name, protect := range map[string]func(n *tenant){
		"a role that is not in its column": func(n *tenant) { n.hold("user:boss", "role:"+groupsAdministrator+":assigned") },
		"a custom role":                    func(n *tenant) { n.objects("role:custom"); n.hold("user:boss", "role:custom:assigned") },
		"in a group that can hold roles": func(n *tenant) {
			n.object("group:tier0", map[string]any{"isAssignableToRole": true})
			n.hold("user:boss", "group:tier0:member")
		},
		"owner of a group that can hold roles": func(n *tenant) {
			n.object("group:tier0", map[string]any{"isAssignableToRole": true})
			n.hold("user:boss", "group:tier0:owner")
		},
		"a role over a restricted unit": func(n *tenant) {
			n.unit("executives", true)
			n.over(helpdeskAdministrator, "executives", "user:boss")
		},
		"in a restricted unit": func(n *tenant) { n.unit("executives", true, "user:boss") },
		outside:                func(*tenant) {},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTenant(t)
			n.objects("application:app", "user:helper")
			profile := map[string]any{"userPrincipalName": "boss@contoso.com"}
			if name == outside {
				profile["userPrincipalName"] = "boss_partner.example#EXT#@contoso.onmicrosoft.com"
			}
			n.object("user:boss", profile)
			n.hold("user:boss", "application:app:owner")
			n.hold("user:helper", "role:"+helpdeskAdministrator+":assigned")
			protect(n)
			require.Equal(t, []string{"user:boss (owns-application) application:app"}, n.paths("application:app"))
		})
	}
}

func TestWhoOnlyCouldActivateARoleIsNotProtectedByIt(t *testing.T) {
	n := newTenant(t)
	n.objects("user:boss", "user:helper")
	n.hold("user:boss", "role:"+globalAdministrator+":eligible")
	n.hold("user:helper", "role:"+helpdeskAdministrator+":assigned")
	require.Equal(t, []string{
		"user:boss (eligible-for-role) role:GA",
		"user:helper (holds-role) role:Helpdesk (resets) user:boss (eligible-for-role) role:GA",
	}, n.paths("role:"+globalAdministrator))
}

func TestInAUnitTheHelpdeskReachesNoAdministratorAtAllAndTheUserAdministratorSome(t *testing.T) {
	n := newTenant(t)
	n.objects("application:app", "user:boss", "user:helper", "user:manager")
	n.hold("user:boss", "application:app:owner")
	n.hold("user:boss", "role:"+helpdeskAdministrator+":assigned")
	n.unit("sales", false, "user:boss")
	n.over(helpdeskAdministrator, "sales", "user:helper")
	n.over(userAdministrator, "sales", "user:manager")
	require.Equal(t, []string{
		"user:boss (owns-application) application:app",
		"user:manager (holds-role) scoped_role:UserAdmin@sales (resets) user:boss (owns-application) application:app",
	}, n.paths("application:app"))
}

func TestRestrictedUnitKeepsOutEverybodyButItsOwnAdministratorsAndWhoGivesRoles(t *testing.T) {
	n := newTenant(t)
	n.objects("application:app", "user:boss", "user:tenantwide", "user:elsewhere", "user:own", "user:giver")
	n.hold("user:boss", "application:app:owner")
	n.unit("executives", true, "user:boss")
	n.unit("headquarters", false, "user:boss")
	n.hold("user:tenantwide", "role:"+userAdministrator+":assigned")
	n.over(privilegedAuthentication, "headquarters", "user:elsewhere")
	n.over(helpdeskAdministrator, "executives", "user:own")
	n.hold("user:giver", "role:"+privilegedRoleAdministrator+":assigned")
	require.Equal(t, []string{
		"user:boss (owns-application) application:app",
		"user:giver (holds-role) role:PRA (lifts-restriction) user:boss (owns-application) application:app",
		"user:own (holds-role) scoped_role:Helpdesk@executives (resets) user:boss (owns-application) application:app",
	}, n.paths("application:app"))
}

func TestFederationAndSynchronizationReachPeopleFromOnPremisesOnly(t *testing.T) {
	n := newTenant(t)
	n.object("user:cloud", map[string]any{"source": "cloud"})
	n.object("user:synced", map[string]any{"source": "on-premises"})
	n.objects("user:hybrid")
	n.hold("user:hybrid", "role:"+hybridIdentity+":assigned")
	n.hold("user:cloud", holdsGA)
	require.Equal(t, []string{"user:cloud (holds-role) role:GA"}, n.paths("role:"+globalAdministrator))
	n.hold("user:synced", holdsGA)
	require.Contains(t, n.paths("role:"+globalAdministrator), "user:hybrid (holds-role) role:Hybrid (synchronizes) user:synced (holds-role) role:GA")
}

func TestAdministratorsOfOnePersonAreFoundBehindACrowd(t *testing.T) {
	n := newTenant(t)
	n.objects("group:everybody", "user:helper", "user:own", "user:giver", "user:tenantwide", "user:zz-in-unit", "user:zz-restricted", "user:zz-alone", "user:close")
	for i := range crowd + 10 {
		person := fmt.Sprintf("user:person-%04d", i)
		n.objects(person)
		n.hold(person, "group:everybody:member")
	}
	for _, last := range []string{"user:zz-in-unit", "user:zz-restricted", "user:zz-alone"} {
		n.hold(last, "group:everybody:member")
	}
	n.object("user:person-synced", map[string]any{"source": "on-premises"})
	n.hold("user:person-synced", "group:everybody:member")
	for _, role := range []string{helpdeskAdministrator, privilegedAuthentication, globalAdministrator, hybridIdentity} {
		n.hold("user:tenantwide", "role:"+role+":assigned")
	}
	n.unit("sales", false, "user:zz-in-unit")
	n.over(userAdministrator, "sales", "user:helper")
	n.unit("executives", true, "user:zz-restricted")
	n.over(helpdeskAdministrator, "executives", "user:own")
	n.over(helpdeskAdministrator, "zz-alone", "user:close")
	n.hold("user:giver", "role:"+privilegedRoleAdministrator+":assigned")
	lines := n.paths("group:everybody")
	require.Len(t, lines, crowd+10+4+5)
	for _, line := range []string{
		"user:close (holds-role) scoped_role:Helpdesk@zz-alone (resets) user:zz-alone (member) group:everybody",
		"user:giver (holds-role) role:PRA (lifts-restriction) user:zz-restricted (member) group:everybody",
		"user:helper (holds-role) scoped_role:UserAdmin@sales (resets) user:zz-in-unit (member) group:everybody",
		"user:own (holds-role) scoped_role:Helpdesk@executives (resets) user:zz-restricted (member) group:everybody",
	} {
		require.Contains(t, lines, line)
	}
}
