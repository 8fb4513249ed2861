package decide

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Source says what it takes to read a data set. The table below is the only
// place that says so: validation, capabilities and the documentation are made
// from it.
type Source struct {
	Data model.DataSet
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
	// Aside means that it is a property of what another walk reads. A refusal must
	// not come in that walk, so that Graph is always asked first, and no answer fails
	// a sync. Who lacks the permission may get an answer that is empty: who is known
	// to lack it does not ask.
	Aside bool
}

// nobody is an id that no object has: a question about it is answered by those who
// may ask, and shows nothing.
const nobody = "5d0c4f1e-8b27-4e9a-b6c3-71fa2d9e0b84"

// noChannel has the form of a channel's id.
const noChannel = "19:5d0c4f1e8b274e9ab6c371fa2d9e0b84@thread.tacv2"

const (
	ReadDirectory      = "Directory.Read.All"
	ReadWriteDirectory = "Directory.ReadWrite.All"
	readAuditLog       = "AuditLog.Read.All"
	readEntitlements   = "EntitlementManagement.Read.All"
	readAttributes     = "CustomSecAttributeAssignment.Read.All"
	writeAttributes    = "CustomSecAttributeAssignment.ReadWrite.All"
)

var (
	plansP1 = []string{graph.PlanEntraP1, graph.PlanEntraP2}
	plansP2 = []string{graph.PlanEntraP2, graph.PlanEntraGovernance}
	// plansRisk leaves governance out: it does not include Identity Protection.
	plansRisk = []string{graph.PlanEntraP2}
)

const (
	LicenseP1 = "Microsoft Entra ID P1 or P2"
	LicenseP2 = "Microsoft Entra ID P2 or Microsoft Entra ID Governance"
)

