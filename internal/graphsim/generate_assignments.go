package graphsim

import "slices"

// generateAppRoleAssignments gives principals their app roles.
func (t *Tenant) generateAppRoleAssignments() {
	assign := func(resource, role int, principals ...Ref) {
		for _, p := range principals {
			t.appAssigned = append(t.appAssigned, appRoleAssignment{principal: p, resource: int32(resource), role: int16(role)}) //nolint:gosec // Small indexes.
		}
	}
	managed, agent := t.firstSP(spManagedIdentity), t.firstSP(spAgentIdentity)

	assign(SPPayroll, PayrollReader, userRef(userAdmin), userRef(userPlain), groupRef(GroupChain0), groupRef(GroupMicrosoft365), groupRef(GroupMixed))
	assign(SPPayroll, PayrollReader, t.users(30, 150)...) // More than a default page.
	assign(SPPayroll, PayrollApprover, userRef(userPlain), groupRef(GroupDiamondTop), spRef(SPWiki), managed, agent)
	assign(SPPayroll, PayrollRetired, userRef(userOther), groupRef(GroupHidden))
	assign(SPPayroll, PayrollService, spRef(SPBusyMember), managed, t.firstSP(spAgentBlueprint))
	assign(SPPayroll, defaultAccess, userRef(userAdmin), groupRef(GroupEmpty))
	assign(SPWiki, defaultAccess, t.users(0, t.shape.wikiUsers)...)
	assign(SPWiki, defaultAccess, groupRef(GroupDynamic), groupRef(GroupSynced), managed, spRef(SPPayroll))
	assign(SPDisabled, 0, t.users(50, 6)...)
	assign(SPGallery, 1, t.users(60, 25)...)
	assign(SPGallery, 2, groupRef(GroupMailSecurity), groupRef(GroupRoleAssignable))
	assign(SPNested, 0, groupRef(GroupAppOuter))
	assign(SPNested, 1, groupRef(GroupAppInner))
	assign(SPCycle, 0, groupRef(GroupPairA), groupRef(GroupTripleC))

	for role, r := range t.sps[SPGraph].roles {
		if slices.Contains(DefaultPermissions(), r.value) {
			assign(SPGraph, role, spRef(SPConnector))
		}
	}
	t.assignGraphPermissions(assign)
	t.assignRandomApps(assign)
}

// assignGraphPermissions lets applications, managed identities and agents hold application permissions.
func (t *Tenant) assignGraphPermissions(assign func(resource, role int, principals ...Ref)) {
	for i := firstRandomSP; i < len(t.sps); i++ {
		h := t.hash(spRef(i), saltRole)
		start := below(h, len(t.sps[SPGraph].roles))
		for k := range below(h>>16, 5) {
			assign(SPGraph, (start+k)%len(t.sps[SPGraph].roles), spRef(i))
		}
		if h>>24%6 == 0 {
			assign(SPExchange, below(h>>32, 3), spRef(i))
		}
	}
}

// assignRandomApps fills the rest of the applications until the tenant has its number of assignments.
func (t *Tenant) assignRandomApps(assign func(resource, role int, principals ...Ref)) {
	var apps []int
	for i := firstRandomSP; i < len(t.sps); i++ {
		if t.sps[i].kind == spApplication {
			apps = append(apps, i)
		}
	}
	average := max(2, (t.shape.appRoleAssignments-len(t.appAssigned))/max(1, len(apps)))
	for _, app := range apps {
		h := t.hash(spRef(app), saltExtra)
		n := average * (50 + below(h, 100)) / 100
		role := defaultAccess
		if count := len(t.sps[app].roles); count > 0 {
			role = below(h>>12, count)
		}
		start := below(h>>24, t.shape.users)
		assign(app, role, t.users(start, min(n, t.shape.users/2))...)
		for k := range below(h>>40, 3) {
			g := (int(h>>44)%len(t.groups) + k*7) % len(t.groups)
			assign(app, role, groupRef(g))
		}
		if h>>50%5 == 0 {
			assign(app, role, spRef(firstRandomSP+int(h>>52)%(len(t.sps)-firstRandomSP)))
		}
	}
}
