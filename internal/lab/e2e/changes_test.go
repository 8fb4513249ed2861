package e2e

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// defaultAppRole is the role of who is assigned to an application without one.
const defaultAppRole = "00000000-0000-0000-0000-000000000000"

// edgeChange is an edge that can be added and removed.
type edgeChange struct {
	name, entitlement, principalType, principal string
	// holds looks into the tenant.
	holds func(*graphsim.Truth) bool
}

func hasEdge(edges []graphsim.TruthEdge, object, principal string) bool {
	return slices.ContainsFunc(edges, func(e graphsim.TruthEdge) bool { return e.ObjectID == object && e.Principal.ID == principal })
}

// freeUser is a user who holds nothing of what the tests change.
func (c *changer) freeUser(n int) string {
	truth := c.truth()
	busy := map[string]bool{}
	for _, a := range truth.RoleAssignments {
		busy[a.Principal.ID] = true
	}
	for _, a := range truth.RoleEligibilities {
		busy[a.Principal.ID] = true
	}
	for i := range truth.Users {
		u := &truth.Users[i]
		if u.UserType == "Member" && !u.Agent && u.Enabled && !busy[u.ID] {
			if n--; n < 0 {
				return u.ID
			}
		}
	}
	panic("the tenant has too few users")
}

// holdsEdge looks for an edge between two objects.
func holdsEdge(rows func(*graphsim.Truth) []graphsim.TruthEdge, object, principal string) func(*graphsim.Truth) bool {
	return func(t *graphsim.Truth) bool { return hasEdge(rows(t), object, principal) }
}

// changes are the edges that the connector can add and remove: each kind of
// object with each kind of principal that Entra lets it have.
func (c *changer) changes() []*edgeChange {
	return slices.Concat(c.memberships(), c.ownerships(), c.roles(), c.appRoles(), c.licenses(), c.packages())
}

func (c *changer) memberships() []*edgeChange {
	tenant, user := c.server.Tenant(), c.freeUser(7)
	group := tenant.ID(graphsim.KindGroup, graphsim.GroupEmpty)
	unit := tenant.ID(graphsim.KindAdministrativeUnit, graphsim.UnitEmpty)
	device := tenant.ID(graphsim.KindDevice, graphsim.DeviceScope)
	in := func(what, principalType, principal string) *edgeChange {
		return &edgeChange{what + " in a group", "group:" + group + ":member", principalType, principal,
			holdsEdge(func(t *graphsim.Truth) []graphsim.TruthEdge { return t.Members }, group, principal)}
	}
	inUnit := func(what, principalType, principal string) *edgeChange {
		return &edgeChange{what + " in a unit", "administrative_unit:" + unit + ":member", principalType, principal,
			holdsEdge(func(t *graphsim.Truth) []graphsim.TruthEdge { return t.UnitMembers }, unit, principal)}
	}
	return []*edgeChange{
		in("a user", "user", user), in("a group", "group", tenant.ID(graphsim.KindGroup, graphsim.GroupOnlyApps)),
		in("a device", "device", device),
		in("an application", "application", tenant.ID(graphsim.KindServicePrincipal, graphsim.SPBusyOwner)),
		in("a managed identity", "managed_identity", c.identity("managed_identity")), in("an agent identity", "agent_identity", c.identity("agent_identity")),
		inUnit("a user", "user", user), inUnit("a group", "group", group), inUnit("a device", "device", device),
		c.eligibility("member", user), c.eligibility("owner", user),
	}
}

