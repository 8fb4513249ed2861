package connector

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// source says what it takes to read a data set. The table below is the only
// place that says so: validation, capabilities and the documentation are made
// from it.
type source struct {
	Data dataSet
	// Purpose says, for a person, what is read.
	Purpose string
	// ResourceTypes are the types that show it; none for what syncs do not
	// read.
	ResourceTypes []string
	// Feed is the event feed that reads it.
	Feed string
	// Permission is the least privileged permission.
	Permission string
	// Also are broader permissions that include it.
	Also []string
	// Plans are service plans of which the tenant needs one, and License says
	// so to a person. None means that any tenant has the data.
	Plans   []string
	License string
	// Optional means that a sync without it is whole but for what Purpose says.
	Optional bool
	// Probes are requests that show whether the data set can be read: each has to
	// be answered, be it by "there is no such object".
	Probes []string
	// ByObject means that it is read object by object, so that only the probe can
	// tell that Graph does not have it at all.
	ByObject bool
	// Retractable means that what was read of it can be left out at any time.
	Retractable bool
}

// nobody is an id that no object has: a question about it is answered by those who
// may ask, and shows nothing.
const nobody = "5d0c4f1e-8b27-4e9a-b6c3-71fa2d9e0b84"

const (
	readDirectory      = "Directory.Read.All"
	readWriteDirectory = "Directory.ReadWrite.All"
	readAuditLog       = "AuditLog.Read.All"
)

var (
	plansP1 = []string{graph.PlanEntraP1, graph.PlanEntraP2}
	plansP2 = []string{graph.PlanEntraP2, graph.PlanEntraGovernance}
	// plansRisk leaves governance out: it does not include Identity Protection.
	plansRisk = []string{graph.PlanEntraP2}
)

const (
	licenseP1 = "Microsoft Entra ID P1 or P2"
	licenseP2 = "Microsoft Entra ID P2 or Microsoft Entra ID Governance"
)

