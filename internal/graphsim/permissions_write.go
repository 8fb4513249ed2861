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
		remove    = http.MethodDelete + " "
		directory = " Directory.ReadWrite.All"
	)
	maps.Copy(table, map[string]grant{
		post + "groups/{id}/members/$ref":        both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		remove + "groups/{id}/members/{id}/$ref": both("GroupMember.ReadWrite.All Group.ReadWrite.All" + directory),
		post + "groups/{id}/owners/$ref":         both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}/owners/{id}/$ref":  both("Group.ReadWrite.All" + directory),
		remove + "groups/{id}":                   both("Group.ReadWrite.All"),
	})
	return table
}