func (c *changer) ownerships() []*edgeChange {
	tenant, user := c.server.Tenant(), c.freeUser(7)
	registration := func(t *graphsim.Truth) []graphsim.TruthEdge { return t.RegistrationOwners }
	servicePrincipal := func(t *graphsim.Truth) []graphsim.TruthEdge { return t.ApplicationOwners }
	group := func(t *graphsim.Truth) []graphsim.TruthEdge { return t.GroupOwners }
	of := func(what, resourceType, id string, rows func(*graphsim.Truth) []graphsim.TruthEdge) []*edgeChange {
		entitlement := resourceType + ":" + id + ":owner"
		app := tenant.ID(graphsim.KindServicePrincipal, graphsim.SPUnassigned)
		return []*edgeChange{
			{"a user who owns " + what, entitlement, "user", user, holdsEdge(rows, id, user)},
			{"an application that owns " + what, entitlement, "application", app, holdsEdge(rows, id, app)},
		}
	}
	return slices.Concat(
		of("a group", "group", tenant.ID(graphsim.KindGroup, graphsim.GroupEmpty), group),
		of("an application", "application", tenant.ID(graphsim.KindServicePrincipal, graphsim.SPWiki), servicePrincipal),
		of("a registration", "app_registration", tenant.ID(graphsim.KindApplication, graphsim.RegistrationWiki), registration),
		of("a managed identity", "managed_identity", c.identity("managed_identity"), servicePrincipal),
		of("an agent identity", "agent_identity", c.identity("agent_identity"), servicePrincipal),
	)
}

// identity is the last service principal of a kind, which has no special part to
// play.
func (c *changer) identity(kind string) string {
	id := ""
	for _, s := range c.truth().ServicePrincipals {
		if s.Kind == kind {
			id = s.ID
		}
	}
	return id
}

func (c *changer) roles() []*edgeChange {
	tenant, user := c.server.Tenant(), c.freeUser(7)
	helpdesk := tenant.ID(graphsim.KindRoleDefinition, graphsim.RoleHelpdeskAdministrator)
	applications := tenant.ID(graphsim.KindRoleDefinition, graphsim.RoleApplicationAdministrator)
	unit := tenant.ID(graphsim.KindAdministrativeUnit, graphsim.UnitEmpty)
	registration := tenant.ID(graphsim.KindApplication, graphsim.RegistrationWiki)
	group := tenant.ID(graphsim.KindGroup, graphsim.GroupRoleAssignableApps)
	app := tenant.ID(graphsim.KindServicePrincipal, graphsim.SPBusyMember)
	assigned := func(t *graphsim.Truth) []graphsim.TruthRoleAssignment { return t.RoleAssignments }
	eligible := func(t *graphsim.Truth) []graphsim.TruthRoleAssignment { return t.RoleEligibilities }
	held := func(rows func(*graphsim.Truth) []graphsim.TruthRoleAssignment, role, scope, principal string) func(*graphsim.Truth) bool {
		return func(t *graphsim.Truth) bool {
			return slices.ContainsFunc(rows(t), func(a graphsim.TruthRoleAssignment) bool {
				return a.RoleID == role && a.Principal.ID == principal && (a.Scope == scope || a.ScopeObjectID == scope)
			})
		}
	}
	return []*edgeChange{
		{"a role of a user", "role:" + helpdesk + ":assigned", "user", user, held(assigned, helpdesk, "/", user)},
		{"a role of a group", "role:" + helpdesk + ":assigned", "group", group, held(assigned, helpdesk, "/", group)},
		{"a role of an application", "role:" + helpdesk + ":assigned", "application", app, held(assigned, helpdesk, "/", app)},
		{"a role in a unit", "scoped_role:" + helpdesk + "@" + unit + ":assigned", "user", user, held(assigned, helpdesk, unit, user)},
		{"a role for an application", "scoped_role:" + applications + "@" + registration + ":assigned", "user", user, held(assigned, applications, registration, user)},
		{"an eligible role", "role:" + helpdesk + ":eligible", "user", user, held(eligible, helpdesk, "/", user)},
		{"an eligible role in a unit", "scoped_role:" + helpdesk + "@" + unit + ":eligible", "user", user, held(eligible, helpdesk, unit, user)},
	}
}

