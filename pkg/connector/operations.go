package connector

import (
	"slices"
)

// operation is a kind of change to the tenant, and what it takes to make it.
type operation struct {
	// Name chooses it on the command line.
	Name string
	// Purpose says, for a person, what is changed.
	Purpose string
	// ResourceTypes are the types that it belongs to.
	ResourceTypes []string
	// Permissions are the least privileged ones. All of them are needed.
	Permissions []string
	// Also are broader permissions, each of which stands for all of them.
	Also []string
	// License is what the tenant needs to have bought; empty for nothing.
	License string
	// Remark is what the permissions alone do not give.
	Remark string
}

const (
	readUsers              = "User.Read.All"
	readApplications       = "Application.Read.All"
	readWriteApplications  = "Application.ReadWrite.All"
	readWriteOwnedApps     = "Application.ReadWrite.OwnedBy"
	readWriteGroups        = "Group.ReadWrite.All"
	readWriteMembers       = "GroupMember.ReadWrite.All"
	readWriteUsers         = "User.ReadWrite.All"
	readWriteRoles         = "RoleManagement.ReadWrite.Directory"
	readWriteLicenses      = "LicenseAssignment.ReadWrite.All"
	assignAppRoles         = "AppRoleAssignment.ReadWrite.All"
	enableUsers            = "User.EnableDisableAccount.All"
	revokeSessions         = "User.RevokeSessions.All"
	remarkOwnedApps        = "for applications that the connector does not own, " + readWriteApplications
	remarkPrivilegedTarget = "for people who hold an administrator role, the connector needs a directory role such as Privileged Authentication Administrator too"
)

// The operations that actions belong to.
const (
	operationCreateGroups    = "create-groups"
	operationCreateUsers     = "create-users"
	operationDisableUsers    = "disable-users"
	operationDeleteUsers     = "delete-users"
	operationSessions        = "sessions"
	operationMFA             = "mfa"
	operationOffboarding     = "offboarding"
	operationAppProvisioning = "app-provisioning"
)

