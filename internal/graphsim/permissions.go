package graphsim

import (
	"slices"
	"strings"
)

// CorePermissions are the application permissions without which a directory cannot be read.
func CorePermissions() []string {
	return []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory"}
}

// DefaultPermissions are the application permissions a token carries unless told otherwise: all that reading takes.
func DefaultPermissions() []string {
	return append(CorePermissions(),
		"Member.Read.Hidden", "Directory.Read.All", "AuditLog.Read.All", "AdministrativeUnit.Read.All", "LicenseAssignment.Read.All",
		"PrivilegedEligibilitySchedule.Read.AzureADGroup", "MailboxSettings.Read", "Device.Read.All", "IdentityRiskyUser.Read.All")
}

// WritePermissions are the application permissions that writing everything here takes, beside DefaultPermissions.
func WritePermissions() []string {
	return strings.Fields("GroupMember.ReadWrite.All Group.ReadWrite.All RoleManagement.ReadWrite.Directory AppRoleAssignment.ReadWrite.All " +
		"LicenseAssignment.ReadWrite.All User.ReadWrite.All User.DeleteRestore.All User.Invite.All Application.ReadWrite.All " +
		"AdministrativeUnit.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All UserAuthenticationMethod.ReadWrite.All " +
		"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup " +
		"RoleAssignmentSchedule.ReadWrite.Directory RoleEligibilitySchedule.ReadWrite.Directory Synchronization.ReadWrite.All Domain.Read.All")
}

// grant is who may call an endpoint: the permissions of which any one is enough.
type grant struct{ application, delegated []string }

func grants(application, delegated string) grant {
	return grant{application: strings.Fields(application), delegated: strings.Fields(delegated)}
}

func both(names string) grant { return grants(names, names) }

// endpointGrants is Microsoft's permission table for GET on the endpoints served here, under the keys of newRoutes.
var endpointGrants = withWriteGrants(newEndpointGrants())

