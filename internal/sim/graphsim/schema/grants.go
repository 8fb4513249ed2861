package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newAppRoleAssignmentType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "appRoleAssignment", Kind: directory.KindAppRoleAssignment},
		[]directory.Property{
			idProperty(directory.KindAppRoleAssignment),
			value("appRoleId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, i int) any { return t.RoleID(t.AppAssigned[i]) }),
			date("createdDateTime", directory.InDefault, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.MakeRef(directory.KindAppRoleAssignment, i), directory.SaltCreated)
			}),
			text("principalDisplayName", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string { return t.DisplayName(t.AppAssigned[i].Principal) }),
			value("principalId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, i int) any { return t.IDOf(t.AppAssigned[i].Principal) }),
			text("principalType", directory.InDefault, func(t *directory.Tenant, i int) string { return principalType(t.AppAssigned[i].Principal) }),
			text("resourceDisplayName", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SPName(int(t.AppAssigned[i].Resource)) }),
			value("resourceId", directory.EDMGUID, directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) any { return t.IDOf(directory.SPRef(int(t.AppAssigned[i].Resource))) }),
		},
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}

func principalType(r directory.Ref) string {
	switch r.Kind() {
	case directory.KindUser:
		return "User"
	case directory.KindGroup:
		return "Group"
	default:
		return "ServicePrincipal"
	}
}

func newConsentType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "oAuth2PermissionGrant", Kind: directory.KindConsent},
		[]directory.Property{
			idProperty(directory.KindConsent),
			text("clientId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(directory.SPRef(t.Consents[i].Client)) }),
			text("consentType", plain, func(t *directory.Tenant, i int) string { return t.Consents[i].Kind() }),
			text("principalId", plain, (*directory.Tenant).ConsentPrincipal),
			text("resourceId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(directory.SPRef(t.Consents[i].Resource)) }),
			text("scope", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Consents[i].Scope }),
		},
	)
}