// operations is the table for changes that sources is for reading, checked
// against the same reference.
var operations = []operation{
	{
		Name: "group-members", Purpose: "add and remove members of groups",
		ResourceTypes: []string{typeGroup}, Permissions: []string{readWriteMembers}, Also: []string{readWriteGroups},
	},
	{
		Name: "group-owners", Purpose: "add and remove owners of groups",
		ResourceTypes: []string{typeGroup}, Permissions: []string{readWriteGroups}, Also: []string{readWriteDirectory},
	},
	{
		Name: "role-assignable-groups", Purpose: "add and remove members and owners of groups that hold directory roles",
		ResourceTypes: []string{typeGroup}, Permissions: []string{readWriteGroups, readWriteRoles}, License: licenseP1,
	},
	{
		Name: operationCreateGroups, Purpose: "create groups",
		ResourceTypes: []string{typeGroup}, Permissions: []string{"Group.Create"}, Also: []string{readWriteGroups, readWriteDirectory},
	},
	{
		Name: "group-schedules", Purpose: "give and take eligible and time-bound memberships and ownerships of groups",
		ResourceTypes: []string{typeGroup}, License: licenseP2,
		Permissions: []string{
			"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup", "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup", "RoleManagementPolicy.Read.AzureADGroup",
		},
	},
	{
		Name: "roles", Purpose: "assign directory roles, in the whole tenant or in a part of it",
		ResourceTypes: []string{typeRole, typeScopedRole}, Permissions: []string{readWriteRoles},
	},
	{
		Name: "role-schedules", Purpose: "give and take eligible and time-bound directory roles",
		ResourceTypes: []string{typeRole, typeScopedRole}, License: licenseP2,
		Permissions: []string{"RoleAssignmentSchedule.ReadWrite.Directory", "RoleEligibilitySchedule.ReadWrite.Directory"},
		Also:        []string{readWriteRoles},
	},
	{
		Name: "app-roles", Purpose: "assign app roles and default access to applications",
		ResourceTypes: []string{typeApplication}, Permissions: []string{assignAppRoles, readApplications},
	},
	{
		Name: "application-owners", Purpose: "add and remove owners of applications and app registrations",
		ResourceTypes: []string{typeApplication, typeAppRegistration}, Permissions: []string{readWriteOwnedApps, readDirectory},
		Also: []string{readWriteDirectory}, Remark: remarkOwnedApps,
	},
	{
		Name: "client-secrets", Purpose: "issue and delete client secrets",
		ResourceTypes: []string{typeAppRegistration, typeCredential}, Permissions: []string{readWriteOwnedApps},
		Also: []string{readWriteApplications, readWriteDirectory}, Remark: remarkOwnedApps,
	},
	{
		Name: "licenses", Purpose: "assign licences to users and groups",
		ResourceTypes: []string{typeLicense}, Permissions: []string{readWriteLicenses}, Also: []string{readWriteDirectory},
	},
	{
		Name: "administrative-units", Purpose: "put users, groups and devices into administrative units, and take them out",
		ResourceTypes: []string{typeAdministrativeUnit}, Permissions: []string{"AdministrativeUnit.ReadWrite.All"},
	},
	{
		Name: "consents", Purpose: "revoke consents",
		ResourceTypes: []string{typeConsent}, Permissions: []string{"DelegatedPermissionGrant.ReadWrite.All"}, Also: []string{readWriteDirectory},
	},
	{
		Name: operationCreateUsers, Purpose: "create users, change their profiles and set their managers",
		ResourceTypes: []string{typeUser}, Permissions: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: "invite-guests", Purpose: "invite guests",
		ResourceTypes: []string{typeUser}, Permissions: []string{"User.Invite.All"}, Also: []string{readWriteUsers, readWriteDirectory},
	},
	{
		Name: operationDisableUsers, Purpose: "disable and enable users",
		ResourceTypes: []string{typeUser}, Permissions: []string{enableUsers, readUsers}, Also: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: operationDeleteUsers, Purpose: "delete and restore users",
		ResourceTypes: []string{typeUser}, Permissions: []string{"User.DeleteRestore.All"}, Also: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: "passwords", Purpose: "set passwords",
		ResourceTypes: []string{typeUser}, Permissions: []string{"User-PasswordProfile.ReadWrite.All"}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: operationSessions, Purpose: "end the sessions of users",
		ResourceTypes: []string{typeUser}, Permissions: []string{revokeSessions}, Also: []string{readWriteUsers, readWriteDirectory},
	},
	{
		Name: operationMFA, Purpose: "remove the authentication methods of users",
		ResourceTypes: []string{typeUser}, Permissions: []string{"UserAuthenticationMethod.ReadWrite.All"},
	},
	{
		Name: operationOffboarding, Purpose: "disable a user, end the sessions, and take away groups, roles, app roles and licences",
		ResourceTypes: []string{typeUser}, Remark: remarkPrivilegedTarget,
		Permissions: []string{enableUsers, readUsers, readDirectory, revokeSessions, readWriteMembers, readWriteRoles, assignAppRoles, readApplications, readWriteLicenses},
	},
	{
		Name: operationAppProvisioning, Purpose: "restart the provisioning job of an application",
		ResourceTypes: []string{typeApplication}, Permissions: []string{"Synchronization.ReadWrite.All"}, Also: []string{readWriteOwnedApps},
	},
}

// missing are the permissions that a token with these ones lacks for the
// operation.
func (o *operation) missing(held []string) []string {
	if slices.ContainsFunc(o.Also, func(p string) bool { return slices.Contains(held, p) }) {
		return nil
	}
	var names []string
	for _, p := range o.Permissions {
		if !slices.Contains(held, p) {
			names = append(names, p)
		}
	}
	return names
}

// The names of the actions. They are part of the contract with the platform and
// never change.
const (
	actionEnableUser          = "enable_user"
	actionDisableUser         = "disable_user"
	actionUpdateUser          = "update_user"
	actionUpdateProfile       = "update_profile"
	actionSetManager          = "set_manager"
	actionRestoreUser         = "restore_user"
	actionCheckUPN            = "check_upn"
	actionCreateGroup         = "create_group"
	actionRevokeSessions      = "revoke_sessions"
	actionRevokeMFA           = "revoke_mfa"
	actionOffboardUser        = "offboard_user"
	actionRestartProvisioning = "restart_provisioning"
)
