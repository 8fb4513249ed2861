package nouns

import (
	"net/http"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const appRoleSet = "appRoleAssignments"

// appRoleBody is what POST appRoleAssignedTo takes.
type appRoleBody struct {
	Principal string `json:"principalId"`
	Resource  string `json:"resourceId"`
	Role      string `json:"appRoleId"`
	Type      string `json:"@odata.type"`
}

// AssignAppRole gives a principal an app role of a service principal (serviceprincipal-post-approleassignedto). The
// permission to assign is not enough: the application has to be able to read as well.
func assignAppRole(c *api.Call) (api.Reply, error) {
	if !slices.ContainsFunc([]string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}, c.Holds) {
		return api.Reply{}, api.Denied()
	}
	resource, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	var body appRoleBody
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	if body.Resource != c.Tenant.IDOf(resource) {
		return api.Reply{}, api.BadRequest("The property 'resourceId' has to be the id of the service principal '%s'.", c.ID)
	}
	principal, err := assignable(c, body.Principal)
	if err != nil {
		return api.Reply{}, err
	}
	role, err := appRoleOf(c, resource, principal, body.Role)
	if err != nil {
		return api.Reply{}, err
	}
	a := directory.AppRoleAssignment{Principal: principal, Resource: int32(resource.Index()), Role: role} //nolint:gosec // Small indexes.
	for _, i := range c.Tenant.AssignedByRef[principal] {
		if c.Tenant.AppAssigned[i] == a && c.Tenant.Live(directory.MakeRef(directory.KindAppRoleAssignment, int(i))) {
			return api.Reply{}, api.BadRequest("Permission being assigned already exists on the object")
		}
	}
	r := directory.MakeRef(directory.KindAppRoleAssignment, len(c.Tenant.AppAssigned))
	now := c.Moment()
	c.Commit(api.LagWrites, append(c.IDsOf(resource, principal), body.Role), func(t *directory.Tenant) { t.AssignAppRole(a, now) })
	return answerEntity(c, http.StatusCreated, appRoleSet, r)
}

// assignable finds a principal of app roles: a user, a service principal, or a group that is for security.
func assignable(c *api.Call, id string) (directory.Ref, error) {
	const refused = "Not a valid reference update."
	g, ok := directory.ParseGUID(id)
	if !ok {
		return 0, api.BadRequest("Invalid object identifier '%s'.", id)
	}
	r, _ := c.Tenant.RefOf(g)
	r, err := c.Resolve(r.Kind(), id)
	switch {
	case err != nil:
		return 0, api.BadRequest(refused)
	case r.Kind() == directory.KindUser, r.Kind() == directory.KindServicePrincipal:
		return r, nil
	case r.Kind() == directory.KindGroup && c.Tenant.Groups[r.Index()].Flags&directory.FlagDistribution == 0:
		return r, nil
	default:
		return 0, api.BadRequest(refused)
	}
}

// appRoleOf finds a role by its id, if it is for such a principal. All zeros stand for default access.
func appRoleOf(c *api.Call, resource, principal directory.Ref, id string) (int16, error) {
	if id == directory.DefaultAppRoleID {
		return directory.DefaultAccess, nil
	}
	for n, role := range c.Tenant.SPs[resource.Index()].Roles {
		fits := role.ForUsers
		if principal.Kind() == directory.KindServicePrincipal {
			fits = role.ForApps
		}
		if role.ID.String() == id && fits && !role.Disabled && !role.Dropped {
			return int16(n), nil
		}
	}
	return 0, api.BadRequest("Permission being assigned was not found on application '%s'.", c.Tenant.AppID(resource.Index()))
}

// removeAppRole takes an app role away.
func removeAppRole(c *api.Call) (api.Reply, error) {
	resource, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	r, found := c.Tenant.FindAppRoleAssignment(c.Related)
	if !found || !c.Present(r) || int(c.Tenant.AppAssigned[r.Index()].Resource) != resource.Index() {
		return api.Reply{}, api.NotFound(c.Related)
	}
	a := c.Tenant.AppAssigned[r.Index()]
	c.Commit(api.LagWrites, c.IDsOf(resource, a.Principal), func(t *directory.Tenant) { t.Remove(r) })
	return api.Done(), nil
}
