package snapshotdiff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "temporary files are left behind")
}

// edges are the changes of access as strings.
func edges(c *compared) map[string]string {
	found := map[string]string{}
	for _, a := range c.document.Access {
		found[a.Entitlement.ID+" <- "+a.Principal.Type+":"+a.Principal.ID] = string(a.Old) + " to " + string(a.New)
	}
	return found
}

// awkward are ids whose order depends on how exactly a store compares them.
var awkward = []string{"a", "a:b", "a-b", "a b", "aa", "A", "b", "a\x01", "é", "~", "a:"}

// TestAccessIsNeverLostUnreportedHoweverIdsSort compares random snapshots with
// ids that are prefixes of each other, hold separators, or do not have the usual
// form, against a comparison of maps.
func TestAccessIsNeverLostUnreportedHoweverIdsSort(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // Not for secrets.
		tenants := []*tenant{newTenant(), newTenant()}
		states := []map[string]State{{}, {}}
		for i, n := range tenants {
			for _, on := range awkward {
				for _, id := range []string{"group:" + on + ":member", "group:" + on + ":a", "group:" + on, "opaque", "group:z:" + on} {
					e := v2.Entitlement_builder{Id: id, Resource: handmade.Ref("group", on)}.Build()
					for _, holder := range awkward {
						edge := id + " <- user:" + holder + " on " + on
						switch random.IntN(4) {
						case 0:
							n.grant(e, typeUser, holder)
							states[i][edge] = StateDirect
						case 1:
							n.grant(e, typeUser, holder, "group:other:member")
							states[i][edge] = StateDerived
						}
					}
				}
			}
		}
		want := map[string]string{}
		for i := range states {
			for edge := range states[i] {
				old, recent := StateNone, StateNone
				if s, ok := states[0][edge]; ok {
					old = s
				}
				if s, ok := states[1][edge]; ok {
					recent = s
				}
				if old != recent {
					want[edge] = string(old) + " to " + string(recent)
				}
			}
		}
		c := compare(t, tenants[0], tenants[1], Options{runBytes: 4 << 10})
		got := map[string]string{}
		for _, a := range c.document.Access {
			got[fmt.Sprintf("%s <- user:%s on %s", a.Entitlement.ID, a.Principal.ID, a.Resource.ID)] = string(a.Old) + " to " + string(a.New)
		}
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// office has one person, a group that holds the role of Global Administrator,
// and a plain group.
func office(t *testing.T) *tenant {
	t.Helper()
	n := newTenant()
	n.user(t, "ann", "Ann", "ann@example.com", v2.Status_RESOURCE_STATUS_ENABLED)
	n.resource("group", "admins", "Admins")
	n.resource("group", "staff", "Staff")
	n.resource(typeRole, globalAdministrator, "Global Administrator")
	n.entitlement("group", "admins", "member", "Member")
	n.entitlement("group", "staff", "member", "Member")
	n.entitlement(typeRole, globalAdministrator, slugAssigned, "Assigned")
	return n
}

func TestGrantThatTurnsDirectOrDerivedIsToldFromOneThatComesOrGoes(t *testing.T) {
	role := entitlementOf(typeRole, globalAdministrator, slugAssigned)
	own, admins, staff := role.GetId(), "group:admins:member", "group:staff:member"
	for name, c := range map[string]struct {
		old, recent []string // Sources; nil for no grant.
		change      string
		says        string
		summary     AccessSummary
	}{
		"gained directly": {nil, []string{}, accessGained, "+ Ann <ann@example.com>: Assigned, directly",
			AccessSummary{Effective: AccessCounts{Gained: 1}, Direct: AccessCounts{Gained: 1}, Privileged: AccessCounts{Gained: 1}}},
		"gained through a group": {nil, []string{admins}, accessGained, "+ Ann <ann@example.com>: Assigned, through Admins",
			AccessSummary{Effective: AccessCounts{Gained: 1}, Privileged: AccessCounts{Gained: 1}}},
		"lost, was direct": {[]string{}, nil, accessLost, "- Ann <ann@example.com>: Assigned, was direct",
			AccessSummary{Effective: AccessCounts{Lost: 1}, Direct: AccessCounts{Lost: 1}, Privileged: AccessCounts{Lost: 1}}},
		"lost, was derived": {[]string{admins, staff}, nil, accessLost, "- Ann <ann@example.com>: Assigned, was through Admins and 1 more",
			AccessSummary{Effective: AccessCounts{Lost: 1}, Privileged: AccessCounts{Lost: 1}}},
		"derived turns direct": {[]string{admins}, []string{own, admins}, accessDirect, "~ Ann <ann@example.com>: Assigned, now directly; was through Admins",
			AccessSummary{Direct: AccessCounts{Gained: 1}}},
		"direct turns derived": {[]string{}, []string{admins}, accessDerived, "~ Ann <ann@example.com>: Assigned, now only through Admins; was direct",
			AccessSummary{Direct: AccessCounts{Lost: 1}}},
		"direct gets a group as well":  {[]string{}, []string{own, admins}, "", "", AccessSummary{}},
		"derived through another one":  {[]string{admins}, []string{staff}, "", "", AccessSummary{}},
		"own entitlement alone is own": {[]string{own}, []string{}, "", "", AccessSummary{}},
	} {
		t.Run(name, func(t *testing.T) {
			old, recent := office(t), office(t)
			if c.old != nil {
				old.grant(role, typeUser, "ann", c.old...)
			}
			if c.recent != nil {
				recent.grant(role, typeUser, "ann", c.recent...)
			}
			got := compare(t, old, recent, Options{})
			require.Equal(t, c.summary, got.document.Summary.Access)
			if c.change == "" {
				require.Empty(t, got.document.Access)
				require.Contains(t, got.text, "No change.")
				return
			}
			require.Len(t, got.document.Access, 1)
			require.Equal(t, c.change, got.document.Access[0].Change)
			require.True(t, got.document.Access[0].Privileged)
			require.Contains(t, got.text, c.says+"\n")
		})
	}
}

func TestDirectOnlyLeavesOutWhatComesThroughGroups(t *testing.T) {
	role, staff := entitlementOf(typeRole, globalAdministrator, slugAssigned), entitlementOf("group", "staff", "member")
	old, recent := office(t), office(t)
	old.grant(role, typeUser, "ann", "group:admins:member")
	recent.grant(role, typeUser, "ann")
	recent.grant(staff, typeUser, "ann", "group:admins:member")
	c := compare(t, old, recent, Options{DirectOnly: true})
	require.Equal(t, map[string]string{role.GetId() + " <- user:ann": "none to direct"}, edges(c))
	require.NotContains(t, c.text, "\nAccess: ")
}

func TestSnapshotWithoutDerivedAccessIsNotTakenForLostAccessUnwarned(t *testing.T) {
	staff := entitlementOf("group", "staff", "member")
	old, recent := office(t), office(t)
	old.grant(staff, typeUser, "ann", "group:admins:member")
	c := compare(t, old, recent, Options{})
	require.Len(t, c.document.Warnings, 1)
	require.Contains(t, c.text, "--effective=false")
}

func TestPrivilegedRoleGainedIsNotHiddenBelowACap(t *testing.T) {
	const many = 3 * groupsShown
	old, recent := office(t), office(t)
	recent.resource(typeRole, directoryReaders, "Directory Readers")
	old.resource(typeRole, directoryReaders, "Directory Readers")
	scoped := globalAdministrator + "@unit"
	for _, n := range []*tenant{old, recent} {
		n.types = append(n.types, typeScopedRole)
		n.resource(typeScopedRole, scoped, "Global Administrator of a unit")
		for i := range many {
			n.user(t, fmt.Sprintf("u%04d", i), fmt.Sprintf("Person %04d", i), "", v2.Status_RESOURCE_STATUS_ENABLED)
			n.resource("group", fmt.Sprintf("g%04d", i), fmt.Sprintf("Group %04d", i))
		}
	}
	for i := range many {
		holder := fmt.Sprintf("u%04d", i)
		for j := range many {
			recent.grant(entitlementOf("group", fmt.Sprintf("g%04d", j), "member"), typeUser, holder)
		}
		recent.grant(entitlementOf(typeRole, directoryReaders, slugAssigned), typeUser, holder)
		recent.grant(entitlementOf(typeScopedRole, scoped, slugAssigned), typeUser, holder)
		recent.grant(entitlementOf(typeRole, globalAdministrator, slugEligible), typeUser, holder)
		recent.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeUser, holder, "group:admins:member")
	}
	c := compare(t, old, recent, Options{})
	start, end := strings.Index(c.text, "\nPrivileged access\n"), strings.Index(c.text, "\nAccess, by who")
	require.Positive(t, start)
	require.Greater(t, end, start)
	privileged := c.text[start:end]
	require.Equal(t, 3*many, strings.Count(privileged, "\n    + Person"))
	require.NotContains(t, privileged, "more")
	require.NotContains(t, privileged, "Directory Readers")

	// Held roles come before eligible ones, those before scoped ones, those before
	// other roles, and those before the rest.
	var order []string
	for _, a := range c.document.Access {
		if step := a.Entitlement.ID; len(order) == 0 || order[len(order)-1] != step && a.Resource.Type != "group" {
			order = append(order, step)
		}
	}
	require.Equal(t, []string{
		"role:" + globalAdministrator + ":assigned", "role:" + globalAdministrator + ":eligible",
		"scoped_role:" + scoped + ":assigned", "role:" + directoryReaders + ":assigned",
	}, order[:4])

	rest := c.text[end:]
	require.Contains(t, rest, fmt.Sprintf("... and %d more holders\n", many-groupsShown))
	require.Less(t, strings.Count(c.text, "\n"), 800, "the report is bounded")
	require.NotContains(t, c.whole, "... and")
	require.Equal(t, many*many, strings.Count(c.whole, "(group): "+"group:g"), "every change is listed under who holds it")
}
