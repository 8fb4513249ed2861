package graphsim

func newAppRoleAssignmentType() *entityType {
	return newEntityType(
		entityType{name: "appRoleAssignment", kind: KindAppRoleAssignment},
		[]property{
			idProperty(KindAppRoleAssignment),
			value("appRoleId", edmGUID, inDefault, func(t *Tenant, i int) any { return t.roleID(t.appAssigned[i]) }),
			date("createdDateTime", inDefault, func(t *Tenant, i int) string { return t.timestamp(makeRef(KindAppRoleAssignment, i), saltCreated) }),
			text("principalDisplayName", inDefault|filterable, func(t *Tenant, i int) string { return t.displayName(t.appAssigned[i].principal) }),
			value("principalId", edmGUID, inDefault, func(t *Tenant, i int) any { return t.id(t.appAssigned[i].principal) }),
			text("principalType", inDefault, func(t *Tenant, i int) string { return principalType(t.appAssigned[i].principal) }),
			text("resourceDisplayName", inDefault, func(t *Tenant, i int) string { return t.spName(int(t.appAssigned[i].resource)) }),
			value("resourceId", edmGUID, inDefault|filterable, func(t *Tenant, i int) any { return t.id(spRef(int(t.appAssigned[i].resource))) }),
		},
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}

// displayName of a user, group or service principal.
func (t *Tenant) displayName(r Ref) string {
	switch r.Kind() {
	case KindUser:
		return t.textOf(r, "displayName")
	case KindGroup:
		return t.groupName(r.index())
	case KindApplication:
		return t.registrationName(r.index())
	default:
		return t.spName(r.index())
	}
}

func principalType(r Ref) string {
	switch r.Kind() {
	case KindUser:
		return "User"
	case KindGroup:
		return "Group"
	default:
		return "ServicePrincipal"
	}
}

// assignmentsOf lists the app role assignments of a resource.
func (c *call) assignmentsOf(r Ref) []Ref { return appRoleRefs(c.tenant.assignedTo[r.index()]) }

// heldAssignments lists the app role assignments a principal holds.
func (c *call) heldAssignments(r Ref) []Ref {
	return c.living(appRoleRefs(c.tenant.assignedByRef[r]))
}

// expandedAssignedTo is assignmentsOf without what appRoleAssignedTo leaves out of a query that lacks $top=999.
func (c *call) expandedAssignedTo(r Ref) []Ref {
	return c.living(c.withoutManagedIdentities(c.assignmentsOf(r)))
}

func appRoleRefs(indexes []int32) []Ref {
	out := make([]Ref, 0, len(indexes))
	for _, i := range indexes {
		out = append(out, makeRef(KindAppRoleAssignment, int(i)))
	}
	return out
}

// withoutManagedIdentities drops the rows Graph was seen to omit unless the page size is the maximum
// (microsoft-graph-docs issue 12243).
func (c *call) withoutManagedIdentities(rows []Ref) []Ref {
	out := make([]Ref, 0, len(rows))
	for _, r := range rows {
		p := c.tenant.appAssigned[r.index()].principal
		if p.Kind() == KindServicePrincipal && c.tenant.sps[p.index()].kind == spManagedIdentity {
			continue
		}
		out = append(out, r)
	}
	return out
}
