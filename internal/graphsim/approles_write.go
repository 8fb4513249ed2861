package graphsim

import (
	"encoding/base64"
	"net/http"
	"slices"
)

const appRoleSet = "appRoleAssignments"

// appRoleBody is what POST appRoleAssignedTo takes.
type appRoleBody struct {
	Principal string `json:"principalId"`
	Resource  string `json:"resourceId"`
	Role      string `json:"appRoleId"`
	Type      string `json:"@odata.type"`
}

// assignAppRole gives a principal an app role of a service principal (serviceprincipal-post-approleassignedto). The
// permission to assign is not enough: the application has to be able to read as well.
func (c *call) assignAppRole() (reply, error) {
	if !slices.ContainsFunc([]string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}, c.holds) {
		return reply{}, denied()
	}
	resource, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	var body appRoleBody
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	if body.Resource != c.tenant.id(resource) {
		return reply{}, badRequest("The property 'resourceId' has to be the id of the service principal '%s'.", c.id)
	}
	principal, err := c.assignable(body.Principal)
	if err != nil {
		return reply{}, err
	}
	role, err := c.appRoleOf(resource, principal, body.Role)
	if err != nil {
		return reply{}, err
	}
	a := appRoleAssignment{principal: principal, resource: int32(resource.index()), role: role} //nolint:gosec // Small indexes.
	for _, i := range c.tenant.assignedByRef[principal] {
		if c.tenant.appAssigned[i] == a && c.tenant.live(makeRef(KindAppRoleAssignment, int(i))) {
			return reply{}, badRequest("Permission being assigned already exists on the object")
		}
	}
	r := makeRef(KindAppRoleAssignment, len(c.tenant.appAssigned))
	now := c.moment()
	c.commit(lagWrites, append(c.idsOf(resource, principal), body.Role), func(t *Tenant) { t.assignAppRole(a, now) })
	return c.answerEntity(http.StatusCreated, appRoleSet, r)
}

// assignable finds a principal of app roles: a user, a service principal, or a group that is for security.
func (c *call) assignable(id string) (Ref, error) {
	const refused = "Not a valid reference update."
	g, ok := parseGUID(id)
	if !ok {
		return 0, badRequest("Invalid object identifier '%s'.", id)
	}
	r, _ := c.tenant.refOf(g)
	r, err := c.resolve(r.Kind(), id)
	switch {
	case err != nil:
		return 0, badRequest(refused)
	case r.Kind() == KindUser, r.Kind() == KindServicePrincipal:
		return r, nil
	case r.Kind() == KindGroup && c.tenant.groups[r.index()].flags&groupDistribution == 0:
		return r, nil
	default:
		return 0, badRequest(refused)
	}
}

// appRoleOf finds a role by its id, if it is for such a principal. All zeros stand for default access.
func (c *call) appRoleOf(resource, principal Ref, id string) (int16, error) {
	if id == defaultAppRoleID {
		return defaultAccess, nil
	}
	for n, role := range c.tenant.sps[resource.index()].roles {
		fits := role.forUsers
		if principal.Kind() == KindServicePrincipal {
			fits = role.forApps
		}
		if role.id.String() == id && fits && !role.disabled {
			return int16(n), nil
		}
	}
	return 0, badRequest("Permission being assigned was not found on application '%s'.", c.tenant.appID(resource.index()))
}

func (t *Tenant) assignAppRole(a appRoleAssignment, now string) {
	n := len(t.appAssigned)
	t.appAssigned = append(t.appAssigned, a)
	t.assignedTo[a.resource] = append(slices.Clip(t.assignedTo[a.resource]), int32(n)) //nolint:gosec // Small indexes.
	with(t.assignedByRef, a.principal, int32(n))                                       //nolint:gosec // Small indexes.
	t.set(makeRef(KindAppRoleAssignment, n), map[string]any{"createdDateTime": now})
}

// removeAppRole takes an app role away.
func (c *call) removeAppRole() (reply, error) {
	resource, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	r, found := c.tenant.findAppRoleAssignment(c.related)
	if !found || !c.present(r) || int(c.tenant.appAssigned[r.index()].resource) != resource.index() {
		return reply{}, notFound(c.related)
	}
	a := c.tenant.appAssigned[r.index()]
	c.commit(lagWrites, c.idsOf(resource, a.principal), func(t *Tenant) { t.remove(r) })
	return done(), nil
}

// findAppRoleAssignment resolves the id of an assignment that exists now.
func (t *Tenant) findAppRoleAssignment(id string) (Ref, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(raw) != 2*len(guid{}) {
		return 0, false
	}
	r, ok := t.refOf(guid(raw[len(guid{}):]))
	if !ok || r.Kind() != KindAppRoleAssignment || r.index() >= len(t.appAssigned) {
		return 0, false
	}
	return r, t.appRoleAssignmentID(r.index()) == id && t.live(r)
}