// Sources is checked against Microsoft's permissions reference
// (https://learn.microsoft.com/graph/permissions-reference), August 2026.
var Sources = []Source{
	{
		Data: model.DataUsers, Purpose: "users, their managers, and the tenant itself",
		ResourceTypes: []string{model.TypeUser, model.TypeTenant},
		Permission:    "User.Read.All", Also: []string{"User.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes: []string{"/users?$select=id&$top=1"},
	},
	{
		Data: model.DataGroups, Purpose: "groups, their members and owners",
		ResourceTypes: []string{model.TypeGroup},
		Permission:    "GroupMember.Read.All",
		Also:          []string{"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes:        []string{"/groups?$select=id&$top=1", graph.GroupMembersRef(nobody, 1)},
	},
	{
		Data: model.DataApplications,
		Purpose: "applications, managed and agent identities, app registrations, their credentials, app roles, owners and assignments, " +
			"and the groups that service principals are in",
		ResourceTypes: []string{model.TypeApplication, model.TypeManagedIdentity, model.TypeAgentIdentity, model.TypeAppRegistration, model.TypeCredential},
		Permission:    "Application.Read.All", Also: []string{"Application.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes: []string{"/servicePrincipals?$select=id&$top=1", "/applications?$select=id&$top=1"},
	},
	{
		Data: model.DataRoles, Purpose: "directory roles and who holds them, in the whole tenant or in a part of it",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole, model.TypePartnerPrincipal},
		Permission:    "RoleManagement.Read.Directory", Also: []string{"RoleManagement.ReadWrite.Directory", ReadDirectory, ReadWriteDirectory},
		Probes: []string{"/roleManagement/directory/roleDefinitions?$select=id"},
	},
	{
		Data: model.DataHiddenMembers, Purpose: "the members of groups and administrative units with hidden membership",
		ResourceTypes: []string{model.TypeGroup, model.TypeAdministrativeUnit}, Optional: true,
		Permission: "Member.Read.Hidden",
	},
	{
		Data: model.DataRoleSchedules, Purpose: "until when directory roles are held, and whether they were activated",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole}, Optional: true,
		Permission: "RoleManagement.Read.Directory",
		Also: []string{
			"RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All",
			"RoleAssignmentSchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory",
		},
		Plans: plansP2, License: LicenseP2,
		Probes: []string{"/roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId%20eq%20'" + nobody + "'"},
	},
	{
		Data: model.DataRoleEligibility, Purpose: "who may activate a directory role, and until when",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole}, Optional: true,
		Permission: "RoleManagement.Read.Directory",
		Also: []string{
			"RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All",
			"RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory",
		},
		Plans: plansP2, License: LicenseP2,
		Probes: []string{"/roleManagement/directory/roleEligibilityScheduleInstances?$filter=principalId%20eq%20'" + nobody + "'"},
	},
	{
		Data: model.DataGroupEligibility, Purpose: "who may activate a membership or an ownership of a group",
		ResourceTypes: []string{model.TypeGroup}, Optional: true, ByObject: true,
		Permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
		Also:       []string{"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"},
		Plans:      plansP2, License: LicenseP2,
		Probes: []string{graph.GroupEligibilitiesRef(nobody)},
	},
	{
		Data: model.DataRoleRules, Purpose: "what it takes to activate a directory role: whose approval, and for how long",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole}, Optional: true,
		Permission: "RoleManagement.Read.Directory",
		Also:       []string{"RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"},
		Plans:      plansP2, License: LicenseP2,
		Probes: []string{graph.PoliciesRef(graph.RolePolicy(nobody))},
	},
	{
		Data: model.DataGroupRules, Purpose: "what it takes to activate a membership or an ownership of a group: whose approval, and for how long",
		ResourceTypes: []string{model.TypeGroup}, Optional: true, ByObject: true,
		Permission: "RoleManagementPolicy.Read.AzureADGroup",
		Also:       []string{"RoleManagementPolicy.ReadWrite.AzureADGroup"},
		Plans:      plansP2, License: LicenseP2,
		Probes: []string{graph.PoliciesRef(graph.GroupPolicies(nobody))},
	},
	{
		Data: model.DataFederatedCredentials, Purpose: "federated credentials of app registrations",
		ResourceTypes: []string{model.TypeCredential}, Optional: true,
		Permission: "Application.Read.All", Also: []string{"Application.ReadWrite.All"},
		Probes: []string{graph.FederatedCredentialsRef(nobody)},
	},
	{
		Data: model.DataAgentSponsors, Purpose: "who sponsors an agent identity",
		ResourceTypes: []string{model.TypeAgentIdentity}, Optional: true, ByObject: true,
		Permission: "Application.Read.All", Also: []string{"Application.ReadWrite.All"},
		Probes: []string{graph.AgentSponsorsRef(nobody, graph.TypeAgentIdentity)},
	},
	{
		Data: model.DataInherited, Purpose: "what agent identities inherit from their blueprint, and which blueprint that is",
		ResourceTypes: []string{model.TypeAgentIdentity}, Optional: true, ByObject: true,
		Permission: "Application.Read.All",
		Also: []string{
			"Application.ReadWrite.All", "AgentIdentityBlueprint.Read.All", "AgentIdentityBlueprint.ReadWrite.All", ReadDirectory, ReadWriteDirectory,
		},
		Probes: []string{graph.InheritablePermissionsRef(nobody)},
	},
	{
		Data: model.DataAdministrativeUnits, Purpose: "administrative units and what is in them",
		ResourceTypes: []string{model.TypeAdministrativeUnit}, Optional: true,
		Permission: "AdministrativeUnit.Read.All",
		Also:       []string{"AdministrativeUnit.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes:     []string{"/directory/administrativeUnits?$select=id&$top=1", graph.AdministrativeUnitMembersRef(nobody)},
	},
	{
		Data: model.DataLicenses, Purpose: "licences, their seats and who holds them",
		ResourceTypes: []string{model.TypeLicense}, Optional: true,
		Permission: "LicenseAssignment.Read.All",
		Also:       []string{"LicenseAssignment.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes:     []string{"/subscribedSkus"},
	},
	{
		Data: model.DataConsents, Purpose: "which applications may act for people, by whose consent",
		ResourceTypes: []string{model.TypeConsent}, Optional: true,
		Permission: ReadDirectory, Also: []string{ReadWriteDirectory, "DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All"},
		Probes: []string{"/oauth2PermissionGrants?$top=1"},
	},
	{
		Data: model.DataLeaveDates, Purpose: "when people leave or have left",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Aside: true,
		Permission: "User-LifeCycleInfo.Read.All", Also: []string{"User-LifeCycleInfo.ReadWrite.All"},
		Probes: []string{graph.LeaveDateProbe},
	},
	{
		Data: model.DataGuestSponsors, Purpose: "who answers for guests",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Retractable: true,
		Permission: "User.Read.All", Also: []string{"User.ReadWrite.All"},
		Probes: []string{graph.SponsorsRef(nobody)},
	},
	{
		Data: model.DataUserAttributes, Purpose: "what an organization has written on people, as custom security attributes",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Aside: true,
		Permission: readAttributes, Also: []string{writeAttributes},
		Probes: []string{graph.UserAttributesProbe},
	},
	{
		Data: model.DataAppAttributes, Purpose: "what an organization has written on applications, as custom security attributes",
		ResourceTypes: []string{model.TypeApplication}, Optional: true, Aside: true,
		Permission: readAttributes, Also: []string{writeAttributes},
		Probes: []string{graph.ApplicationAttributesProbe},
	},
	{
		Data: model.DataChannels, Purpose: "channels of teams that not all members of the team are in",
		ResourceTypes: []string{model.TypeChannel}, Optional: true, ByObject: true,
		Permission: "Channel.ReadBasic.All",
		Also:       []string{"ChannelSettings.Read.All", "ChannelSettings.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes:     []string{graph.TeamChannelsRef(nobody)},
	},
	{
		Data: model.DataChannelMembers, Purpose: "who is in private and shared channels",
		ResourceTypes: []string{model.TypeChannel}, Optional: true,
		Permission: "ChannelMember.Read.All", Also: []string{"ChannelMember.ReadWrite.All"},
		Probes: []string{graph.ChannelMembersRef(nobody, noChannel)},
	},
	{
		Data: model.DataResourceConsents, Purpose: "what applications may do in single groups and teams, by resource-specific consent",
		ResourceTypes: []string{model.TypeGroup}, Optional: true, ByObject: true,
		Permission: "GroupMember.Read.All",
		Also:       []string{"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"},
		Probes:     []string{graph.GroupResourceConsentsRef(nobody)},
	},
	{
		Data: model.DataSignIns, Purpose: "when people last signed in",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Retractable: true,
		Permission: readAuditLog, Plans: plansP1, License: LicenseP1,
		Probes: []string{"/users?$select=id,signInActivity&$top=1"},
	},
	{
		Data: model.DataRegistrations, Purpose: "who has registered for multifactor authentication",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Retractable: true,
		Permission: readAuditLog, Plans: plansP1, License: LicenseP1,
		Probes: []string{"/reports/authenticationMethods/userRegistrationDetails?$top=1"},
	},
	{
		Data: model.DataMailboxes, Purpose: "whether a mailbox is a person's, shared, a room or equipment",
		ResourceTypes: []string{model.TypeUser}, Optional: true, Retractable: true,
		Permission: "MailboxSettings.Read", Also: []string{"MailboxSettings.ReadWrite"},
	},
	{
		Data: model.DataDeletedUsers, Purpose: "users in the recycle bin",
		ResourceTypes: []string{model.TypeUser}, Optional: true,
		Permission: "User.Read.All", Also: []string{"User.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes: []string{"/directory/deletedItems/microsoft.graph.user?$select=id&$top=1"},
	},
	{
		Data: model.DataDevices, Purpose: "devices and who registered them",
		ResourceTypes: []string{model.TypeDevice}, Optional: true,
		Permission: "Device.Read.All", Also: []string{"Device.ReadWrite.All", ReadDirectory, ReadWriteDirectory},
		Probes: []string{"/devices?$select=id&$top=1"},
	},
	{
		Data: model.DataRisk, Purpose: "users whose account may be taken over",
		ResourceTypes: []string{model.TypeUserRisk}, Optional: true,
		Permission: "IdentityRiskyUser.Read.All", Also: []string{"IdentityRiskyUser.ReadWrite.All"},
		Plans: plansRisk, License: "Microsoft Entra ID P2",
		Probes: []string{"/identityProtection/riskyUsers?$top=1"},
	},
	{
		Data: model.DataPackageCatalogs, Purpose: "catalogues of access packages, and who manages what is in them",
		ResourceTypes: []string{model.TypePackageCatalog}, Optional: true,
		Permission: readEntitlements, Also: []string{"EntitlementManagement.ReadWrite.All"},
		Plans: plansP2, License: LicenseP2,
		Probes: []string{"/identityGovernance/entitlementManagement/catalogs?$select=id&$filter=displayName%20eq%20'" + nobody + "'"},
	},
	{
		Data: model.DataAccessPackages, Purpose: "access packages, what they give, who may ask for them, and who holds them until when",
		ResourceTypes: []string{model.TypeAccessPackage}, Optional: true,
		Permission: readEntitlements, Also: []string{"EntitlementManagement.ReadWrite.All"},
		Plans: plansP2, License: LicenseP2,
		Probes: []string{"/identityGovernance/entitlementManagement/accessPackages?$select=id&$filter=displayName%20eq%20'" + nobody + "'"},
	},
	{
		Data: model.DataDirectoryAudits, Purpose: "changes in the directory, as events",
		Feed: FeedDirectoryChanges, Optional: true,
		Permission: readAuditLog, Also: []string{ReadDirectory},
		Probes: []string{"/auditLogs/directoryAudits?$top=1"},
	},
	{
		Data: model.DataSignInLog, Purpose: "people's sign-ins to applications, as events",
		Feed: FeedApplicationUsage, Optional: true,
		Permission: readAuditLog, Plans: plansP1, License: LicenseP1,
		Probes: []string{"/auditLogs/signIns?$top=1"},
	},
}

// signedInPerson are delegated permissions that let a person's token do what
// the person's own directory role allows; which data that covers shows only
// when it is read.
var signedInPerson = []string{"Directory.AccessAsUser.All"}

// permitted reports whether a token with these permissions may read the data
// set.
func (s *Source) permitted(held []string) bool {
	return slices.ContainsFunc(held, func(h string) bool { return h == s.Permission || slices.Contains(s.Also, h) })
}

// sourceOf is the data set's own entry.
func sourceOf(data model.DataSet) *Source {
	return &Sources[slices.IndexFunc(Sources, func(s Source) bool { return s.Data == data })]
}

// CapabilityPermissions lists what one resource type needs.
func CapabilityPermissions(resourceType string) *v2.CapabilityPermissions {
	var needed []*v2.CapabilityPermission
	var names []string
	for i := range Sources {
		name := Sources[i].Permission
		if slices.Contains(Sources[i].ResourceTypes, resourceType) && !slices.Contains(names, name) {
			names = append(names, name)
			needed = append(needed, v2.CapabilityPermission_builder{Permission: name}.Build())
		}
	}
	return v2.CapabilityPermissions_builder{Permissions: needed}.Build()
}

// Feed ids. They are part of the contract with the platform and never change.
const (
	FeedDirectoryChanges = "directory-changes"
	FeedApplicationUsage = "application-usage"
)
