package graphsim

// Orphans are principals that no longer exist and of whom nothing but an id in an assignment is left.
const (
	orphanAssigned = 1
	orphanEligible = 3
)

// generateEligibilities makes who may activate which directory role. It follows the role assignments: what is
// activated has to be eligible.
func (t *Tenant) generateEligibilities() {
	custom := len(builtInRoles)
	t.eligibilities = []roleAssignment{
		{role: RoleGlobalAdministrator, principal: userRef(userPlain)},
		{role: RoleGlobalAdministrator, principal: groupRef(GroupRoleAssignable), term: timeBound},
		{role: RoleGlobalReader, principal: t.groups[GroupRoleAssignable].members[1]}, // Eligible for what the group gives anyway.
		{role: RoleUserAdministrator, principal: userRef(userPlain), scope: unitRef(UnitDynamic), term: timeBound},
		{role: RoleHelpdeskAdministrator, principal: groupRef(GroupRoleAssignableApps), scope: unitRef(UnitLarge)},
		{role: RoleHelpdeskAdministrator, principal: userRef(userAdmin), scope: unitRef(UnitHidden)},
		{role: RoleApplicationAdministrator, principal: spRef(SPBusyOwner), scope: makeRef(KindApplication, SPPayroll)},
		{role: RoleApplicationAdministrator, principal: t.firstSP(spManagedIdentity), term: timeBound},
		{role: RoleApplicationAdministrator, principal: userRef(userOther), scope: spRef(SPWiki)},
		{role: RoleGroupsAdministrator, principal: userRef(userDisabledAdmin), scope: groupRef(GroupMixed)},
		{role: RoleCloudDeviceAdministrator, principal: userRef(userPlain), scope: makeRef(KindDevice, DeviceScope)},
		{role: custom, principal: userRef(userAdmin), term: timeBound},
		{role: RoleUserAdministrator, orphan: t.guidOf(makeRef(kindMisc, orphanEligible))},
		{role: RoleGlobalReader, orphan: t.guidOf(t.deletedUser(1))},
	}
	for _, a := range t.assignments {
		if a.term == activated && !a.throughGroup {
			a.term = permanent
			t.eligibilities = append(t.eligibilities, a)
		}
	}
	t.randomEligibilities()
}

func (t *Tenant) randomEligibilities() {
	seen := withoutTerms(t.eligibilities)
	for k := 0; len(t.eligibilities) < t.shape.roleAssignments; k++ {
		h := t.hash(makeRef(kindRoleEligibility, k), saltRole)
		a := roleAssignment{
			role:      below(h, len(t.roles)),
			principal: userRef(firstOrdinaryUser + below(h>>16, t.shape.users-firstOrdinaryUser)),
		}
		if h>>52%5 == 0 {
			a.scope = unitRef(below(h>>56, t.shape.units))
		}
		if _, dup := seen[a]; dup {
			continue
		}
		seen[a] = struct{}{}
		if h>>44%3 == 0 {
			a.term = timeBound
		}
		t.eligibilities = append(t.eligibilities, a)
	}
}

// withoutTerms are assignments whatever their term, for telling whether one is there already.
func withoutTerms(list []roleAssignment) map[roleAssignment]struct{} {
	seen := make(map[roleAssignment]struct{}, len(list))
	for _, a := range list {
		a.term = permanent
		seen[a] = struct{}{}
	}
	return seen
}
