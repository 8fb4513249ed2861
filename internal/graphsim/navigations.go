package graphsim

// navigation is a relationship of a kind of object that $expand may name.
type navigation struct {
	name   string
	single bool
	follow func(c *call, r Ref) []Ref
}

// navigations are the relationships that start from each kind of object.
var navigations = map[Kind][]navigation{
	KindUser: {
		{name: "manager", single: true, follow: func(c *call, r Ref) []Ref {
			if m, ok := c.tenant.manager(r.index()); ok {
				return []Ref{m}
			}
			return nil
		}},
		{name: "memberOf", follow: (*call).groupsOf},
		{name: "ownedObjects", follow: (*call).ownedBy},
	},
	KindGroup: {
		{name: "members", follow: (*call).expandedMembers},
		{name: "owners", follow: (*call).expandedOwners},
		{name: "memberOf", follow: (*call).groupsOf},
	},
	KindServicePrincipal: {
		{name: "appRoleAssignedTo", follow: (*call).expandedAssignedTo},
		{name: "appRoleAssignments", follow: (*call).heldAssignments},
		{name: "owners", follow: (*call).ownersOfSP},
		{name: "memberOf", follow: (*call).groupsOf},
		{name: "ownedObjects", follow: (*call).ownedBy},
	},
	KindApplication: {
		{name: "owners", follow: (*call).ownersOfRegistration},
		{name: relationFederated, follow: func(c *call, r Ref) []Ref { return c.tenant.federatedOf(r.index()) }},
	},
	KindDevice: {{name: "registeredOwners", follow: (*call).ownersOfDevice}},
	KindRoleAssignment: {
		{name: "principal", single: true, follow: func(c *call, r Ref) []Ref {
			return c.existing(c.tenant.assignments[r.index()].principal)
		}},
		{name: "roleDefinition", single: true, follow: func(c *call, r Ref) []Ref {
			return []Ref{makeRef(KindRoleDefinition, c.tenant.assignments[r.index()].role)}
		}},
		{name: "directoryScope", single: true, follow: func(c *call, r Ref) []Ref {
			return c.existing(c.tenant.assignments[r.index()].scope)
		}},
	},
	KindRoleAssignmentInstance:   roleInstanceNavigations,
	KindRoleEligibilityInstance:  roleInstanceNavigations,
	KindGroupAssignmentInstance:  groupScheduleNavigations,
	KindGroupEligibilityInstance: groupScheduleNavigations,
}

var roleInstanceNavigations = []navigation{
	{name: "principal", single: true, follow: func(c *call, r Ref) []Ref {
		row, of := c.tenant.instance(r.Kind(), r.index())
		if row.member != 0 {
			return c.existing(row.member)
		}
		return c.existing(of.principal)
	}},
	{name: "roleDefinition", single: true, follow: func(c *call, r Ref) []Ref {
		_, of := c.tenant.instance(r.Kind(), r.index())
		return []Ref{makeRef(KindRoleDefinition, of.role)}
	}},
	{name: "directoryScope", single: true, follow: func(c *call, r Ref) []Ref {
		_, of := c.tenant.instance(r.Kind(), r.index())
		return c.existing(of.scope)
	}},
}

var groupScheduleNavigations = []navigation{
	{name: "principal", single: true, follow: func(c *call, r Ref) []Ref {
		return c.existing(c.tenant.groupSchedules(r.Kind()).rows[r.index()].principal)
	}},
	{name: "group", single: true, follow: func(c *call, r Ref) []Ref {
		return c.existing(groupRef(int(c.tenant.groupSchedules(r.Kind()).rows[r.index()].group)))
	}},
}

// navigationOf finds a relationship by its name.
func navigationOf(k Kind, name string) (navigation, bool) {
	for _, n := range navigations[k] {
		if n.name == name {
			return n, true
		}
	}
	return navigation{}, false
}
