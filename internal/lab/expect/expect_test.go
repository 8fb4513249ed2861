package expect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

type rows map[expect.Kind]map[string]int

func snapshot(truth *graphsim.Truth, o expect.Options) rows {
	out := rows{expect.Resource: {}, expect.Entitlement: {}, expect.Direct: {}, expect.Effective: {}, expect.Takes: {}}
	expect.Snapshot(truth, o, func(kind expect.Kind, row string) { out[kind][row]++ })
	return out
}

func TestLicenceIsHeldOnlyByWhoseOwnStateWorks(t *testing.T) {
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	type key struct{ sku, person string }
	works, fails, direct := map[key]bool{}, map[key]bool{}, map[key]bool{}
	for _, a := range truth.LicenseAssignments {
		if a.Principal.Type != "user" {
			continue
		}
		k := key{a.SkuID, a.Principal.ID}
		works[k], fails[k] = works[k] || a.Works(), fails[k] || !a.Works()
		direct[k] = direct[k] || a.GroupID == "" && a.Works()
	}
	both, none := 0, 0
	for _, o := range []expect.Options{{}, {NoHidden: true}, {SkipADGroups: true}} {
		got := snapshot(&truth, o)
		for k := range fails {
			row := expect.Edge("license:"+k.sku+":assigned", "user", k.person)
			assert.Equal(t, works[k], got[expect.Effective][row] > 0, row)
			assert.Equal(t, direct[k], got[expect.Direct][row] > 0, row)
			switch {
			case works[k] && fails[k]:
				both++
			case !works[k]:
				none++
			}
		}
	}
	assert.Positive(t, both, "one way works and another does not")
	assert.Positive(t, none, "no way works")
}

func TestMemberOfALicensedGroupWhoSaysNothingOfItDoesNotHoldIt(t *testing.T) {
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	got := snapshot(&truth, expect.Options{})
	type way struct{ sku, group, person string }
	said := map[way]bool{}
	gives := map[string][]string{}
	people := map[string]bool{}
	for _, u := range truth.Users {
		people[u.ID] = true
	}
	for _, a := range truth.LicenseAssignments {
		if a.Principal.Type == "group" {
			gives[a.Principal.ID] = append(gives[a.Principal.ID], a.SkuID)
			assert.Equal(t, 1, got[expect.Direct][expect.Edge("license:"+a.SkuID+":assigned", "group", a.Principal.ID)])
			continue
		}
		said[way{a.SkuID, a.GroupID, a.Principal.ID}] = true
	}
	silent := 0
	for _, m := range truth.Members {
		for _, sku := range gives[m.ObjectID] {
			if !people[m.Principal.ID] || said[way{sku, m.ObjectID, m.Principal.ID}] {
				continue
			}
			if got[expect.Effective][expect.Edge("license:"+sku+":assigned", "user", m.Principal.ID)] == 0 {
				silent++
			}
		}
	}
	assert.Positive(t, silent)
}

func TestNobodyWhoIsGoneHoldsAnything(t *testing.T) {
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	got := snapshot(&truth, expect.Options{DeletedUsers: true, Devices: true})
	require.NotEmpty(t, truth.DeletedUsers)
	for _, kind := range []expect.Kind{expect.Direct, expect.Effective} {
		for row := range got[kind] {
			for _, u := range truth.DeletedUsers {
				require.NotContains(t, row, "user:"+u.ID)
			}
		}
	}
}

// They hold what they hold, and nothing refers to them where they are not shown.
func TestPrincipalsOfOtherTenantsAreShownWithTheirRolesOrNotAtAll(t *testing.T) {
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	require.Len(t, truth.PartnerRoleAssignments, 2)
	with, without := snapshot(&truth, expect.Options{}), snapshot(&truth, expect.Options{NoPartners: true})
	for _, p := range truth.PartnerRoleAssignments {
		edge := expect.Edge("role:"+p.RoleID+":assigned", "partner_principal", p.PrincipalID)
		assert.Equal(t, 1, with[expect.Resource]["partner_principal:"+p.PrincipalID])
		assert.Equal(t, 1, with[expect.Direct][edge])
		assert.Equal(t, 1, with[expect.Effective][edge])
		for _, rows := range without {
			for row := range rows {
				require.NotContains(t, row, p.PrincipalID)
			}
		}
	}
}

func TestCredentialsWithoutAKeyAreCountedAndUnreadableOnesLeftOut(t *testing.T) {
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	got := snapshot(&truth, expect.Options{})
	nameless, unreadable := 0, 0
	for _, c := range truth.Credentials {
		row := "credential:" + c.OwnerID + ":" + c.KeyID
		switch {
		case c.Unreadable:
			unreadable++
			assert.Zero(t, got[expect.Resource][row])
		case c.KeyID == "":
			nameless++
			assert.Equal(t, 1, got[expect.Resource][row+"unnamed-1"])
			assert.Equal(t, 1, got[expect.Resource][row+"unnamed-2"])
			assert.Zero(t, got[expect.Resource][row+"unnamed-3"])
		default:
			assert.Equal(t, 1, got[expect.Resource][row])
		}
	}
	assert.Equal(t, 4, nameless)
	assert.Positive(t, unreadable)

	renamed := map[string]bool{}
	name := expect.Unnamed(&truth)
	for row := range got[expect.Resource] {
		row = strings.Replace(row, ":unnamed-", ":whatever-the-connector-says-", 1)
		renamed[name(row)] = true
	}
	for row := range got[expect.Resource] {
		require.True(t, renamed[row], row)
	}
}
