package graphsim

// route is one endpoint: what it costs, whose permission it needs, how it answers.
type route struct {
	method  string  // GET when empty.
	path    string  // With {id} in the place of an id, in lower case: the key of the permission table, after the method of a write.
	kind    Kind    // The kind the id names, or that the list holds.
	cost    int     // In resource units, before modifiers (throttling-limits).
	single  bool    // Answers one object.
	bodied  bool    // Takes a body.
	service service // Whose limits it counts against; the directory's unless said.
	run     func(c *call) (reply, error)
}

var (
	oneOptions      = optionSet(optSelect, optExpand)
	listOptions     = optionSet(optSelect, optExpand, optFilter, optTop, optCount, optSearch, optOrderBy, optSkipToken)
	plainOptions    = optionSet(optSelect, optFilter, optTop, optCount, optOrderBy, optSkipToken)
	relationOptions = options{names: []string{optSelect, optFilter, optTop, optCount, optSkipToken}, advancedFilter: true}
	roleOptions     = optionSet(optSelect, optExpand, optFilter, optSkipToken)
	reportOptions   = optionSet(optSelect, optFilter, optTop, optOrderBy, optSkipToken)
	assignedOptions = optionSet(optSelect, optFilter, optTop, optSkipToken)
)

// rolePageSize is the page of the role lists, which do not take $top.
const rolePageSize = 100

