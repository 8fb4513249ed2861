// Package powers is the one table of what gives much in Microsoft Entra ID: directory
// roles by tier, permissions of applications and what can be done with them. Each row
// has its reason; the rows rest on Microsoft's pages that its groups name. It knows no
// snapshot.
package powers

import (
	"slices"
	"strings"
)

// The appIds of the APIs that the permissions belong to; they are the same in every
// tenant (https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in).
const (
	MicrosoftGraph = "00000003-0000-0000-c000-000000000000"
	ExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"
	SharePoint     = "00000003-0000-0ff1-ce00-000000000000"
	AzureADGraph   = "00000002-0000-0000-c000-000000000000"
)

const permissionsPage = "https://learn.microsoft.com/graph/permissions-reference"

// Set is a thing that people ask about.
type Set string

// The sets.
const (
	// ReadsMail is reading messages in mailboxes.
	ReadsMail Set = "mail"
	// ReadsFiles is reading files in OneDrive and SharePoint.
	ReadsFiles Set = "files"
	// WritesDirectory is changing users, groups, applications, roles, or the rules of
	// signing in.
	WritesDirectory Set = "directory-write"
)

// Permission is a permission of an API that gives much, to an application by itself
// (an app role) or for a person who is signed in (a scope of a consent).
type Permission struct {
	API   string // The appId of the API.
	Value string // As tokens have it.
	// Sets are what it is a way to.
	Sets []Set
	// Takeover says that whoever has it as an application permission can come to any
	// directory role.
	Takeover bool
	// Abilities are what an application can do with it by itself that leads to the access
	// of others. A takeover without one takes somebody else's part: a person who signs in,
	// who is eligible, or who made an access package.
	Abilities []Ability
	// Why says what can be done with it.
	Why string
	// Page is Microsoft's, or who published how it is done.
	Page string
}

