package graphsim

import "fmt"

// graphRoleCount is how many app roles Microsoft Graph has, about (permissions reference).
const graphRoleCount = 750

// Nouns and scopes that Graph's permissions are made of, beside those of every tenant.
var (
	graphNouns = []string{
		"AccessReview", "AgentCard", "Bookings", "BrowserSiteLists", "CallRecords", "Channel", "ChannelMessage", "Chat", "CloudPC", "ConsentRequest",
		"DeviceManagementApps", "EntitlementManagement", "ExternalItem", "IdentityProvider", "LearningContent", "OnlineMeetings", "Place", "Printer",
		"ProgramControl", "RecordsManagement", "SearchConfiguration", "SecurityIncident", "TeamsTab", "TermStore", "ThreatHunting", "VirtualEvent",
	}
	graphVerbs  = []string{"Read", "ReadBasic", "ReadWrite", "Manage", "Create", "Export"}
	graphScopes = []string{"All", "Group", "Selected", "OwnedBy", "Chat"}
)

const (
	shortestAbout = 150
	longestAbout  = 300
)

// withRealWeight adds roles until there are as many as Microsoft Graph has, and describes each as long as Graph does.
func (t *Tenant) withRealWeight(roles []appRole) []appRole {
	for n := 0; len(roles) < graphRoleCount; n++ {
		noun := graphNouns[n%len(graphNouns)]
		verb := graphVerbs[n/len(graphNouns)%len(graphVerbs)]
		scope := graphScopes[n/len(graphNouns)/len(graphVerbs)%len(graphScopes)]
		value := fmt.Sprintf("%s.%s.%s", noun, verb, scope)
		roles = append(roles, appRole{id: t.appRoleID(SPGraph, len(roles)), value: value, name: value, forApps: true})
	}
	const more = " Items of every kind are included, those in archives and those shared with people outside of the organization among them."
	for n := range roles {
		length := shortestAbout + below(mix64(uint64(n)), longestAbout-shortestAbout+1)
		roles[n].about = fill("Allows the app to use what "+roles[n].value+" stands for in every workspace, without a signed-in user.", more, length)
	}
	return roles
}
