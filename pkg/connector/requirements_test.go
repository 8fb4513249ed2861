package connector

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// everyPermission is what all data sets and all changes need.
func everyPermission(t *testing.T) []Permission {
	t.Helper()
	cfg := &config.AzureAd{MailboxPurpose: true, CustomSecurityAttributes: true, SyncChannels: true, SyncDeletedUsers: true, SyncDevices: true, SyncUserRisk: true}
	list, err := Permissions(cfg, &cli.ConnectorOpts{}, Features{Provisioning: true})
	require.NoError(t, err)
	return list
}

func namesOf(list []Permission) []string {
	names := make([]string, 0, len(list))
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

func TestPermissionWithoutItsIDWouldMakeABrokenRegistration(t *testing.T) {
	seen := map[string]string{}
	for _, p := range everyPermission(t) {
		raw, err := hex.DecodeString(strings.ReplaceAll(p.ID, "-", ""))
		require.NoError(t, err, p.Name)
		require.Len(t, raw, 16, p.Name)
		require.Len(t, p.ID, 36, p.Name)
		require.Equal(t, strings.ToLower(p.ID), p.ID, p.Name)
		require.Empty(t, seen[p.ID], "%s has the id of %s", p.Name, seen[p.ID])
		seen[p.ID] = p.Name
	}
	for name, id := range permissionIDs {
		require.Equal(t, name, seen[id], "no table needs this id")
	}
}

func TestTablesThatNameAPermissionTwiceWouldAskForItTwice(t *testing.T) {
	names := namesOf(everyPermission(t))
	slices.Sort(names)
	require.Equal(t, slices.Compact(slices.Clone(names)), names)
}

func TestReadingAsksForNoPermissionToWrite(t *testing.T) {
	list, err := Permissions(&config.AzureAd{}, &cli.ConnectorOpts{}, Features{})
	require.NoError(t, err)
	for _, p := range list {
		require.NotContains(t, p.Name, "Write", p.Name)
		require.NotEqual(t, NeedProvisioning, p.Need)
	}
	require.Equal(t, []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory"}, namesOf(list)[:4])
}

func TestAFlagThatSwitchesADataSetIsNamedAndWorks(t *testing.T) {
	uses := func(cfg *config.AzureAd) map[string]string {
		list, err := Permissions(cfg, &cli.ConnectorOpts{}, Features{})
		require.NoError(t, err)
		found := map[string]string{}
		for _, p := range list {
			for _, u := range p.Uses {
				found[u.Name] = u.Setting
			}
		}
		return found
	}
	all := uses(&config.AzureAd{
		MailboxPurpose: true, GuestSponsors: true, SyncChannels: true, CustomSecurityAttributes: true, ResourceSpecificConsents: true,
		SyncDeletedUsers: true, SyncDevices: true, SyncUserRisk: true,
	})
	few := uses(&config.AzureAd{SkipSignInActivity: true, SkipMfaRegistration: true, PimGroups: config.PimGroupsNone})
	for data, setting := range all {
		_, always := few[data]
		require.Equal(t, !always, setting != "", data)
	}
	for data, setting := range settings {
		require.Equal(t, setting, all[string(data)])
	}
	require.NotContains(t, uses(&config.AzureAd{}), string(model.DataDevices))
}

func TestTypesThatAreNotSyncedAskForNothing(t *testing.T) {
	list, err := Permissions(&config.AzureAd{}, &cli.ConnectorOpts{SyncResourceTypeIDs: []string{model.TypeLicense}}, Features{Provisioning: true})
	require.NoError(t, err)
	require.Equal(t, []string{"LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All"}, namesOf(list))
}

func TestNamedOperationsLeaveTheOthersOut(t *testing.T) {
	list, err := Permissions(&config.AzureAd{}, &cli.ConnectorOpts{SyncResourceTypeIDs: []string{model.TypeGroup}},
		Features{Provisioning: true, Operations: []string{"group-members"}})
	require.NoError(t, err)
	require.Equal(t, []string{"GroupMember.Read.All", "Member.Read.Hidden", "PrivilegedEligibilitySchedule.Read.AzureADGroup",
		"RoleManagementPolicy.Read.AzureADGroup", "GroupMember.ReadWrite.All"}, namesOf(list))
	require.Equal(t, NeedProvisioning, list[4].Need)
}

// What is done through Exchange takes no permission of Graph but to read, and is not
// listed where it is off.
func TestExchangeIsListedWhereItIsOn(t *testing.T) {
	listed := func(cfg *config.AzureAd, operations ...string) []Use {
		list, err := Permissions(cfg, &cli.ConnectorOpts{}, Features{Provisioning: true, Operations: operations})
		require.NoError(t, err)
		var found []Use
		for _, p := range list {
			for _, u := range p.Uses {
				if u.Name == change.OperationExchangeGroups {
					require.NotContains(t, p.Name, "Write")
					found = append(found, u)
				}
			}
		}
		return found
	}
	require.Empty(t, listed(&config.AzureAd{}))
	require.NotEmpty(t, listed(&config.AzureAd{}, change.OperationExchangeGroups))
	on := listed(&config.AzureAd{Exchange: true})
	require.NotEmpty(t, on)
	require.Equal(t, "--exchange", on[0].Setting)
	require.Contains(t, on[0].Remark, "Exchange.ManageAsApp")
}

func TestAChangeThatASettingKeepsOffAsksForNothing(t *testing.T) {
	usesOf := func(cfg *config.AzureAd, operations ...string) []string {
		list, err := Permissions(cfg, &cli.ConnectorOpts{}, Features{Provisioning: true, Operations: operations})
		require.NoError(t, err)
		var names []string
		for _, p := range list {
			for _, u := range p.Uses {
				names = append(names, u.Name)
			}
		}
		return names
	}
	switched := []string{change.OperationManageGroups, change.OperationAfterGrant}
	require.NotSubset(t, usesOf(&config.AzureAd{}), switched[:1])
	require.NotSubset(t, usesOf(&config.AzureAd{}), switched[1:])
	require.Subset(t, usesOf(&config.AzureAd{ManageGroups: true, ProvisionAfterGrant: true}), switched)
	require.Subset(t, usesOf(&config.AzureAd{}, switched...), switched, "who names a change wants to know what it takes")
}

func TestAMistypedNameWouldReadAsNeedingNothing(t *testing.T) {
	_, err := Permissions(&config.AzureAd{}, &cli.ConnectorOpts{SyncResourceTypeIDs: []string{"users"}}, Features{})
	require.ErrorContains(t, err, `there is no "users"`)
	require.ErrorContains(t, err, "user_risk")
	_, err = Permissions(&config.AzureAd{}, &cli.ConnectorOpts{}, Features{Provisioning: true, Operations: []string{"member"}})
	require.ErrorContains(t, err, "group-members")
}

func TestTheMostPressingUseDecides(t *testing.T) {
	for _, p := range everyPermission(t) {
		switch p.Name {
		case "Application.Read.All", "RoleManagement.Read.Directory", "User.Read.All":
			require.Equal(t, NeedRequired, p.Need, p.Name)
		case decide.ReadDirectory:
			require.Equal(t, NeedOptional, p.Need, p.Name)
		case change.ReadWriteRoles:
			require.Equal(t, NeedProvisioning, p.Need, p.Name)
		}
	}
}

func TestEachOperationHasOneRowWithItsPermissions(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range change.Operations {
		require.False(t, seen[o.Name], o.Name)
		seen[o.Name] = true
		require.NotEmpty(t, o.Permissions, o.Name)
		require.NotEmpty(t, o.Purpose, o.Name)
		for _, name := range o.ResourceTypes {
			require.Contains(t, resourceTypeNames(), name, o.Name)
		}
		for _, name := range o.Also {
			require.NotContains(t, o.Permissions, name, o.Name)
		}
	}
}