// newRoutes is every endpoint the simulated Graph has. Costs are those of throttling-limits; what is not in its
// table costs one.
func newRoutes() []route {
	return []route{
		{path: "organization", kind: KindOrganization, cost: 1, run: (*call).listOrganization},
		{path: "users", kind: KindUser, cost: 2, run: ordinaryList("users", listOptions)},
		{path: "users/{id}", kind: KindUser, cost: 1, single: true, run: oneOf("users")},
		{path: "users/{id}/manager", kind: KindUser, cost: 1, single: true, run: (*call).getManager},
		{path: "users/{id}/mailboxsettings", kind: KindUser, service: serviceOutlook, single: true, run: (*call).getMailboxSettings},
		{path: "users/{id}/mailboxsettings/userpurpose", kind: KindUser, service: serviceOutlook, single: true, run: (*call).getUserPurpose},
		{path: "users/{id}/memberof", kind: KindUser, cost: 2, run: related((*call).groupsOf)},
		{path: "groups", kind: KindGroup, cost: 1, run: ordinaryList("groups", listOptions)},
		{path: "groups/delta", kind: KindGroup, cost: 1, run: (*call).listGroupsDelta},
		{path: "groups/{id}", kind: KindGroup, cost: 1, single: true, run: oneOf("groups")},
		{path: "groups/{id}/members", kind: KindGroup, cost: 3, run: related((*call).listedMembers)},
		{path: "groups/{id}/transitivemembers", kind: KindGroup, cost: 5, run: related((*call).transitiveMembers)},
		{path: "groups/{id}/owners", kind: KindGroup, cost: 1, run: related((*call).listedOwners)},
		{path: "groups/{id}/memberof", kind: KindGroup, cost: 1, run: related((*call).groupsOf)},
		{path: "serviceprincipals", kind: KindServicePrincipal, cost: 1, run: ordinaryList("servicePrincipals", listOptions)},
		{path: "serviceprincipals/{id}", kind: KindServicePrincipal, cost: 1, single: true, run: oneOf("servicePrincipals")},
		{path: "serviceprincipals/{id}/approleassignedto", kind: KindServicePrincipal, cost: 1, run: (*call).listAssignedTo},
		{path: "serviceprincipals/{id}/approleassignments", kind: KindServicePrincipal, cost: 2, run: (*call).listHeld},
		{path: "serviceprincipals/{id}/owners", kind: KindServicePrincipal, cost: 1, run: related((*call).ownersOfSP)},
		{path: "serviceprincipals/{id}/memberof", kind: KindServicePrincipal, cost: 1, run: related((*call).groupsOf)},
		{path: "serviceprincipals/{id}/ownedobjects", kind: KindServicePrincipal, cost: 1, run: related((*call).ownedBy)},
		{path: "applications", kind: KindApplication, cost: 2, run: ordinaryList("applications", listOptions)},
		{path: "applications/{id}", kind: KindApplication, cost: 1, single: true, run: oneOf("applications")},
		{path: "applications/{id}/owners", kind: KindApplication, cost: 1, run: related((*call).ownersOfRegistration)},
		{path: "applications/{id}/federatedidentitycredentials", kind: KindApplication, cost: 1, run: (*call).listFederatedCredentials},
		{path: "oauth2permissiongrants", kind: KindConsent, cost: 2, run: plainList("oauth2PermissionGrants", assignedOptions)},
		{path: "oauth2permissiongrants/{id}", kind: KindConsent, cost: 2, single: true, run: (*call).getConsent},
		{path: "directoryobjects/{id}", kind: KindUser, cost: 1, single: true, run: (*call).getDirectoryObject},
		{path: "domains", kind: KindOrganization, cost: 1, run: (*call).listDomains},
		{path: "users/{id}/licensedetails", kind: KindUser, cost: 2, run: (*call).licenseDetails},
		{path: "users/{id}/ownedobjects", kind: KindUser, cost: 2, run: related((*call).ownedBy)},
		{path: "users/{id}/approleassignments", kind: KindUser, cost: 2, run: (*call).listHeld},
		{path: "users/{id}/authentication/methods", kind: KindUser, service: serviceReports, run: (*call).listMethods},
		{path: "serviceprincipals/{id}/synchronization/jobs", kind: KindServicePrincipal, cost: 1, run: (*call).listJobs},
		{path: "subscribedskus", kind: KindSubscribedSku, cost: 3, run: plainList("subscribedSkus", optionSet())},
		{path: "reports/authenticationmethods/userregistrationdetails", kind: KindRegistrationDetails, service: serviceReports, run: (*call).listRegistrationDetails},
		{path: "auditlogs/directoryaudits", kind: KindDirectoryAudit, service: serviceReports, run: (*call).listDirectoryAudits},
		{path: "auditlogs/signins", kind: KindSignIn, service: serviceReports, run: (*call).listSignIns},
		{
			path: "reports/authenticationmethods/userregistrationdetails/{id}", kind: KindRegistrationDetails, service: serviceReports, single: true,
			run: getOfUser("reports/authenticationMethods/userRegistrationDetails"),
		},
		{path: "identityprotection/riskyusers/{id}", kind: KindRiskyUser, service: serviceIdentityProtection, single: true, run: getOfUser("identityProtection/riskyUsers")},
		{path: "directory/deleteditems/{id}", kind: KindUser, cost: 1, single: true, run: (*call).getDeletedItem},
		{path: "identityprotection/riskyusers", kind: KindRiskyUser, service: serviceIdentityProtection, run: (*call).listRiskyUsers},
		{path: "rolemanagement/directory/roledefinitions", kind: KindRoleDefinition, cost: 1, run: roleList("roleManagement/directory/roleDefinitions")},
		{path: "rolemanagement/directory/roledefinitions/{id}", kind: KindRoleDefinition, cost: 1, single: true, run: oneOf("roleManagement/directory/roleDefinitions")},
		{path: "rolemanagement/directory/roleassignments", kind: KindRoleAssignment, cost: 1, run: roleList("roleManagement/directory/roleAssignments")},
		{
			path: "rolemanagement/directory/roleassignmentscheduleinstances", kind: KindRoleAssignmentInstance, cost: 1,
			run: needing(planP2, roleList("roleManagement/directory/roleAssignmentScheduleInstances")),
		},
		{
			path: "rolemanagement/directory/roleeligibilityscheduleinstances", kind: KindRoleEligibilityInstance, cost: 1,
			run: needing(planP2, roleList("roleManagement/directory/roleEligibilityScheduleInstances")),
		},
		{
			path: "identitygovernance/privilegedaccess/group/assignmentscheduleinstances", kind: KindGroupAssignmentInstance, cost: 1,
			run: needing(planP2, listGroupSchedules("assignmentScheduleInstances")),
		},
		{
			path: "identitygovernance/privilegedaccess/group/eligibilityscheduleinstances", kind: KindGroupEligibilityInstance, cost: 1,
			run: needing(planP2, listGroupSchedules("eligibilityScheduleInstances")),
		},
		{path: "rolemanagement/directory/roleassignments/{id}", kind: KindRoleAssignment, cost: 1, single: true, run: oneOf("roleManagement/directory/roleAssignments")},
		{path: "policies/rolemanagementpolicyassignments", kind: KindRoleDefinition, cost: 1, run: (*call).listPolicies},
		{path: "devices", kind: KindDevice, cost: 1, run: ordinaryList("devices", listOptions)},
		{path: "devices/{id}", kind: KindDevice, cost: 1, single: true, run: oneOf("devices")},
		{path: "devices/{id}/registeredowners", kind: KindDevice, cost: 1, run: related((*call).ownersOfDevice)},
		{path: deletedUsersPath, kind: KindUser, cost: 1, run: (*call).listDeletedUsers},
		{path: "serviceprincipals/{id}/sponsors", kind: KindServicePrincipal, cost: 1, run: sponsors("")},
		{path: "serviceprincipals/{id}/microsoft.graph.agentidentity/sponsors", kind: KindServicePrincipal, cost: 1, run: sponsors(agentIdentityType)},
		{
			path: "serviceprincipals/{id}/microsoft.graph.agentidentityblueprintprincipal/sponsors", kind: KindServicePrincipal, cost: 1,
			run: sponsors(agentBlueprintType),
		},
		{path: "contacts", kind: KindContact, cost: 1, run: ordinaryList("contacts", plainOptions)},
		{path: "directory/administrativeunits", kind: KindAdministrativeUnit, cost: 1, run: ordinaryList("directory/administrativeUnits", plainOptions)},
		{path: "directory/administrativeunits/{id}", kind: KindAdministrativeUnit, cost: 1, single: true, run: oneOf("directory/administrativeUnits")},
		{path: "directory/administrativeunits/{id}/members", kind: KindAdministrativeUnit, cost: 1, run: related((*call).unitMembers)},
	}
}

