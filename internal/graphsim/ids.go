package graphsim

import (
	"encoding/base64"
)

// appRoleAssignmentID is not a GUID in Graph: it is url-safe base64 that starts with the principal's id.
func (t *Tenant) appRoleAssignmentID(i int) string {
	principal := t.guidOf(t.appAssigned[i].principal)
	own := t.guidOf(makeRef(KindAppRoleAssignment, i))
	return base64.RawURLEncoding.EncodeToString(append(principal[:], own[:]...))
}

// roleAssignmentID is url-safe base64 with a suffix, as unifiedRoleAssignment ids are.
func (t *Tenant) roleAssignmentID(i int) string {
	role := t.roles[t.assignments[i].role].id
	own := t.guidOf(makeRef(KindRoleAssignment, i))
	return base64.RawURLEncoding.EncodeToString(append(role[:], own[:]...)) + "-1"
}

func (t *Tenant) findRoleAssignment(id string) (Ref, bool) {
	for i := range t.assignments {
		if r := makeRef(KindRoleAssignment, i); t.roleAssignmentID(i) == id {
			return r, t.live(r)
		}
	}
	return 0, false
}

// principalID is the id of who holds a role assignment, who may be gone.
func (t *Tenant) principalID(a roleAssignment) string {
	if a.principal == 0 {
		return a.orphan.String()
	}
	return t.id(a.principal)
}

// scopeID is a directoryScopeId: a slash for the whole tenant.
func (t *Tenant) scopeID(scope Ref) string {
	switch {
	case scope == 0:
		return "/"
	case scope.Kind() == KindAdministrativeUnit:
		return "/administrativeUnits/" + t.id(scope)
	default:
		return "/" + t.id(scope)
	}
}

// roleID is the appRoleId of an assignment: all zeros for default access.
func (t *Tenant) roleID(a appRoleAssignment) string {
	if a.role == defaultAccess {
		return defaultAppRoleID
	}
	return t.sps[a.resource].roles[a.role].id.String()
}
