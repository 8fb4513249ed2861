package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newRoleDefinitionType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "unifiedRoleDefinition", Kind: directory.KindRoleDefinition},
		[]directory.Property{
			idProperty(directory.KindRoleDefinition),
			text("description", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].Description }),
			text("displayName", plain, func(t *directory.Tenant, i int) string { return t.Roles[i].Name }),
			flag("isBuiltIn", plain, func(t *directory.Tenant, i int) bool { return t.Roles[i].BuiltIn }),
			flag("isEnabled", directory.InDefault, func(t *directory.Tenant, i int) bool { return !t.Roles[i].Disabled }),
			list("resourceScopes", directory.InDefault, func(*directory.Tenant, int) []string { return []string{"/"} }),
			value("rolePermissions", directory.EDMComplexes, directory.InDefault, func(*directory.Tenant, int) any {
				return []rolePermission{{AllowedResourceActions: []string{"microsoft.directory/users/standard/read"}, ExcludedResourceActions: []string{}}}
			}),
			text("templateId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Roles[i].ID.String() }),
			text("version", directory.InDefault, func(t *directory.Tenant, i int) string {
				if t.Roles[i].BuiltIn {
					return "1"
				}
				return ""
			}),
		},
	)
}

type rolePermission struct {
	AllowedResourceActions  []string `json:"allowedResourceActions"`
	ExcludedResourceActions []string `json:"excludedResourceActions"`
	Condition               *string  `json:"condition"`
}

func newRoleAssignmentType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "unifiedRoleAssignment", Kind: directory.KindRoleAssignment},
		[]directory.Property{
			idProperty(directory.KindRoleAssignment),
			text("principalId", plain, func(t *directory.Tenant, i int) string { return t.PrincipalID(t.Assignments[i]) }),
			text("principalOrganizationId", directory.InDefault, func(t *directory.Tenant, _ int) string { return t.TenantID() }),
			text("directoryScopeId", plain, func(t *directory.Tenant, i int) string { return t.ScopeID(t.Assignments[i].Scope) }),
			text("roleDefinitionId", plain, func(t *directory.Tenant, i int) string { return t.Roles[t.Assignments[i].Role].ID.String() }),
			text("appScopeId", directory.InDefault, func(t *directory.Tenant, i int) string { return directory.AppScopeID(t.Assignments[i].Scope) }),
		},
		unset(directory.EDMString, directory.InDefault, "condition"),
	)
}

// OfPartner is whether a principal belongs to another tenant.
func OfPartner(r directory.Ref) bool {
	return r.Kind() == directory.KindPartnerReference || r.Kind() == directory.KindRemoteTenantGroup
}

func newPartnerReferenceType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "directoryObjectPartnerReference", Kind: directory.KindPartnerReference},
		[]directory.Property{
			idProperty(directory.KindPartnerReference),
			text("description", directory.InDefault, func(*directory.Tenant, int) string { return "Helpdesk agents of the partner" }),
			text("displayName", directory.InDefault, PartnerName),
			value("externalPartnerTenantId", directory.EDMGUID, directory.InDefault, func(*directory.Tenant, int) any { return directory.GalleryTenant }),
			text("objectType", directory.InDefault, func(*directory.Tenant, int) string { return "group" }),
		},
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}

// firstRemoteGroup is where the ids of groups of other tenants begin, among the ids of nothing else; the tenant itself
// has the one before.
const firstRemoteGroup = 80_001

// ManagingTenant is the tenant that manages this one.
func ManagingTenant(t *directory.Tenant) string {
	return t.GUIDOf(directory.MakeRef(directory.KindMisc, firstRemoteGroup-1)).String()
}

// RemoteGroupName is what a group of another tenant is called there.
func RemoteGroupName(_ *directory.Tenant, i int) string {
	return fmt.Sprintf("Managing Tenant Readers %d", i)
}

// PartnerName is what a principal of a partner is called.
func PartnerName(_ *directory.Tenant, i int) string { return fmt.Sprintf("Helpdesk Agents %d", i) }

