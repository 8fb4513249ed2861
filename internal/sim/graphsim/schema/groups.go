package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newGroupType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "group", Kind: directory.KindGroup},
		[]directory.Property{
			idProperty(directory.KindGroup),
			date("createdDateTime", plain|directory.Basic, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.GroupRef(i), directory.SaltCreated)
			}),
			text("description", directory.InDefault|directory.Advanced|directory.Basic, groupDescription),
			text("displayName", plain|directory.Sortable|directory.Basic, (*directory.Tenant).GroupName),
			list("groupTypes", plain|directory.Basic, groupTypes),
			trueOrNull("isAssignableToRole", plain, groupHas(directory.FlagRoleAssignable)),
			text("mail", plain|directory.Basic, groupMail),
			flag("mailEnabled", plain|directory.Basic, groupMailEnabled),
			text("mailNickname", plain|directory.Basic, func(_ *directory.Tenant, i int) string { return GroupNickname(i) }),
			text("membershipRule", directory.InDefault|directory.Advanced, groupRule),
			text("membershipRuleProcessingState", directory.InDefault|directory.Advanced, groupRuleState),
			text("onPremisesDomainName", directory.InDefault, groupSyncedText(func(*directory.Tenant, int) string { return directory.MailDomain })),
			date("onPremisesLastSyncDateTime", directory.InDefault|directory.Filterable, groupSyncedText(func(*directory.Tenant, int) string { return "2026-10-30T02:00:00Z" })),
			text("onPremisesNetBiosName", directory.InDefault, groupSyncedText(func(*directory.Tenant, int) string { return "CONTOSO" })),
			text("onPremisesSamAccountName", directory.InDefault|directory.Advanced, groupSyncedText((*directory.Tenant).GroupName)),
			text("onPremisesSecurityIdentifier", plain, groupSyncedText(func(_ *directory.Tenant, i int) string {
				return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 900_000+i)
			})),
			trueOrNull("onPremisesSyncEnabled", plain, groupHas(directory.FlagSynced)),
			list("proxyAddresses", plain, groupProxyAddresses),
			date("renewedDateTime", directory.InDefault|directory.Advanced, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.GroupRef(i), directory.SaltCreated)
			}),
			list("resourceProvisioningOptions", plain, groupTeam),
			flag("securityEnabled", plain|directory.Basic, groupSecurityEnabled),
			text("securityIdentifier", plain, func(t *directory.Tenant, i int) string {
				return fmt.Sprintf("S-1-12-1-%d-%d", t.Hash(directory.GroupRef(i), directory.SaltScope)>>32, i)
			}),
			text("visibility", directory.InDefault|directory.Basic, groupVisibility),
			value("assignedLicenses", directory.EDMComplexes, directory.Filterable|directory.Computed, groupLicenses),
			flag("hasMembersWithLicenseErrors", directory.Filterable|directory.Computed, groupLicenseErrors),
			value("licenseProcessingState", directory.EDMComplex, directory.Computed, groupLicenseProcessing),
		},
		[]directory.Property{
			text("classification", plain, groupClassification),
			date("expirationDateTime", plain, groupExpiry),
			value("assignedLabels", directory.EDMComplexes, 0, groupLabels),
		},
		unset(directory.EDMString, directory.InDefault, "preferredDataLocation preferredLanguage theme uniqueName"),
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
		unset(directory.EDMStrings, directory.InDefault, "resourceBehaviorOptions infoCatalogs"),
		unset(directory.EDMComplexes, directory.InDefault, "onPremisesProvisioningErrors serviceProvisioningErrors"),
		[]directory.Property{restricted(directory.KindGroup)},
		unset(directory.EDMComplex, 0, "onPremisesExtensionAttributes"),
		unset(directory.EDMString, 0, "organizationId"),
		unset(directory.EDMString, directory.SingleOnly, "accessType"),
		unset(directory.EDMBool, directory.SingleOnly, "allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients "+
			"isArchived isFavorite isSubscribedByMail welcomeMessageEnabled"),
		unset(directory.EDMInt, directory.SingleOnly, "unseenConversationsCount unseenCount unseenMessagesCount"),
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

// GroupNickname is the mail nickname of a group.
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

func groupClassification(t *directory.Tenant, i int) string {
	if t.Groups[i].Flags&directory.FlagUnified == 0 || i%3 == 0 {
		return ""
	}
	return directory.Pick([]string{"Low", "Medium", "High"}, t.Hash(directory.GroupRef(i), directory.SaltExtra))
}

// groupExpiry is set on the groups that a lifecycle policy is for.
func groupExpiry(t *directory.Tenant, i int) string {
	switch {
	case t.Groups[i].Flags&directory.FlagUnified == 0:
		return ""
	case t.Quirks.Has(directory.QuirkOddProfiles) && i%5 == 4:
		return NoMoment
	case i%2 == 0:
		return ""
	}
	return "2027-05-01T00:00:00Z"
}

// AssignedLabel is a sensitivity label of a group (assignedLabel).
type AssignedLabel struct {
	LabelID     any `json:"labelId"`
	DisplayName any `json:"displayName"`
}

// groupLabels are as a rule one; a label that was deleted has no name any more.
func groupLabels(t *directory.Tenant, i int) any {
	out := []AssignedLabel{}
	if t.Groups[i].Flags&directory.FlagUnified == 0 || i%4 == 0 && i != directory.GroupMicrosoft365 {
		return out
	}
	id := t.GUIDOf(directory.MakeRef(directory.KindMisc, firstLabel+i%3)).String()
	if t.Quirks.Has(directory.QuirkOddProfiles) && (i == directory.GroupMicrosoft365 || i%5 == 2) {
		return append(out, AssignedLabel{id, nil}, AssignedLabel{nil, ""})
	}
	return append(out, AssignedLabel{id, directory.Pick([]string{"General", "Confidential", "Secret"}, uint64(i%3))}) //nolint:gosec // Not negative.
}

// firstLabel is where the ids of labels begin, among the ids of nothing else.
const firstLabel = 70_000
