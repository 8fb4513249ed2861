package graphsim

import "fmt"

// The kinds of principals that belong to other tenants and hold roles in this one. They are no objects of the directory
// that anything lists.
const (
	KindPartnerReference  Kind = kindRoleEligibility + iota + 1 // Of a partner with delegated administration.
	KindRemoteTenantGroup                                       // A group of a tenant that manages this one.
)

// TruthPartnerRole is a directory role that a principal of another tenant holds. PrincipalType is
// directoryObjectPartnerReference or remoteTenantGroup.
type TruthPartnerRole struct {
	RoleID        string `json:"roleDefinitionId"`
	Scope         string `json:"directoryScopeId"`
	PrincipalID   string `json:"principalId"`
	PrincipalType string `json:"principalType"`
}

// generatePartners lets principals of other tenants hold directory roles.
func (t *Tenant) generatePartners() {
	if !t.quirks.has(QuirkPartners) {
		return
	}
	t.assignRole(RoleHelpdeskAdministrator, makeRef(KindPartnerReference, 0), 0)
	t.assignRole(RoleGlobalReader, makeRef(KindRemoteTenantGroup, 0), 0)
}

// ofPartner is whether a principal belongs to another tenant.
func ofPartner(r Ref) bool {
	return r.Kind() == KindPartnerReference || r.Kind() == KindRemoteTenantGroup
}

// truthPartners lists what principals of other tenants hold.
func (t *Tenant) truthPartners(out *Truth) {
	t.each(KindRoleAssignment, func(i int, _ string) {
		if a := t.assignments[i]; ofPartner(a.principal) {
			out.PartnerRoleAssignments = append(out.PartnerRoleAssignments, TruthPartnerRole{
				RoleID: t.roles[a.role].id.String(), Scope: t.scopeID(a.scope), PrincipalID: t.id(a.principal),
				PrincipalType: t.model.of(a.principal.Kind()).name,
			})
		}
	})
}

func newPartnerReferenceType() *entityType {
	return newEntityType(
		entityType{name: "directoryObjectPartnerReference", kind: KindPartnerReference},
		[]property{
			idProperty(KindPartnerReference),
			text("description", inDefault, func(*Tenant, int) string { return "Helpdesk agents of the partner" }),
			text("displayName", inDefault, func(_ *Tenant, i int) string { return fmt.Sprintf("Helpdesk Agents %d", i) }),
			value("externalPartnerTenantId", edmGUID, inDefault, func(*Tenant, int) any { return galleryTenant }),
			text("objectType", inDefault, func(*Tenant, int) string { return "group" }),
		},
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}

func newRemoteTenantGroupType() *entityType {
	return newEntityType(
		entityType{name: "remoteTenantGroup", kind: KindRemoteTenantGroup},
		[]property{
			idProperty(KindRemoteTenantGroup),
			text("displayName", inDefault, func(_ *Tenant, i int) string { return fmt.Sprintf("Managing Tenant Readers %d", i) }),
		},
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}