// permissions are those that give much. A permission that is not here gives less, or
// nobody has looked at it: the permissions reference names some 700.
var permissions = []Permission{
	// Mail (https://learn.microsoft.com/graph/permissions-reference#mail-permissions).
	graph("Mail.Read", "reads every mailbox", ReadsMail),
	graph("Mail.ReadWrite", "reads and changes every mailbox", ReadsMail),
	graph("Mail.ReadBasic", "reads messages without their bodies", ReadsMail),
	graph("Mail.ReadBasic.All", "reads messages without their bodies, in every mailbox", ReadsMail),
	graph("Mail.Read.Shared", "reads the person's mail and what is shared with them", ReadsMail),
	graph("Mail.ReadWrite.Shared", "reads and changes the person's mail and what is shared with them", ReadsMail),
	graph("MailboxItem.Read", "reads items of the person's mailbox", ReadsMail),
	graph("MailboxItem.Read.All", "reads items of every mailbox", ReadsMail),
	graph("MailboxItem.ImportExport", "exports items of the person's mailbox", ReadsMail),
	graph("MailboxItem.ImportExport.All", "exports items of every mailbox", ReadsMail),
	graph("IMAP.AccessAsUser.All", "reads mail over IMAP", ReadsMail),
	graph("POP.AccessAsUser.All", "reads mail over POP", ReadsMail),
	graph("EWS.AccessAsUser.All", "reads mail over Exchange Web Services", ReadsMail),
	graph("eDiscovery.Read.All", "reads what eDiscovery has collected, mail and files among it", ReadsMail, ReadsFiles),
	graph("eDiscovery.ReadWrite.All", "searches and exports mail and files by eDiscovery", ReadsMail, ReadsFiles),
	of(ExchangeOnline, "full_access_as_app", "does everything in every mailbox", ReadsMail),
	of(ExchangeOnline, "Mail.Read", "reads every mailbox", ReadsMail),
	of(ExchangeOnline, "Mail.ReadWrite", "reads and changes every mailbox", ReadsMail),
	of(ExchangeOnline, "Mail.ReadBasic", "reads messages without their bodies", ReadsMail),
	of(ExchangeOnline, "Mail.ReadBasic.All", "reads messages without their bodies, in every mailbox", ReadsMail),
	of(ExchangeOnline, "IMAP.AccessAsApp", "reads mailboxes that it was given access to, over IMAP", ReadsMail),
	of(ExchangeOnline, "POP.AccessAsApp", "reads mailboxes that it was given access to, over POP", ReadsMail),
	of(ExchangeOnline, "IMAP.AccessAsUser.All", "reads mail over IMAP", ReadsMail),
	of(ExchangeOnline, "POP.AccessAsUser.All", "reads mail over POP", ReadsMail),
	of(ExchangeOnline, "EWS.AccessAsUser.All", "reads mail over Exchange Web Services", ReadsMail),
	of(ExchangeOnline, "Exchange.ManageAsApp", "manages Exchange with the directory roles that it holds, and can give itself access to mailboxes with them", ReadsMail),
	of(ExchangeOnline, "Exchange.Manage", "manages Exchange as the person who is signed in", ReadsMail),

	// Files (https://learn.microsoft.com/graph/permissions-reference#files-permissions, #sites-permissions).
	graph("Files.Read", "reads the person's files", ReadsFiles),
	graph("Files.ReadWrite", "reads and changes the person's files", ReadsFiles),
	graph("Files.Read.All", "reads every file", ReadsFiles),
	graph("Files.ReadWrite.All", "reads and changes every file", ReadsFiles),
	graph("Files.Read.Selected", "reads files that the person chooses", ReadsFiles),
	graph("Files.ReadWrite.Selected", "reads and changes files that the person chooses", ReadsFiles),
	graph("Sites.Read.All", "reads every SharePoint site", ReadsFiles),
	graph("Sites.ReadWrite.All", "reads and changes every SharePoint site", ReadsFiles),
	graph("Sites.Manage.All", "reads and changes every SharePoint site, and its lists", ReadsFiles),
	graph("Sites.FullControl.All", "does everything in every SharePoint site", ReadsFiles),
	graph("Sites.Selected", "reads SharePoint sites that it was given, which Graph does not list", ReadsFiles),
	of(SharePoint, "AllSites.Read", "reads what the person can in SharePoint", ReadsFiles),
	of(SharePoint, "AllSites.Write", "reads and changes what the person can in SharePoint", ReadsFiles),
	of(SharePoint, "AllSites.Manage", "reads and changes what the person can in SharePoint, and its lists", ReadsFiles),
	of(SharePoint, "AllSites.FullControl", "does everything that the person can in SharePoint", ReadsFiles),
	of(SharePoint, "MyFiles.Read", "reads the person's files", ReadsFiles),
	of(SharePoint, "MyFiles.Write", "reads and changes the person's files", ReadsFiles),
	of(SharePoint, "Sites.Read.All", "reads every SharePoint site", ReadsFiles),
	of(SharePoint, "Sites.ReadWrite.All", "reads and changes every SharePoint site", ReadsFiles),
	of(SharePoint, "Sites.Manage.All", "reads and changes every SharePoint site, and its lists", ReadsFiles),
	of(SharePoint, "Sites.FullControl.All", "does everything in every SharePoint site", ReadsFiles),
	of(SharePoint, "Sites.Selected", "reads SharePoint sites that it was given, which Graph does not list", ReadsFiles),

	// Writing the directory.
	takeover("RoleManagement.ReadWrite.Directory", "gives any directory role to anybody, itself included", GivesRoles, ManagesRoleAssignableGroups),
	takeover("RoleAssignmentSchedule.ReadWrite.Directory", "gives any directory role, for a time, to anybody", GivesRoles),
	takeover("RoleEligibilitySchedule.ReadWrite.Directory", "makes anybody eligible for any directory role", GivesRoles),
	takeover("AppRoleAssignment.ReadWrite.All", "gives any application permission to any application, itself included", GivesPermissions),
	takeover("Application.ReadWrite.All", "adds a credential to any application, and acts as it", ControlsApplications),
	// Adding an owner to an application is one of its rights
	// (https://learn.microsoft.com/graph/api/application-post-owners).
	takeover("Directory.ReadWrite.All", "changes most of the directory: people, groups, owners of applications",
		ControlsApplications, ManagesSecurityGroups, ManagesUnifiedGroups, WritesSecurityRules, WritesUnifiedRules),
	takeover("UserAuthenticationMethod.ReadWrite.All", "gives anybody, administrators included, a way to sign in (a Temporary Access Pass)", ResetsAnybody),
	takeover("PrivilegedAccess.ReadWrite.AzureADGroup", "makes anybody a member or an owner of a group that Privileged Identity Management looks after", ManagesGroupsInPIM),
	takeover("PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup", "makes anybody a member or an owner of a group that Privileged Identity Management looks after", ManagesGroupsInPIM),
	takeover("PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
		"makes anybody eligible to be a member or an owner of a group that Privileged Identity Management looks after", ManagesGroupsInPIM),
	takeover("RoleManagementPolicy.ReadWrite.Directory", "removes approval and other conditions from the activation of directory roles"),
	takeover("Policy.ReadWrite.PermissionGrant", "lets applications be given any permission by whoever it chooses", GivesPermissions),
	takeover("DelegatedPermissionGrant.ReadWrite.All", "consents to any permission for everybody, so that an application acts for an administrator"),
	takeover("Domain.ReadWrite.All", "federates a domain, and signs in as anybody of it", FederatesDomains),
	takeover("Organization.ReadWrite.All", "trusts a certificate authority, and signs in as anybody by certificate", TrustsAuthorities),
	takeover("EntitlementManagement.ReadWrite.All", "gives access packages, which can give groups, applications and directory roles", GivesPackages),
	takeover("Application.ReadWrite.OwnedBy", "adds a credential to any application that it owns, and acts as it", ControlsOwnedApplications),
	// Graph lets an application set a password only if it holds a directory role that may, too
	// (https://learn.microsoft.com/graph/api/resources/user#properties, passwordProfile).
	graph("User.ReadWrite.All", "changes people, and with a directory role that may, their passwords", WritesDirectory),
	graph("User-PasswordProfile.ReadWrite.All", "sets the passwords of people, with a directory role that may", WritesDirectory),
	graph("User.EnableDisableAccount.All", "blocks people and lets them sign in again", WritesDirectory),
	graph("User.ManageIdentities.All", "changes what people sign in with", WritesDirectory),
	writes("Group.ReadWrite.All", "changes groups and their members, except those that can hold roles", ManagesSecurityGroups, ManagesUnifiedGroups, WritesSecurityRules, WritesUnifiedRules),
	writes("GroupMember.ReadWrite.All", "changes members of groups, except those that can hold roles", ManagesSecurityGroups, ManagesUnifiedGroups),
	graph("Directory.AccessAsUser.All", "does in the directory what the person can", WritesDirectory),
	graph("AdministrativeUnit.ReadWrite.All", "changes who is in an administrative unit, and so under whose hand", WritesDirectory),
	graph("Policy.ReadWrite.ConditionalAccess", "changes what signing in takes", WritesDirectory),
	graph("Policy.ReadWrite.AuthenticationMethod", "changes how people may sign in", WritesDirectory),
	graph("Policy.ReadWrite.Authorization", "changes what everybody may do in the directory", WritesDirectory),
	graph("Device.ReadWrite.All", "changes devices", WritesDirectory),
	graph("Synchronization.ReadWrite.All", "changes how people and groups are provisioned", WritesDirectory),
	writes("AgentIdentityBlueprint.ReadWrite.All", "changes blueprints of agents, and what their agents are", ControlsBlueprints),
	writes("AgentIdentityBlueprint.AddRemoveCreds.All", "adds a credential to any blueprint of agents, and acts as its agents", ControlsBlueprints),
	of(AzureADGraph, "Directory.ReadWrite.All", "changes most of the directory", WritesDirectory),
	of(AzureADGraph, "Application.ReadWrite.All", "adds a credential to any application, and acts as it", WritesDirectory),
	of(AzureADGraph, "Directory.AccessAsUser.All", "does in the directory what the person can", WritesDirectory),
}

