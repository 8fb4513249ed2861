// Package nouns is what each endpoint does: one file for each noun, for reading and for writing, and the tables of the
// routes that lead to them. It does not know what carries a call, what it costs, or what is made to go wrong.
package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/delta"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// Routes is every endpoint the simulated Graph has. Costs are those of throttling-limits; what is not in its
// table costs one.
func Routes() []api.Route {
	return []api.Route{
		{Path: "organization", Kind: directory.KindOrganization, Cost: 1, Run: listOrganization},
		{Path: "users", Kind: directory.KindUser, Cost: 2, Run: ordinaryList("users", listOptions)},
		{Path: "users/{id}", Kind: directory.KindUser, Cost: 1, Single: true, Run: oneOf("users")},
		{Path: "users/{id}/manager", Kind: directory.KindUser, Cost: 1, Single: true, Run: getManager},
		{Path: "users/{id}/mailboxsettings", Kind: directory.KindUser, Service: api.ServiceOutlook, Single: true, Run: getMailboxSettings},
		{Path: "users/{id}/mailboxsettings/userpurpose", Kind: directory.KindUser, Service: api.ServiceOutlook, Single: true, Run: getUserPurpose},
		{Path: "users/{id}/sponsors", Kind: directory.KindUser, Cost: 1, Run: related(relations.SponsorsOfUser)},
		{Path: "users/{id}/memberof", Kind: directory.KindUser, Cost: 2, Run: related(relations.GroupsOf)},
		{Path: "users/{id}/transitivememberof", Kind: directory.KindUser, Cost: 2, Run: related(relations.TransitiveGroupsOf)},
		{Path: "groups", Kind: directory.KindGroup, Cost: 1, Run: ordinaryList("groups", listOptions)},
		{Path: "groups/delta", Kind: directory.KindGroup, Cost: 1, Run: delta.Groups},
		{Path: "groups/{id}", Kind: directory.KindGroup, Cost: 1, Single: true, Run: oneOf("groups")},
		{Path: "groups/{id}/members", Kind: directory.KindGroup, Cost: 3, Run: related(relations.ListedMembers)},
		{Path: "groups/{id}/transitivemembers", Kind: directory.KindGroup, Cost: 5, Run: related(relations.TransitiveMembers)},
		{Path: "groups/{id}/owners", Kind: directory.KindGroup, Cost: 1, Run: related(relations.ListedOwners)},
		{Path: "groups/{id}/memberof", Kind: directory.KindGroup, Cost: 1, Run: related(relations.GroupsOf)},
		{Path: "groups/{id}/transitivememberof", Kind: directory.KindGroup, Cost: 2, Run: related(relations.TransitiveGroupsOf)},
		{Path: "serviceprincipals", Kind: directory.KindServicePrincipal, Cost: 1, Run: ordinaryList("servicePrincipals", listOptions)},
		{Path: "serviceprincipals/{id}", Kind: directory.KindServicePrincipal, Cost: 1, Single: true, Run: oneOf("servicePrincipals")},
		{Path: "serviceprincipals/{id}/approleassignedto", Kind: directory.KindServicePrincipal, Cost: 1, Run: listAssignedTo},
		{Path: "serviceprincipals/{id}/approleassignments", Kind: directory.KindServicePrincipal, Cost: 2, Run: listHeld},
		{Path: "serviceprincipals/{id}/owners", Kind: directory.KindServicePrincipal, Cost: 1, Run: related(relations.OwnersOfSP)},
		{Path: "serviceprincipals/{id}/memberof", Kind: directory.KindServicePrincipal, Cost: 1, Run: related(relations.GroupsOf)},
		{Path: "serviceprincipals/{id}/transitivememberof", Kind: directory.KindServicePrincipal, Cost: 2, Run: related(relations.TransitiveGroupsOf)},
		{Path: "serviceprincipals/{id}/ownedobjects", Kind: directory.KindServicePrincipal, Cost: 1, Run: related(relations.OwnedBy)},
		{Path: "applications", Kind: directory.KindApplication, Cost: 2, Run: ordinaryList("applications", listOptions)},
		{Path: "applications/{id}", Kind: directory.KindApplication, Cost: 1, Single: true, Run: oneOf("applications")},
		{Path: "applications/{id}/owners", Kind: directory.KindApplication, Cost: 1, Run: related(relations.OwnersOfRegistration)},
		{Path: "applications/{id}/federatedidentitycredentials", Kind: directory.KindApplication, Cost: 1, Run: listFederatedCredentials},
		{
			Path: "applications/{id}/microsoft.graph.agentidentityblueprint/inheritablepermissions", Kind: directory.KindApplication, Cost: 1,
			Run: listInheritable,
		},
		{Path: "oauth2permissiongrants", Kind: directory.KindConsent, Cost: 2, Run: plainList("oauth2PermissionGrants", assignedOptions)},
		{Path: "oauth2permissiongrants/{id}", Kind: directory.KindConsent, Cost: 2, Single: true, Run: getConsent},
		{Path: "directoryobjects/{id}", Kind: directory.KindUser, Cost: 1, Single: true, Run: getDirectoryObject},
		{Path: "domains", Kind: directory.KindOrganization, Cost: 1, Run: listDomains},
		{Path: "users/{id}/licensedetails", Kind: directory.KindUser, Cost: 2, Run: licenseDetails},
		{Path: "users/{id}/ownedobjects", Kind: directory.KindUser, Cost: 2, Run: related(relations.OwnedBy)},
		{Path: "users/{id}/approleassignments", Kind: directory.KindUser, Cost: 2, Run: listHeld},
		{Path: "users/{id}/authentication/methods", Kind: directory.KindUser, Service: api.ServiceReports, Run: listMethods},
		{Path: "serviceprincipals/{id}/synchronization/jobs", Kind: directory.KindServicePrincipal, Cost: 1, Run: listJobs},
		{Path: "serviceprincipals/{id}/synchronization/jobs/{id}/schema", Kind: directory.KindServicePrincipal, Cost: 1, Single: true, Run: getSchema},
		{Path: "subscribedskus", Kind: directory.KindSubscribedSku, Cost: 3, Run: plainList("subscribedSkus", odata.OptionSet())},
		{Path: "reports/authenticationmethods/userregistrationdetails", Kind: directory.KindRegistrationDetails, Service: api.ServiceReports, Run: listRegistrationDetails},
		{Path: "auditlogs/directoryaudits", Kind: directory.KindDirectoryAudit, Service: api.ServiceReports, Run: listDirectoryAudits},
		{Path: "auditlogs/signins", Kind: directory.KindSignIn, Service: api.ServiceReports, Run: listSignIns},
		{
			Path: "reports/authenticationmethods/userregistrationdetails/{id}", Kind: directory.KindRegistrationDetails, Service: api.ServiceReports, Single: true,
			Run: getOfUser("reports/authenticationMethods/userRegistrationDetails"),
		},
		{Path: "identityprotection/riskyusers/{id}", Kind: directory.KindRiskyUser, Service: api.ServiceIdentityProtection, Single: true, Run: getOfUser("identityProtection/riskyUsers")},
		{Path: "directory/deleteditems/{id}", Kind: directory.KindUser, Cost: 1, Single: true, Run: getDeletedItem},
		{Path: "identityprotection/riskyusers", Kind: directory.KindRiskyUser, Service: api.ServiceIdentityProtection, Run: listRiskyUsers},
		{Path: "rolemanagement/directory/roledefinitions", Kind: directory.KindRoleDefinition, Cost: 1, Run: roleList("roleManagement/directory/roleDefinitions")},
		{Path: "rolemanagement/directory/roledefinitions/{id}", Kind: directory.KindRoleDefinition, Cost: 1, Single: true, Run: oneOf("roleManagement/directory/roleDefinitions")},
		{Path: "rolemanagement/directory/roleassignments", Kind: directory.KindRoleAssignment, Cost: 1, Run: roleList("roleManagement/directory/roleAssignments")},
		{
			Path: "rolemanagement/directory/roleassignmentscheduleinstances", Kind: directory.KindRoleAssignmentInstance, Cost: 1,
			Run: permissions.Needing(directory.PlanP2, roleList("roleManagement/directory/roleAssignmentScheduleInstances")),
		},
		{
			Path: "rolemanagement/directory/roleeligibilityscheduleinstances", Kind: directory.KindRoleEligibilityInstance, Cost: 1,
			Run: permissions.Needing(directory.PlanP2, roleList("roleManagement/directory/roleEligibilityScheduleInstances")),
		},
		{
			Path: "identitygovernance/privilegedaccess/group/assignmentscheduleinstances", Kind: directory.KindGroupAssignmentInstance, Cost: 1,
			Run: permissions.Needing(directory.PlanP2, listGroupSchedules("assignmentScheduleInstances")),
		},
		{
			Path: "identitygovernance/privilegedaccess/group/eligibilityscheduleinstances", Kind: directory.KindGroupEligibilityInstance, Cost: 1,
			Run: permissions.Needing(directory.PlanP2, listGroupSchedules("eligibilityScheduleInstances")),
		},
		{
			Path: "rolemanagement/directory/roleassignmentschedulerequests/{id}", Kind: directory.KindRoleAssignmentInstance, Cost: 1, Single: true,
			Run: permissions.Needing(directory.PlanP2, getRequest),
		},
		{
			Path: "rolemanagement/directory/roleeligibilityschedulerequests/{id}", Kind: directory.KindRoleEligibilityInstance, Cost: 1, Single: true,
			Run: permissions.Needing(directory.PlanP2, getRequest),
		},
		{
			Path: "identitygovernance/privilegedaccess/group/assignmentschedulerequests/{id}", Kind: directory.KindGroupAssignmentInstance, Cost: 1, Single: true,
			Run: permissions.Needing(directory.PlanP2, getRequest),
		},
		{
			Path: "identitygovernance/privilegedaccess/group/eligibilityschedulerequests/{id}", Kind: directory.KindGroupEligibilityInstance, Cost: 1, Single: true,
			Run: permissions.Needing(directory.PlanP2, getRequest),
		},
		{Path: "rolemanagement/directory/roleassignments/{id}", Kind: directory.KindRoleAssignment, Cost: 1, Single: true, Run: oneOf("roleManagement/directory/roleAssignments")},
		{Path: "policies/rolemanagementpolicyassignments", Kind: directory.KindRoleDefinition, Cost: 1, Run: listPolicies},
		{Path: "policies/rolemanagementpolicies/{id}/rules", Kind: directory.KindRoleDefinition, Cost: 1, Run: listPolicyRules},
		{Path: "devices", Kind: directory.KindDevice, Cost: 1, Run: ordinaryList("devices", listOptions)},
		{Path: "devices/{id}", Kind: directory.KindDevice, Cost: 1, Single: true, Run: oneOf("devices")},
		{Path: "devices/{id}/registeredowners", Kind: directory.KindDevice, Cost: 1, Run: related(relations.OwnersOfDevice)},
		{Path: api.DeletedUsersPath, Kind: directory.KindUser, Cost: 1, Run: listDeletedUsers},
		{Path: "serviceprincipals/{id}/sponsors", Kind: directory.KindServicePrincipal, Cost: 1, Run: sponsors("")},
		{Path: "serviceprincipals/{id}/microsoft.graph.agentidentity/sponsors", Kind: directory.KindServicePrincipal, Cost: 1, Run: sponsors(directory.AgentIdentityType)},
		{
			Path: "serviceprincipals/{id}/microsoft.graph.agentidentityblueprintprincipal/sponsors", Kind: directory.KindServicePrincipal, Cost: 1,
			Run: sponsors(directory.AgentBlueprintType),
		},
		{Path: "contacts", Kind: directory.KindContact, Cost: 1, Run: ordinaryList("contacts", plainOptions)},
		{Path: "directory/administrativeunits", Kind: directory.KindAdministrativeUnit, Cost: 1, Run: ordinaryList("directory/administrativeUnits", plainOptions)},
		{Path: "directory/administrativeunits/{id}", Kind: directory.KindAdministrativeUnit, Cost: 1, Single: true, Run: oneOf("directory/administrativeUnits")},
		{Path: "directory/administrativeunits/{id}/members", Kind: directory.KindAdministrativeUnit, Cost: 1, Run: related(relations.UnitMembers)},
	}
}