func newEndpointGrants() map[string]grant {
	const (
		intune     = " DeviceManagementConfiguration.Read.All DeviceManagementConfiguration.ReadWrite.All DeviceManagementServiceConfig.Read.All DeviceManagementServiceConfig.ReadWrite.All"
		intuneUser = intune + " DeviceManagementApps.Read.All DeviceManagementApps.ReadWrite.All DeviceManagementManagedDevices.Read.All DeviceManagementManagedDevices.ReadWrite.All"
		readDir    = " Directory.Read.All"
		directory  = readDir + " Directory.ReadWrite.All"
		agentUsers = " AgentIdUser.ReadWrite.All AgentIdUser.ReadWrite.IdentityParentedBy"
		users      = "User.Read.All User.ReadBasic.All User.ReadWrite.All" + directory + agentUsers + intuneUser
		manager    = "User.Read.All User.ReadWrite.All" + directory + agentUsers
		groups     = "Group.Read.All Group.ReadBasic.All Group.ReadWrite.All GroupMember.Read.All Group-NestingSupport.ReadWrite.All " +
			"Group-PreferredDataLocation.ReadWrite.All Group.ManageProtection.All" + directory
		members       = "Group.Read.All Group.ReadBasic.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadBasic.All GroupMember.ReadWrite.All" + readDir
		owners        = "Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All" + readDir
		memberOf      = "Group.Read.All Group.ReadBasic.All GroupMember.Read.All GroupMember.ReadBasic.All" + directory
		userGroups    = "Group.ReadBasic.All GroupMember.ReadBasic.All" + directory
		apps          = "Application.Read.All Application.ReadWrite.All"
		ownedBy       = " Application.ReadWrite.OwnedBy"
		roles         = "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory" + directory
		readRoles     = " RoleManagement.Read.All"
		pimRoles      = "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory RoleManagement.Read.All"
		jobs          = "Synchronization.Read.All Synchronization.ReadWrite.All"
		signInMethods = "UserAuthenticationMethod.Read.All UserAuthenticationMethod.ReadWrite.All"
		mailbox       = "MailboxSettings.Read MailboxSettings.ReadWrite"
		tenant        = "Organization.Read.All Organization.ReadWrite.All User.Read.All" + directory + intune
	)
	app := grants(apps+ownedBy+directory, apps+directory)
	definitions := both(roles + readRoles)
	assignments := grants(roles, roles+readRoles)
	device := grants("Device.Read.All Device.ReadWrite.All"+directory, "Device.Read.All"+directory)
	sponsored := grants(apps+ownedBy, apps)
	units := both("AdministrativeUnit.Read.All AdministrativeUnit.ReadWrite.All" + directory)
	return map[string]grant{
		"applications":             grants(apps+ownedBy+readDir, apps+directory),
		"applications/{id}":        app,
		"applications/{id}/owners": app,
		"applications/{id}/federatedidentitycredentials":             grants(apps+ownedBy, apps),
		"oauth2permissiongrants":                                     both("DelegatedPermissionGrant.ReadWrite.All" + directory),
		"oauth2permissiongrants/{id}":                                both("DelegatedPermissionGrant.ReadWrite.All" + directory),
		"domains":                                                    both("Domain.Read.All Domain.ReadWrite.All" + readDir),
		"users/{id}/licensedetails":                                  grants("LicenseAssignment.Read.All "+manager, "LicenseAssignment.Read.All User.Read "+manager),
		"users/{id}/ownedobjects":                                    grants(manager, manager+" User.Read"),
		"users/{id}/approleassignments":                              both("AppRoleAssignment.ReadWrite.All" + readDir),
		"users/{id}/authentication/methods":                          grants(signInMethods, signInMethods+" UserAuthenticationMethod.Read UserAuthenticationMethod.ReadWrite"),
		"serviceprincipals/{id}/synchronization/jobs":                grants(jobs+ownedBy, jobs),
		"subscribedskus":                                             both("LicenseAssignment.Read.All Organization.Read.All Organization.ReadWrite.All" + directory),
		"reports/authenticationmethods/userregistrationdetails":      both("AuditLog.Read.All"),
		"users/{id}/mailboxsettings":                                 both(mailbox),
		"users/{id}/mailboxsettings/userpurpose":                     both(mailbox),
		"identityprotection/riskyusers":                              both("IdentityRiskyUser.Read.All"),
		"reports/authenticationmethods/userregistrationdetails/{id}": both("AuditLog.Read.All"),
		"identityprotection/riskyusers/{id}":                         both("IdentityRiskyUser.Read.All"),
		"directoryobjects/{id}":                                      both(directory),
		"directory/deleteditems/{id}":                                grants(users+" User.ReadWrite.CrossCloud", users),
		"auditlogs/directoryaudits":                                  both("AuditLog.Read.All Directory.Read.All"),
		"auditlogs/signins":                                          both("AuditLog.Read.All"),

		"organization":           grants(tenant, tenant+" User.Read"),
		"users":                  grants(users+" User.ReadWrite.CrossCloud", users),
		"users/{id}":             grants(users+" User.ReadWrite.CrossCloud", users+" User.Read User.ReadWrite"),
		"users/{id}/manager":     both(manager),
		"users/{id}/memberof":    grants(userGroups, userGroups+" GroupMember.Read.All User.Read"),
		"groups":                 both(groups),
		"groups/delta":           both(groups),
		"groups/{id}":            both(groups + " Group-XTenantIdentitySync.Read.All"),
		"groups/{id}/members":    both(members),
		"groups/{id}/owners":     both(owners),
		"groups/{id}/memberof":   both(memberOf),
		"serviceprincipals":      grants(apps+ownedBy+readDir, apps+directory),
		"serviceprincipals/{id}": app,
		"serviceprincipals/{id}/approleassignedto":      app,
		"serviceprincipals/{id}/approleassignments":     app,
		"serviceprincipals/{id}/owners":                 app,
		"serviceprincipals/{id}/memberof":               app,
		"serviceprincipals/{id}/ownedobjects":           app,
		"rolemanagement/directory/roledefinitions":      definitions,
		"rolemanagement/directory/roledefinitions/{id}": definitions,
		"rolemanagement/directory/roleassignments":      assignments,
		"rolemanagement/directory/roleassignments/{id}": assignments,
		"policies/rolemanagementpolicyassignments":      grants(pimRoles, pimRoles+" RoleManagementPolicy.Read.Directory RoleManagementPolicy.ReadWrite.Directory"),
		"devices":                         device,
		"contacts":                        both("OrgContact.Read.All" + directory),
		"devices/{id}":                    device,
		"devices/{id}/registeredowners":   device,
		"groups/{id}/transitivemembers":   both(members),
		deletedUsersPath:                  grants(users+" User.ReadWrite.CrossCloud", users),
		"serviceprincipals/{id}/sponsors": sponsored,
		"serviceprincipals/{id}/microsoft.graph.agentidentity/sponsors":                   sponsored,
		"serviceprincipals/{id}/microsoft.graph.agentidentityblueprintprincipal/sponsors": sponsored,
		"rolemanagement/directory/roleassignmentscheduleinstances":                        both(pimRoles + " RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory"),
		"rolemanagement/directory/roleeligibilityscheduleinstances":                       both(pimRoles + " RoleEligibilitySchedule.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory"),
		"identitygovernance/privilegedaccess/group/assignmentscheduleinstances":           both("PrivilegedAssignmentSchedule.Read.AzureADGroup PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup"),
		"identitygovernance/privilegedaccess/group/eligibilityscheduleinstances":          both("PrivilegedEligibilitySchedule.Read.AzureADGroup PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"),
		"directory/administrativeunits":                                                   units,
		"directory/administrativeunits/{id}":                                              units,
		"directory/administrativeunits/{id}/members":                                      units,
	}
}