func of(api, value, why string, sets ...Set) Permission {
	return Permission{API: api, Value: value, Sets: sets, Why: why, Page: permissionsPage}
}

func graph(value, why string, sets ...Set) Permission { return of(MicrosoftGraph, value, why, sets...) }

func takeover(value, why string, abilities ...Ability) Permission {
	p := writes(value, why, abilities...)
	p.Takeover = true
	return p
}

// writes is a permission that changes the directory and is no way to every role.
func writes(value, why string, abilities ...Ability) Permission {
	p := graph(value, why, WritesDirectory)
	p.Abilities = abilities
	return p
}

// PermissionOf is the row of a permission, by the appId of its API and its value; nil
// where it is not one that gives much.
func PermissionOf(api, value string) *Permission {
	for i := range permissions {
		if permissions[i].API == api && strings.EqualFold(permissions[i].Value, value) {
			return &permissions[i]
		}
	}
	return nil
}

// IsAPI reports whether the table has permissions of an API, by its appId.
func IsAPI(appID string) bool {
	return slices.ContainsFunc(permissions, func(p Permission) bool { return p.API == appID })
}

// PermissionNamed is the row of a permission by what a snapshot calls its entitlement,
// "Mail.Read on Microsoft Graph" for one: the first word is the value, which has no spaces.
func PermissionNamed(api, name string) *Permission { return PermissionOf(api, ValueIn(name)) }

// ValueIn is the value of a permission in what a snapshot calls its entitlement.
func ValueIn(name string) string {
	value, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return value
}

// In reports whether the permission is a way to a set.
func (p *Permission) In(set Set) bool {
	return slices.Contains(p.Sets, set)
}
