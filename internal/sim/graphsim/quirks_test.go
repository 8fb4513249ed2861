package graphsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/generate"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// startWith is start with a tenant made another way.
func startWith(t *testing.T, options ...Option) *bench {
	t.Helper()
	server, err := Start(NewTenant(Small, 1, options...), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	b := &bench{t: t, server: server, client: clientOf(t, server)}
	b.bearer = b.login()
	return b
}

const (
	schedules = "roleManagement/directory/roleAssignmentScheduleInstances"
	eligibles = "roleManagement/directory/roleEligibilityScheduleInstances"
)

// signs say of each quirk whether it shows.
var signs = map[Quirk]func(b *bench) bool{
	QuirkSelectInExpand: func(b *bench) bool {
		return b.get(schedules+"?$expand=principal($select=id)").code() == api.CodeInvalidFilter
	},
	directory.QuirkExpandCap: func(b *bench) bool {
		return len(b.get("users?$select=id&$expand=manager($select=id)&$top=999").rows()) == 100
	},
	directory.QuirkScheduleRoleIDs: func(b *bench) bool { return b.customRole("") != b.customRole("real") },
	QuirkFlexibleCredential: func(b *bench) bool {
		return !json.Valid(b.get("applications?$expand=federatedIdentityCredentials").raw)
	},
	QuirkRiskyUsersEnd: func(b *bench) bool {
		b.server.SetRiskyUsers(7)
		return b.get("identityProtection/riskyUsers?$top=7").next() != ""
	},
	QuirkReportsFlicker: func(b *bench) bool {
		b.withPermissions("User.Read.All", "AuditLog.Read.All")
		refused := 0
		for range 2 * permissions.FlickerStep {
			if b.get("users?$select=id,signInActivity&$top=1").code() == permissions.CodePremiumReports {
				refused++
			}
		}
		return refused == 2
	},
	QuirkPlanEnded: func(b *bench) bool { return b.get(schedules).code() == permissions.CodePremiumRequired },
	directory.QuirkErrorBodies: func(b *bench) bool {
		marked := 0
		for n := range 20 {
			a := b.get(fmt.Sprintf("users/%s", b.id(KindGroup, n)))
			require.Equal(b.t, api.CodeResourceNotFound, a.code())
			if bytes.HasPrefix(a.raw, []byte(api.ByteOrderMark)) {
				marked++
			}
		}
		return marked > 0 && marked < 20
	},
	directory.QuirkGraphRoles: func(b *bench) bool {
		return len(b.server.tenant.SPs[directory.SPGraph].Roles) == generate.GraphRoleCount
	},
	QuirkSignInPlaceholders:        func(b *bench) bool { return strings.Contains(b.people("signInActivity"), schema.NoMoment) },
	directory.QuirkLicenseTwice:    func(b *bench) bool { return b.failsDirectly() > 0 },
	directory.QuirkLicenseUnserved: func(b *bench) bool { return b.unprocessed() > 0 },
	directory.QuirkDeletedPeople: func(b *bench) bool {
		return slices.Contains(b.get("servicePrincipals/"+b.id(KindServicePrincipal, SPPayroll)+"/owners").ids(), b.server.tenant.IDOf(b.server.tenant.DeletedUser(directory.DeletedOwner)))
	},
	QuirkPartners:                func(b *bench) bool { return len(b.server.tenant.Truth().PartnerRoleAssignments) == 2 },
	directory.QuirkHeavyLicenses: func(b *bench) bool { return len(b.people("licenseAssignmentStates")) > 3_000*999 },
	QuirkSyncedHolders: func(*bench) bool {
		return len(NewTenant(Medium, 1).Groups) == directory.Shapes[Medium].Groups+directory.Shapes[Medium].SyncedHolders
	},
	QuirkCustomerTenant: func(b *bench) bool { return strings.Contains(b.people("identities"), directory.SignInByAddress) },
	directory.QuirkUnnamed: func(b *bench) bool {
		return strings.Contains(string(b.get("applications/"+b.id(KindApplication, directory.RegistrationPrototype)).raw), `"keyId":null`)
	},
	directory.QuirkDeltaRemoved: func(b *bench) bool {
		return strings.Contains(string(b.get(deltaPath(b.server.tenant, withRelations, directory.GroupChain0, directory.GroupChain3, directory.GroupDiamondTop)).raw), `"@removed"`)
	},
	directory.QuirkActivatedThrough: func(b *bench) bool { return b.activatedThrough() == 1 },
	QuirkOddProfiles:                func(b *bench) bool { return strings.Contains(b.people("employeeHireDate"), schema.NoMoment) },
	directory.QuirkLongValues:       func(b *bench) bool { return strings.Contains(b.people("proxyAddresses"), "smtp:alias59.") },
}

// people are a page of people with one property.
func (b *bench) people(property string) string {
	return string(b.get("users?$select=id,"+property+"&$top=999").raw) + string(b.get("users?$select=id,"+property+"&$top=500").raw)
}

// customRole is the id that a row of a custom role has, or the one its definition has.
func (b *bench) customRole(which string) string {
	role := b.server.tenant.Roles[len(directory.BuiltInRoles)].ID.String()
	if which != "" {
		return role
	}
	rows := b.get(schedules + "?$filter=roleDefinitionId eq '" + role + "'").rows()
	require.NotEmpty(b.t, rows, "either id finds the rows")
	return str(rows[0]["roleDefinitionId"])
}

// failsDirectly is how many people have in vain directly what a group gives them, and works.
func (b *bench) failsDirectly() int {
	n := 0
	for i := range b.server.tenant.Shape.Users {
		works, fails := map[int]bool{}, map[int]bool{}
		for _, s := range b.server.tenant.LicenseStates(i) {
			works[s.Sku] = works[s.Sku] || s.Active()
			fails[s.Sku] = fails[s.Sku] || !s.Active() && s.Group == directory.Directly
		}
		if fails[directory.LicenseE3] && works[directory.LicenseE3] {
			n++
		}
	}
	return n
}

// unprocessed is how many members of the licensed groups say nothing of the group.
func (b *bench) unprocessed() int {
	n, t := 0, b.server.tenant
	for g := range t.Licensed {
		for _, m := range t.Groups[g].Members {
			if m.Kind() == KindUser && t.Live(m) && !slices.ContainsFunc(t.LicenseStates(m.Index()), func(s directory.LicenseState) bool { return s.Group == g }) {
				n++
			}
		}
	}
	return n
}

// activatedThrough is how many direct assignments of people came through a group.
func (b *bench) activatedThrough() int {
	plain := map[string]bool{}
	for _, row := range b.all("roleManagement/directory/roleAssignments") {
		plain[edge(str(row["principalId"]), str(row["roleDefinitionId"]))] = true
	}
	n := 0
	for _, row := range b.all(schedules) {
		if row["memberType"] == directory.MemberGroup && row["assignmentType"] == directory.Activated.Truth() {
			n++
			assert.True(b.t, plain[edge(str(row["principalId"]), b.roleOf(str(row["roleDefinitionId"])))])
			assert.NotEmpty(b.t, row["endDateTime"])
		}
	}
	return n
}

func TestEveryUnkindnessIsOnAndCanBeSwitchedOffByName(t *testing.T) {
	require.Len(t, signs, len(Quirks()))
	for _, q := range Quirks() {
		t.Run(string(q), func(t *testing.T) {
			require.NotZero(t, directory.QuirkBits[q])
			on := !slices.Contains(directory.OffByDefault, q)
			assert.Equal(t, on, signs[q](start(t)), "as it is made")
			if q == QuirkSyncedHolders {
				return // Of larger tenants: see the test of its own.
			}
			changed := Without(q)
			if !on {
				changed = With(q)
			}
			assert.Equal(t, !on, signs[q](startWith(t, changed)), "switched by name")
			assert.False(t, signs[q](startWith(t, Without())), "switched with all others")
			if q.OfService() {
				b := start(t)
				b.server.Unkindly(q)
				assert.True(t, signs[q](b))
				b.server.Kindly(q)
				b.bearer = b.login()
				assert.False(t, signs[q](b))
			}
		})
	}
}

func TestTenantWithoutQuirksIsMadeTheSameEveryTime(t *testing.T) {
	encode := func(options ...Option) string {
		raw, err := json.Marshal(NewTenant(Small, 7, options...).Truth())
		require.NoError(t, err)
		return string(raw)
	}
	for _, q := range Quirks() {
		first, second := encode(Without(q)), encode(Without(q))
		assert.True(t, first == second, q) // Whole tenants are too long to be shown.
	}
	assert.NotEqual(t, encode(), encode(Without()))
}

func TestKindlyLeavesWhatTheTenantHolds(t *testing.T) {
	b := start(t)
	before := b.server.tenant.Truth()
	b.server.Kindly()
	after := b.server.tenant.Truth()
	for i := range after.Applications {
		after.Applications[i].FederatedUnreadable = before.Applications[i].FederatedUnreadable
	}
	for i := range after.Credentials {
		after.Credentials[i].Unreadable = before.Credentials[i].Unreadable
	}
	assert.Equal(t, before, after)
}

func TestSmallTenantCanHaveLargeSynchronizedHolders(t *testing.T) {
	truth := NewTenant(Small, 1, SyncedHolders(8, 1_000)).Truth()
	synced, members := map[string]bool{}, map[string]int{}
	for _, g := range truth.Groups {
		synced[g.ID] = g.Synced
	}
	for _, m := range truth.Members {
		members[m.ObjectID]++
	}
	holders := 0
	for _, a := range truth.AppRoleAssignments {
		if a.Principal.Type == "group" && synced[a.Principal.ID] && members[a.Principal.ID] == 1_000 {
			holders++
		}
	}
	assert.Equal(t, 8, holders)
	assert.Equal(t, http.StatusOK, startWith(t, SyncedHolders(2, 10)).get("groups").status)
}
