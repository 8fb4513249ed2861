package nouns

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const roleAssignmentSet = "roleManagement/directory/roleAssignments"

// roleAssignmentBody is what POST RoleAssignments takes.
type roleAssignmentBody struct {
	Principal string  `json:"principalId"`
	Role      string  `json:"roleDefinitionId"`
	Scope     *string `json:"directoryScopeId"`
	AppScope  *string `json:"appScopeId"`
	Condition *string `json:"condition"`
	Type      string  `json:"@odata.type"`
}

// createRoleAssignment gives a principal a directory role for good (rbacapplication-post-roleassignments).
func createRoleAssignment(c *api.Call) (api.Reply, error) {
	var body roleAssignmentBody
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	switch {
	case body.AppScope != nil || body.Condition != nil:
		return api.Reply{}, api.InvalidValue("appScopeId", "RoleAssignment")
	case body.Scope == nil:
		return api.Reply{}, api.Required("directoryScopeId", "RoleAssignment")
	}
	a, err := roleOf(c, body.Principal, body.Role, *body.Scope)
	if err != nil {
		return api.Reply{}, err
	}
	if _, held := c.Tenant.HeldRole(c.Tenant.Active, a); held {
		return api.Reply{}, api.Conflicting()
	}
	now := c.Moment()
	a.Given = directory.Period{Start: now}
	r := directory.MakeRef(directory.KindRoleAssignment, len(c.Tenant.Assignments))
	ids := []string{body.Principal, body.Role, *body.Scope}
	c.Commit(api.LagWrites, ids, func(t *directory.Tenant) { t.GrantRole(t.Active, a) })
	return answerEntity(c, http.StatusCreated, roleAssignmentSet, r)
}

// roleOf checks a principal, a role and a scope.
func roleOf(c *api.Call, principal, role, scope string) (directory.RoleAssignment, error) {
	var a directory.RoleAssignment
	g, isGUID := directory.ParseGUID(principal)
	if !isGUID {
		return a, api.BadRequest("Invalid object identifier '%s'.", principal)
	}
	r, _ := c.Tenant.RefOf(g)
	var err error
	if a.Principal, err = c.Resolve(r.Kind(), principal); err != nil {
		return a, err
	}
	d, known := c.Tenant.Find(directory.KindRoleDefinition, role)
	if !known {
		return a, api.NotFound(role)
	}
	a.Role = d.Index()
	switch kind := a.Principal.Kind(); {
	case kind == directory.KindGroup && c.Tenant.Groups[a.Principal.Index()].Flags&directory.FlagRoleAssignable == 0:
		return a, api.BadRequest("The group is not assignable to a role: its property 'isAssignableToRole' is not set.")
	case kind != directory.KindUser && kind != directory.KindGroup && kind != directory.KindServicePrincipal:
		return a, api.BadRequest("A principal of the type '%s' cannot be assigned to a role.", c.Tenant.Model.Of(kind).Name)
	case c.Tenant.Roles[a.Role].Disabled:
		return a, api.BadRequest("The role definition '%s' is disabled.", role)
	}
	a.Scope, err = scopeOf(c, scope)
	return a, err
}

// scopeOf reads a directoryScopeId.
func scopeOf(c *api.Call, scope string) (directory.Ref, error) {
	if scope == "/" {
		return 0, nil
	}
	id, ok := strings.CutPrefix(scope, "/")
	if !ok {
		return 0, api.BadRequest("Invalid directory scope '%s'.", scope)
	}
	if unit, isUnit := strings.CutPrefix(id, "administrativeUnits/"); isUnit {
		return c.Resolve(directory.KindAdministrativeUnit, unit)
	}
	g, isGUID := directory.ParseGUID(id)
	if !isGUID {
		return 0, api.BadRequest("Invalid directory scope '%s'.", scope)
	}
	switch r, _ := c.Tenant.RefOf(g); r.Kind() {
	case directory.KindApplication, directory.KindServicePrincipal, directory.KindGroup, directory.KindDevice, directory.KindUser:
		return c.Resolve(r.Kind(), id)
	default:
		return 0, api.NotFound(id)
	}
}

// deleteRoleAssignment takes a directory role away.
func deleteRoleAssignment(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	c.Commit(api.LagWrites, c.IDsOf(r), func(t *directory.Tenant) { t.Remove(r) })
	return api.Done(), nil
}
