package permissions

import (
	"maps"
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// grant is who may call an endpoint: the permissions of which any one is enough.
type grant struct{ Application, delegated []string }

func grants(application, delegated string) grant {
	return grant{Application: strings.Fields(application), delegated: strings.Fields(delegated)}
}

func both(names string) grant { return grants(names, names) }

// EndpointGrants is Microsoft's permission table for GET on the endpoints served here, under the keys of Routes.
var EndpointGrants = withWriteGrants(newEndpointGrants())

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
		members        = "Group.Read.All Group.ReadBasic.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadBasic.All GroupMember.ReadWrite.All" + readDir
		owners         = "Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All" + readDir
		memberOf       = "Group.Read.All Group.ReadBasic.All GroupMember.Read.All GroupMember.ReadBasic.All" + directory
		userGroups     = "Group.ReadBasic.All GroupMember.ReadBasic.All" + directory
		apps           = "Application.Read.All Application.ReadWrite.All"
		ownedBy        = " Application.ReadWrite.OwnedBy"
		roles          = "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory" + directory
		readRoles      = " RoleManagement.Read.All"
		pimRoles       = "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory RoleManagement.Read.All"
		pimPolicies    = pimRoles + " RoleManagementPolicy.Read.AzureADGroup RoleManagementPolicy.ReadWrite.AzureADGroup"
		jobs           = "Synchronization.Read.All Synchronization.ReadWrite.All"
		signInMethods  = "UserAuthenticationMethod.Read.All UserAuthenticationMethod.ReadWrite.All"
		pimPoliciesToo = " RoleManagementPolicy.Read.Directory RoleManagementPolicy.ReadWrite.Directory"
		mailbox        = "MailboxSettings.Read MailboxSettings.ReadWrite"
		tenant         = "Organization.Read.All Organization.ReadWrite.All User.Read.All" + directory + intune
		channels       = "Channel.ReadBasic.All ChannelSettings.Read.All ChannelSettings.ReadWrite.All Group.Read.All Group.ReadWrite.All" + directory
		governed       = "EntitlementManagement.Read.All EntitlementManagement.ReadWrite.All"
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
		"applications/{id}/federatedidentitycredentials":                                  grants(apps+ownedBy, apps),
		"applications/{id}/microsoft.graph.agentidentityblueprint/inheritablepermissions": both(apps + " AgentIdentityBlueprint.Read.All AgentIdentityBlueprint.ReadWrite.All" + directory),
		"teams/{id}/channels":                                        both(channels),
		"teams/{id}/channels/{id}":                                   both(channels),
		"teams/{id}/channels/{id}/allmembers":                        both("ChannelMember.Read.All ChannelMember.ReadWrite.All"),
		"groups/{id}/permissiongrants":                               both("GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All Group.ReadWrite.All"),
		"oauth2permissiongrants":                                     both("DelegatedPermissionGrant.ReadWrite.All" + directory),
		"oauth2permissiongrants/{id}":                                both("DelegatedPermissionGrant.ReadWrite.All" + directory),
		"domains":                                                    both("Domain.Read.All Domain.ReadWrite.All" + readDir),
		"users/{id}/licensedetails":                                  grants("LicenseAssignment.Read.All "+manager, "LicenseAssignment.Read.All User.Read "+manager),
		"users/{id}/ownedobjects":                                    grants(manager, manager+" User.Read"),
		"users/{id}/approleassignments":                              both("AppRoleAssignment.ReadWrite.All" + readDir),
		"users/{id}/authentication/methods":                          grants(signInMethods, signInMethods+" UserAuthenticationMethod.Read UserAuthenticationMethod.ReadWrite"),
		"serviceprincipals/{id}/synchronization/jobs":                grants(jobs+ownedBy, jobs),
		"serviceprincipals/{id}/synchronization/jobs/{id}/schema":    grants(jobs+ownedBy, jobs),
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

		"organization":                                  grants(tenant, tenant+" User.Read"),
		"users":                                         grants(users+" User.ReadWrite.CrossCloud", users),
		"users/{id}":                                    grants(users+" User.ReadWrite.CrossCloud", users+" User.Read User.ReadWrite"),
		"users/{id}/manager":                            both(manager),
		"users/{id}/sponsors":                           grants("User.Read.All User.ReadWrite.All"+agentUsers, "User.Read.All User.ReadWrite.All User.Read"+agentUsers),
		"users/{id}/memberof":                           grants(userGroups, userGroups+" GroupMember.Read.All User.Read"),
		"users/{id}/transitivememberof":                 grants(memberOf+" User.Read.All", memberOf+" User.Read.All User.Read"),
		"groups/{id}/transitivememberof":                grants("Group.ReadBasic.All GroupMember.ReadBasic.All"+directory, memberOf),
		"serviceprincipals/{id}/transitivememberof":     app,
		"groups":                                        both(groups),
		"groups/delta":                                  both(groups),
		"groups/{id}":                                   both(groups + " Group-XTenantIdentitySync.Read.All"),
		"groups/{id}/members":                           both(members),
		"groups/{id}/owners":                            both(owners),
		"groups/{id}/memberof":                          both(memberOf),
		"serviceprincipals":                             grants(apps+ownedBy+readDir, apps+directory),
		"serviceprincipals/{id}":                        app,
		"serviceprincipals/{id}/approleassignedto":      app,
		"serviceprincipals/{id}/approleassignments":     app,
		"serviceprincipals/{id}/owners":                 app,
		"serviceprincipals/{id}/memberof":               app,
		"serviceprincipals/{id}/ownedobjects":           app,
		"rolemanagement/directory/roledefinitions":      definitions,
		"rolemanagement/directory/roledefinitions/{id}": definitions,
		"rolemanagement/directory/roleassignments":      assignments,
		"rolemanagement/directory/roleassignments/{id}": assignments,
		"policies/rolemanagementpolicyassignments":      grants(pimPolicies, pimPolicies+pimPoliciesToo),
		"policies/rolemanagementpolicies/{id}/rules":    grants(pimPolicies, pimPolicies+pimPoliciesToo),
		"devices":                         device,
		"contacts":                        both("OrgContact.Read.All" + directory),
		"devices/{id}":                    device,
		"devices/{id}/registeredowners":   device,
		"groups/{id}/transitivemembers":   both(members),
		api.DeletedUsersPath:              grants(users+" User.ReadWrite.CrossCloud", users),
		"serviceprincipals/{id}/sponsors": sponsored,
		"serviceprincipals/{id}/microsoft.graph.agentidentity/sponsors":                   sponsored,
		"serviceprincipals/{id}/microsoft.graph.agentidentityblueprintprincipal/sponsors": sponsored,
		"rolemanagement/directory/roleassignmentscheduleinstances":                        both(pimRoles + " RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory"),
		"rolemanagement/directory/roleeligibilityscheduleinstances":                       both(pimRoles + " RoleEligibilitySchedule.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory"),
		"identitygovernance/privilegedaccess/group/assignmentscheduleinstances":           both("PrivilegedAssignmentSchedule.Read.AzureADGroup PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup"),
		"identitygovernance/privilegedaccess/group/eligibilityscheduleinstances":          both("PrivilegedEligibilitySchedule.Read.AzureADGroup PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"),
		"rolemanagement/directory/roleassignmentschedulerequests/{id}":                    both(pimRoles + " RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory"),
		"rolemanagement/directory/roleeligibilityschedulerequests/{id}":                   both(pimRoles + " RoleEligibilitySchedule.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory"),
		"identitygovernance/privilegedaccess/group/assignmentschedulerequests/{id}":       both("PrivilegedAssignmentSchedule.Read.AzureADGroup PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup"),
		"identitygovernance/privilegedaccess/group/eligibilityschedulerequests/{id}":      both("PrivilegedEligibilitySchedule.Read.AzureADGroup PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"),
		"identitygovernance/entitlementmanagement/catalogs":                               both(governed),
		"identitygovernance/entitlementmanagement/catalogs/{id}":                          both(governed),
		"identitygovernance/entitlementmanagement/accesspackages":                         both(governed),
		"identitygovernance/entitlementmanagement/accesspackages/{id}":                    both(governed),
		"identitygovernance/entitlementmanagement/assignmentpolicies":                     both(governed),
		"identitygovernance/entitlementmanagement/assignments":                            both(governed),
		"identitygovernance/entitlementmanagement/assignmentrequests/{id}":                both(governed),
		"rolemanagement/entitlementmanagement/roleassignments":                            both(governed + " RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory"),
		"directory/administrativeunits":                                                   units,
		"directory/administrativeunits/{id}":                                              units,
		"directory/administrativeunits/{id}/members":                                      units,
	}
}

