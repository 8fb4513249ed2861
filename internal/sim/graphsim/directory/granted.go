package directory

import (
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
