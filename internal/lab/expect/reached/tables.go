package reached

// Microsoft's tables, by the names that the pages use.

// resetBy is the table "Who can reset passwords": for each role whose holders not only
// the two all-powerful roles may reset, the columns that have a tick: Password,
// Helpdesk, Authentication and User Administrator. The empty name is "no admin role".
var resetBy = map[string]string{
	"":                                "PHAU",
	"Authentication Administrator":    "A",
	"Directory Readers":               "PHAU",
	"Groups Administrator":            "U",
	"Guest Inviter":                   "PHAU",
	"Helpdesk Administrator":          "HU",
	"Message Center Reader":           "HAU",
	"Password Administrator":          "PHAU",
	"Reports Reader":                  "HAU",
	"User Administrator":              "U",
	"User Experience Success Manager": "HAU",
	"Usage Summary Reports Reader":    "HAU",
}

// columns are the roles of the columns.
var columns = map[string]string{
	"Password Administrator": "P", "Helpdesk Administrator": "H", "Authentication Administrator": "A", "User Administrator": "U",
}

// resetsEverybody are the last two columns, and what the note below the table adds.
var resetsEverybody = map[string]bool{
	"Global Administrator": true, "Privileged Authentication Administrator": true, "Partner Tier2 Support": true,
}

// givesRoles have roleAssignments/allProperties/allTasks.
var givesRoles = map[string]bool{"Global Administrator": true, "Privileged Role Administrator": true, "Partner Tier2 Support": true}

// controlsApplications have credentials/update or owners/update of service principals.
var controlsApplications = map[string]bool{
	"Global Administrator": true, "Application Administrator": true, "Cloud Application Administrator": true, "Hybrid Identity Administrator": true,
}

// controlsRegistrations have credentials/update of applications alone.
var controlsRegistrations = map[string]bool{"Partner Tier1 Support": true, "Partner Tier2 Support": true}

// controlsBlueprints can add credentials to blueprints of agents.
var controlsBlueprints = map[string]bool{"Global Administrator": true, "Agent ID Administrator": true}

// Marks of what a role, or a permission, can change of groups: S and U are members of
// security and Microsoft 365 groups, s and u the rules of dynamic ones, X groups of
// Exchange, R groups that can hold roles.
var groupsBy = map[string]string{
	"Global Administrator":              "SUsuXR",
	"Privileged Role Administrator":     "R",
	"Groups Administrator":              "SUsu",
	"User Administrator":                "SUsu",
	"Directory Writers":                 "SUsu",
	"Identity Governance Administrator": "SU",
	"Partner Tier1 Support":             "SU",
	"Partner Tier2 Support":             "SU",
	"Intune Administrator":              "Ss",
	"Windows 365 Administrator":         "Ss",
	"Knowledge Administrator":           "S",
	"Knowledge Manager":                 "S",
	"Exchange Administrator":            "UX",
	"Exchange Recipient Administrator":  "X",
	"SharePoint Administrator":          "U",
	"Teams Administrator":               "U",
	"Yammer Administrator":              "U",
}

var groupsByPermission = map[string]string{
	"Group.ReadWrite.All":                "SUsu",
	"Directory.ReadWrite.All":            "SUsu",
	"GroupMember.ReadWrite.All":          "SU",
	"RoleManagement.ReadWrite.Directory": "R",
}

// inPIM are permissions for every group that Privileged Identity Management can take.
var inPIM = map[string]bool{
	"PrivilegedAccess.ReadWrite.AzureADGroup": true, "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": true,
	"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": true,
}

var givesRolesByPermission = map[string]bool{
	"RoleManagement.ReadWrite.Directory": true, "RoleAssignmentSchedule.ReadWrite.Directory": true,
	"RoleEligibilitySchedule.ReadWrite.Directory": true,
}

// givesPermissions are permissions that give all the others.
var givesPermissions = map[string]bool{"AppRoleAssignment.ReadWrite.All": true, "Policy.ReadWrite.PermissionGrant": true}

// federates have domains/federation/update or more.
var federates = map[string]bool{
	"Global Administrator": true, "Hybrid Identity Administrator": true, "Security Administrator": true, "Domain Name Administrator": true,
	"External Identity Provider Administrator": true, "Partner Tier2 Support": true,
}

// synchronizes write passwords of people from on premises.
var synchronizes = map[string]bool{
	"Directory Synchronization Accounts": true, "On Premises Directory Sync Account": true, "Hybrid Identity Administrator": true,
}
