package graphsim

import (
	"net/http"
	"strings"
)

const roleAssignmentSet = "roleManagement/directory/roleAssignments"

// roleAssignmentBody is what POST roleAssignments takes.
type roleAssignmentBody struct {
	Principal string  `json:"principalId"`
	Role      string  `json:"roleDefinitionId"`
	Scope     *string `json:"directoryScopeId"`
	AppScope  *string `json:"appScopeId"`
	Condition *string `json:"condition"`
	Type      string  `json:"@odata.type"`
}

// createRoleAssignment gives a principal a directory role for good (rbacapplication-post-roleassignments).
func (c *call) createRoleAssignment() (reply, error) {
	var body roleAssignmentBody
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	switch {
	case body.AppScope != nil || body.Condition != nil:
		return reply{}, invalidValue("appScopeId", "RoleAssignment")
	case body.Scope == nil:
		return reply{}, required("directoryScopeId", "RoleAssignment")
	}
	a, err := c.roleOf(body.Principal, body.Role, *body.Scope)
	if err != nil {
		return reply{}, err
	}
	if _, held := c.tenant.heldRole(c.tenant.active, a); held {
		return reply{}, conflicting()
	}
	now := c.moment()
	a.given = period{start: now}
	r := makeRef(KindRoleAssignment, len(c.tenant.assignments))
	ids := []string{body.Principal, body.Role, *body.Scope}
	c.commit(lagWrites, ids, func(t *Tenant) { t.grantRole(t.active, a) })
	return c.answerEntity(http.StatusCreated, roleAssignmentSet, r)
}

// roleOf checks a principal, a role and a scope.
func (c *call) roleOf(principal, role, scope string) (roleAssignment, error) {
	var a roleAssignment
	g, isGUID := parseGUID(principal)
	if !isGUID {
		return a, badRequest("Invalid object identifier '%s'.", principal)
	}
	r, _ := c.tenant.refOf(g)
	var err error
	if a.principal, err = c.resolve(r.Kind(), principal); err != nil {
		return a, err
	}
	d, known := c.tenant.find(KindRoleDefinition, role)
	if !known {
		return a, notFound(role)
	}
	a.role = d.index()
	switch kind := a.principal.Kind(); {
	case kind == KindGroup && c.tenant.groups[a.principal.index()].flags&groupRoleAssignable == 0:
		return a, badRequest("The group is not assignable to a role: its property 'isAssignableToRole' is not set.")
	case kind != KindUser && kind != KindGroup && kind != KindServicePrincipal:
		return a, badRequest("A principal of the type '%s' cannot be assigned to a role.", c.tenant.model.of(kind).name)
	case c.tenant.roles[a.role].disabled:
		return a, badRequest("The role definition '%s' is disabled.", role)
	}
	a.scope, err = c.scopeOf(scope)
	return a, err
}

// scopeOf reads a directoryScopeId.
func (c *call) scopeOf(scope string) (Ref, error) {
	if scope == "/" {
		return 0, nil
	}
	id, ok := strings.CutPrefix(scope, "/")
	if !ok {
		return 0, badRequest("Invalid directory scope '%s'.", scope)
	}
	if unit, isUnit := strings.CutPrefix(id, "administrativeUnits/"); isUnit {
		return c.resolve(KindAdministrativeUnit, unit)
	}
	g, isGUID := parseGUID(id)
	if !isGUID {
		return 0, badRequest("Invalid directory scope '%s'.", scope)
	}
	switch r, _ := c.tenant.refOf(g); r.Kind() {
	case KindApplication, KindServicePrincipal, KindGroup, KindDevice, KindUser:
		return c.resolve(r.Kind(), id)
	default:
		return 0, notFound(id)
	}
}

// deleteRoleAssignment takes a directory role away.
func (c *call) deleteRoleAssignment() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	c.commit(lagWrites, c.idsOf(r), func(t *Tenant) { t.remove(r) })
	return done(), nil
}
