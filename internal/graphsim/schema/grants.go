package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/graphsim/directory"
)

func newAppRoleAssignmentType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "appRoleAssignment", Kind: directory.KindAppRoleAssignment},
		[]directory.Property{
			directory.IDProperty(directory.KindAppRoleAssignment),
			directory.Value("appRoleId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, i int) any { return t.RoleID(t.AppAssigned[i]) }),
			directory.Date("createdDateTime", directory.InDefault, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.MakeRef(directory.KindAppRoleAssignment, i), directory.SaltCreated)
			}),
			directory.Text("principalDisplayName", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string { return t.DisplayName(t.AppAssigned[i].Principal) }),
			directory.Value("principalId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, i int) any { return t.IDOf(t.AppAssigned[i].Principal) }),
			directory.Text("principalType", directory.InDefault, func(t *directory.Tenant, i int) string { return principalType(t.AppAssigned[i].Principal) }),
			directory.Text("resourceDisplayName", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SPName(int(t.AppAssigned[i].Resource)) }),
			directory.Value("resourceId", directory.EDMGUID, directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) any { return t.IDOf(directory.SPRef(int(t.AppAssigned[i].Resource))) }),
		},
		directory.Unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
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
			directory.IDProperty(directory.KindConsent),
			directory.Text("clientId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(directory.SPRef(t.Consents[i].Client)) }),
			directory.Text("consentType", plain, func(t *directory.Tenant, i int) string { return t.Consents[i].Kind() }),
			directory.Text("principalId", plain, (*directory.Tenant).ConsentPrincipal),
			directory.Text("resourceId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(directory.SPRef(t.Consents[i].Resource)) }),
			directory.Text("scope", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Consents[i].Scope }),
		},
	)
}