const PermissionRoles = "RoleManagement.ReadWrite.Directory"

// withWriteGrants adds Microsoft's permission table for the endpoints that change the directory, under the method and
// the path of WriteRoutes. Where the table has no row (POST of members), the pages of the operation say it.
func withWriteGrants(table map[string]grant) map[string]grant {
	const (
		post      = http.MethodPost + " "
		put       = http.MethodPut + " "
		remove    = http.MethodDelete + " "
		directory = " Directory.ReadWrite.All"
		agents    = " AgentIdUser.ReadWrite.All AgentIdUser.ReadWrite.IdentityParentedBy"
		intune    = " DeviceManagementApps.ReadWrite.All DeviceManagementConfiguration.ReadWrite.All DeviceManagementManagedDevices.ReadWrite.All DeviceManagementServiceConfig.ReadWrite.All"
		person    = "User.ReadWrite.All" + directory + agents
		narrow    = " User-Mail.ReadWrite.All User-PasswordProfile.ReadWrite.All User-Phone.ReadWrite.All User.EnableDisableAccount.All"
	)
	application := grants("Application.ReadWrite.All Application.ReadWrite.OwnedBy"+directory, "Application.ReadWrite.All"+directory)
	maps.Copy(table, map[string]grant{
		post + "groups/{id}/members/$ref":        both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		remove + "groups/{id}/members/{id}/$ref": both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		post + "groups/{id}/owners/$ref":         both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}/owners/{id}/$ref":  both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}":                   both("Group.ReadWrite.All"),
		http.MethodPatch + " groups/{id}":        both("Group.ReadWrite.All" + directory),
		post + "groups": grants("Group.Create Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory,
			"Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory),
		post + "rolemanagement/directory/roleassignments":                              both(PermissionRoles),
		remove + "rolemanagement/directory/roleassignments/{id}":                       both(PermissionRoles),
		post + "rolemanagement/directory/roleassignmentschedulerequests":               both(PermissionRoles + " RoleAssignmentSchedule.ReadWrite.Directory RoleAssignmentSchedule.Remove.Directory"),
		post + "rolemanagement/directory/roleeligibilityschedulerequests":              both(PermissionRoles + " RoleEligibilitySchedule.ReadWrite.Directory RoleEligibilitySchedule.Remove.Directory"),
		post + "identitygovernance/privilegedaccess/group/assignmentschedulerequests":  both("PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup PrivilegedAssignmentSchedule.Remove.AzureADGroup"),
		post + "identitygovernance/privilegedaccess/group/eligibilityschedulerequests": both("PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup PrivilegedEligibilitySchedule.Remove.AzureADGroup"),
		post + "identitygovernance/entitlementmanagement/assignmentrequests":           both("EntitlementManagement.ReadWrite.All"),
		post + "users/{id}/assignlicense":                                              both("LicenseAssignment.ReadWrite.All " + person),
		post + "groups/{id}/assignlicense":                                             both("LicenseAssignment.ReadWrite.All Group.ReadWrite.All" + directory),
		post + "serviceprincipals/{id}/approleassignedto":                              both("AppRoleAssignment.ReadWrite.All"),
		remove + "serviceprincipals/{id}/approleassignedto/{id}":                       both("AppRoleAssignment.ReadWrite.All Application.ReadWrite.All"),
		post + "serviceprincipals/{id}/owners/$ref":                                    application,
		remove + "serviceprincipals/{id}/owners/{id}/$ref":                             application,
		post + "serviceprincipals/{id}/addpassword":                                    application,
		post + "serviceprincipals/{id}/removepassword":                                 application,
		post + "serviceprincipals/{id}/synchronization/jobs/{id}/restart":              grants("Synchronization.ReadWrite.All Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"),
		post + "serviceprincipals/{id}/synchronization/jobs/{id}/start":                grants("Synchronization.ReadWrite.All Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"),
		post + "serviceprincipals/{id}/synchronization/jobs/{id}/provisionondemand":    grants("Synchronization.ReadWrite.All Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"),
		post + "applications/{id}/owners/$ref":                                         application,
		remove + "applications/{id}/owners/{id}/$ref":                                  application,
		post + "applications/{id}/addpassword":                                         application,
		post + "applications/{id}/removepassword":                                      application,
		remove + "applications/{id}/federatedidentitycredentials/{id}":                 application,
		post + "directory/administrativeunits/{id}/members/$ref":                       both("AdministrativeUnit.ReadWrite.All" + directory),
		remove + "directory/administrativeunits/{id}/members/{id}/$ref":                both("AdministrativeUnit.ReadWrite.All"),
		remove + "oauth2permissiongrants/{id}":                                         both("DelegatedPermissionGrant.ReadWrite.All" + directory),
		remove + "users/{id}/authentication/phonemethods/{id}":                         both("UserAuthenticationMethod.ReadWrite.All UserAuthMethod-Phone.ReadWrite.All"),
		remove + "users/{id}/authentication/microsoftauthenticatormethods/{id}":        both("UserAuthenticationMethod.ReadWrite.All UserAuthMethod-MicrosoftAuthApp.ReadWrite.All"),
		remove + "users/{id}/authentication/fido2methods/{id}":                         both("UserAuthenticationMethod.ReadWrite.All UserAuthMethod-Passkey.ReadWrite.All"),
		post + "users":                               both(person + intune),
		http.MethodPatch + " users/{id}":             both(person + narrow),
		remove + "users/{id}":                        both("User.ReadWrite.All User.DeleteRestore.All" + agents + intune),
		post + "users/{id}/sponsors/$ref":            both(person),
		remove + "users/{id}/sponsors/{id}/$ref":     both(person),
		put + "users/{id}/manager/$ref":              both(person),
		remove + "users/{id}/manager/$ref":           both(person),
		post + "users/{id}/revokesigninsessions":     both(person + " User.RevokeSessions.All"),
		post + "directory/deleteditems/{id}/restore": both("User.ReadWrite.All User.DeleteRestore.All Group.ReadWrite.All"),
		post + "invitations":                         both("User.Invite.All User.ReadWrite.All" + directory),
	})
	return table
}
