package graphsim

import "slices"

// The soft-deleted people that relations of others still show, by their place among the deleted users.
const (
	deletedInRoles = 2 // Holds and may activate directory roles.
	deletedOwner   = 3
	deletedMember  = 4
)

// generateDeletedPeople leaves soft-deleted people in what they had: Graph goes on showing them there, as rows of users
// like all others, while it has no such user.
func (t *Tenant) generateDeletedPeople() {
	if !t.quirks.has(QuirkDeletedPeople) {
		return
	}
	inRoles, owner, member := t.deletedUser(deletedInRoles), t.deletedUser(deletedOwner), t.deletedUser(deletedMember)
	for _, g := range []int{GroupBig, GroupChain0, GroupMicrosoft365, GroupRoleAssignable, GroupHidden, GroupAppOuter} {
		t.groups[g].members = append(t.groups[g].members, member)
	}
	for _, g := range []int{GroupEmpty, GroupDiamondTop, GroupManyOwners, GroupRoleAssignable} {
		t.groups[g].owners = append(t.groups[g].owners, owner)
	}
	for _, u := range []int{UnitLarge, UnitHoldsGroups} {
		t.units[u].members = append(t.units[u].members, member)
	}
	for _, s := range []int{SPPayroll, SPWiki, SPDisabled} {
		t.sps[s].owners = append(t.sps[s].owners, owner)
	}
	if agent := t.firstSP(spAgentIdentity); agent.index() < len(t.sps) {
		t.sps[agent.index()].sponsors = append(t.sps[agent.index()].sponsors, owner)
	}
	for _, n := range []int{RegistrationPayroll, RegistrationPrototype} {
		t.registrations[n].owners = append(t.registrations[n].owners, owner)
	}
	t.appAssigned = append(t.appAssigned,
		appRoleAssignment{principal: member, resource: SPPayroll, role: PayrollReader},
		appRoleAssignment{principal: member, resource: SPWiki, role: defaultAccess},
	)
	t.consents = append(t.consents, consent{client: SPPayroll, resource: SPGraph, principal: member, scope: "User.Read"})
	t.assignments = append(t.assignments,
		roleAssignment{role: RoleUserAdministrator, principal: inRoles},
		roleAssignment{role: RoleHelpdeskAdministrator, principal: inRoles, scope: unitRef(UnitLarge)},
		roleAssignment{role: len(builtInRoles), principal: inRoles, term: timeBound},
	)
	t.eligibilities = append(t.eligibilities, roleAssignment{role: RoleApplicationAdministrator, principal: inRoles})
	t.groupEligible.add(t, GroupRoleAssignable, false, inRoles, permanent, period{})
	t.groupEligible.add(t, GroupRoleAssignable, true, owner, timeBound, period{})
	t.groupActive.add(t, GroupRoleAssignable, false, member, permanent, period{})
	t.groupActive.add(t, GroupRoleAssignable, true, owner, permanent, period{})
}

// lingers is whether an object is a person who was soft-deleted from the beginning and is still shown where they were.
// Callers hold t.mu.
func (t *Tenant) lingers(r Ref) bool {
	return r.Kind() == KindUser && r.index() >= t.shape.users && !t.madeUser(r.index()) && t.quirks.has(QuirkDeletedPeople) && t.isDeletedUser(r.index())
}

// shows is whether relations show an object or an edge: those that live, and those of people who linger.
func (t *Tenant) shows(r Ref) bool {
	if t.live(r) || t.lingers(r) {
		return true
	}
	if _, gone := t.deleted[r]; gone || !t.quirks.has(QuirkDeletedPeople) {
		return false
	}
	switch r.Kind() {
	case KindAppRoleAssignment:
		a := t.appAssigned[r.index()]
		return t.lingers(a.principal) && t.live(spRef(int(a.resource)))
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.instanceStands(r, t.shows)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.scheduleStands(r, t.shows)
	default:
		return false
	}
}

// withoutDeletedPeople keeps those who linger out of a list, and their places in it.
func (t *Tenant) withoutDeletedPeople(list []Ref) []Ref {
	if !slices.ContainsFunc(list, t.lingers) {
		return list
	}
	out := slices.Clone(list)
	for i, r := range out {
		if t.lingers(r) {
			out[i] = 0
		}
	}
	return out
}
