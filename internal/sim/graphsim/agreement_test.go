package graphsim

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// edge is a direct edge as text, for comparing sets.
func edge(parts ...string) string { return strings.Join(parts, " ") }

func typeOf(row map[string]any) string {
	name := strings.TrimPrefix(str(row["@odata.type"]), "#"+directory.Namespace)
	switch name {
	case schema.AgentUserType:
		return "user"
	case directory.AgentIdentityType, directory.AgentBlueprintType:
		return "servicePrincipal"
	default:
		return name
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// TestGraphAndTruthAgree reads the tenant as a careful client would and wants exactly the truth: a gap of the
// simulation must be one of those Graph has, closed from the side Graph offers.
func TestGraphAndTruthAgree(t *testing.T) {
	b := start(t)
	truth := b.server.tenant.Truth()
	var members, owners, appOwners, assigned, roles []string
	for _, g := range b.all("groups?$select=id&$top=999") {
		id := str(g["id"])
		for _, m := range b.all("groups/" + id + "/members?$select=id&$top=999") {
			members = append(members, edge(id, typeOf(m), str(m["id"])))
		}
		for _, o := range b.all("groups/" + id + "/owners?$select=id&$top=999") {
			owners = append(owners, edge(id, typeOf(o), str(o["id"])))
		}
	}
	for _, s := range b.all("servicePrincipals?$select=id&$top=999") {
		id := str(s["id"])
		for _, g := range b.all("servicePrincipals/" + id + "/memberOf?$select=id&$top=999") {
			if typeOf(g) == "group" {
				members = append(members, edge(str(g["id"]), "servicePrincipal", id))
			}
		}
		for _, o := range b.all("servicePrincipals/" + id + "/ownedObjects?$select=id&$top=999") {
			if typeOf(o) == "group" {
				owners = append(owners, edge(str(o["id"]), "servicePrincipal", id))
			}
		}
		for _, o := range b.all("servicePrincipals/" + id + "/owners?$select=id&$top=999") {
			appOwners = append(appOwners, edge(id, typeOf(o), str(o["id"])))
		}
		for _, a := range b.all("servicePrincipals/" + id + "/appRoleAssignedTo?$top=999") {
			assigned = append(assigned, edge(id, str(a["appRoleId"]), strings.ToLower(str(a["principalType"])), str(a["principalId"])))
		}
	}
	for _, a := range b.all("roleManagement/directory/roleAssignments") {
		roles = append(roles, edge(str(a["roleDefinitionId"]), str(a["directoryScopeId"]), str(a["principalId"])))
	}

	unreadable := map[string]bool{}
	for _, g := range truth.Groups {
		unreadable[g.ID] = !g.OwnersReadable
	}
	text := func(edges []TruthEdge, keep func(TruthEdge) bool) []string {
		var out []string
		for _, e := range edges {
			if keep(e) {
				out = append(out, edge(e.ObjectID, e.Principal.Type, e.Principal.ID))
			}
		}
		return sorted(out)
	}
	every := func(TruthEdge) bool { return true }
	assert.Equal(t, text(truth.Members, every), sorted(members))
	assert.Equal(t, text(truth.GroupOwners, func(e TruthEdge) bool { return !unreadable[e.ObjectID] }), sorted(b.withoutDeletedPeople(owners)))
	assert.Equal(t, text(truth.ApplicationOwners, every), sorted(b.withoutDeletedPeople(appOwners)))
	var want []string
	for _, a := range truth.AppRoleAssignments {
		want = append(want, edge(a.ResourceID, a.AppRoleID, strings.ToLower(a.Principal.Type), a.Principal.ID))
	}
	assert.Equal(t, sorted(want), sorted(b.withoutDeletedPeople(assigned)))
	want = nil
	for _, a := range truth.RoleAssignments {
		want = append(want, edge(a.RoleID, a.Scope, a.Principal.ID))
	}
	assert.Equal(t, sorted(want), sorted(b.withoutPartners(roles)))
	assert.Empty(t, b.server.Stats().Unmatched)
}
