package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/graphsim/directory"
)

func newAdministrativeUnitType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "administrativeUnit", Kind: directory.KindAdministrativeUnit},
		[]directory.Property{
			directory.IDProperty(directory.KindAdministrativeUnit),
			directory.Text("description", plain, func(t *directory.Tenant, i int) string { return onlyIf(i%2 == 0, "People of "+t.UnitName(i)) }),
			directory.Text("displayName", plain|directory.Sortable, (*directory.Tenant).UnitName),
			directory.Flag("isMemberManagementRestricted", directory.InDefault, unitHas(directory.UnitFlagRestricted)),
			directory.Text("membershipRule", directory.InDefault, func(t *directory.Tenant, i int) string {
				return onlyIf(unitHas(directory.UnitFlagDynamic)(t, i), `(user.department -eq "Sales")`)
			}),
			directory.Text("membershipRuleProcessingState", directory.InDefault, func(t *directory.Tenant, i int) string { return onlyIf(unitHas(directory.UnitFlagDynamic)(t, i), "On") }),
			directory.Text("membershipType", directory.InDefault, unitMembershipType),
			directory.Text("visibility", directory.InDefault, func(t *directory.Tenant, i int) string {
				return onlyIf(unitHas(directory.UnitFlagHidden)(t, i), "HiddenMembership")
			}),
		},
		directory.Unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
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
	return directory.TrueOrNull("isManagementRestricted", directory.Computed, func(t *directory.Tenant, i int) bool { return t.RestrictingUnit(directory.MakeRef(k, i)) != 0 })
}

func newContactType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	mail := func(_ *directory.Tenant, i int) string {
		return fmt.Sprintf("contact%d@%s", i, directory.PartnerDomain)
	}
	return directory.NewEntityType(
		directory.EntityType{Name: "orgContact", Kind: directory.KindContact},
		[]directory.Property{
			directory.IDProperty(directory.KindContact),
			directory.Text("displayName", plain, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("Contact %d", i) }),
			directory.Text("mail", plain, mail),
			directory.Text("mailNickname", plain, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("contact%d", i) }),
			directory.List("proxyAddresses", plain, func(t *directory.Tenant, i int) []string { return []string{"SMTP:" + mail(t, i)} }),
		},
		directory.Unset(directory.EDMString, directory.InDefault, "companyName department givenName jobTitle surname"),
		directory.Unset(directory.EDMDate, directory.InDefault, "deletedDateTime onPremisesLastSyncDateTime"),
		directory.Unset(directory.EDMBool, directory.InDefault, "onPremisesSyncEnabled"),
		directory.Unset(directory.EDMComplexes, directory.InDefault, "addresses onPremisesProvisioningErrors phones serviceProvisioningErrors"),
	)
}

// newDirectoryRoleType is an activated role, which MemberOf lists beside groups.
func newDirectoryRoleType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "directoryRole", Kind: directory.KindDirectoryRole},
		[]directory.Property{
			directory.IDProperty(directory.KindDirectoryRole),
			directory.Text("description", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].Description }),
			directory.Text("displayName", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].Name }),
			directory.Text("roleTemplateId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].ID.String() }),
		},
		directory.Unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}