func (c *changer) appRoles() []*edgeChange {
	truth := c.truth()
	tenant := c.server.Tenant()
	app := tenant.ID(graphsim.KindServicePrincipal, graphsim.SPUnassigned)
	at := slices.IndexFunc(truth.ServicePrincipals, func(s graphsim.TruthServicePrincipal) bool { return s.ID == app })
	role := truth.ServicePrincipals[at].AppRoles[0].ID
	held := func(what, slug, role, principalType, principal string) *edgeChange {
		return &edgeChange{what, "application:" + app + ":" + slug, principalType, principal, func(t *graphsim.Truth) bool {
			return slices.ContainsFunc(t.AppRoleAssignments, func(a graphsim.TruthAppRoleAssignment) bool {
				return a.ResourceID == app && a.AppRoleID == role && a.Principal.ID == principal
			})
		}}
	}
	user, group := c.freeUser(7), tenant.ID(graphsim.KindGroup, graphsim.GroupTwenty)
	return []*edgeChange{
		held("default access of a user", "default_access", defaultAppRole, "user", user), held("an app role of a user", role, role, "user", user),
		held("default access of a group", "default_access", defaultAppRole, "group", group), held("an app role of a group", role, role, "group", group),
		held("an app role of an application", role, role, "application", tenant.ID(graphsim.KindServicePrincipal, graphsim.SPBusyMember)),
		held("an app role of a managed identity", role, role, "managed_identity", c.identity("managed_identity")),
	}
}

// eligibility is one that PIM for Groups looks after.
func (c *changer) eligibility(access, user string) *edgeChange {
	group := c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupRoleAssignableApps)
	return &edgeChange{"an eligible " + access + " of a group", "group:" + group + ":eligible_" + access, "user", user, func(t *graphsim.Truth) bool {
		return slices.ContainsFunc(t.GroupEligibilities, func(e graphsim.TruthGroupEligibility) bool {
			return e.GroupID == group && e.Access == access && e.Principal.ID == user
		})
	}}
}

// licenses are of one with seats left: for a user who has others only, and for a
// group.
func (c *changer) licenses() []*edgeChange {
	truth := c.truth()
	free := slices.IndexFunc(truth.Licenses, func(l graphsim.TruthLicense) bool { return l.Enabled > l.Consumed+2 })
	sku := truth.Licenses[free].SkuID
	has := map[string]bool{}
	for _, a := range truth.LicenseAssignments {
		if a.SkuID == sku {
			has[a.Principal.ID] = true
		}
	}
	other := slices.IndexFunc(truth.LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
		return a.Principal.Type == "user" && a.State == "Active" && !has[a.Principal.ID]
	})
	of := func(what, principal string) *edgeChange {
		return &edgeChange{"a license of a " + what, "license:" + sku + ":assigned", what, principal, func(t *graphsim.Truth) bool {
			return slices.ContainsFunc(t.LicenseAssignments, func(a graphsim.TruthLicenseAssignment) bool {
				return a.SkuID == sku && a.Principal.ID == principal && a.GroupID == ""
			})
		}}
	}
	return []*edgeChange{
		of("user", truth.LicenseAssignments[other].Principal.ID), of("group", c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupOnlyApps)),
	}
}

// packages are access packages that an administrator gives: one that people can ask for
// themselves, where somebody would have to agree, and one that they cannot.
func (c *changer) packages() []*edgeChange {
	truth := c.truth()
	of := func(what, name string, policy int, principalType, principal string) *edgeChange {
		at := slices.IndexFunc(truth.AccessPackages, func(p graphsim.TruthAccessPackage) bool { return p.DisplayName == name })
		id, by := truth.AccessPackages[at].ID, truth.AccessPackages[at].Policies[policy].ID
		return &edgeChange{what, "access_package:" + id + ":" + by, principalType, principal, func(t *graphsim.Truth) bool {
			return slices.ContainsFunc(t.PackageAssignments, func(a graphsim.TruthPackageAssignment) bool {
				return a.PackageID == id && a.PolicyID == by && a.Principal.ID == principal
			})
		}}
	}
	return []*edgeChange{
		of("an access package of a user", "Nobody approves", 0, "user", c.freeUser(7)),
		of("an access package of a user by another policy", "Sales onboarding", 1, "user", c.freeUser(11)),
		of("an access package of an application", "Sales onboarding", 0, "application", c.server.Tenant().ID(graphsim.KindServicePrincipal, graphsim.SPBusyMember)),
	}
}
