package directory

import (
	"strings"
)

// Service principals with a reason to exist have fixed indexes, the same at every size.
const (
	SPGraph      = iota // Microsoft Graph itself.
	SPConnector         // The application whose credentials Server hands out.
	SPExchange          // Another Microsoft application with application permissions.
	SPPayroll           // Several roles, one disabled and still held; users, groups, apps, managed and agent identities hold them.
	SPWiki              // No roles: default access only, for more principals than a page holds.
	SPDisabled          // accountEnabled is false.
	SPGallery           // Owned by another tenant.
	SPNested            // A role held by a group with nested groups.
	SPCycle             // A role held by a group of a cycle.
	SPBusyMember        // Member of more than 20 groups.
	SPBusyOwner         // Owner of more than 20 objects.
	SPUnassigned        // Requires assignment and has none.
	SPLegacyApp         // servicePrincipalType Legacy.
	FirstRandomSP
)

const (
	GraphAppID       = "00000003-0000-0000-c000-000000000000"
	ExchangeAppID    = "00000002-0000-0ff1-ce00-000000000000"
	MicrosoftTenant  = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	GalleryTenant    = "9188040d-6c67-4c5b-b112-36a304b66dad"
	DefaultAppRoleID = "00000000-0000-0000-0000-000000000000"
)

const rolesPerApp = 1024 // Room for role ids per application.

var RoleWords = []string{"Reader", "Contributor", "Approver", "Administrator", "Auditor"}

// The roles of SPPayroll.
const (
	PayrollReader = iota
	PayrollApprover
	PayrollRetired // Disabled, and still held.
	PayrollService // For applications only.
)

