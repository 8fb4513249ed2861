package graphsim

import (
	"maps"
	"net/http"
)

// withWriteGrants adds Microsoft's permission table for the endpoints that change the directory, under the method and
// the path of newWriteRoutes. Where the table has no row (POST of members), the pages of the operation say it.
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
		post + "groups": grants("Group.Create Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory,
			"Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory),
		post + "rolemanagement/directory/roleassignments":                              both(permissionRoles),
		remove + "rolemanagement/directory/roleassignments/{id}":                       both(permissionRoles),
		post + "rolemanagement/directory/roleassignmentschedulerequests":               both(permissionRoles + " RoleAssignmentSchedule.ReadWrite.Directory RoleAssignmentSchedule.Remove.Directory"),
		post + "rolemanagement/directory/roleeligibilityschedulerequests":              both(permissionRoles + " RoleEligibilitySchedule.ReadWrite.Directory RoleEligibilitySchedule.Remove.Directory"),
		post + "identitygovernance/privilegedaccess/group/assignmentschedulerequests":  both("PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup PrivilegedAssignmentSchedule.Remove.AzureADGroup"),
		post + "identitygovernance/privilegedaccess/group/eligibilityschedulerequests": both("PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup PrivilegedEligibilitySchedule.Remove.AzureADGroup"),
		post + "users/{id}/assignlicense":                                              both("LicenseAssignment.ReadWrite.All " + person),
		post + "groups/{id}/assignlicense":                                             both("LicenseAssignment.ReadWrite.All Group.ReadWrite.All" + directory),
		post + "serviceprincipals/{id}/approleassignedto":                              both("AppRoleAssignment.ReadWrite.All"),
		remove + "serviceprincipals/{id}/approleassignedto/{id}":                       both("AppRoleAssignment.ReadWrite.All Application.ReadWrite.All"),
		post + "serviceprincipals/{id}/owners/$ref":                                    application,
		remove + "serviceprincipals/{id}/owners/{id}/$ref":                             application,
		post + "serviceprincipals/{id}/addpassword":                                    application,
		post + "serviceprincipals/{id}/removepassword":                                 application,
		post + "serviceprincipals/{id}/synchronization/jobs/{id}/restart":              grants("Synchronization.ReadWrite.All Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"),
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
		put + "users/{id}/manager/$ref":              both(person),
		remove + "users/{id}/manager/$ref":           both(person),
		post + "users/{id}/revokesigninsessions":     both(person + " User.RevokeSessions.All"),
		post + "directory/deleteditems/{id}/restore": both("User.ReadWrite.All User.DeleteRestore.All Group.ReadWrite.All"),
		post + "invitations":                         both("User.Invite.All User.ReadWrite.All" + directory),
	})
	return table
}