// sources is checked against Microsoft's permissions reference
// (https://learn.microsoft.com/graph/permissions-reference), August 2026.
var sources = []source{
	{
		Data: dataUsers, Purpose: "users, their managers, and the tenant itself",
		ResourceTypes: []string{typeUser},
		Permission:    "User.Read.All", Also: []string{"User.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes: []string{"/users?$select=id&$top=1"},
	},
	{
		Data: dataGroups, Purpose: "groups, their members and owners",
		ResourceTypes: []string{typeGroup},
		Permission:    "GroupMember.Read.All",
		Also:          []string{"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes:        []string{"/groups?$select=id&$top=1", graph.GroupMembersRef(nobody, 1)},
	},
	{
		Data: dataApplications,
		Purpose: "applications, managed and agent identities, app registrations, their credentials, app roles, owners and assignments, " +
			"and the groups that service principals are in",
		ResourceTypes: []string{typeApplication, typeManagedIdentity, typeAgentIdentity, typeAppRegistration, typeCredential},
		Permission:    "Application.Read.All", Also: []string{"Application.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes: []string{"/servicePrincipals?$select=id&$top=1", "/applications?$select=id&$top=1"},
	},
	{
		Data: dataRoles, Purpose: "directory roles and who holds them, in the whole tenant or in a part of it",
		ResourceTypes: []string{typeRole, typeScopedRole},
		Permission:    "RoleManagement.Read.Directory", Also: []string{"RoleManagement.ReadWrite.Directory", readDirectory, readWriteDirectory},
		Probes: []string{"/roleManagement/directory/roleDefinitions?$select=id"},
	},
	{
		Data: dataHiddenMembers, Purpose: "the members of groups and administrative units with hidden membership",
		ResourceTypes: []string{typeGroup, typeAdministrativeUnit}, Optional: true,
		Permission: "Member.Read.Hidden",
	},
	{
		Data: dataRoleSchedules, Purpose: "until when directory roles are held, and whether they were activated",
		ResourceTypes: []string{typeRole, typeScopedRole}, Optional: true,
		Permission: "RoleManagement.Read.Directory",
		Also: []string{
			"RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All",
			"RoleAssignmentSchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory",
		},
		Plans: plansP2, License: licenseP2,
		Probes: []string{"/roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId%20eq%20'" + nobody + "'"},
	},
	{
		Data: dataRoleEligibility, Purpose: "who may activate a directory role, and until when",
		ResourceTypes: []string{typeRole, typeScopedRole}, Optional: true,
		Permission: "RoleManagement.Read.Directory",
		Also: []string{
			"RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All",
			"RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory",
		},
		Plans: plansP2, License: licenseP2,
		Probes: []string{"/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId%20eq%20'" + nobody + "'"},
	},
	{
		Data: dataGroupEligibility, Purpose: "who may activate a membership or an ownership of a group",
		ResourceTypes: []string{typeGroup}, Optional: true, ByObject: true,
		Permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
		Also:       []string{"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"},
		Plans:      plansP2, License: licenseP2,
		Probes: []string{graph.GroupEligibilitiesRef(nobody)},
	},
	{
		Data: dataFederatedCredentials, Purpose: "federated credentials of app registrations",
		ResourceTypes: []string{typeCredential}, Optional: true,
		Permission: "Application.Read.All", Also: []string{"Application.ReadWrite.All"},
		Probes: []string{graph.FederatedCredentialsRef(nobody)},
	},
	{
		Data: dataAgentSponsors, Purpose: "who sponsors an agent identity",
		ResourceTypes: []string{typeAgentIdentity}, Optional: true, ByObject: true,
		Permission: "Application.Read.All", Also: []string{"Application.ReadWrite.All"},
		Probes: []string{graph.AgentSponsorsRef(nobody, graph.TypeAgentIdentity)},
	},
	{
		Data: dataAdministrativeUnits, Purpose: "administrative units and what is in them",
		ResourceTypes: []string{typeAdministrativeUnit}, Optional: true,
		Permission: "AdministrativeUnit.Read.All",
		Also:       []string{"AdministrativeUnit.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes:     []string{"/directory/administrativeUnits?$select=id&$top=1", graph.AdministrativeUnitMembersRef(nobody)},
	},
	{
		Data: dataLicenses, Purpose: "licences, their seats and who holds them",
		ResourceTypes: []string{typeLicense}, Optional: true,
		Permission: "LicenseAssignment.Read.All",
		Also:       []string{"LicenseAssignment.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes:     []string{"/subscribedSkus"},
	},
	{
		Data: dataConsents, Purpose: "which applications may act for people, by whose consent",
		ResourceTypes: []string{typeConsent}, Optional: true,
		Permission: readDirectory, Also: []string{readWriteDirectory, "DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All"},
		Probes: []string{"/oauth2PermissionGrants?$top=1"},
	},
	{
		Data: dataSignIns, Purpose: "when people last signed in",
		ResourceTypes: []string{typeUser}, Optional: true, Retractable: true,
		Permission: readAuditLog, Plans: plansP1, License: licenseP1,
		Probes: []string{"/users?$select=id,signInActivity&$top=1"},
	},
	{
		Data: dataRegistrations, Purpose: "who has registered for multifactor authentication",
		ResourceTypes: []string{typeUser}, Optional: true, Retractable: true,
		Permission: readAuditLog, Plans: plansP1, License: licenseP1,
		Probes: []string{"/reports/authenticationMethods/userRegistrationDetails?$top=1"},
	},
	{
		Data: dataMailboxes, Purpose: "whether a mailbox is a person's, shared, a room or equipment",
		ResourceTypes: []string{typeUser}, Optional: true, Retractable: true,
		Permission: "MailboxSettings.Read", Also: []string{"MailboxSettings.ReadWrite"},
	},
	{
		Data: dataDeletedUsers, Purpose: "users in the recycle bin",
		ResourceTypes: []string{typeUser}, Optional: true,
		Permission: "User.Read.All", Also: []string{"User.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes: []string{"/directory/deletedItems/microsoft.graph.user?$select=id&$top=1"},
	},
	{
		Data: dataDevices, Purpose: "devices and who registered them",
		ResourceTypes: []string{typeDevice}, Optional: true,
		Permission: "Device.Read.All", Also: []string{"Device.ReadWrite.All", readDirectory, readWriteDirectory},
		Probes: []string{"/devices?$select=id&$top=1"},
	},
	{
		Data: dataRisk, Purpose: "users whose account may be taken over",
		ResourceTypes: []string{typeUserRisk}, Optional: true,
		Permission: "IdentityRiskyUser.Read.All", Also: []string{"IdentityRiskyUser.ReadWrite.All"},
		Plans: plansRisk, License: "Microsoft Entra ID P2",
		Probes: []string{"/identityProtection/riskyUsers?$top=1"},
	},
	{
		Data: dataDirectoryAudits, Purpose: "changes in the directory, as events",
		Feed: feedDirectoryChanges, Optional: true,
		Permission: readAuditLog, Also: []string{readDirectory},
		Probes: []string{"/auditLogs/directoryAudits?$top=1"},
	},
	{
		Data: dataSignInLog, Purpose: "people's sign-ins to applications, as events",
		Feed: feedApplicationUsage, Optional: true,
		Permission: readAuditLog, Plans: plansP1, License: licenseP1,
		Probes: []string{"/auditLogs/signIns?$top=1"},
	},
}

// signedInPerson are delegated permissions that let a person's token do what
// the person's own directory role allows; which data that covers shows only
// when it is read.
var signedInPerson = []string{"Directory.AccessAsUser.All"}

// permitted reports whether a token with these permissions may read the data
// set.
func (s *source) permitted(held []string) bool {
	return slices.ContainsFunc(held, func(h string) bool { return h == s.Permission || slices.Contains(s.Also, h) })
}

// sourceOf is the data set's own entry.
func sourceOf(data dataSet) *source {
	return &sources[slices.IndexFunc(sources, func(s source) bool { return s.Data == data })]
}

// capabilityPermissions lists what one resource type needs.
func capabilityPermissions(resourceType string) *v2.CapabilityPermissions {
	var needed []*v2.CapabilityPermission
	var names []string
	for i := range sources {
		name := sources[i].Permission
		if slices.Contains(sources[i].ResourceTypes, resourceType) && !slices.Contains(names, name) {
			names = append(names, name)
			needed = append(needed, v2.CapabilityPermission_builder{Permission: name}.Build())
		}
	}
	return v2.CapabilityPermissions_builder{Permissions: needed}.Build()
}

// Feed ids. They are part of the contract with the platform and never change.
const (
	feedDirectoryChanges = "directory-changes"
	feedApplicationUsage = "application-usage"
)
