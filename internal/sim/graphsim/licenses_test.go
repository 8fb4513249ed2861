package graphsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func TestLicencesAndTruthAgree(t *testing.T) {
	b := start(t)
	b.withPermissions("User.Read.All", "GroupMember.Read.All", "LicenseAssignment.Read.All")
	truth := b.server.tenant.Truth()
	var got, want []string
	consumed := map[string]int{}
	members := map[string]bool{}
	for _, e := range truth.Members {
		members[e.ObjectID+e.Principal.ID] = true
	}
	for _, u := range b.all("users?$select=id,assignedLicenses,licenseAssignmentStates&$top=999") {
		id, active := str(u["id"]), map[string]bool{}
		for _, s := range listOf(t, u, "licenseAssignmentStates") {
			group, sku := str(s["assignedByGroup"]), str(s["skuId"])
			got = append(got, edge(sku, "user", id, group, str(s["state"]), str(s["error"]), fmt.Sprint(s["disabledPlans"])))
			assert.True(t, group == "" || members[group+id], "inherited without being a direct member")
			if strings.HasPrefix(str(s["state"]), directory.StateActive) {
				active[sku] = true
			}
		}
		effective := map[string]bool{}
		for _, l := range listOf(t, u, "assignedLicenses") {
			consumed[str(l["skuId"])]++
			effective[str(l["skuId"])] = true
		}
		assert.Equal(t, active, effective, "assignedLicenses are the active ones of licenseAssignmentStates")
	}
	for _, g := range b.all("groups?$select=id,assignedLicenses&$top=999") {
		for _, l := range listOf(t, g, "assignedLicenses") {
			got = append(got, edge(str(l["skuId"]), "group", str(g["id"]), "", "", "", fmt.Sprint(l["disabledPlans"])))
		}
	}
	for _, l := range truth.LicenseAssignments {
		want = append(want, edge(l.SkuID, l.Principal.Type, l.Principal.ID, l.GroupID, l.State, l.Error, fmt.Sprint(l.DisabledPlans)))
	}
	assert.Equal(t, sorted(want), sorted(got))

	rows := b.get("subscribedSkus").rows()
	require.Len(t, rows, len(truth.Licenses)+1, "one product was bought twice")
	for _, l := range truth.Licenses {
		assert.Equal(t, consumed[l.SkuID], l.Consumed, l.PartNumber)
		used, enabled := 0.0, 0.0
		for _, row := range rows {
			if row["skuId"] == l.SkuID {
				n, _ := row["consumedUnits"].(float64)
				units, _ := row["prepaidUnits"].(map[string]any)
				paid, _ := units["enabled"].(float64)
				used, enabled = used+n, enabled+paid
				assert.Equal(t, l.PartNumber, row["skuPartNumber"])
			}
		}
		assert.InDelta(t, l.Consumed, used, 0)
		assert.InDelta(t, l.Enabled, enabled, 0)
	}
}

func TestSubscribedSkusTakeNoOptions(t *testing.T) {
	b := start(t)
	b.withPermissions("Organization.Read.All")
	for _, option := range []string{"$select=skuId", "$top=5", "$filter=skuId eq " + directory.DefaultAppRoleID, "$count=true"} {
		assert.Equal(t, http.StatusBadRequest, b.get("subscribedSkus?"+option).status, option)
	}
	assert.Equal(t, "3", b.get("subscribedSkus").header.Get("x-ms-resource-unit"))
}

func TestLicencesOfGroupsReachDirectMembersOnly(t *testing.T) {
	tenant := NewTenant(Small, 1)
	outer, inner := tenant.ID(KindGroup, GroupAppOuter), tenant.Groups[directory.GroupAppInner].Members
	direct := map[string]bool{}
	for _, e := range tenant.Truth().LicenseAssignments {
		if e.GroupID == outer {
			direct[e.Principal.ID] = true
		}
	}
	assert.Len(t, direct, 4)
	for _, m := range inner {
		assert.False(t, direct[tenant.IDOf(m)])
	}
	for access := range tenant.EachEffectiveLicense() {
		for _, p := range access.Principals {
			require.Equal(t, "user", p.Type)
		}
	}
}

func TestEverySizeHasEveryStateOfLicences(t *testing.T) {
	for _, size := range []Size{Small, Medium} {
		tenant := NewTenant(size, 1)
		inherit, own, both, states := 0, 0, 0, map[string]int{}
		for i := range tenant.Shape.Users {
			direct, group := map[int]bool{}, map[int]bool{}
			for _, s := range tenant.LicenseStates(i) {
				states[s.State+" "+s.Err]++
				if s.Group == directory.Directly {
					direct[s.Sku] = true
				} else {
					group[s.Sku] = true
				}
				if len(s.Disabled) > 0 {
					states["disabled plans"]++
				}
			}
			if len(group) > 0 {
				inherit++
			} else if len(direct) > 0 {
				own++
			}
			if group[directory.LicenseE3] && direct[directory.LicenseE3] {
				both++
			}
		}
		assert.Greater(t, inherit, tenant.Shape.Users/4, size)
		assert.Positive(t, own)
		assert.Positive(t, both)
		for _, s := range []string{"Active None", "Error CountViolation", "ActiveWithError DependencyViolation", "disabled plans"} {
			assert.Positive(t, states[s], s)
		}
	}
}

func TestGroupsSayWhenALicenceDidNotReachAMember(t *testing.T) {
	b := start(t)
	path := "groups/" + b.server.tenant.ID(KindGroup, directory.GroupPage) + "?$select=id,hasMembersWithLicenseErrors,licenseProcessingState"
	assert.Equal(t, true, b.get(path).body["hasMembersWithLicenseErrors"])
	assert.Equal(t, map[string]any{"state": "ProcessingComplete"}, b.get(path).body["licenseProcessingState"])
	path = "groups/" + b.server.tenant.ID(KindGroup, directory.GroupAppInner) + "?$select=id,hasMembersWithLicenseErrors,licenseProcessingState"
	assert.Equal(t, false, b.get(path).body["hasMembersWithLicenseErrors"])
	assert.Nil(t, b.get(path).body["licenseProcessingState"])
}
