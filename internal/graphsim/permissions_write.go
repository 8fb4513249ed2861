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
	maps.Copy(table, map[string]grant{
		post + "groups/{id}/members/$ref":        both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		remove + "groups/{id}/members/{id}/$ref": both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		post + "groups/{id}/owners/$ref":         both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}/owners/{id}/$ref":  both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}":                   both("Group.ReadWrite.All"),
		post + "groups": grants("Group.Create Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory,
			"Group.ReadWrite.All Group-PreferredDataLocation.ReadWrite.All"+directory),
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
