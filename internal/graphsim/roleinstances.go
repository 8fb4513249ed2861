package graphsim

const (
	memberDirect = "Direct"
	memberGroup  = "Group"
)

// newRoleAssignmentInstanceType is an active role assignment as Privileged Identity Management shows it.
func newRoleAssignmentInstanceType() *entityType {
	const kind = KindRoleAssignmentInstance
	return newEntityType(
		entityType{name: "unifiedRoleAssignmentScheduleInstance", kind: kind},
		roleInstanceProperties(kind),
		[]property{
			text("assignmentType", inDefault|filterable, func(t *Tenant, i int) string {
				_, of := t.instance(kind, i)
				return of.term.truth()
			}),
			text("roleAssignmentOriginId", inDefault|filterable, func(t *Tenant, i int) string {
				row, _ := t.instance(kind, i)
				return t.roleAssignmentID(int(row.of))
			}),
			text("roleAssignmentScheduleId", inDefault|filterable, func(t *Tenant, i int) string {
				row, _ := t.instance(kind, i)
				return t.roleAssignmentID(int(row.of))
			}),
		},
	)
}

// newRoleEligibilityInstanceType is a role a principal may activate.
func newRoleEligibilityInstanceType() *entityType {
	const kind = KindRoleEligibilityInstance
	return newEntityType(
		entityType{name: "unifiedRoleEligibilityScheduleInstance", kind: kind},
		roleInstanceProperties(kind),
		[]property{
			text("roleEligibilityScheduleId", inDefault|filterable, func(t *Tenant, i int) string {
				row, _ := t.instance(kind, i)
				return t.guidOf(makeRef(kindRoleEligibility, int(row.of))).String()
			}),
		},
	)
}

// roleInstanceProperties are those that assignments and eligibilities share.
func roleInstanceProperties(kind Kind) []property {
	const plain = inDefault | filterable
	return []property{
		idProperty(kind),
		text("principalId", plain, func(t *Tenant, i int) string {
			row, of := t.instance(kind, i)
			if row.member != 0 {
				return t.id(row.member)
			}
			return t.principalID(of)
		}),
		text("roleDefinitionId", plain, func(t *Tenant, i int) string {
			_, of := t.instance(kind, i)
			return t.scheduleRoleID(of.role).String()
		}).alsoKnownAs(func(t *Tenant, i int) any {
			_, of := t.instance(kind, i)
			return t.roles[of.role].id.String()
		}),
		text("directoryScopeId", plain, func(t *Tenant, i int) string {
			_, of := t.instance(kind, i)
			return t.scopeID(of.scope)
		}),
		date("startDateTime", plain, func(t *Tenant, i int) string {
			row, of := t.instance(kind, i)
			return t.startOf(makeRef(t.scheduleOf(kind).origin, int(row.of)), of.term, of.given)
		}),
		date("endDateTime", plain, func(t *Tenant, i int) string {
			row, of := t.instance(kind, i)
			return t.endOf(makeRef(t.scheduleOf(kind).origin, int(row.of)), of.term, of.given)
		}),
		text("memberType", plain, func(t *Tenant, i int) string {
			if row, of := t.instance(kind, i); row.member != 0 || of.throughGroup {
				return memberGroup
			}
			return memberDirect
		}),
		{name: "appScopeId", traits: inDefault},
	}
}