// GraphPermissionIDs are Microsoft Graph's published ids of application permissions.
var GraphPermissionIDs = []struct{ Value, ID string }{
	{"User.Read.All", "df021288-bdef-4463-88db-98f22de89214"},
	{"GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"},
	{"RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"},
	{"Member.Read.Hidden", "658aa5d8-239f-45c4-aa12-864f4fc7e490"},
	{"Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"},
	{"Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"},
	{"Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"},
	{"Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"},
	{"AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"},
	{"User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"},
	{"Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"},
	{"Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96"},
	{"Sites.Read.All", "332a536c-c7ef-4017-ab91-336970924f0d"},
	{"Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338"},
	{"RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"},
	{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"},
	{"AdministrativeUnit.Read.All", "134fd756-38ce-4afd-ba33-e9623dbe66c2"},
	{"Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715"},
	{"MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91"},
	{"IdentityRiskyUser.Read.All", "dc5007c0-2d7d-4c42-879c-2dab87571379"},
}

// Groups with a reason to exist have fixed indexes, the same at every size.
const (
	GroupBig         = iota // More members than one page holds.
	GroupPage               // 999 members: exactly one full page.
	GroupTwoPages           // 1,998 members, or what a small tenant has: exactly two full pages.
	GroupPairA              // Cycle of two.
	GroupPairB              //
	GroupTripleA            // Cycle of three; B also holds an outside group.
	GroupTripleB            //
	GroupTripleC            //
	GroupIntoCycle          // Outside group that is a member of the cycle of two.
	GroupAroundCycle        // Outside group that holds the cycle of three.
	GroupChain0             // A chain of six nested levels.
	GroupChain1
	GroupChain2
	GroupChain3
	GroupChain4
	GroupChain5
	GroupDiamondTop // Holds left and right, which both hold the bottom.
	GroupDiamondLeft
	GroupDiamondRight
	GroupDiamondBottom
	GroupManyParents // Member of more than 20 groups, with the last of which it forms a cycle.
	GroupDynamic
	GroupSynced
	GroupMicrosoft365
	GroupMailSecurity
	GroupDistribution
	GroupRoleAssignable
	GroupRoleAssignableApps // Role-assignable, with a service principal as a member.
	GroupHidden
	GroupHiddenUnified
	GroupHoldsHidden // Visible group that holds the hidden one.
	GroupEmpty
	GroupNoDescription // Holds GroupSynced, which holds another synced group.
	GroupMixed         // A member of every kind.
	GroupOnlyApps
	GroupLateApp  // More than 20 members, of which the last is a service principal.
	GroupTwenty   // Exactly 20 members: as many as $expand returns.
	GroupAppOuter // Has an app role; holds GroupAppInner, which holds GroupAppInnermost.
	GroupAppInner
	GroupAppInnermost
	GroupAppOwned // Owned by service principals only.
	GroupManyOwners
	GroupSyncedOwned // Its owners exist on premises and are absent from Graph.
	GroupDynamicDevices
	GroupSameName     // Shares its display name with GroupMicrosoft365.
	GroupFirstParent  // The parents of GroupManyParents; also the groups of the busy service principal.
	GroupLastParent   = GroupFirstParent + 24
	FirstRandomGroup  = GroupLastParent + 1
	ExpandLimit       = 20
	FullPage          = 999
	LargestChainLevel = 6
)

// Registrations with a reason to exist have fixed indexes, the same at every size.
const (
	RegistrationConnector = iota // Has as many federated credentials as an application may have.
	RegistrationWiki             // More than 20 owners, the last of which is a service principal.
	RegistrationDisabled         // Disabled by Microsoft.
	RegistrationPayroll          // Credentials of every age.
	RegistrationNested
	RegistrationCycle
	RegistrationBusyMember
	RegistrationBusyOwner  // Federated with GitHub.
	RegistrationUnassigned // Nobody owns it.
	RegistrationPrototype  // Has no service principal: nobody can sign in to it or as it.
	RegistrationMobile     // Has no service principal and no owner.
	RegistrationBlueprint  // Of the derived type agentIdentityBlueprint.
	firstRandomRegistration
)

// Indexes of the built-in roles the fixed assignments use.
const (
	RoleGlobalAdministrator = iota
	RoleGlobalReader
	RoleDirectoryReaders
	RoleUserAdministrator
	RoleApplicationAdministrator
	RoleGroupsAdministrator
	RoleHelpdeskAdministrator

	RoleCloudDeviceAdministrator = 22
)

// Administrative units with a reason to exist have fixed indexes, the same at every size.
const (
	UnitLarge      = iota // More members than one page holds, of every kind.
	UnitDynamic           // Its members follow from a rule.
	UnitRestricted        // Tenant-wide roles do not reach its members.
	UnitHidden            // Its members need Member.Read.Hidden.
	UnitEmpty
	UnitHoldsGroups // Holds groups, whose members are not in the unit.
	FirstRandomUnit
)

// BuiltInRoles are Microsoft's directory roles; a built-in role's id is its template id (built-in roles reference).
var BuiltInRoles = []struct{ ID, Name string }{
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator"},
	{"f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"},
	{"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers"},
	{"fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"},
	{"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator"},
	{"fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator"},
	{"729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator"},
	{"e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"},
	{"95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter"},
	{"f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator"},
	{"b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"},
	{"9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers"},
	{"29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"},
	{"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator"},
	{"17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator"},
	{"d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts"},
	{"cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer"},
	{"5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"},
	{"194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"},
	{"3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator"},
	{"158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator"},
	{"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator"},
	{"7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator"},
	{"c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator"},
	{"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator"},
	{"69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator"},
	{"4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator"},
	{"4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader"},
	{"966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator"},
	{"45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator"},
}

const (
	RolePrivilegedAuthentication = 24
	roleGuestInviter             = 8
	roleReportsReader            = 27
)

// limitedRoles are those whose holders a User Administrator may change.
var limitedRoles = []int{RoleDirectoryReaders, RoleUserAdministrator, RoleGroupsAdministrator, RoleHelpdeskAdministrator, roleGuestInviter, roleReportsReader}

// CorePermissions are the application permissions without which a directory cannot be read.
func CorePermissions() []string {
	return []string{"User.Read.All", "GroupMember.Read.All", "Application.Read.All", "RoleManagement.Read.Directory"}
}

// DefaultPermissions are the application permissions a token carries unless told otherwise: all that reading takes.
func DefaultPermissions() []string {
	return append(CorePermissions(),
		"Member.Read.Hidden", "Directory.Read.All", "AuditLog.Read.All", "AdministrativeUnit.Read.All", "LicenseAssignment.Read.All",
		"PrivilegedEligibilitySchedule.Read.AzureADGroup", "RoleManagementPolicy.Read.AzureADGroup", "MailboxSettings.Read", "Device.Read.All", "IdentityRiskyUser.Read.All",
		"User-LifeCycleInfo.Read.All", "EntitlementManagement.Read.All", "CustomSecAttributeAssignment.Read.All",
		"Channel.ReadBasic.All", "ChannelMember.Read.All")
}

// WritePermissions are the application permissions that writing everything here takes, beside DefaultPermissions.
func WritePermissions() []string {
	return strings.Fields("GroupMember.ReadWrite.All Group.ReadWrite.All RoleManagement.ReadWrite.Directory AppRoleAssignment.ReadWrite.All " +
		"LicenseAssignment.ReadWrite.All User.ReadWrite.All User.DeleteRestore.All User.Invite.All Application.ReadWrite.All " +
		"AdministrativeUnit.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All UserAuthenticationMethod.ReadWrite.All " +
		"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup " +
		"RoleAssignmentSchedule.ReadWrite.Directory RoleEligibilitySchedule.ReadWrite.Directory Synchronization.ReadWrite.All Domain.Read.All EntitlementManagement.ReadWrite.All")
}
