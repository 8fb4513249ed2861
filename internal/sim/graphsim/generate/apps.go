package generate

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// generateServicePrincipals makes the applications, managed identities and agent identities.
func generateServicePrincipals(t *directory.Tenant) {
	t.SPs = make([]directory.ServicePrincipal, t.Shape.ServicePrincipals)
	fixed := map[int]directory.ServicePrincipal{
		directory.SPGraph:      {Label: "Microsoft Graph", WellKnownID: directory.GraphAppID, Foreign: true, Roles: graphRoles(t)},
		directory.SPConnector:  {Label: "Baton Connector"},
		directory.SPExchange:   {Label: "Office 365 Exchange Online", WellKnownID: directory.ExchangeAppID, Foreign: true, Roles: exchangeRoles(t)},
		directory.SPPayroll:    {Label: "Payroll", AssignmentRequired: true, Roles: payrollRoles(t)},
		directory.SPWiki:       {Label: "Wiki"},
		directory.SPDisabled:   {Label: "Old Intranet", Disabled: true, Roles: appRoles(t, directory.SPDisabled, 2)},
		directory.SPGallery:    {Label: "Salesforce", Foreign: true, Roles: appRoles(t, directory.SPGallery, 3)},
		directory.SPNested:     {Label: "Nested Access", AssignmentRequired: true, Roles: appRoles(t, directory.SPNested, 2)},
		directory.SPCycle:      {Label: "Cycle Access", Roles: appRoles(t, directory.SPCycle, 1)},
		directory.SPBusyMember: {Label: "Busy Member"},
		directory.SPBusyOwner:  {Label: "Busy Owner"},
		directory.SPUnassigned: {Label: "Nobody Yet", AssignmentRequired: true, Roles: appRoles(t, directory.SPUnassigned, 1)},
		directory.SPLegacyApp:  {Label: "Legacy Portal", Kind: directory.SPLegacy},
	}
	for i := range t.SPs {
		if s, ok := fixed[i]; ok {
			t.SPs[i] = s
			continue
		}
		t.SPs[i] = randomSP(t, i)
	}
}

func randomSP(t *directory.Tenant, i int) directory.ServicePrincipal {
	switch {
	case i%7 == 1:
		return directory.ServicePrincipal{Kind: directory.SPManagedIdentity}
	case i%11 == 2:
		return directory.ServicePrincipal{Kind: directory.SPAgentIdentity}
	case i%11 == 3:
		return directory.ServicePrincipal{Kind: directory.SPAgentBlueprint}
	}
	h := t.Hash(directory.SPRef(i), directory.SaltShape)
	return directory.ServicePrincipal{
		Disabled:           i%9 == 4,
		Foreign:            i%5 == 0,
		AssignmentRequired: h%2 == 0,
		Roles:              appRoles(t, i, directory.Below(h>>8, 5)),
	}
}

func appRoles(t *directory.Tenant, sp, n int) []directory.AppRole {
	out := make([]directory.AppRole, 0, n)
	for k := range n {
		word := directory.RoleWords[k%len(directory.RoleWords)]
		out = append(out, directory.AppRole{ID: t.AppRoleID(sp, k), Value: word, Name: word, ForUsers: true, ForApps: k%2 == 0})
	}
	return out
}

func payrollRoles(t *directory.Tenant) []directory.AppRole {
	return []directory.AppRole{
		directory.PayrollReader:   {ID: t.AppRoleID(directory.SPPayroll, directory.PayrollReader), Value: "Payroll.Read", Name: "Reader", ForUsers: true},
		directory.PayrollApprover: {ID: t.AppRoleID(directory.SPPayroll, directory.PayrollApprover), Value: "Payroll.Approve", Name: "Approver", ForUsers: true, ForApps: true},
		directory.PayrollRetired:  {ID: t.AppRoleID(directory.SPPayroll, directory.PayrollRetired), Value: "Payroll.Legacy", Name: "Legacy (retired)", Disabled: true, ForUsers: true},
		directory.PayrollService:  {ID: t.AppRoleID(directory.SPPayroll, directory.PayrollService), Value: "Payroll.Service", Name: "Service", ForApps: true},
	}
}

// graphRoles gives Microsoft Graph its well-known permissions and enough others to make its row long.
func graphRoles(t *directory.Tenant) []directory.AppRole {
	out := make([]directory.AppRole, 0, GraphRoleCount)
	for _, p := range directory.GraphPermissionIDs {
		id, _ := directory.ParseGUID(p.ID)
		out = append(out, directory.AppRole{ID: id, Value: p.Value, Name: p.Value, ForApps: true})
	}
	for _, noun := range directory.AppNames {
		for _, verb := range []string{"Read", "ReadWrite", "Manage", "Send", "Export", "Import", "Approve", "Delete"} {
			value := fmt.Sprintf("Sim%s.%s.All", noun, verb)
			out = append(out, directory.AppRole{ID: t.AppRoleID(directory.SPGraph, len(out)), Value: value, Name: value, ForApps: true})
		}
	}
	if t.Quirks.Has(directory.QuirkGraphRoles) {
		return withRealWeight(t, out)
	}
	return out
}

func exchangeRoles(t *directory.Tenant) []directory.AppRole {
	out := appRoles(t, directory.SPExchange, 3)
	for i := range out {
		out[i].ForUsers, out[i].ForApps = false, true
	}
	return out
}

// GraphRoleCount is how many app roles Microsoft Graph has, about (permissions reference).
const GraphRoleCount = 750

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
	ShortestAbout = 150
	LongestAbout  = 300
)

// withRealWeight adds roles until there are as many as Microsoft Graph has, and describes each as long as Graph does.
func withRealWeight(t *directory.Tenant, roles []directory.AppRole) []directory.AppRole {
	for n := 0; len(roles) < GraphRoleCount; n++ {
		noun := graphNouns[n%len(graphNouns)]
		verb := graphVerbs[n/len(graphNouns)%len(graphVerbs)]
		scope := graphScopes[n/len(graphNouns)/len(graphVerbs)%len(graphScopes)]
		value := fmt.Sprintf("%s.%s.%s", noun, verb, scope)
		roles = append(roles, directory.AppRole{ID: t.AppRoleID(directory.SPGraph, len(roles)), Value: value, Name: value, ForApps: true})
	}
	const more = " Items of every kind are included, those in archives and those shared with people outside of the organization among them."
	for n := range roles {
		length := ShortestAbout + directory.Below(directory.Mix64(uint64(n)), LongestAbout-ShortestAbout+1)
		roles[n].About = directory.Fill("Allows the app to use what "+roles[n].Value+" stands for in every workspace, without a signed-in user.", more, length)
	}
	return roles
}

// generateSponsors gives agent identities and their blueprints the people who answer for them.
func generateSponsors(t *directory.Tenant) {
	for i := range t.SPs {
		if kind := t.SPs[i].Kind; kind != directory.SPAgentIdentity && kind != directory.SPAgentBlueprint {
			continue
		}
		h := t.Hash(directory.SPRef(i), directory.SaltGiven)
		t.SPs[i].Sponsors = t.Users(directory.Below(h, t.Shape.Users), directory.Below(h>>32, 3))
	}
	agent, blueprint := t.FirstSP(directory.SPAgentIdentity), t.FirstSP(directory.SPAgentBlueprint)
	t.SPs[agent.Index()].Sponsors = []directory.Ref{directory.UserRef(directory.UserPlain), directory.UserRef(directory.UserOther), directory.GroupRef(directory.GroupMicrosoft365)}
	t.SPs[blueprint.Index()].Sponsors = []directory.Ref{directory.UserRef(directory.UserPlain)}
}
