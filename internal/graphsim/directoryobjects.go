package graphsim

import "fmt"

func newDeviceType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "device", kind: KindDevice},
		[]property{
			idProperty(KindDevice),
			flag("accountEnabled", plain, func(_ *Tenant, i int) bool { return i%19 != 7 }),
			text("deviceId", plain, func(t *Tenant, i int) string { return t.guidOf(makeRef(kindMisc, 1_000_000+i)).String() }),
			text("displayName", plain|sortable, func(_ *Tenant, i int) string { return fmt.Sprintf("LAPTOP-%05d", i) }),
			flag("isCompliant", plain, func(_ *Tenant, i int) bool { return i%4 != 0 }),
			flag("isManaged", plain, func(_ *Tenant, i int) bool { return i%5 != 0 }),
			text("operatingSystem", plain, func(*Tenant, int) string { return "Windows" }),
			text("operatingSystemVersion", plain, func(*Tenant, int) string { return "10.0.26100.1" }),
			date("registrationDateTime", inDefault, func(t *Tenant, i int) string { return t.timestamp(makeRef(KindDevice, i), saltCreated) }),
			text("trustType", plain, func(*Tenant, int) string { return "AzureAd" }),
		},
		unset(edmDate, inDefault, "approximateLastSignInDateTime complianceExpirationDateTime deletedDateTime onPremisesLastSyncDateTime"),
		unset(edmString, inDefault, "deviceCategory deviceMetadata deviceOwnership enrollmentProfileName enrollmentType managementType manufacturer "+
			"mdmAppId model onPremisesSecurityIdentifier profileType"),
		unset(edmBool, inDefault, "isManagementRestricted isRooted onPremisesSyncEnabled"),
		unset(edmInt, inDefault, "deviceVersion"),
		unset(edmStrings, inDefault, "physicalIds systemLabels"),
		unset(edmComplexes, inDefault, "alternativeSecurityIds"),
	)
}

func newContactType() *entityType {
	const plain = inDefault | filterable
	mail := func(_ *Tenant, i int) string { return fmt.Sprintf("contact%d@%s", i, partnerDomain) }
	return newEntityType(
		entityType{name: "orgContact", kind: KindContact},
		[]property{
			idProperty(KindContact),
			text("displayName", plain, func(_ *Tenant, i int) string { return fmt.Sprintf("Contact %d", i) }),
			text("mail", plain, mail),
			text("mailNickname", plain, func(_ *Tenant, i int) string { return fmt.Sprintf("contact%d", i) }),
			list("proxyAddresses", plain, func(t *Tenant, i int) []string { return []string{"SMTP:" + mail(t, i)} }),
		},
		unset(edmString, inDefault, "companyName department givenName jobTitle surname"),
		unset(edmDate, inDefault, "deletedDateTime onPremisesLastSyncDateTime"),
		unset(edmBool, inDefault, "onPremisesSyncEnabled"),
		unset(edmComplexes, inDefault, "addresses onPremisesProvisioningErrors phones serviceProvisioningErrors"),
	)
}

func newAdministrativeUnitType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "administrativeUnit", kind: KindAdministrativeUnit},
		[]property{
			idProperty(KindAdministrativeUnit),
			text("displayName", plain, func(_ *Tenant, i int) string { return pick(cities, uint64(i)).shown + fmt.Sprintf(" Unit %d", i) }), //nolint:gosec // Not negative.
			flag("isMemberManagementRestricted", inDefault, func(_ *Tenant, i int) bool { return i == 2 }),
		},
		unset(edmString, inDefault, "description membershipRule membershipRuleProcessingState membershipType visibility"),
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}

// newDirectoryRoleType is an activated role, which memberOf lists beside groups.
func newDirectoryRoleType() *entityType {
	return newEntityType(
		entityType{name: "directoryRole", kind: KindDirectoryRole},
		[]property{
			idProperty(KindDirectoryRole),
			text("description", inDefault, func(t *Tenant, i int) string { return t.roles[i].description }),
			text("displayName", inDefault, func(t *Tenant, i int) string { return t.roles[i].name }),
			text("roleTemplateId", inDefault, func(t *Tenant, i int) string { return t.roles[i].id.String() }),
		},
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}
