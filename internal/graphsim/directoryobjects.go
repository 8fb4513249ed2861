package graphsim

import "fmt"

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
