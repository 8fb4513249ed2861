package reached

import "strings"

// Microsoft's tables, by the names that the pages use.

// resetTable is "Who can reset passwords": for each role whose holders not only the two
// all-powerful roles may reset, the columns that have a tick, P for Password, H for
// Helpdesk, A for Authentication and U for User Administrator.
const resetTable = `
(no admin role)                 | P H A U
Authentication Administrator    |     A
Directory Readers               | P H A U
Groups Administrator            |       U
Guest Inviter                   | P H A U
Helpdesk Administrator          |   H   U
Message Center Reader           |   H A U
Password Administrator          | P H A U
Reports Reader                  |   H A U
User Administrator              |       U
User Experience Success Manager |   H A U
Usage Summary Reports Reader    |   H A U
`

// The marks of what roles and permissions let their holders do.
const (
	inPasswordColumn, inHelpdeskColumn, inAuthenticationColumn, inUserColumn = "P", "H", "A", "U"

	resetsEverybody       = "everybody" // The last two columns of the table, and its note.
	resetsPlainPeople     = "plain"     // Those without a role: the note again.
	givesRoles            = "roles"
	givesPermissions      = "permissions"
	controlsApplications  = "applications"  // Credentials or owners of service principals.
	controlsRegistrations = "registrations" // Of applications alone.
	controlsBlueprints    = "blueprints"
	federates             = "domains"
	synchronizes          = "passwords" // Of people from on premises.
	trustsAuthorities     = "authorities"
	addsMethods           = "methods" // To anybody whom no restricted unit protects.
	anyGroupInPIM         = "pim"
	givesPackages         = "packages"

	securityGroups, securityRules = "security", "security-rules"
	unifiedGroups, unifiedRules   = "unified", "unified-rules"
	exchangeGroups                = "exchange"
	groupsForRoles                = "role-assignable"
)

// roleTable has each role's marks, from its list of actions.
const roleTable = `
Global Administrator                     | everybody roles applications blueprints domains security security-rules unified unified-rules exchange role-assignable packages
Privileged Role Administrator            | roles role-assignable
Privileged Authentication Administrator  | everybody
Partner Tier1 Support                    | plain registrations security unified
Partner Tier2 Support                    | everybody roles registrations domains security unified
Application Administrator                | applications
Cloud Application Administrator          | applications
Hybrid Identity Administrator            | applications domains passwords
Directory Synchronization Accounts       | passwords
On Premises Directory Sync Account       | passwords
Security Administrator                   | domains
Domain Name Administrator                | domains
External Identity Provider Administrator | domains
Agent ID Administrator                   | blueprints
Password Administrator                   | P
Helpdesk Administrator                   | H
Authentication Administrator             | A
User Administrator                       | U security security-rules unified unified-rules
Groups Administrator                     | security security-rules unified unified-rules
Directory Writers                        | security security-rules unified unified-rules
Identity Governance Administrator        | security unified packages
Intune Administrator                     | security security-rules
Windows 365 Administrator                | security security-rules
Knowledge Administrator                  | security
Knowledge Manager                        | security
Exchange Administrator                   | unified exchange
Exchange Recipient Administrator         | exchange
SharePoint Administrator                 | unified
Teams Administrator                      | unified
Yammer Administrator                     | unified
`

// permissionTable has those of Microsoft Graph's application permissions.
const permissionTable = `
RoleManagement.ReadWrite.Directory                   | roles role-assignable
RoleAssignmentSchedule.ReadWrite.Directory           | roles
RoleEligibilitySchedule.ReadWrite.Directory          | roles
AppRoleAssignment.ReadWrite.All                      | permissions
Policy.ReadWrite.PermissionGrant                     | permissions
Application.ReadWrite.All                            | applications
Directory.ReadWrite.All                              | applications security security-rules unified unified-rules
Group.ReadWrite.All                                  | security security-rules unified unified-rules
GroupMember.ReadWrite.All                            | security unified
PrivilegedAccess.ReadWrite.AzureADGroup              | pim
PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup  | pim
PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup | pim
UserAuthenticationMethod.ReadWrite.All               | methods
Organization.ReadWrite.All                           | authorities
Domain.ReadWrite.All                                 | domains
EntitlementManagement.ReadWrite.All                  | packages
AgentIdentityBlueprint.ReadWrite.All                 | blueprints
AgentIdentityBlueprint.AddRemoveCreds.All            | blueprints
`

// marks are the marks of each row.
type marks map[string]map[string]bool

func tableOf(text string) marks {
	rows := marks{}
	for line := range strings.Lines(text) {
		name, list, ok := strings.Cut(line, "|")
		if !ok {
			continue
		}
		row := map[string]bool{}
		for _, mark := range strings.Fields(list) {
			row[mark] = true
		}
		rows[strings.TrimSpace(name)] = row
	}
	return rows
}

var (
	resetBy      = tableOf(resetTable)
	ofRole       = tableOf(roleTable)
	ofPermission = tableOf(permissionTable)
)

// The resource types of the data model, and the row of those who hold no role.
const (
	user, group, application = "user", "group", "application"
	managed, agent           = "managed_identity", "agent_identity"
	role, scopedRole         = "role", "scoped_role"
	noRole                   = "(no admin role)"
)
