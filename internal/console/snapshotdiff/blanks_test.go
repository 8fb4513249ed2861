package snapshotdiff

import (
	"maps"
	"slices"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// about is what a snapshot says of itself that has read everything but some.
func about(lacks ...string) map[string]any {
	read, left := []any{}, map[string]any{}
	for _, data := range append([]string{"users", "groups"}, comparedData...) {
		missing := false
		for _, l := range lacks {
			missing = missing || l == data
		}
		if missing {
			left[data] = "permission X.Read.All"
		} else {
			read = append(read, data)
		}
	}
	return map[string]any{"dataSets": read, "leftOut": left, "build": "v1", "readAt": "2026-11-25T08:00:00Z"}
}

// full is an enterprise that has a row of every data set.
func full(t *testing.T) *tenant {
	t.Helper()
	n := consented(t, "admin", "Mail.Read")
	n.types = append(n.types, access.TypeUnit, typeLicense, access.TypeAgentIdentity, access.TypePackage, access.TypePackageCatalog, access.TypeChannel)
	n.grant(entitlementOf(typeRole, globalAdministrator, slugEligible), typeUser, "ann")
	n.resource(typeScopedRole, globalAdministrator+"@unit", "Global Administrator of a unit")
	n.grant(entitlementOf(typeScopedRole, globalAdministrator+"@unit", slugEligible), typeUser, "ann")
	n.grant(entitlementOf(typeGroup, "admins", access.SlugEligibleOwner), typeUser, "ann")
	n.resource(access.TypeAgentIdentity, "agent", "Agent")
	n.grant(entitlementOf(access.TypeAgentIdentity, "agent", access.SlugSponsor), typeUser, "ann")
	n.resource(typeApplication, "blueprint", "Blueprint")
	n.grant(entitlementOf(typeApplication, "blueprint", access.SlugAgent), access.TypeAgentIdentity, "agent")
	n.grant(entitlementOf(typeApplication, "robot", "inherited"), access.TypeAgentIdentity, "agent", "application:blueprint:agent")
	n.grant(entitlementOf(typeGroup, "admins", "application.TeamSettings.Read.Group"), access.TypeAgentIdentity, "agent")
	n.resource(access.TypeChannel, "team:19:x", "Mergers")
	n.grant(entitlementOf(access.TypeChannel, "team:19:x", access.SlugOwner), typeUser, "ann")
	n.resource(access.TypeUnit, "unit", "Unit")
	n.grant(entitlementOf(access.TypeUnit, "unit", "member"), typeUser, "ann")
	n.resource(typeLicense, "E5", "E5")
	n.grant(entitlementOf(typeLicense, "E5", slugAssigned), typeUser, "ann")
	n.resource(access.TypePackage, "onboarding", "Onboarding")
	n.grant(entitlementOf(access.TypePackage, "onboarding", "policy"), typeUser, "ann")
	n.resource(access.TypePackageCatalog, "sales", "Sales")
	n.grant(entitlementOf(access.TypePackageCatalog, "sales", access.SlugOwner), typeUser, "ann")
	n.profiled(t, typeCredential, "robot:trust", "Trust", map[string]any{"kind": kindFederated})
	n.profiled(t, typeGroup, "secret", "Secret", map[string]any{"visibility": hiddenMembership})
	n.grant(entitlementOf(typeGroup, "secret", "member"), typeUser, "ann")
	n.grant(entitlementOf(typeApplication, "robot", "user"), typeUser, "ann", "group:secret:member")
	n.user(t, "gone", "Gone", "gone@example.com", v2.Status_RESOURCE_STATUS_DELETED)
	return n
}

// without is full as a sync gives it that has not read a data set.
func without(t *testing.T, data string) *tenant {
	t.Helper()
	n := full(t)
	kept := n.resources[:0]
	for _, r := range n.resources {
		if dataOfResource(r) != data && (data != access.DataRoleEligibility || r.GetId().GetResourceType() != typeScopedRole) {
			kept = append(kept, r)
		}
	}
	n.resources = kept
	grants := n.grants[:0]
	for _, g := range n.grants {
		slug, _ := slugOf(g.GetEntitlement())
		hidden := data == access.DataHiddenMembers && (g.GetEntitlement().GetResource().GetId().GetResource() == "secret" || g.GetSources().GetSources()["group:secret:member"] != nil)
		inheriting := data == access.DataInherited && inherited(slices.Collect(maps.Keys(g.GetSources().GetSources())))
		alone := data == access.DataChannels && g.GetEntitlement().GetResource().GetId().GetResourceType() == access.TypeChannel
		if !alone && !hidden && !inheriting && dataOf(g.GetEntitlement().GetResource().GetId().GetResourceType(), slug) != data {
			grants = append(grants, g)
		}
	}
	n.grants = grants
	return n
}

func TestDataSetThatWasNotReadIsNeverRemovedAccess(t *testing.T) {
	rows := map[string]int{
		access.DataRoleEligibility: 3, access.DataGroupEligibility: 1, access.DataHiddenMembers: 2, access.DataFederated: 1, access.DataSponsors: 1, access.DataInherited: 2,
		access.DataResourceConsents: 1, access.DataChannels: 2, access.DataChannelMembers: 1,
		access.DataUnits: 2, access.DataLicences: 2, access.DataConsents: 3, dataDeletedUsers: 1,
		access.DataPackages: 2, access.DataCatalogs: 2,
	}
	often := []string{access.DataRoleEligibility, access.DataGroupEligibility, access.DataConsents}
	for _, data := range comparedData {
		for name, is := range map[string]struct {
			told   [2]bool // Whether the whole snapshot, and the other one, say what they read.
			silent bool
		}{
			"both say": {[2]bool{true, true}, false}, "only the one without": {[2]bool{false, true}, false},
			"only the whole one": {[2]bool{true, false}, true}, "neither": {[2]bool{false, false}, true},
		} {
			if name != "both say" && !slices.Contains(often, data) {
				continue
			}
			t.Run(data+", "+name, func(t *testing.T) {
				whole, part := full(t), without(t, data)
				if is.told[0] {
					whole.says(t, about())
				}
				if is.told[1] {
					part.says(t, about(data))
				}
				lost, gained := compare(t, whole, part, Options{}), compare(t, part, whole, Options{})
				if is.silent {
					require.NotEmpty(t, gained.document.Access, "what looks gained is told")
					require.Contains(t, gained.text, "may have been there before")
					require.Equal(t, data != access.DataGroupEligibility, gained.diff.Privileged(), "that group holds nothing")
				}
				for in, c := range map[string]*compared{inOld: lost, inNew: gained} {
					if is.silent && in == inNew {
						continue
					}
					require.Empty(t, c.document.Access, c.text)
					require.Empty(t, c.document.Resources, c.text)
					require.Len(t, c.document.Blanks, 1)
					require.Equal(t, data, c.document.Blanks[0].Data)
					require.Equal(t, in, c.document.Blanks[0].In)
					require.Equal(t, rows[data], c.document.Blanks[0].Rows)
					require.Contains(t, c.text, upperFirst(data)+" are not compared: ")
					require.True(t, c.diff.Different(), "what could not be compared is not called the same")
					require.False(t, c.diff.Privileged())
					require.Equal(t, !is.silent, c.document.Blanks[0].Why != "")
				}
			})
		}
	}
}

func TestAccessThatIsLostWhileItsDataSetWasReadIsTold(t *testing.T) {
	for _, data := range comparedData {
		whole, part := full(t), without(t, data)
		whole.says(t, about())
		part.says(t, about())
		c := compare(t, whole, part, Options{})
		require.Empty(t, c.document.Blanks)
		require.NotEmpty(t, len(c.document.Access)+len(c.document.Resources), data)
	}
}

func TestDataSetThatWasReadForNeitherIsNoDifference(t *testing.T) {
	one, other := without(t, access.DataConsents), without(t, access.DataConsents)
	one.says(t, about(access.DataConsents))
	other.says(t, about(access.DataConsents))
	c := compare(t, one, other, Options{})
	require.False(t, c.diff.Different(), c.text)
}

func TestSettingThatLeavesGroupsOutIsNotTakenForTheirEnd(t *testing.T) {
	synced := func(settings map[string]any) *tenant {
		n := office(t)
		facts := about()
		facts["settings"] = settings
		n.says(t, facts)
		return n
	}
	with, skipping := synced(map[string]any{"skipAdGroups": false}), synced(map[string]any{"skipAdGroups": true})
	with.profiled(t, typeGroup, "ad", "From AD", map[string]any{"onPremisesSyncEnabled": true})
	with.grant(entitlementOf(typeGroup, "ad", "member"), typeUser, "ann")
	with.grant(entitlementOf(typeGroup, "staff", "member"), typeGroup, "ad")
	with.grant(entitlementOf(typeGroup, "staff", "member"), typeUser, "ann", "group:ad:member")
	with.resource(typeGroup, "cloud", "Of the cloud")
	for in, c := range map[string]*compared{inOld: compare(t, with, skipping, Options{}), inNew: compare(t, skipping, with, Options{})} {
		require.Empty(t, c.document.Access)
		require.Len(t, c.document.Resources, 1, "a group of the cloud is told")
		require.Equal(t, "cloud", c.document.Resources[0].ID)
		require.Equal(t, []Blank{{Setting: settingADGroups, In: in, Rows: 4}}, c.document.Blanks)
		require.Contains(t, c.text, "Beware: --skip-ad-groups was ")
	}
}

func TestOnlyTheNameOfTheTenantIsCompared(t *testing.T) {
	old, recent := office(t), office(t)
	old.says(t, map[string]any{"readAt": "2026-11-25T08:00:00Z", "build": "v1", "dataSets": []any{"users"}, "plans": []any{"P2"}})
	recent.says(t, map[string]any{"readAt": "2026-11-26T08:00:00Z", "build": "v1", "dataSets": []any{"users"}, "plans": []any{"P1"}})
	require.False(t, compare(t, old, recent, Options{}).diff.Different())
	recent.resources[len(recent.resources)-1].SetDisplayName("Contoso and Sons")
	c := compare(t, old, recent, Options{})
	require.Contains(t, c.text, `~ Contoso and Sons (tenant): renamed, was "Contoso"`)
	// Snapshots of builds before have no tenant.
	c = compare(t, office(t), old, Options{})
	require.False(t, c.diff.Different(), c.text)
	require.Contains(t, c.text, "does not say what was read for it")
}

func TestOtherBuildsAndOtherTenantsAreNamedBeforeAnyRow(t *testing.T) {
	old, recent, other := office(t), office(t), office(t)
	old.says(t, map[string]any{"build": "v1"})
	recent.says(t, map[string]any{"build": "v2\x1b[2J"})
	c := compare(t, old, recent, Options{})
	require.Contains(t, c.text, `Beware: the snapshots were made by different builds, v1 and v2\u001b[2J: `)
	other.types = append(other.types, typeTenant)
	other.profiled(t, typeTenant, "another", "Fabrikam", map[string]any{"build": "v1"})
	c = compare(t, old, other, Options{})
	require.Contains(t, c.text, "Beware: these are snapshots of two tenants, Contoso (tenant) and Fabrikam (another).")
}
