package snapshotdiff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
)

func TestMembershipAndWhatComesOfItAreNotToldAsTwoChanges(t *testing.T) {
	member := entitlementOf(typeGroup, "admins", "member")
	role := entitlementOf(typeRole, globalAdministrator, slugAssigned)
	for _, gained := range []bool{true, false} {
		old, recent := office(t), office(t)
		for _, n := range []*tenant{old, recent} {
			n.grant(role, typeGroup, "admins")
		}
		recent.grant(member, typeUser, "ann")
		recent.grant(role, typeUser, "ann", member.GetId())
		c := compare(t, old, recent, Options{})
		if !gained {
			c = compare(t, recent, old, Options{})
		}
		require.Equal(t, 1, strings.Count(c.text, "Ann"), c.text)
		require.Contains(t, c.text, "through Admins")
		require.Equal(t, 1, c.document.Summary.Privileged, "one change, and not a way besides")
		require.Len(t, c.document.Access, 2, "JSON has every row")
		for _, a := range c.document.Access {
			require.Equal(t, a.Entitlement.ID == member.GetId(), a.ToldBy == toldByConsequence)
			require.Equal(t, a.ToldBy == "", a.Privileged)
		}
		// Without access through groups the membership is all there is to tell.
		c = compare(t, old, recent, Options{DirectOnly: true})
		require.Contains(t, c.text, "  Admins (group): the group holds Global Administrator\n    + Ann <ann@example.com>: Member, directly\n")
	}
}

func TestPrivilegedMembershipIsNotHiddenBehindAHarmlessConsequence(t *testing.T) {
	old, recent := enterprise(t), enterprise(t)
	for _, n := range []*tenant{old, recent} {
		n.entitlement(typeApplication, "robot", "user", "User")
	}
	recent.grant(entitlementOf(typeGroup, "assignable", "member"), typeUser, "ann")
	recent.grant(entitlementOf(typeApplication, "robot", "user"), typeUser, "ann", "group:assignable:member")
	c := compare(t, old, recent, Options{})
	require.Equal(t, 1, c.document.Summary.Privileged)
	require.Contains(t, c.text, "  Assignable (group): "+whyAssignable+"\n    + Ann <ann@example.com>: Member, directly\n")
}

func TestGainAndLossAreNotTakenForEachOthersCause(t *testing.T) {
	old, recent := office(t), office(t)
	old.grant(entitlementOf(typeRole, directoryReaders, slugAssigned), typeUser, "ann", "group:staff:member")
	recent.grant(entitlementOf(typeGroup, "staff", "member"), typeUser, "ann")
	c := compare(t, old, recent, Options{})
	require.Contains(t, c.text, "+ Staff (group): Member, directly\n")
	require.Contains(t, c.text, "was through Staff\n")
}

// TestEveryChangeIsToldOnce compares random snapshots, and looks for each change in the
// whole report.
func TestEveryChangeIsToldOnce(t *testing.T) {
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // Not for secrets.
		tenants := []*tenant{newTenant(), newTenant()}
		for _, n := range tenants {
			n.resource(typeRole, globalAdministrator, "Role Global")
			n.resource(typeRole, directoryReaders, "Role Readers")
			for i := range 12 {
				n.user(t, fmt.Sprintf("u%02d", i), fmt.Sprintf("Person %02d", i), fmt.Sprintf("p%02d@x", i), v2.Status_RESOURCE_STATUS_ENABLED)
				n.resource(typeGroup, fmt.Sprintf("g%02d", i), fmt.Sprintf("Group %02d", i))
			}
			n.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeGroup, "g00")
			for i := range 12 {
				for j := range 12 {
					member := entitlementOf(typeGroup, fmt.Sprintf("g%02d", j), "member")
					if random.IntN(3) > 0 {
						continue
					}
					n.grant(member, typeUser, fmt.Sprintf("u%02d", i))
					if j == 0 {
						n.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeUser, fmt.Sprintf("u%02d", i), member.GetId())
					}
				}
				if random.IntN(2) == 0 {
					n.grant(entitlementOf(typeRole, directoryReaders, slugAssigned), typeUser, fmt.Sprintf("u%02d", i))
				}
			}
		}
		for _, bytes := range []int{0, 2 << 10} {
			c := compare(t, tenants[0], tenants[1], Options{runBytes: bytes})
			lines, told := 0, 0
			for line := range strings.Lines(c.whole) {
				if strings.HasPrefix(line, "    + ") || strings.HasPrefix(line, "    - ") {
					lines++
				}
			}
			for _, a := range c.document.Access {
				if a.ToldBy == "" {
					told++
				}
			}
			require.Positive(t, told)
			require.Less(t, told, len(c.document.Access), "some are told by what comes of them")
			require.Equal(t, told, lines, c.whole)
		}
	}
}

func TestRoleAtAScopeIsToldByWhoHoldsIt(t *testing.T) {
	old, recent := enterprise(t), enterprise(t)
	scoped := helpdeskAdministrator + "@unit"
	recent.resource(typeScopedRole, scoped, "Helpdesk Administrator of a unit")
	recent.resource(typeScopedRole, directoryReaders+"@unit", "Held by nobody who was read")
	recent.grant(entitlementOf(typeScopedRole, scoped, slugAssigned), typeUser, "ann")
	c := compareTold(t, old, recent)
	require.Equal(t, 1, strings.Count(c.text, "Helpdesk Administrator of a unit"), c.text)
	require.Contains(t, c.text, "+ Held by nobody who was read (directory role at a scope)\n")
}

func TestCredentialThatGoesWithItsApplicationIsNotASecondLoss(t *testing.T) {
	old, recent := enterprise(t), enterprise(t)
	for _, n := range []*tenant{old, recent} {
		n.resource(typeCredential, "robot:kept", "Kept")
	}
	old.resource(typeApplication, "gone", "Gone")
	for id, parent := range map[string]string{"gone:key": "gone", "robot:key": "robot"} {
		old.resource(typeCredential, id, "Secret of "+parent).SetParentResourceId(v2.ResourceId_builder{ResourceType: typeApplication, Resource: parent}.Build())
	}
	c := compare(t, old, recent, Options{})
	require.Contains(t, c.text, "  - Gone (application)\n")
	require.NotContains(t, c.text, "Secret of gone")
	require.Contains(t, c.text, "  - Secret of robot (credential) of Robot (application)\n")
}
