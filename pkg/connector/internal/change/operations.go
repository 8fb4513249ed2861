package change

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Operation is a kind of change to the tenant, and what it takes to make it.
type Operation struct {
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
	// Setting is the name of the setting without which it is not made; empty
	// where provisioning is enough.
	Setting string
}

const (
	ReadUsers             = "User.Read.All"
	readApplications      = "Application.Read.All"
	readWriteApplications = "Application.ReadWrite.All"
	readWriteOwnedApps    = "Application.ReadWrite.OwnedBy"
	readWriteGroups       = "Group.ReadWrite.All"
	readWriteMembers      = "GroupMember.ReadWrite.All"
	readWriteUsers        = "User.ReadWrite.All"
	ReadWriteRoles        = "RoleManagement.ReadWrite.Directory"
	readWriteLicenses     = "LicenseAssignment.ReadWrite.All"
	assignAppRoles        = "AppRoleAssignment.ReadWrite.All"
	enableUsers           = "User.EnableDisableAccount.All"
	revokeSessions        = "User.RevokeSessions.All"
	remarkOwnedApps       = "for applications that the connector does not own, " + readWriteApplications
	remarkExchange        = "the app role Exchange.ManageAsApp of Office 365 Exchange Online, which is no permission of Microsoft Graph, and a role in Exchange: Exchange Administrator, or " +
		"Exchange Recipient Administrator with the Exchange role Security Group Creation and Membership (docs/provisioning.md says how to assign them)"
	remarkPrivilegedTarget = "for people who hold an administrator role, the connector needs a directory role such as Privileged Authentication Administrator too"
)

// The operations that actions belong to.
const (
	OperationExchangeGroups  = "exchange-groups"
	OperationCreateGroups    = "create-groups"
	OperationManageGroups    = "manage-groups"
	OperationSponsors        = "guest-sponsors"
	OperationRedemption      = "guest-redemption"
	OperationCreateUsers     = "create-users"
	OperationDisableUsers    = "disable-users"
	OperationDeleteUsers     = "delete-users"
	OperationSessions        = "sessions"
	OperationMFA             = "mfa"
	OperationOffboarding     = "offboarding"
	OperationAppProvisioning = "app-provisioning"
	OperationAfterGrant      = "provision-after-grant"
)