// casts are the derived types a path may end in.
var casts = map[string]struct {
	kind Kind
	name string
}{
	"user":             {kind: KindUser},
	"group":            {kind: KindGroup},
	"servicePrincipal": {kind: KindServicePrincipal},
	"device":           {kind: KindDevice},
	"orgContact":       {kind: KindContact},
	"application":      {kind: KindApplication},
	"directoryRole":    {kind: KindDirectoryRole},
	agentIdentityType:  {kind: KindServicePrincipal, name: agentIdentityType},
	agentBlueprintType: {kind: KindServicePrincipal, name: agentBlueprintType},

	agentBlueprintAppType: {kind: KindApplication, name: agentBlueprintAppType},
}

// collectionCasts are lists that may be cast, each with the permission the cast needs of its own.
var collectionCasts = map[string]struct{ list, permission string }{
	agentIdentityType:     {"servicePrincipals", "AgentIdentity.Read.All"},
	agentBlueprintType:    {"servicePrincipals", "AgentIdentityBlueprintPrincipal.Read.All"},
	agentBlueprintAppType: {"applications", "AgentIdentityBlueprint.Read.All"},
}

// key is the route's own in the permission table.
func (r *route) key() string {
	if r.method == "" {
		return r.path
	}
	return r.method + " " + r.path
}
