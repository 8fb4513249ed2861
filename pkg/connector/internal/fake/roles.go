package fake

import (
	"maps"
	"strings"
)

const (
	Helpdesk  = "0d000000-0000-4000-8000-000000000001"
	Custom    = "0d000000-0000-4000-8000-000000000002"
	CustomPIM = "0d000000-0000-4000-8000-000000000003"
	GoneRole  = "0d000000-0000-4000-8000-000000000004"
	Unit      = "0e000000-0000-4000-8000-000000000001"
	SomeGroup = "0f000000-0000-4000-8000-000000000001"
	Partner   = "0c000000-0000-4000-8000-000000000001"
	Orphan    = "0c000000-0000-4000-8000-000000000002"
	Unsaid    = "0c000000-0000-4000-8000-000000000003"

	roleDefinitions = "/roleManagement/directory/roleDefinitions?$select=id,templateId,displayName,description,isBuiltIn,isEnabled"
	Assignments     = "/roleManagement/directory/roleAssignments"
	Schedules       = "/roleManagement/directory/roleAssignmentScheduleInstances"
	Eligibilities   = "/roleManagement/directory/roleEligibilityScheduleInstances"
)

func Definition(id, name string) string {
	return `{"id":"` + id + `","templateId":"` + id + `","displayName":"` + name + `","isEnabled":true}`
}

func RowsIn(rows ...string) string { return `{"value":[` + strings.Join(rows, ",") + `]}` }

// RoleRowOf is a row of a role listing, with further properties.
func RoleRowOf(role, who, scope, more string) string {
	return `{"id":"row","roleDefinitionId":"` + role + `","principalId":"` + who + `","directoryScopeId":"` + scope + `"` + more + `}`
}

// TenantWithRoles is a Graph that refuses options within an $expand on the listings
// of Privileged Identity Management, as the service does.
func TenantWithRoles(answers map[string]string) *Graph {
	g := &Graph{Answers: map[string]string{
		roleDefinitions: RowsIn(Definition(Helpdesk, "Helpdesk Administrator"), Definition(Custom, "Reader of everything")),
	}}
	for _, listing := range []string{Schedules, Eligibilities} {
		g.Answers[listing+"?$expand=principal($select=id)"] = `400 {"error":{"error":{"code":"InvalidFilter","message":"The  filter is invalid."}}}`
	}
	maps.Copy(g.Answers, answers)
	if rows, ok := g.Answers[Assignments]; ok && g.Answers[Assignments+"?$expand=principal"] == "" {
		g.Answers[Assignments+"?$expand=principal"] = rows
	}
	return g
}

func (f *Graph) Says(who, principal string) *Graph {
	for _, listing := range []string{Assignments, Schedules, Eligibilities} {
		f.Answers[listing+"?$filter=principalId eq '"+who+"'&$expand=principal"] = RowsIn(`{"principalId":"` + who + `","principal":` + principal + `}`)
	}
	return f
}

func ScopeRef(listing, expand string) string {
	return listing + "?$filter=directoryScopeId eq '/administrativeUnits/" + Unit + "'&$expand=" + expand
}

const UnitObject = `{"directoryScopeId":"x","directoryScope":{"@odata.type":"#microsoft.graph.administrativeUnit","id":"` + Unit + `","displayName":"Unit"}}`