// Operations is the table for changes that sources is for reading, checked
// against the same reference.
var Operations = []Operation{
	{
		Name: "group-members", Purpose: "add and remove members of groups",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{readWriteMembers}, Also: []string{readWriteGroups},
	},
	{
		Name: "group-owners", Purpose: "add and remove owners of groups",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{readWriteGroups}, Also: []string{decide.ReadWriteDirectory},
	},
	{
		Name: "role-assignable-groups", Purpose: "add and remove members and owners of groups that hold directory roles",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{readWriteGroups, ReadWriteRoles}, License: decide.LicenseP1,
	},
	{
		// Graph's part is to say what the group and the person are.
		Name: OperationExchangeGroups, Purpose: "add and remove members and owners of distribution lists and mail-enabled security groups",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{"GroupMember.Read.All", ReadUsers},
		Setting: config.ExchangeField.FieldName, Remark: remarkExchange,
	},
	{
		Name: OperationCreateGroups, Purpose: "create groups",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{"Group.Create"}, Also: []string{readWriteGroups, decide.ReadWriteDirectory},
	},
	{
		Name: OperationManageGroups, Purpose: "change the properties of groups, and delete groups",
		ResourceTypes: []string{model.TypeGroup}, Permissions: []string{readWriteGroups}, Setting: config.ManageGroupsField.FieldName,
		Remark: "for groups that can hold directory roles, " + ReadWriteRoles + " too",
	},
	{
		Name: "group-schedules", Purpose: "give and take eligible and time-bound memberships and ownerships of groups",
		ResourceTypes: []string{model.TypeGroup}, License: decide.LicenseP2,
		Permissions: []string{
			"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup", "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup", "RoleManagementPolicy.Read.AzureADGroup",
		},
	},
	{
		Name: "roles", Purpose: "assign directory roles, in the whole tenant or in a part of it",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole}, Permissions: []string{ReadWriteRoles},
	},
	{
		Name: "role-schedules", Purpose: "give and take eligible and time-bound directory roles",
		ResourceTypes: []string{model.TypeRole, model.TypeScopedRole}, License: decide.LicenseP2,
		Permissions: []string{"RoleAssignmentSchedule.ReadWrite.Directory", "RoleEligibilitySchedule.ReadWrite.Directory"},
		Also:        []string{ReadWriteRoles},
	},
	{
		Name: "app-roles", Purpose: "assign app roles and default access to applications",
		ResourceTypes: []string{model.TypeApplication}, Permissions: []string{assignAppRoles, readApplications},
	},
	{
		Name: "application-owners", Purpose: "add and remove owners of applications and app registrations",
		ResourceTypes: []string{model.TypeApplication, model.TypeAppRegistration}, Permissions: []string{readWriteOwnedApps, decide.ReadDirectory},
		Also: []string{decide.ReadWriteDirectory}, Remark: remarkOwnedApps,
	},
	{
		Name: "client-secrets", Purpose: "issue and delete client secrets",
		ResourceTypes: []string{model.TypeAppRegistration, model.TypeCredential}, Permissions: []string{readWriteOwnedApps},
		Also: []string{readWriteApplications, decide.ReadWriteDirectory}, Remark: remarkOwnedApps,
	},
	{
		Name: "licenses", Purpose: "assign licences to users and groups",
		ResourceTypes: []string{model.TypeLicense}, Permissions: []string{readWriteLicenses}, Also: []string{decide.ReadWriteDirectory},
	},
	{
		Name: "administrative-units", Purpose: "put users, groups and devices into administrative units, and take them out",
		ResourceTypes: []string{model.TypeAdministrativeUnit}, Permissions: []string{"AdministrativeUnit.ReadWrite.All"},
	},
	{
		Name: "consents", Purpose: "revoke consents",
		ResourceTypes: []string{model.TypeConsent}, Permissions: []string{"DelegatedPermissionGrant.ReadWrite.All"}, Also: []string{decide.ReadWriteDirectory},
	},
	{
		Name: "access-packages", Purpose: "give access packages and take them away",
		ResourceTypes: []string{model.TypeAccessPackage}, Permissions: []string{"EntitlementManagement.ReadWrite.All"}, License: decide.LicenseP2,
	},
	{
		Name: OperationCreateUsers, Purpose: "create users, change their profiles and set their managers",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: "invite-guests", Purpose: "invite guests",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{"User.Invite.All"}, Also: []string{readWriteUsers, decide.ReadWriteDirectory},
	},
	{
		Name: OperationSponsors, Purpose: "set the sponsors of guests",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{readWriteUsers}, Also: []string{decide.ReadWriteDirectory},
	},
	{
		Name: OperationRedemption, Purpose: "have guests accept their invitation anew, also with another address",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{readWriteUsers, "User.Invite.All"}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: OperationDisableUsers, Purpose: "disable and enable users",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{enableUsers, ReadUsers}, Also: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: OperationDeleteUsers, Purpose: "delete and restore users",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{"User.DeleteRestore.All"}, Also: []string{readWriteUsers}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: "passwords", Purpose: "set passwords",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{"User-PasswordProfile.ReadWrite.All"}, Remark: remarkPrivilegedTarget,
	},
	{
		Name: OperationSessions, Purpose: "end the sessions of users",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{revokeSessions}, Also: []string{readWriteUsers, decide.ReadWriteDirectory},
	},
	{
		Name: OperationMFA, Purpose: "remove the authentication methods of users",
		ResourceTypes: []string{model.TypeUser}, Permissions: []string{"UserAuthenticationMethod.ReadWrite.All"},
	},
	{
		Name: OperationOffboarding, Purpose: "disable a user, end the sessions, and take away groups, roles, app roles and licences",
		ResourceTypes: []string{model.TypeUser}, Remark: remarkPrivilegedTarget,
		Permissions: []string{enableUsers, ReadUsers, decide.ReadDirectory, revokeSessions, readWriteMembers, ReadWriteRoles, assignAppRoles, readApplications, readWriteLicenses},
	},
	{
		Name: OperationAppProvisioning, Purpose: "restart the provisioning job of an application",
		ResourceTypes: []string{model.TypeApplication}, Permissions: []string{"Synchronization.ReadWrite.All"}, Also: []string{readWriteOwnedApps},
	},
	{
		Name: OperationAfterGrant, Purpose: "have the provisioning job of an application carry a grant or a revocation over at once",
		ResourceTypes: []string{model.TypeApplication}, Permissions: []string{"Synchronization.ReadWrite.All"}, Also: []string{readWriteOwnedApps},
		Setting: config.ProvisionAfterGrantField.FieldName,
	},
}

// Missing are the permissions that a token with these ones lacks for the
// operation. A broader one stands for each that it includes, not only for all.
func (o *Operation) Missing(held []string) []string {
	has := func(p string) bool { return slices.Contains(held, p) }
	if slices.ContainsFunc(o.Also, has) {
		return nil
	}
	var names []string
	for _, p := range o.Permissions {
		if !has(p) && !slices.ContainsFunc(broader(p), has) {
			names = append(names, p)
		}
	}
	return names
}

// broader are the permissions that include one, as the rows of the two tables say.
func broader(permission string) []string {
	var found []string
	for i := range Operations {
		if slices.Contains(Operations[i].Permissions, permission) {
			found = append(found, Operations[i].Also...)
		}
	}
	for i := range decide.Sources {
		if decide.Sources[i].Permission == permission {
			found = append(found, decide.Sources[i].Also...)
		}
	}
	return found
}

// The names of the actions. They are part of the contract with the platform and
// never change.
const (
	ActionEnableUser          = "enable_user"
	ActionDisableUser         = "disable_user"
	ActionUpdateUser          = "update_user"
	ActionUpdateProfile       = "update_profile"
	ActionSetManager          = "set_manager"
	ActionRestoreUser         = "restore_user"
	ActionCheckUPN            = "check_upn"
	ActionCreateGroup         = "create_group"
	ActionUpdateGroup         = "update_group"
	ActionDeleteGroup         = "delete_group"
	ActionSetSponsors         = "set_sponsors"
	ActionResetRedemption     = "reset_redemption"
	ActionRevokeSessions      = "revoke_sessions"
	ActionRevokeMFA           = "revoke_mfa"
	ActionOffboardUser        = "offboard_user"
	ActionRestartProvisioning = "restart_provisioning"
)