// Casts are the derived types a path may end in.
var Casts = map[string]struct {
	Kind directory.Kind
	Name string
}{
	"user":                       {Kind: directory.KindUser},
	"group":                      {Kind: directory.KindGroup},
	"servicePrincipal":           {Kind: directory.KindServicePrincipal},
	"device":                     {Kind: directory.KindDevice},
	"orgContact":                 {Kind: directory.KindContact},
	"application":                {Kind: directory.KindApplication},
	"directoryRole":              {Kind: directory.KindDirectoryRole},
	directory.AgentIdentityType:  {Kind: directory.KindServicePrincipal, Name: directory.AgentIdentityType},
	directory.AgentBlueprintType: {Kind: directory.KindServicePrincipal, Name: directory.AgentBlueprintType},

	schema.AgentBlueprintAppType: {Kind: directory.KindApplication, Name: schema.AgentBlueprintAppType},
}

// CollectionCasts are lists that may be cast, each with the permission the cast needs of its own.
var CollectionCasts = map[string]struct{ List, Permission string }{
	directory.AgentIdentityType:  {"servicePrincipals", "AgentIdentity.Read.All"},
	directory.AgentBlueprintType: {"servicePrincipals", "AgentIdentityBlueprintPrincipal.Read.All"},
	schema.AgentBlueprintAppType: {"applications", "AgentIdentityBlueprint.Read.All"},
}