func newRemoteTenantGroupType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "remoteTenantGroup", Kind: directory.KindRemoteTenantGroup},
		[]directory.Property{
			idProperty(directory.KindRemoteTenantGroup),
			text("remoteGroupDisplayName", directory.InDefault, RemoteGroupName),
			value("remoteGroupId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, i int) any {
				return t.GUIDOf(directory.MakeRef(directory.KindMisc, firstRemoteGroup+i)).String()
			}),
			text("remoteTenantDisplayName", directory.InDefault, func(*directory.Tenant, int) string { return "Managing Tenant" }),
			value("remoteTenantId", directory.EDMGUID, directory.InDefault, func(t *directory.Tenant, _ int) any { return ManagingTenant(t) }),
			text("remoteTenantPrimaryDomain", directory.InDefault, func(*directory.Tenant, int) string { return "managing.example" }),
		},
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}

// newRoleAssignmentInstanceType is an active role assignment as Privileged Identity Management shows it.
func newRoleAssignmentInstanceType() *directory.EntityType {
	const kind = directory.KindRoleAssignmentInstance
	return directory.NewEntityType(
		directory.EntityType{Name: "unifiedRoleAssignmentScheduleInstance", Kind: kind},
		roleInstanceProperties(kind),
		[]directory.Property{
			text("assignmentType", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string {
				_, of := t.Instance(kind, i)
				return of.Term.Truth()
			}),
			text("roleAssignmentOriginId", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string {
				row, _ := t.Instance(kind, i)
				return t.RoleAssignmentID(int(row.Of))
			}),
			text("roleAssignmentScheduleId", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string {
				row, _ := t.Instance(kind, i)
				return t.RoleAssignmentID(int(row.Of))
			}),
		},
	)
}

// newRoleEligibilityInstanceType is a role a principal may activate.
func newRoleEligibilityInstanceType() *directory.EntityType {
	const kind = directory.KindRoleEligibilityInstance
	return directory.NewEntityType(
		directory.EntityType{Name: "unifiedRoleEligibilityScheduleInstance", Kind: kind},
		roleInstanceProperties(kind),
		[]directory.Property{
			text("roleEligibilityScheduleId", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string {
				row, _ := t.Instance(kind, i)
				return t.GUIDOf(directory.MakeRef(directory.KindRoleEligibility, int(row.Of))).String()
			}),
		},
	)
}

// roleInstanceProperties are those that assignments and eligibilities share.
func roleInstanceProperties(kind directory.Kind) []directory.Property {
	const plain = directory.InDefault | directory.Filterable
	return []directory.Property{
		idProperty(kind),
		text("principalId", plain, func(t *directory.Tenant, i int) string {
			row, of := t.Instance(kind, i)
			if row.Member != 0 {
				return t.IDOf(row.Member)
			}
			return t.PrincipalID(of)
		}),
		alsoKnownAs(text("roleDefinitionId", plain, func(t *directory.Tenant, i int) string {
			_, of := t.Instance(kind, i)
			return t.ScheduleRoleID(of.Role).String()
		}), func(t *directory.Tenant, i int) any {
			_, of := t.Instance(kind, i)
			return t.Roles[of.Role].ID.String()
		}),
		text("directoryScopeId", plain, func(t *directory.Tenant, i int) string {
			_, of := t.Instance(kind, i)
			return t.ScopeID(of.Scope)
		}),
		date("startDateTime", plain, func(t *directory.Tenant, i int) string {
			row, of := t.Instance(kind, i)
			return t.StartOf(directory.MakeRef(t.ScheduleOf(kind).Origin, int(row.Of)), of.Term, of.Given)
		}),
		date("endDateTime", plain, func(t *directory.Tenant, i int) string {
			row, of := t.Instance(kind, i)
			return t.EndOf(directory.MakeRef(t.ScheduleOf(kind).Origin, int(row.Of)), of.Term, of.Given)
		}),
		text("memberType", plain, func(t *directory.Tenant, i int) string {
			if row, of := t.Instance(kind, i); row.Member != 0 || of.ThroughGroup {
				return directory.MemberGroup
			}
			return directory.MemberDirect
		}),
		text("appScopeId", directory.InDefault, func(t *directory.Tenant, i int) string {
			_, of := t.Instance(kind, i)
			return directory.AppScopeID(of.Scope)
		}),
	}
}
