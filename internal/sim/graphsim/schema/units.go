package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newAdministrativeUnitType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "administrativeUnit", Kind: directory.KindAdministrativeUnit},
		[]directory.Property{
			idProperty(directory.KindAdministrativeUnit),
			text("description", plain, func(t *directory.Tenant, i int) string { return onlyIf(i%2 == 0, "People of "+t.UnitName(i)) }),
			text("displayName", plain|directory.Sortable, (*directory.Tenant).UnitName),
			flag("isMemberManagementRestricted", directory.InDefault, unitHas(directory.UnitFlagRestricted)),
			text("membershipRule", directory.InDefault, func(t *directory.Tenant, i int) string {
				return onlyIf(unitHas(directory.UnitFlagDynamic)(t, i), `(user.department -eq "Sales")`)
			}),
			text("membershipRuleProcessingState", directory.InDefault, func(t *directory.Tenant, i int) string { return onlyIf(unitHas(directory.UnitFlagDynamic)(t, i), "On") }),
			text("membershipType", directory.InDefault, unitMembershipType),
			text("visibility", directory.InDefault, func(t *directory.Tenant, i int) string {
				return onlyIf(unitHas(directory.UnitFlagHidden)(t, i), "HiddenMembership")
			}),
		},
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}

func unitHas(f directory.UnitFlags) func(t *directory.Tenant, i int) bool {
	return func(t *directory.Tenant, i int) bool { return t.Units[i].Flags&f != 0 }
}

func onlyIf(is bool, v string) string {
	if is {
		return v
	}
	return ""
}

// unitMembershipType is null on the units made before there were dynamic ones.
func unitMembershipType(t *directory.Tenant, i int) string {
	switch f := t.Units[i].Flags; {
	case f&directory.UnitFlagDynamic != 0:
		return "Dynamic"
	case f&directory.UnitFlagTyped != 0:
		return "Assigned"
	default:
		return ""
	}
}

// restricted is the flag on what a restricted unit keeps from tenant-wide roles and permissions.
func restricted(k directory.Kind) directory.Property {
	return trueOrNull("isManagementRestricted", directory.Computed, func(t *directory.Tenant, i int) bool { return t.RestrictingUnit(directory.MakeRef(k, i)) != 0 })
}

func newContactType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	mail := func(_ *directory.Tenant, i int) string {
		return fmt.Sprintf("contact%d@%s", i, directory.PartnerDomain)
	}
	return directory.NewEntityType(
		directory.EntityType{Name: "orgContact", Kind: directory.KindContact},
		[]directory.Property{
			idProperty(directory.KindContact),
			text("displayName", plain, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("Contact %d", i) }),
			text("mail", plain, mail),
			text("mailNickname", plain, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("contact%d", i) }),
			list("proxyAddresses", plain, func(t *directory.Tenant, i int) []string { return []string{"SMTP:" + mail(t, i)} }),
		},
		unset(directory.EDMString, directory.InDefault, "companyName department givenName jobTitle surname"),
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime onPremisesLastSyncDateTime"),
		unset(directory.EDMBool, directory.InDefault, "onPremisesSyncEnabled"),
		unset(directory.EDMComplexes, directory.InDefault, "addresses onPremisesProvisioningErrors phones serviceProvisioningErrors"),
	)
}

// newDirectoryRoleType is an activated role, which MemberOf lists beside groups.
func newDirectoryRoleType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "directoryRole", Kind: directory.KindDirectoryRole},
		[]directory.Property{
			idProperty(directory.KindDirectoryRole),
			text("description", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].Description }),
			text("displayName", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].Name }),
			text("roleTemplateId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].ID.String() }),
		},
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}
