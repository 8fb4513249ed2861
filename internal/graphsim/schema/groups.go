package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/graphsim/directory"
)

func newGroupType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "group", Kind: directory.KindGroup},
		[]directory.Property{
			directory.IDProperty(directory.KindGroup),
			directory.Date("createdDateTime", plain|directory.Basic, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.GroupRef(i), directory.SaltCreated)
			}),
			directory.Text("description", directory.InDefault|directory.Advanced|directory.Basic, groupDescription),
			directory.Text("displayName", plain|directory.Sortable|directory.Basic, (*directory.Tenant).GroupName),
			directory.List("groupTypes", plain|directory.Basic, groupTypes),
			directory.TrueOrNull("isAssignableToRole", plain, groupHas(directory.FlagRoleAssignable)),
			directory.Text("mail", plain|directory.Basic, groupMail),
			directory.Flag("mailEnabled", plain|directory.Basic, groupMailEnabled),
			directory.Text("mailNickname", plain|directory.Basic, func(_ *directory.Tenant, i int) string { return GroupNickname(i) }),
			directory.Text("membershipRule", directory.InDefault|directory.Advanced, groupRule),
			directory.Text("membershipRuleProcessingState", directory.InDefault|directory.Advanced, groupRuleState),
			directory.Text("onPremisesDomainName", directory.InDefault, groupSyncedText(func(*directory.Tenant, int) string { return directory.MailDomain })),
			directory.Date("onPremisesLastSyncDateTime", directory.InDefault|directory.Filterable, groupSyncedText(func(*directory.Tenant, int) string { return "2026-10-30T02:00:00Z" })),
			directory.Text("onPremisesNetBiosName", directory.InDefault, groupSyncedText(func(*directory.Tenant, int) string { return "CONTOSO" })),
			directory.Text("onPremisesSamAccountName", directory.InDefault|directory.Advanced, groupSyncedText((*directory.Tenant).GroupName)),
			directory.Text("onPremisesSecurityIdentifier", plain, groupSyncedText(func(_ *directory.Tenant, i int) string {
				return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 900_000+i)
			})),
			directory.TrueOrNull("onPremisesSyncEnabled", plain, groupHas(directory.FlagSynced)),
			directory.List("proxyAddresses", plain, groupProxyAddresses),
			directory.Date("renewedDateTime", directory.InDefault|directory.Advanced, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.GroupRef(i), directory.SaltCreated)
			}),
			directory.List("resourceProvisioningOptions", plain, groupTeam),
			directory.Flag("securityEnabled", plain|directory.Basic, groupSecurityEnabled),
			directory.Text("securityIdentifier", plain, func(t *directory.Tenant, i int) string {
				return fmt.Sprintf("S-1-12-1-%d-%d", t.Hash(directory.GroupRef(i), directory.SaltScope)>>32, i)
			}),
			directory.Text("visibility", directory.InDefault|directory.Basic, groupVisibility),
			directory.Value("assignedLicenses", directory.EDMComplexes, directory.Filterable|directory.Computed, groupLicenses),
			directory.Flag("hasMembersWithLicenseErrors", directory.Filterable|directory.Computed, groupLicenseErrors),
			directory.Value("licenseProcessingState", directory.EDMComplex, directory.Computed, groupLicenseProcessing),
		},
		directory.Unset(directory.EDMString, directory.InDefault, "classification preferredDataLocation preferredLanguage theme uniqueName"),
		directory.Unset(directory.EDMDate, directory.InDefault, "deletedDateTime expirationDateTime"),
		directory.Unset(directory.EDMStrings, directory.InDefault, "resourceBehaviorOptions infoCatalogs"),
		directory.Unset(directory.EDMComplexes, directory.InDefault, "onPremisesProvisioningErrors serviceProvisioningErrors"),
		directory.Unset(directory.EDMComplexes, 0, "assignedLabels"),
		[]directory.Property{restricted(directory.KindGroup)},
		directory.Unset(directory.EDMComplex, 0, "onPremisesExtensionAttributes"),
		directory.Unset(directory.EDMString, 0, "organizationId"),
		directory.Unset(directory.EDMString, directory.SingleOnly, "accessType"),
		directory.Unset(directory.EDMBool, directory.SingleOnly, "allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients isArchived isFavorite isSubscribedByMail welcomeMessageEnabled"),
		directory.Unset(directory.EDMInt, directory.SingleOnly, "unseenConversationsCount unseenCount unseenMessagesCount"),
	)
}

func groupHas(f directory.GroupFlags) func(t *directory.Tenant, i int) bool {
	return func(t *directory.Tenant, i int) bool { return t.Groups[i].Flags&f != 0 }
}

func groupSyncedText(get func(t *directory.Tenant, i int) string) func(t *directory.Tenant, i int) string {
	return func(t *directory.Tenant, i int) string {
		if t.Groups[i].Flags&directory.FlagSynced == 0 {
			return ""
		}
		return get(t, i)
	}
}

func groupDescription(t *directory.Tenant, i int) string {
	if t.Groups[i].Flags&directory.FlagNoDescription != 0 {
		return ""
	}
	return "Members of " + t.GroupName(i)
}

func groupTypes(t *directory.Tenant, i int) []string {
	out := []string{}
	if t.Groups[i].Flags&directory.FlagUnified != 0 {
		out = append(out, "Unified")
	}
	if t.Groups[i].Flags&directory.FlagDynamic != 0 {
		out = append(out, "DynamicMembership")
	}
	return out
}

func groupMailEnabled(t *directory.Tenant, i int) bool {
	return t.Groups[i].Flags&(directory.FlagUnified|directory.FlagMailSecurity|directory.FlagDistribution) != 0
}

func groupSecurityEnabled(t *directory.Tenant, i int) bool {
	return t.Groups[i].Flags&(directory.FlagUnified|directory.FlagDistribution) == 0
}

func GroupNickname(i int) string { return fmt.Sprintf("group%d", i) }

func groupMail(t *directory.Tenant, i int) string {
	if !groupMailEnabled(t, i) {
		return ""
	}
	return GroupNickname(i) + "@" + directory.MailDomain
}

func groupProxyAddresses(t *directory.Tenant, i int) []string {
	if mail := groupMail(t, i); mail != "" {
		return []string{"SMTP:" + mail}
	}
	return []string{}
}

func groupTeam(t *directory.Tenant, i int) []string {
	if t.Groups[i].Flags&directory.FlagUnified != 0 && i%2 == 1 {
		return []string{"Team"}
	}
	return []string{}
}

func groupRule(t *directory.Tenant, i int) string {
	switch {
	case t.Groups[i].Flags&directory.FlagDynamic == 0:
		return ""
	case i == directory.GroupDynamicDevices:
		return `(device.displayName -startsWith "LAPTOP")`
	default:
		return `(user.department -eq "` + directory.Pick(directory.Departments, t.Hash(directory.GroupRef(i), directory.SaltDepartment)) + `")`
	}
}

func groupRuleState(t *directory.Tenant, i int) string {
	if t.Groups[i].Flags&directory.FlagDynamic == 0 {
		return ""
	}
	return "On"
}

func groupVisibility(t *directory.Tenant, i int) string {
	switch f := t.Groups[i].Flags; {
	case f&directory.FlagHidden != 0:
		return "HiddenMembership"
	case f&directory.FlagUnified != 0 && i%3 == 0:
		return "Private"
	case f&directory.FlagUnified != 0:
		return "Public"
	default:
		return ""
	}
}
