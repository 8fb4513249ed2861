package connector

import (
	"maps"
	"strings"
)

const (
	helpdesk  = "0d000000-0000-4000-8000-000000000001"
	custom    = "0d000000-0000-4000-8000-000000000002"
	customPIM = "0d000000-0000-4000-8000-000000000003"
	goneRole  = "0d000000-0000-4000-8000-000000000004"
	unit      = "0e000000-0000-4000-8000-000000000001"
	someGroup = "0f000000-0000-4000-8000-000000000001"
	partner   = "0c000000-0000-4000-8000-000000000001"
	orphan    = "0c000000-0000-4000-8000-000000000002"
	unsaid    = "0c000000-0000-4000-8000-000000000003"

	roleDefinitions = "/roleManagement/directory/roleDefinitions?$select=id,templateId,displayName,description,isBuiltIn,isEnabled"
	assignments     = "/roleManagement/directory/roleAssignments"
	schedules       = "/roleManagement/directory/roleAssignmentScheduleInstances"
	eligibilities   = "/roleManagement/directory/roleEligibilityScheduleInstances"
)

func definition(id, name string) string {
	return `{"id":"` + id + `","templateId":"` + id + `","displayName":"` + name + `","isEnabled":true}`
}

func rowsIn(rows ...string) string { return `{"value":[` + strings.Join(rows, ",") + `]}` }

// roleRowOf is a row of a role listing, with further properties.
func roleRowOf(role, who, scope, more string) string {
	return `{"id":"row","roleDefinitionId":"` + role + `","principalId":"` + who + `","directoryScopeId":"` + scope + `"` + more + `}`
}

// tenantWithRoles is a Graph that refuses options within an $expand on the listings
// of Privileged Identity Management, as the service does.
func tenantWithRoles(answers map[string]string) *fakeGraph {
	g := &fakeGraph{answers: map[string]string{
		roleDefinitions: rowsIn(definition(helpdesk, "Helpdesk Administrator"), definition(custom, "Reader of everything")),
	}}
	for _, listing := range []string{schedules, eligibilities} {
		g.answers[listing+"?$expand=principal($select=id)"] = `400 {"error":{"error":{"code":"InvalidFilter","message":"The  filter is invalid."}}}`
	}
	maps.Copy(g.answers, answers)
	return g
}

func (f *fakeGraph) says(who, principal string) *fakeGraph {
	for _, listing := range []string{assignments, schedules, eligibilities} {
		f.answers[listing+"?$filter=principalId eq '"+who+"'&$expand=principal"] = rowsIn(`{"principalId":"` + who + `","principal":` + principal + `}`)
	}
	return f
}

func scopeRef(listing, expand string) string {
	return listing + "?$filter=directoryScopeId eq '/administrativeUnits/" + unit + "'&$expand=" + expand
}

const unitObject = `{"directoryScopeId":"x","directoryScope":{"@odata.type":"#microsoft.graph.administrativeUnit","id":"` + unit + `","displayName":"Unit"}}`