// kindEndpoints say whose permission lets an app read objects of a kind that appear in a mixed collection.
var kindEndpoints = map[Kind]string{
	KindUser:               "users",
	KindGroup:              "groups",
	KindServicePrincipal:   "serviceprincipals",
	KindApplication:        "applications",
	KindDevice:             "devices",
	KindContact:            "contacts",
	KindAdministrativeUnit: "directory/administrativeunits",
	KindDirectoryRole:      "rolemanagement/directory/roledefinitions",
}

// holds is whether the token carries a permission.
func (c *call) holds(name string) bool { return slices.Contains(c.claims.permissions(), name) }

// allowed is whether the token may call an endpoint. A relationship without a row of its own goes with its parent.
func (c *call) allowed(endpoint string) bool {
	g, ok := endpointGrants[strings.ToLower(endpoint)]
	if !ok {
		g, ok = endpointGrants[strings.ToLower(c.expandedEndpoint(endpoint))]
	}
	return !ok || len(c.matching(g)) > 0
}

// expandedEndpoint is the single-object form of a relationship named from a list: users/manager is users/{id}/manager.
func (c *call) expandedEndpoint(endpoint string) string {
	if i := strings.LastIndexByte(endpoint, '/'); i >= 0 {
		return endpoint[:i] + "/{id}" + endpoint[i:]
	}
	return endpoint
}

func (c *call) matching(g grant) []string {
	names := g.application
	if c.claims.delegated() {
		names = g.delegated
	}
	var out []string
	for _, name := range names {
		if c.holds(name) {
			out = append(out, name)
		}
	}
	return out
}

// authorize checks the endpoint's permission and notes whether only basic properties may be read.
func (c *call) authorize() error {
	if c.castAllowed {
		return nil
	}
	needed := endpointGrants[c.route.key()]
	held := c.matching(needed)
	switch {
	case len(held) == 0 && (strings.HasSuffix(c.route.path, "scheduleinstances") || strings.HasSuffix(c.route.path, "schedulerequests")):
		return scopeNotGranted(needed.application)
	case len(held) == 0:
		return denied()
	}
	c.basicOnly = !slices.ContainsFunc(held, func(name string) bool { return !strings.HasSuffix(name, ".ReadBasic.All") })
	return nil
}

// mayRead is whether the properties of an object of a kind are shown in a mixed collection.
func (c *call) mayRead(k Kind) bool {
	endpoint, ok := kindEndpoints[k]
	return !ok || len(c.matching(endpointGrants[endpoint])) > 0
}
