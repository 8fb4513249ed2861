package relations

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Navigation is a relationship of a kind of object that $expand may name.
type Navigation struct {
	Name   string
	Single bool
	Follow func(c *api.Call, r directory.Ref) []directory.Ref
}

// navigations are the relationships that start from each kind of object.
var navigations = map[directory.Kind][]Navigation{
	directory.KindUser: {
		{Name: "manager", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
			if m, ok := c.Tenant.Manager(r.Index()); ok {
				return []directory.Ref{m}
			}
			return nil
		}},
		{Name: "sponsors", Follow: SponsorsOfUser},
		{Name: "memberOf", Follow: GroupsOf},
		{Name: "ownedObjects", Follow: OwnedBy},
	},
	directory.KindGroup: {
		{Name: "members", Follow: expandedMembers},
		{Name: "owners", Follow: expandedOwners},
		{Name: "memberOf", Follow: GroupsOf},
	},
	directory.KindServicePrincipal: {
		{Name: "appRoleAssignedTo", Follow: expandedAssignedTo},
		{Name: "appRoleAssignments", Follow: HeldAssignments},
		{Name: "owners", Follow: OwnersOfSP},
		{Name: "memberOf", Follow: GroupsOf},
		{Name: "ownedObjects", Follow: OwnedBy},
	},
	directory.KindApplication: {
		{Name: "owners", Follow: OwnersOfRegistration},
		{Name: directory.RelationFederated, Follow: func(c *api.Call, r directory.Ref) []directory.Ref { return c.Tenant.FederatedOf(r.Index()) }},
	},
	directory.KindDevice: {{Name: "registeredOwners", Follow: OwnersOfDevice}},
	directory.KindRoleAssignment: {
		{Name: "principal", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
			return existing(c, c.Tenant.Assignments[r.Index()].Principal)
		}},
		{Name: "roleDefinition", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
			return []directory.Ref{directory.MakeRef(directory.KindRoleDefinition, c.Tenant.Assignments[r.Index()].Role)}
		}},
		{Name: "directoryScope", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
			return existing(c, c.Tenant.Assignments[r.Index()].Scope)
		}},
	},
	directory.KindRoleAssignmentInstance:   roleInstanceNavigations,
	directory.KindRoleEligibilityInstance:  roleInstanceNavigations,
	directory.KindGroupAssignmentInstance:  groupScheduleNavigations,
	directory.KindGroupEligibilityInstance: groupScheduleNavigations,
}

var roleInstanceNavigations = []Navigation{
	{Name: "principal", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
		row, of := c.Tenant.Instance(r.Kind(), r.Index())
		if row.Member != 0 {
			return existing(c, row.Member)
		}
		return existing(c, of.Principal)
	}},
	{Name: "roleDefinition", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
		_, of := c.Tenant.Instance(r.Kind(), r.Index())
		return []directory.Ref{directory.MakeRef(directory.KindRoleDefinition, of.Role)}
	}},
	{Name: "directoryScope", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
		_, of := c.Tenant.Instance(r.Kind(), r.Index())
		return existing(c, of.Scope)
	}},
}

var groupScheduleNavigations = []Navigation{
	{Name: "principal", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
		return existing(c, c.Tenant.GroupSchedules(r.Kind()).Rows[r.Index()].Principal)
	}},
	{Name: "group", Single: true, Follow: func(c *api.Call, r directory.Ref) []directory.Ref {
		return existing(c, directory.GroupRef(int(c.Tenant.GroupSchedules(r.Kind()).Rows[r.Index()].Group)))
	}},
}

// NavigationOf finds a relationship by its name.
func NavigationOf(k directory.Kind, name string) (Navigation, bool) {
	for _, n := range navigations[k] {
		if n.Name == name {
			return n, true
		}
	}
	return Navigation{}, false
}
