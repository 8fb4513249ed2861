package graphsim

import "fmt"

func newGroupType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "group", kind: KindGroup},
		[]property{
			idProperty(KindGroup),
			date("createdDateTime", plain|basic, func(t *Tenant, i int) string { return t.timestamp(groupRef(i), saltCreated) }),
			text("description", inDefault|advanced|basic, (*Tenant).groupDescription),
			text("displayName", plain|sortable|basic, (*Tenant).groupName),
			list("groupTypes", plain|basic, (*Tenant).groupTypes),
			trueOrNull("isAssignableToRole", plain, groupHas(groupRoleAssignable)),
			text("mail", plain|basic, (*Tenant).groupMail),
			flag("mailEnabled", plain|basic, (*Tenant).groupMailEnabled),
			text("mailNickname", plain|basic, func(_ *Tenant, i int) string { return groupNickname(i) }),
			text("membershipRule", inDefault|advanced, groupRule),
			text("membershipRuleProcessingState", inDefault|advanced, groupRuleState),
			text("onPremisesDomainName", inDefault, groupSyncedText(func(*Tenant, int) string { return mailDomain })),
			date("onPremisesLastSyncDateTime", inDefault|filterable, groupSyncedText(func(*Tenant, int) string { return "2026-10-30T02:00:00Z" })),
			text("onPremisesNetBiosName", inDefault, groupSyncedText(func(*Tenant, int) string { return "CONTOSO" })),
			text("onPremisesSamAccountName", inDefault|advanced, groupSyncedText((*Tenant).groupName)),
			text("onPremisesSecurityIdentifier", plain, groupSyncedText(func(_ *Tenant, i int) string {
				return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 900_000+i)
			})),
			trueOrNull("onPremisesSyncEnabled", plain, groupHas(groupSynced)),
			list("proxyAddresses", plain, (*Tenant).groupProxyAddresses),
			date("renewedDateTime", inDefault|advanced, func(t *Tenant, i int) string { return t.timestamp(groupRef(i), saltCreated) }),
			list("resourceProvisioningOptions", plain, (*Tenant).groupTeam),
			flag("securityEnabled", plain|basic, (*Tenant).groupSecurityEnabled),
			text("securityIdentifier", plain, func(t *Tenant, i int) string {
				return fmt.Sprintf("S-1-12-1-%d-%d", t.hash(groupRef(i), saltScope)>>32, i)
			}),
			text("visibility", inDefault|basic, (*Tenant).groupVisibility),
			value("assignedLicenses", edmComplexes, filterable|computed, groupLicenses),
			flag("hasMembersWithLicenseErrors", filterable|computed, groupLicenseErrors),
			value("licenseProcessingState", edmComplex, computed, groupLicenseProcessing),
		},
		unset(edmString, inDefault, "classification preferredDataLocation preferredLanguage theme uniqueName"),
		unset(edmDate, inDefault, "deletedDateTime expirationDateTime"),
		unset(edmStrings, inDefault, "resourceBehaviorOptions infoCatalogs"),
		unset(edmComplexes, inDefault, "onPremisesProvisioningErrors serviceProvisioningErrors"),
		unset(edmComplexes, 0, "assignedLabels"),
		[]property{restricted(KindGroup)},
		unset(edmComplex, 0, "onPremisesExtensionAttributes"),
		unset(edmString, 0, "organizationId"),
		unset(edmString, singleOnly, "accessType"),
		unset(edmBool, singleOnly, "allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients isArchived isFavorite isSubscribedByMail welcomeMessageEnabled"),
		unset(edmInt, singleOnly, "unseenConversationsCount unseenCount unseenMessagesCount"),
	)
}

func groupHas(f groupFlags) func(t *Tenant, i int) bool {
	return func(t *Tenant, i int) bool { return t.groups[i].flags&f != 0 }
}

func groupSyncedText(get func(t *Tenant, i int) string) func(t *Tenant, i int) string {
	return func(t *Tenant, i int) string {
		if t.groups[i].flags&groupSynced == 0 {
			return ""
		}
		return get(t, i)
	}
}

func (t *Tenant) groupDescription(i int) string {
	if t.groups[i].flags&groupNoDescription != 0 {
		return ""
	}
	return "Members of " + t.groupName(i)
}

func (t *Tenant) groupTypes(i int) []string {
	out := []string{}
	if t.groups[i].flags&groupUnified != 0 {
		out = append(out, "Unified")
	}
	if t.groups[i].flags&groupDynamic != 0 {
		out = append(out, "DynamicMembership")
	}
	return out
}

func (t *Tenant) groupMailEnabled(i int) bool {
	return t.groups[i].flags&(groupUnified|groupMailSecurity|groupDistribution) != 0
}

func (t *Tenant) groupSecurityEnabled(i int) bool {
	return t.groups[i].flags&(groupUnified|groupDistribution) == 0
}

func groupNickname(i int) string { return fmt.Sprintf("group%d", i) }

func (t *Tenant) groupMail(i int) string {
	if !t.groupMailEnabled(i) {
		return ""
	}
	return groupNickname(i) + "@" + mailDomain
}

func (t *Tenant) groupProxyAddresses(i int) []string {
	if mail := t.groupMail(i); mail != "" {
		return []string{"SMTP:" + mail}
	}
	return []string{}
}

func (t *Tenant) groupTeam(i int) []string {
	if t.groups[i].flags&groupUnified != 0 && i%2 == 1 {
		return []string{"Team"}
	}
	return []string{}
}

func groupRule(t *Tenant, i int) string {
	switch {
	case t.groups[i].flags&groupDynamic == 0:
		return ""
	case i == GroupDynamicDevices:
		return `(device.displayName -startsWith "LAPTOP")`
	default:
		return `(user.department -eq "` + pick(departments, t.hash(groupRef(i), saltDepartment)) + `")`
	}
}

func groupRuleState(t *Tenant, i int) string {
	if t.groups[i].flags&groupDynamic == 0 {
		return ""
	}
	return "On"
}

func (t *Tenant) groupVisibility(i int) string {
	switch f := t.groups[i].flags; {
	case f&groupHidden != 0:
		return "HiddenMembership"
	case f&groupUnified != 0 && i%3 == 0:
		return "Private"
	case f&groupUnified != 0:
		return "Public"
	default:
		return ""
	}
}
